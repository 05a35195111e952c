"""Parts of a long text: runs of lines that are read apart, so that a keystroke reads but one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from stagewright.text.nodes import NodePath

LONG = 60
"""Lines up to which a text, or a collection in it, is read as a whole."""


class Part(NamedTuple):
    """A run of lines that holds one node, an item of a list or the value of a key, and that key."""

    path: NodePath  # of the node, from the top of the text
    first: int
    after: int  # the line behind the last

    def is_like(self, other: Part) -> bool:
        """Whether both stand at one place, but for which items of their lists they are."""
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
