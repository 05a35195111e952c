"""What a selection grows to: from the value to the mapping, the entry, the file."""

from __future__ import annotations

from stagewright.dialects.document import Document
from stagewright.text import nodes
from stagewright.text.buffer import Position, Span
from stagewright.text.nodes import MappingNode, Node
from stagewright.text.yaml.editing import absolute_node, entries_around


def selection_ranges(document: Document, position: Position) -> list[Span]:
    """What a selection grows to from `position`, innermost first, each inside of the next."""
    spans = [Span(Position(0, 0), document.end())]
    around = (absolute_node(document, index) for index in entries_around(document, position))
    node: Node | None = next(
        (entry for entry in around if entry and entry.span.contains(position)), document.head()
    )
    while node is not None and node.span.contains(position):
        spans.append(node.span)
        node, own = _inside(node, position)
        if own is not None:
            spans.append(own)
    unique = list(dict.fromkeys(reversed(spans)))
    return [span for span in unique if span.contains(position)]


def _inside(node: Node, position: Position) -> tuple[Node | None, Span | None]:
    """The part of a collection around the position, and the span of the pair that it is in."""
    if isinstance(node, MappingNode):
        for key, value in node.pairs:
            pair = Span(key.span.start, max(key.span.end, value.span.end))
            if pair.contains(position):
                return (key if key.span.contains(position) else value), pair
    if isinstance(node, nodes.SequenceNode):
        for item in node.items:
            if item.span.contains(position):
                return item, None
    return None, None
