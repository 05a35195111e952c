"""Tables that are being put together: dotted keys and headers that lead into one another."""

from __future__ import annotations

from collections.abc import Sequence

from stagewright.text.buffer import Position, Span
from stagewright.text.nodes import MappingNode, Node, ScalarNode, SequenceNode


class Open:
    """A table to which pairs are still added."""

    __slots__ = ("end", "pairs", "start", "tables")

    def __init__(self, start: Position) -> None:
        self.start = self.end = start
        self.pairs: list[tuple[ScalarNode, Node | Open | list[Open]]] = []
        self.tables: dict[str, Open | list[Open]] = {}  # those of the pairs that can be added to

    @property
    def count(self) -> int:
        """The number of pairs."""
        return len(self.pairs)

    def put(self, keys: Sequence[ScalarNode], value: Node) -> None:
        """Add a value behind a dotted key."""
        table = self
        for key in keys[:-1]:
            table = table.below(key)
        table.pairs.append((keys[-1], value))
        end = value.span.end
        table = self
        table.end = max(table.end, end)
        for key in keys[:-1]:
            table = table.below(key)
            table.end = max(table.end, end)

    def below(self, key: ScalarNode) -> Open:
        """The table of this name, or the last one of a list of them; made, if there is none."""
        found = self.tables.get(key.value)
        if found is None:
            found = self.tables[key.value] = Open(key.span.start)
            self.pairs.append((key, found))
        return found[-1] if isinstance(found, list) else found

    def add(self, key: ScalarNode) -> Open:
        """One more table in the list of this name."""
        made, found = Open(key.span.start), self.tables.get(key.value)
        if isinstance(found, list):
            found.append(made)
        else:
            self.tables[key.value] = listed = [made]
            self.pairs.append((key, listed))
        return made

    def frozen_pairs(self) -> list[tuple[Node, Node]]:
        """What stands in the table now."""
        return [(key, _frozen(value)) for key, value in self.pairs]

    def frozen(self, end: Position | None = None, *, flow: bool = False) -> MappingNode:
        """The table as a node."""
        return MappingNode(tuple(self.frozen_pairs()), Span(self.start, end or self.end), flow)


def _frozen(value: Node | Open | list[Open]) -> Node:
    if isinstance(value, Open):
        return value.frozen()
    if isinstance(value, list):
        items = tuple(one.frozen() for one in value)
        return SequenceNode(items, Span(items[0].span.start, items[-1].span.end))
    return value
