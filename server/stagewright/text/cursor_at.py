"""Where a cursor stands, in a text of any syntax, half-typed or whole.

What YAML alone does without is imported when it is first needed, as by `syntaxes`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from stagewright.text.buffer import Position, Span
from stagewright.text.cursor import Cursor
from stagewright.text.document import AnyDocument
from stagewright.text.nodes import MappingNode, Node, NodePath, ScalarNode, SequenceNode
from stagewright.text.parts import Part
from stagewright.text.syntaxes import SyntaxName
from stagewright.text.yaml import cursor as yaml_cursor
from stagewright.text.yaml.scan import unquote

if TYPE_CHECKING:
    from stagewright.text.slot import Slot


def cursor_at(
    document: AnyDocument, position: Position, *, in_texts: bool = False
) -> Cursor | None:
    """What is typed at `position`; None in comments and prose, and right behind a quoted text.

    With `in_texts` also in texts over several lines, and it tells in which scalar and where in its
    value the cursor is.
    """
    position = document.clamp(position)
    if len(document.lines[position.line]) > yaml_cursor.LINE_LIMIT:
        return None
    found = _finder(document.layout.syntax)(document, position)
    return _in_text(document, position, found) if in_texts else found


Finder = Callable[[AnyDocument, Position], Cursor | None]


@cache
def _finder(name: SyntaxName) -> Finder:
    return _MAKE[name]()


def _yaml() -> Finder:
    return yaml_cursor.cursor_at


def _json() -> Finder:
    from stagewright.text.json.parts import slot_at

    return _by_slot(slot_at)


def _toml() -> Finder:
    from stagewright.text.toml.parts import slot_at

    return _by_slot(slot_at)


def _by_slot(slot_at: Callable[..., Slot | None]) -> Finder:
    from stagewright.text.slot import cursor_of

    def find(document: AnyDocument, position: Position) -> Cursor | None:
        slot = slot_at(document.lines, *_divided(document, position), position)
        return cursor_of(slot, position, document.lines[position.line]) if slot else None

    return find


_MAKE: dict[SyntaxName, Callable[[], Finder]] = {
    "yaml": _yaml,
    "front-matter": _yaml,
    "json": _json,
    "toml": _toml,
    "code": lambda: lambda _, __: None,  # what is asked for there, its dialect tells
}


def _divided(document: AnyDocument, position: Position) -> tuple[Sequence[Part], Part | None]:
    """The parts of a text, and the one that a cursor is in."""
    index = document.entry_at(position.line) if document.has_parts else None
    parts = document.parts_of_text
    return parts, None if index is None else parts[index]


def _in_text(document: AnyDocument, position: Position, found: Cursor | None) -> Cursor | None:
    """The same, with the scalar that the cursor is in, or is in alone where it has many lines."""
    from stagewright.text.source_map import source_map

    syntax = "yaml" if document.layout.front_matter else document.layout.syntax
    if found is not None and found.scalar is None and found.word.start != found.word.end:
        start, end = found.word
        start = start._replace(column=start.column - len(found.quote))
        line = document.lines[start.line]
        closed = found.quote and line.startswith(found.quote, end.column)
        end = end._replace(column=end.column + (len(found.quote) if closed else 0))
        value = unquote(line[start.column : end.column])
        found = replace(found, scalar=ScalarNode(value, Span(start, end), found.quote))
    if found is None:
        place = _long_text_at(document, position)
        if place is None:
            return None
        path, text = place
        line = document.lines[position.line]
        head = line[: position.column].split(" ")[-1]
        tail = line[position.column :].split(" ")[0]
        word = Span(
            Position(position.line, position.column - len(head)),
            Position(position.line, position.column + len(tail)),
        )
        found = Cursor(
            "value", path, head, word, "", False, {}, frozenset(), False, word.start.column, text
        )
    if found.scalar is None:
        return found
    places = source_map(found.scalar, document.lines, syntax=syntax)
    offset = places.offset(position) if places else None
    return replace(found, offset=len(found.prefix) if offset is None else offset)


def _long_text_at(document: AnyDocument, position: Position) -> tuple[NodePath, ScalarNode] | None:
    """The text over several lines that a cursor is in, and its path."""
    index, first = document.entry_at(position.line), 0
    node: Node | None = document.head()
    path: list[str | int] = []
    if index is not None:
        first, node = document.entry_line(index), document.entry_node(index)
        path += document.path_of(index)
    inside = Position(position.line - first, position.column)
    while isinstance(node, MappingNode | SequenceNode):
        children = (
            ((k.value if isinstance(k, ScalarNode) else "", v) for k, v in node.pairs)
            if isinstance(node, MappingNode)
            else enumerate(node.items)
        )
        step, node = next(
            ((step, one) for step, one in children if one.span.contains(inside)), ("", None)
        )
        path.append(step)
    if not isinstance(node, ScalarNode) or node.span.start.line == node.span.end.line:
        return None
    if node.style in ("|", ">") and inside.line == node.span.start.line:
        return None  # in its head
    return tuple(path), replace(node, span=node.span.shifted(first))
