"""What stands around the items of a block list that are read by themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from stagewright.text import nodes
from stagewright.text.buffer import Position, Span, span_at
from stagewright.text.nodes import MappingNode, Node, Parsed
from stagewright.text.yaml import recovery
from stagewright.text.yaml.chunks import Chunks
from stagewright.text.yaml.scan import is_blank


def list_span(lines: Sequence[str], chunks: Chunks) -> Span:
    """The list, from its first dash to the end of its last line that is not blank."""
    first, last = chunks.starts[0], chunks.end - 1
    while is_blank(lines[last]) and last > first:
        last -= 1
    return span_at(first, chunks.indent, last, len(lines[last]))


def read_around(lines: Sequence[str], chunks: Chunks) -> Parsed:
    """Read what stands before and behind the chunks, as if the list were empty; absolute spans."""
    first, after = chunks.starts[0], chunks.end
    parsed = recovery.read([*lines[:first], *lines[after:]])
    gap = after - first

    def place(position: Position) -> Position:
        line, column = position
        return Position(line + gap, column) if line >= first else position

    def placed(span: Span) -> Span:
        return Span(place(span.start), place(span.end))

    problems = tuple(replace(p, span=placed(p.span)) for p in parsed.problems)
    if not isinstance(parsed.node, MappingNode):
        return parsed._replace(problems=problems)
    listed = nodes.SequenceNode((), list_span(lines, chunks))
    pairs: list[tuple[Node, Node]] = []
    for key, value in parsed.node.pairs:
        if key.span.start.line == chunks.key_line:
            pairs.append((key, listed))
        elif key.span.start.line < first:
            pairs.append((key, value))
        else:
            pairs.append((nodes.move(key, gap), nodes.move(value, gap)))
    whole = placed(parsed.node.span)
    span = Span(whole.start, max(whole.end, listed.span.end))
    node = replace(parsed.node, pairs=tuple(pairs), span=span)
    return Parsed(node, problems, parsed.broken)
