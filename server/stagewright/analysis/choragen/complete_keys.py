"""Offers of keys, list items and words, as the schema describes them."""

from __future__ import annotations

from collections.abc import Iterator

from stagewright.analysis.choragen.cards import key_card
from stagewright.analysis.choragen.contents import item_contents, key_content, plain_doc, timestamp
from stagewright.analysis.choragen.model_choices import Choices, model_choices, with_choices
from stagewright.analysis.completion.items import Offer, offer
from stagewright.analysis.cursor_text import type_beside, value_text, written
from stagewright.analysis.options import Options
from stagewright.analysis.results import Completion, ItemKind
from stagewright.catalog.catalog import Catalog
from stagewright.dialects.choragen.schema import shape_at
from stagewright.dialects.choragen.shapes import Kind, Need, Shape, Value, keys_for
from stagewright.dialects.document import Document
from stagewright.text.cursor import Cursor
from stagewright.text.yaml.insertion import layout_at
from stagewright.text.yaml.snippets import Layout, write_item, write_key

_ORDER = (Need.REQUIRED, Need.EXPECTED, Need.USUAL, Need.OPTIONAL)
_NEED_WORDS = {Need.REQUIRED: "required", Need.EXPECTED: "recommended"}


def complete_key(
    document: Document, cursor: Cursor, catalog: Catalog, options: Options
) -> Completion:
    """The keys that can stand in the mapping around the cursor and do not yet, needed ones first.

    Where an item of a list begins, whole items come before them.
    """
    shape = shape_at(document.dialect, cursor.path)
    if shape is None:
        return Completion(())
    offers: list[Offer] = []
    choices = model_choices(catalog, options.now)
    if shape.kind is Kind.LIST and shape.items is not None and not cursor.flow:
        offers += _items(document, cursor, shape.items, choices, options, dash=True)
    elif shape.kind is Kind.MAPPING:
        if not cursor.keys and cursor.path and isinstance(cursor.path[-1], int):
            offers += _items(document, cursor, shape, choices, options, dash=False)
        offers += _keys(document, cursor, shape, choices, options)
    return offer(cursor, offers)


def complete_word(document: Document, cursor: Cursor, options: Options) -> Completion:
    """The words that the value at the cursor can be, or the moment where a date stands."""
    shape = shape_at(document.dialect, cursor.path)
    if shape is None:
        return Completion(())
    words = shape.values
    if shape.kind is Kind.DATE:
        words = (Value(timestamp(options.now), "Now."),)
    is_text = shape.kind is Kind.TEXT
    offers = [
        Offer(
            word.name,
            value_text(document, cursor, word.name, is_text=is_text),
            ItemKind.ENUM,
            plain_doc(word),
            word.doc,
        )
        for word in words
    ]
    return offer(cursor, offers, written(document, cursor))


def _keys(
    document: Document, cursor: Cursor, shape: Shape, choices: Choices, options: Options
) -> Iterator[Offer]:
    kind, layout = type_beside(cursor), _layout(document, cursor)
    keys = [key for key in keys_for(shape, kind) if key.name not in cursor.keys]
    for key in sorted(keys, key=lambda key: _ORDER.index(key.needed_for(kind))):
        if _has_colon(document, cursor):
            text = key.name
        else:
            content = with_choices(key.name, key_content(key, options.now), choices)
            text = write_key(key.name, content, layout)
        yield Offer(
            key.name,
            _space(cursor) + text,
            ItemKind.KEY,
            _NEED_WORDS.get(key.needed_for(kind), ""),
            key_card(key, kind),
            snippet=True,
        )


def _items(
    document: Document,
    cursor: Cursor,
    shape: Shape,
    choices: Choices,
    options: Options,
    *,
    dash: bool,
) -> Iterator[Offer]:
    """Whole items of a list, each with what it needs."""
    if shape.kind is not Kind.MAPPING or _has_colon(document, cursor) or cursor.flow:
        return
    layout = _layout(document, cursor, column=cursor.indent if dash else cursor.indent - 2)
    for label, about, content in item_contents(shape, options.now):
        text = write_item(with_choices("", content, choices), layout, dash=dash)
        yield Offer(label, _space(cursor) + text, ItemKind.SNIPPET, about, snippet=True)


def _layout(document: Document, cursor: Cursor, column: int | None = None) -> Layout:
    column = cursor.indent if column is None else column
    return layout_at(document, cursor.word.start.line, column, flow=cursor.flow)


def _space(cursor: Cursor) -> str:
    return " " if cursor.needs_space else ""


def _has_colon(document: Document, cursor: Cursor) -> bool:
    """Whether a colon follows the word: then it is the name of a key that has its value."""
    end = cursor.word.end
    return document.lines[end.line][end.column :].lstrip(" \t\"'").startswith(":")
