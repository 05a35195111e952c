"""Parts of a long YAML text: items of block lists and values of keys, found by their columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from stagewright.text.buffer import Position, Span
from stagewright.text.nodes import (
    DEPTH_LIMIT,
    AliasNode,
    MappingNode,
    Node,
    NodePath,
    Parsed,
    ScalarNode,
    SequenceNode,
)
from stagewright.text.parts import LONG, Part, around
from stagewright.text.yaml import recovery
from stagewright.text.yaml.chunks import is_item
from stagewright.text.yaml.scan import find_key, indent_of, is_blank, is_marker


def divide(lines: Sequence[str], start: int = 0, after: int | None = None) -> list[Part]:
    """The parts of the text on these lines; none where it is short, or no block mapping."""
    after = len(lines) if after is None else after
    if after - start <= LONG:
        return []
    first = next((n for n in range(start, after) if not is_blank(lines[n])), after)
    if first < after and is_marker(lines[first]) and lines[first].rstrip() == "---":
        first += 1
    if any(map(_ends, (line for line in lines[first:after] if line[:1] in _FIRSTS))):
        return []  # several documents, or directives
    return list(_values(lines, first, after, 0, ()))


def read_part(lines: Sequence[str], part: Part) -> Parsed:
    """Read a part, which is all of these lines; its spans count from the first of them."""
    parsed = recovery.read(lines, depth=min(len(part.path), 50))
    node: Node | None = parsed.node
    match node:
        case SequenceNode() if isinstance(part.path[-1], int):
            node = node.items[0] if node.items else None
        case MappingNode() if not isinstance(part.path[-1], int):
            node = node.pairs[0][1] if node.pairs else None
        case _:
            node = None
    return parsed._replace(node=node)


def read_rest(
    lines: Sequence[str], parts: Sequence[Part], start: int = 0, after: int | None = None
) -> Parsed:
    """Read those of these lines that belong to no part, as if it were not there; absolute spans."""
    after = len(lines) if after is None else after
    numbers = [n for n in around(after, parts) if n >= start]
    kept = [lines[number] for number in numbers]
    parsed = recovery.read(kept, ended=after < len(lines))
    numbers.append(after)

    def placed(span: Span) -> Span:
        (line, column), (last, end) = span
        return Span(Position(numbers[line], column), Position(numbers[last], end))

    def moved(node: Node) -> Node:
        span = placed(node.span)
        match node:
            case MappingNode():
                pairs = tuple((moved(key), moved(value)) for key, value in node.pairs)
                return replace(node, pairs=pairs, span=span)
            case SequenceNode():
                return replace(node, items=tuple(map(moved, node.items)), span=span)
            case ScalarNode() | AliasNode():
                return replace(node, span=span)

    problems = tuple(replace(one, span=placed(one.span)) for one in parsed.problems)
    return parsed._replace(node=moved(parsed.node) if parsed.node else None, problems=problems)


_FIRSTS = ("-", ".", "%")  # of the lines that end a document, or say how it is to be read


def _ends(line: str) -> bool:
    return is_marker(line) or line[0] == "%"


def _values(
    lines: Sequence[str], first: int, after: int, column: int, path: NodePath
) -> Iterator[Part]:
    """The parts of a mapping whose keys stand in this column: values that are collections."""
    starts = _starts(lines, first, after, column, _is_key)
    for start, stop in pairwise([*starts, after]):
        key = find_key(lines[start], column)
        assert key is not None
        if not is_blank(lines[start][key.colon + 1 :]) or stop - start < 2:
            continue
        here = (*path, key.text)
        below = next((n for n in range(start + 1, stop) if not is_blank(lines[n])), stop)
        if below == stop:
            continue
        indent = indent_of(lines[below])
        deeper = indent > column
        if is_item(lines[below], indent) and indent >= column and stop - start > LONG:
            items = _starts(lines, below, stop, indent, is_item)
            for number, (one, end) in enumerate(pairwise([*items, stop])):
                yield Part((*here, number), one, end)
        elif (
            deeper
            and len(here) < DEPTH_LIMIT
            and find_key(lines[below], indent)
            and stop - start > LONG
        ):
            yield from _values(lines, below, stop, indent, here)
        elif path and deeper:
            yield Part(here, start, stop)


def _starts(lines: Sequence[str], first: int, after: int, column: int, begins: object) -> list[int]:
    """The lines on which an item or a key begins in this column."""
    prefix, width = " " * column, column + 1
    return [
        number
        for number in range(first, after)
        if (line := lines[number])[column:width] not in ("", " ", "\t", "#")  # most are deeper
        and line.startswith(prefix)
        and begins(line, column)  # type: ignore[operator]
    ]


def _is_key(line: str, column: int) -> bool:
    return find_key(line, column) is not None
