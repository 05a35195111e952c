"""Offers of keys, with snippets that bring what a key requires below it."""

from __future__ import annotations

from stagewright.analysis.edits import REFERENCE_KEYS
from stagewright.analysis.offers import filter_text, ranked, sort_text
from stagewright.analysis.results import Completion, CompletionItem, ItemKind
from stagewright.analysis.writing import child_indent
from stagewright.templates.buffer import Edit
from stagewright.templates.cursor import Cursor
from stagewright.templates.template import LIST_KEYS, Document


def complete_key(document: Document, cursor: Cursor) -> Completion:
    """The keys that can stand in the mapping around the cursor and do not yet."""
    match cursor.path:
        case (str() as entries, int()) if entries == LIST_KEYS[document.kind]:
            names = [REFERENCE_KEYS[document.kind]]
        case _:
            names = []
    names = [name for name in names if name not in cursor.keys]
    (places,), guessed = ranked(cursor.prefix, "", [[name.lower() for name in names]])
    if guessed:
        return Completion(())
    items = tuple(
        CompletionItem(
            label=names[place],
            kind=ItemKind.SNIPPET,
            edit=Edit(cursor.word, _snippet(document, cursor, names[place])),
            sort_text=sort_text(order),
            filter_text=filter_text(cursor.prefix, names[place]),
            detail="the model of this stage or role",
            snippet=True,
        )
        for order, place in enumerate(places)
    )
    return Completion(items)


def _snippet(document: Document, cursor: Cursor, name: str) -> str:
    (line, column), (_, end) = cursor.word
    if document.lines[line][end:].lstrip("\"'").startswith(":"):
        return name
    if cursor.flow:
        return f"{name}: {{provider: $1, model: $2}}"
    indent = " " * (column + child_indent(document, line))
    return f"{name}:\n{indent}provider: $1\n{indent}model: $2"
