"""Putting new keys into a mapping: where they belong, in the style that it is written in."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from stagewright.text.buffer import Edit, Position, Span
from stagewright.text.document import AnyDocument
from stagewright.text.nodes import MappingNode, Node
from stagewright.text.yaml.block_layout import child_indent, list_indent
from stagewright.text.yaml.editing import (
    Pair,
    behind_colon,
    comments_above,
    comments_in,
    end_of_line,
    indentation,
    is_referred_to,
    key_of,
    start_of,
)
from stagewright.text.yaml.snippets import Content, Layout, Pairs, write_key


def layout_at(document: AnyDocument, line: int, column: int, *, flow: bool = False) -> Layout:
    """How the file is written where a key or dash begins."""
    return Layout(column, child_indent(document, line), list_indent(document), flow)


def insert_keys(
    document: AnyDocument,
    mapping: MappingNode,
    keys: Sequence[tuple[str, Content]],
    before: Collection[str],
) -> tuple[Edit, ...]:
    """An edit that adds keys to a mapping, behind the last of the keys named in `before`.

    Where there is none of them, in front of all. Empty for a mapping whose place is not known, as
    it does not parse and holds nothing, and in block style for the rare one whose keys are marked
    by `?`.
    """
    if not mapping.flow and (not mapping.pairs or _has_marked_keys(document, mapping)):
        return ()
    start = mapping.span.start if mapping.flow else _start(mapping.pairs[0])
    column = indentation(document, start)
    layout = layout_at(document, start.line, column, flow=mapping.flow)
    joint = ", " if mapping.flow else f"\n{' ' * column}"
    text = joint.join(write_key(name, content, layout) for name, content in keys)
    earlier = [pair for pair in mapping.pairs if key_of(pair) in before]
    if earlier:
        end = _end(max(earlier, key=_start))
        at, text = end if mapping.flow else end_of_line(document, end.line), joint + text
    elif mapping.pairs:
        at, text = start_of(document, mapping.pairs[0]), text + joint
    else:
        end = mapping.span.end
        at = Position(end.line, end.column - 1)
    return (Edit(Span(at, at), text.replace("\n", document.newline)),)


def put_below(document: AnyDocument, pair: Pair, content: Pairs) -> tuple[Edit, ...]:
    """Edits that write `content` on the lines below a key, in place of whatever its value is.

    Comments that stood beside or inside of the value move above the key. Empty in the rare forms
    of a key whose colon is not on its line, and where an alias may stand for a part of the value.
    """
    start = behind_colon(document, pair)
    if start is None or is_referred_to(document, pair[1]):
        return ()
    key, value = pair
    region = Span(start, end_of_line(document, max(start, value.span.end).line))
    layout = layout_at(document, start.line, indentation(document, key.span.start))
    text = write_key("", content, layout).removeprefix(":").replace("\n", document.newline)
    comments = comments_in(document, region, value)
    return (*comments_above(document, key, comments), Edit(region, text))


def put_in_flow(document: AnyDocument, pair: Pair, content: Pairs) -> tuple[Edit, ...]:
    """Edits that write `content` in place of a value inside of a flow mapping.

    Empty where an alias may stand for a part of it.
    """
    if is_referred_to(document, pair[1]):
        return ()
    text = write_key("", content, Layout(0, flow=True)).removeprefix(": ")
    return (Edit(pair[1].span, apart(document, pair[1]) + text),)


def apart(document: AnyDocument, value: Node) -> str:
    """The space that a value needs right behind its colon."""
    line, column = value.span.start
    return " " if document.lines[line][:column].endswith(":") else ""


def _has_marked_keys(document: AnyDocument, mapping: MappingNode) -> bool:
    return any(start_of(document, pair) != _start(pair) for pair in mapping.pairs)


def _start(pair: Pair) -> Position:
    return pair[0].span.start


def _end(pair: Pair) -> Position:
    return max(pair[0].span.end, pair[1].span.end)
