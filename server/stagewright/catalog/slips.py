"""Whether a name that nobody knows is a slip of the pen: one that is known, written nearly so.

Names that differ only in digits, dates or words of size are no slips: such models may be newer than
what is known. What counts is the same words with another separator or in another order, digits in
theirs, or one word with a letter or two wrong that stands in no name that is known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from functools import cached_property

from stagewright.catalog.nearest import distance

_PARTS = re.compile(r"[a-z0-9]+")
_MANY = re.compile(r"\d")
_SIZES = frozenset(
    [
        "nano",
        "micro",
        "tiny",
        "mini",
        "small",
        "medium",
        "large",
        "big",
        "xl",
        "lite",
        "light",
        "flash",
        "turbo",
        "fast",
        "high",
        "low",
        "base",
        "pro",
        "plus",
        "max",
        "ultra",
        "latest",
        "preview",
        "exp",
        "beta",
        "alpha",
        "thinking",
        "reasoning",
        "instruct",
        "chat",
    ]
)
"""Words that tell members of a family apart."""

_LONGEST = 100
_OFFERED = 3
_REMEMBERED = 1024


class Names:
    """The ids that are known of one provider, and what has been looked up among them."""

    def __init__(self, ids: Sequence[str]) -> None:
        self._ids = ids
        self._found: dict[str, tuple[str, ...]] = {}

    def meant(self, text: str) -> tuple[str, ...]:
        """The ids of which this text is likely a slip, the nearest first; of equals the earlier."""
        if text not in self._found:
            if len(self._found) >= _REMEMBERED:
                self._found.clear()
            ranked = sorted(self._near(text[:_LONGEST]))
            self._found[text] = tuple(self._ids[place] for _, place in ranked[:_OFFERED])
        return self._found[text]

    def _near(self, text: str) -> Iterator[tuple[int, int]]:
        """How far off, and the place of each id that is near."""
        parts = _parts(text)
        joined, ordered = "".join(parts), _ordered(parts)
        for place, (other, alike, ordered_alike) in enumerate(self._known):
            if joined == other or ordered == ordered_alike:
                yield 0, place
            elif (off := _off(parts, alike, self._words)) is not None:
                yield off, place

    @cached_property
    def _known(self) -> list[tuple[str, list[str], list[str]]]:
        every = (_parts(one) for one in self._ids)
        return [("".join(parts), parts, _ordered(parts)) for parts in every]

    @cached_property
    def _words(self) -> frozenset[str]:
        return frozenset(word for _, parts, _ in self._known for word in parts)


def _parts(text: str) -> list[str]:
    return _PARTS.findall(text.lower())


def _ordered(parts: Sequence[str]) -> list[str]:
    """The same for the same words in any order; digits stay in theirs: 4.5 is not 5.4."""
    return sorted(parts, key=lambda part: "" if _MANY.search(part) else part)


def _off(one: Sequence[str], other: Sequence[str], words: Set[str]) -> int | None:
    """How many letters are wrong where one word is nearly another and all else is the same.

    The wrong one is none of the words that make up names: those make newer names too.
    """
    if len(one) != len(other):
        return None
    differ = [pair for pair in zip(one, other, strict=True) if pair[0] != pair[1]]
    if len(differ) != 1:
        return None
    ((mine, theirs),) = differ
    if _MANY.search(mine) or _MANY.search(theirs) or mine in words or {mine, theirs} <= _SIZES:
        return None
    allowed = 1 if min(len(mine), len(theirs)) < 6 else 2
    if min(len(mine), len(theirs)) < 3 or abs(len(mine) - len(theirs)) > allowed:
        return None
    off = distance(mine, theirs)
    return off if off <= allowed else None
