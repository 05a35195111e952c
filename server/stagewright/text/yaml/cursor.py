"""Where a cursor stands in YAML: a path and what is typed, also in half-typed text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import cast

from stagewright.text.buffer import Position, span_at
from stagewright.text.cursor import Cursor, Field, KeyOrValue, Quote
from stagewright.text.document import AnyDocument
from stagewright.text.nodes import NodePath
from stagewright.text.yaml import flow
from stagewright.text.yaml.enclosing import Surroundings, siblings_below, surroundings
from stagewright.text.yaml.scan import (
    ScannedKey,
    Word,
    indent_of,
    is_blank,
    is_dash,
    is_marker,
    scan_line,
    skip_blanks,
    skip_properties,
    text_end,
    tight_value,
    unquote,
    value_kind,
    word_in_text,
)

LINE_LIMIT = 20_000  # characters; a cursor on a longer line is not looked into


def cursor_at(document: AnyDocument, position: Position) -> Cursor | None:
    """What is typed at `position`; None in comments, block scalars and prose."""
    number, column = document.clamp(position)
    line = document.lines[number]
    if not document.holds(number):
        return None
    if len(line) > LINE_LIMIT or "\t" in line[: indent_of(line)]:
        return None  # a tab cannot indent: nothing says what its line belongs to
    dashes, content, key = scan_line(line)
    start = content + (content == 0 and line.startswith("\ufeff"))
    empty = start == len(line)
    if is_marker(line) or line.startswith("%") or (dashes and column <= dashes[-1]):
        return None
    if not empty and (column < start or line[start] == "#"):
        return None
    if empty and not dashes:
        content = column
    around = surroundings(document, number, content, dashes, strict=empty and not dashes)
    if around is None:
        return None
    if around.flow is not None:
        return _in_flow(document, around.path, around.flow, (number, column))
    if empty:
        word = Word(column, column, needs_space=bool(dashes) and column == dashes[-1] + 1)
        indent = max(column, dashes[-1] + 2) if dashes else column
        return _in_block(document, around, _place_in(document, around.path), number, indent, word)
    if key is None:
        return _without_key(document, around, (number, column), content, start)
    if column > key.colon:
        return _in_value(document, around, (number, column), content, key)
    name = word_in_text(line, key.start, key.end, column)
    return name and _in_block(document, around, "key", number, content, name)


def _in_value(
    document: AnyDocument,
    around: Surroundings,
    cursor: tuple[int, int],
    indent: int,
    key: ScannedKey,
) -> Cursor | None:
    """Behind the colon of a key."""
    number, column = cursor
    line = document.lines[number]
    path = (*around.path, key.text)
    start = skip_blanks(line, key.colon + 1)
    behind = skip_properties(line, start)
    kind = value_kind(line, start)
    if column > start:
        start = behind
        if column < start:
            return None  # in an anchor or a tag
    if kind == "{":
        return _in_flow(document, path, (number, behind), cursor) if column > behind else None
    if kind == "|" or (not kind and column > start):
        return None  # in the head of a block scalar, or in a comment behind the colon
    if column <= start:
        end = text_end(line, start) if kind else column
        word: Word | None = Word(column, end, needs_space=column == key.colon + 1)
    else:
        word = word_in_text(line, start, text_end(line, start), column)
    around = replace(around, path=path)
    return word and _in_block(document, around, "value", number, indent, word)


def _without_key(
    document: AnyDocument, around: Surroundings, cursor: tuple[int, int], indent: int, start: int
) -> Cursor | None:
    """On a line without a key: half a key, an item that is a text, or a flow collection."""
    number, column = cursor
    line = document.lines[number]
    if line[start] in "{[":
        return _in_flow(document, around.path, (number, start), cursor)
    if line[start] in "]}|>,?":
        return None
    end = text_end(line, start)
    word = word_in_text(line, start, end, column)
    place = _place_in(document, around.path)
    if place == "key" and (tight := tight_value(line, start, end, column)):
        around, word = replace(around, path=(*around.path, tight[0])), tight[1]
        place = "value"
    return word and _in_block(document, around, place, number, indent, word)


def _place_in(document: AnyDocument, path: NodePath) -> KeyOrValue:
    """What a word without a colon is: an item among texts, or else half a key."""
    is_text = len(path) > 1 and isinstance(path[-1], int) and path[-2] in document.layout.text_lists
    return "value" if is_text else "key"


def _in_block(
    document: AnyDocument,
    around: Surroundings,
    place: KeyOrValue,
    number: int,
    indent: int,
    word: Word,
) -> Cursor:
    """The answer in block style, with the sibling keys above and below."""
    siblings: dict[str, Field] = {}
    keys: set[str] = set()
    for sibling in (*reversed(around.above), *siblings_below(document, number, indent)):
        key = scan_line(document.lines[sibling]).key
        if key is None:
            continue
        keys.add(key.text)
        if field := _field_of_line(document, sibling, key):
            siblings.setdefault(key.text, field)
    return _cursor(around.path, place, number, word, siblings, keys, False, indent)


def _in_flow(
    document: AnyDocument, path: NodePath, opened: tuple[int, int], cursor: tuple[int, int]
) -> Cursor | None:
    """The answer in the flow collection that opens at `opened` and has this path."""
    lines, number = document.lines, cursor[0]
    slot = flow.slot_at(lines, opened, cursor)
    if slot is None:
        return None
    siblings: dict[str, Field] = {}
    keys: set[str] = set()
    for pair in slot.others:
        if pair.key is None:
            continue
        key = flow.text_of(lines, pair.key)
        keys.add(key)
        if field := _field_of_pair(lines, pair):
            siblings.setdefault(key, field)
    place, full = slot.place, (*path, *slot.path)
    return _cursor(full, place, number, slot.word, siblings, keys, True, opened[1])


def _cursor(
    path: NodePath,
    place: KeyOrValue,
    number: int,
    word: Word,
    siblings: Mapping[str, Field],
    keys: set[str],
    in_flow: bool,
    indent: int,
) -> Cursor:
    return Cursor(
        place,
        path,
        word.prefix,
        span_at(number, word.start, number, word.end),
        cast("Quote", word.quote),
        word.needs_space,
        siblings,
        frozenset(keys),
        in_flow,
        indent,
    )


def _field_of_line(document: AnyDocument, number: int, key: ScannedKey) -> Field | None:
    """The value of a key in block style, if it is empty or a text on the key's line."""
    line = document.lines[number]
    key_span = span_at(number, key.start, number, key.end)
    start = skip_properties(line, skip_blanks(line, key.colon + 1))
    kind = value_kind(line, start)
    if not kind:
        if _has_children(document.lines, number, key.start):
            return None
        # Where a comment follows, its own space must stay.
        start = min(key.colon + 2, len(line)) if start == len(line) else key.colon + 1
        return Field("", key_span, span_at(number, start, number, start), False)
    if kind not in ('"', "a"):
        return None
    end = text_end(line, start)
    value = unquote(line[start:end])
    return Field(value, key_span, span_at(number, start, number, end), bool(value))


def _has_children(lines: Sequence[str], number: int, column: int) -> bool:
    """Whether the next written line belongs to the key at `column`: it is deeper, or its list."""
    for line in lines[number + 1 : number + 100]:
        if not is_blank(line):
            indent = indent_of(line)
            return indent > column or (indent == column and is_dash(line, column))
    return False


def _field_of_pair(lines: Sequence[str], pair: flow.Pair) -> Field | None:
    """The value of a key in flow style, if it is empty or a text."""
    key, colon, value = pair.key, pair.colon, pair.value
    if key is None or colon is None or pair.nested:
        return None
    key_span = span_at(key.line, key.start, key.line, key.end)
    if value is None:
        line = lines[colon.line]
        start = colon.end + (line[colon.end : colon.end + 1] == " ")
        return Field("", key_span, span_at(colon.line, start, colon.line, start), False)
    text = flow.text_of(lines, value)
    span = span_at(value.line, value.start, value.line, value.end)
    return Field(text, key_span, span, bool(text))
