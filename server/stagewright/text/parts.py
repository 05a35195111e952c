"""Parts of a long text: runs of lines that are read apart, so that a keystroke reads but one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from stagewright.text.buffer import Splice
from stagewright.text.nodes import NodePath

LONG = 60
"""Lines up to which a text, or a collection in it, is read as a whole."""

LONGEST = 1 << 20
"""Characters up to which a text is read in parts: longer ones are read as a whole, up to the first
few hundred thousand values, since each takes memory."""

MOST = 10_000
"""Parts of a text; one that would have more is read as a whole."""


class Part(NamedTuple):
    """A run of lines that holds one node, an item of a list or the value of a key, and that key."""

    path: NodePath  # of the node, from the top of the text
    first: int
    after: int  # the line behind the last

    def is_like(self, other: Part, lines: int) -> bool:
        """Whether this is the other one so many lines further down, at one place but for which
        items of their lists they are."""
        if self.first != other.first + lines or self.after != other.after + lines:
            return False
        if self.path == other.path:
            return True
        return len(self.path) == len(other.path) and all(
            one == its or (isinstance(one, int) and isinstance(its, int))
            for one, its in zip(self.path, other.path, strict=True)
        )


def around(count: int, parts: Sequence[Part]) -> list[int]:
    """The numbers of the lines, of so many, that belong to no part."""
    numbers: list[int] = []
    at = 0
    for part in parts:
        numbers += range(at, part.first)
        at = part.after
    numbers += range(at, count)
    return numbers


def untouched(
    before: Sequence[Part], after: Sequence[Part], splice: Splice, count: int
) -> tuple[int, int]:
    """How many parts at the beginning and at the end of a text, of so many lines now, are what they
    were before a splice."""
    below, delta = splice.first + splice.removed, splice.added - splice.removed

    def same(one: Part, other: Part, lines: int) -> bool:
        # The end of its last line belongs to a part; the last one of a text may lack it.
        ends = one.after == count, other.after == count - delta
        return ends[0] == ends[1] and one.is_like(other, lines)

    least, first, last = min(len(before), len(after)), 0, 0
    while (
        first < least
        and after[first].after <= splice.first
        and same(after[first], before[first], 0)
    ):
        first += 1
    while (
        last < least - first
        and before[-1 - last].first >= below
        and same(after[-1 - last], before[-1 - last], delta)
    ):
        last += 1
    return first, last
