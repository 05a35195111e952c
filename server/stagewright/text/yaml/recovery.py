"""Reading text that does not parse as a whole: item by item, key by key, so that little is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from stagewright.text.buffer import Span, span_at
from stagewright.text.nodes import (
    DEPTH_LIMIT,
    MappingNode,
    Node,
    Parsed,
    ScalarNode,
    SequenceNode,
    SyntaxProblem,
)
from stagewright.text.yaml.chunks import is_item
from stagewright.text.yaml.errors import MISALIGNED, NO_COLON, TAB
from stagewright.text.yaml.scan import Line, find_key, indent_of, is_blank, is_marker, scan_line
from stagewright.text.yaml.syntax import parse

PARTS_READ = 1_000
"""Keys and items of one broken text that are read one by one; those behind them are left out."""


def read(
    lines: Sequence[str], *, first_line: int = 0, depth: int = 0, ended: bool = False
) -> Parsed:
    """Read a text; where it does not parse, keep what its parts say when read one by one.

    Each part that does not parse has its own problem, at its own place.
    """
    return _read(lines, first_line, depth, ended, iter(range(PARTS_READ)))


def _read(
    lines: Sequence[str], first_line: int, depth: int, ended: bool, budget: Iterator[int]
) -> Parsed:
    """As `read`, with one step of the budget for each part."""
    whole = parse(lines, first_line=first_line, depth=depth, ended=ended)
    if not whole.broken or depth >= DEPTH_LIMIT or whole.cut:
        return whole
    start = next((number for number, line in enumerate(lines) if not is_blank(line)), None)
    if start is None or lines[start].startswith("%"):
        return whole
    later = (n for n in range(start + 1, len(lines)) if is_marker(lines[n]))
    if (end := next(later, None)) is not None:  # another document, which is only checked
        first = _read(lines[:end], first_line, depth, True, budget)
        end += lines[end].startswith("...")  # which ends the first and begins nothing
        second = parse(lines[end:], first_line=first_line + end, depth=depth)
        return Parsed(first.node, (*first.problems, *second.problems), True)
    scanned = scan_line(lines[start])
    if scanned.dashes:
        parts = _read_items(lines, start, scanned.dashes[0], first_line, depth, budget)
    elif _is_mapping(lines[start:], scanned):
        parts = _read_pairs(lines, start, scanned.content, first_line, depth, budget)
    else:
        return whole
    return parts if parts.problems else Parsed(parts.node, whole.problems, True)


def _is_mapping(lines: Sequence[str], first: Line) -> bool:
    """Whether the lines are those of a mapping, of which the first may be half a key."""
    if first.key is not None or lines[0][first.content] in "{[\"'|>":
        return first.key is not None
    column = first.content
    return any(indent_of(line) == column and find_key(line, column) for line in lines)


def _read_items(
    lines: Sequence[str],
    first: int,
    column: int,
    first_line: int,
    depth: int,
    budget: Iterator[int],
) -> Parsed:
    items: list[Node] = []
    problems: list[SyntaxProblem] = []
    parts = _split(lines, lambda line: is_item(line, column))
    for (start, part), _ in zip(parts, budget, strict=False):
        line = first_line + start
        if not is_item(part[0], column):
            problems += _stray(part, line)
            continue
        part[0] = f"{part[0][:column]} {part[0][column + 1 :]}"
        parsed = _read(part, line, depth + 1, True, budget)
        problems += parsed.problems
        empty = ScalarNode("", span_at(line, column + 1, line, column + 1), "")
        items.append(parsed.node or empty)
    return Parsed(
        SequenceNode(tuple(items), _around(items, first_line + first, column)),
        tuple(problems),
        True,
    )


def _read_pairs(
    lines: Sequence[str],
    first: int,
    column: int,
    first_line: int,
    depth: int,
    budget: Iterator[int],
) -> Parsed:
    pairs: list[tuple[Node, Node]] = []
    problems: list[SyntaxProblem] = []

    def begins(line: str) -> bool:
        return indent_of(line) <= column and line.lstrip(" \t")[0] not in "]}"

    after_text = False
    for (start, part), _ in zip(_split(lines, begins), budget, strict=False):
        line = first_line + start
        if is_blank(part[0]):
            continue
        if indent_of(part[0]) < column:
            problems += _stray(part, line)
            continue
        parsed = _read_pair(part, line, depth, budget)
        if isinstance(parsed.node, MappingNode):
            pairs += parsed.node.pairs
            problems += parsed.problems
        elif not after_text:  # of many lines of text, the first is enough to say so
            problems += parsed.problems
        after_text = parsed.node is None
    nodes = [node for pair in pairs for node in pair]
    return Parsed(
        MappingNode(tuple(pairs), _around(nodes, first_line + first, column)), tuple(problems), True
    )


def _read_pair(part: list[str], line: int, depth: int, budget: Iterator[int]) -> Parsed:
    """One key with what stands below it."""
    whole = parse(part, first_line=line, depth=depth, ended=True)
    if not whole.broken:
        if whole.node is None or isinstance(whole.node, MappingNode):
            return whole
        word = whole.node.span
        return Parsed(None, (*whole.problems, SyntaxProblem(NO_COLON, word)), True)
    if len(part) == 1:
        return whole
    first = parse(part[:1], first_line=line, depth=depth)
    if first.broken or not isinstance(first.node, MappingNode) or first.node.flow:
        return whole
    key, value = first.node.pairs[0]
    if value.span.start != value.span.end:
        return Parsed(first.node, whole.problems, True)  # the line itself is good
    below = _read(part[1:], line + 1, depth + 1, True, budget)
    pair = (key, below.node or value)
    node = MappingNode((pair,), Span(key.span.start, pair[1].span.end))
    return Parsed(node, below.problems or whole.problems, True)


def _split(lines: Sequence[str], begins: Callable[[str], bool]) -> Iterator[tuple[int, list[str]]]:
    """Runs of lines, each up to the next line that begins a part, with the first line's number."""
    start = 0
    for number, line in enumerate(lines):
        if number > start and not is_blank(line) and begins(line):
            yield start, list(lines[start:number])
            start = number
    yield start, list(lines[start:])


def _stray(part: list[str], line: int) -> list[SyntaxProblem]:
    """The problem of a line that stands too far left for its neighbours."""
    text = part[0].rstrip(" \t")
    if is_blank(text):
        return []
    indent = indent_of(text)
    tab = text.find("\t", 0, indent)
    if tab >= 0:
        return [SyntaxProblem(TAB, span_at(line, tab, line, indent))]
    return [SyntaxProblem(MISALIGNED, span_at(line, indent, line, len(text)))]


def _around(nodes: list[Node], line: int, column: int) -> Span:
    """From the first to the last of the nodes; empty at the given place where there are none."""
    if not nodes:
        return span_at(line, column, line, column)
    return Span(nodes[0].span.start, nodes[-1].span.end)
