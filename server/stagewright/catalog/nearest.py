"""Which names come nearest to a mistyped one: by family and by edit distance."""

from __future__ import annotations

import heapq
import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TypeVar

T = TypeVar("T")

_SHORTLIST = 48
_LONGEST = 200  # longer ids are compared by their beginning: the distance is quadratic
_SEPARATORS = re.compile(r"[^a-z0-9]+")
_SNAPSHOT = re.compile(r"-(latest|20\d\d-?\d\d-?\d\d)$")
_DIGITS = re.compile(r"\d+")


def nearest(
    text: str,
    candidates: Sequence[T],
    limit: int,
    *,
    name: Callable[[T], str],
    sketches: Sequence[int] | None = None,
) -> list[T]:
    """At most `limit` candidates whose names could be meant by `text`, the nearest first.

    `sketches` are the candidates' `sketch(name)`, for callers that keep them; with them 20,000
    candidates take a few milliseconds. The text itself, exactly, is never among the answers.
    """
    wanted = sketch(text)
    if sketches is None:
        sketches = [sketch(name(candidate)) for candidate in candidates]
    common = [2 * (wanted & each).bit_count() - each.bit_count() for each in sketches]
    # Sorted back, so that among equals the one that comes first in `candidates` wins.
    shortlist = sorted(heapq.nlargest(_SHORTLIST, range(len(common)), key=common.__getitem__))
    plain = _plain(text)
    ranked: list[tuple[int, int]] = []
    for place in shortlist:
        label = name(candidates[place])
        if label == text:
            continue
        other = _plain(label)
        family = distance(_family(plain), _family(other))
        # A dated snapshot of the very name is nearer than another version of it.
        whole = min(distance(plain, other), distance(plain, _SNAPSHOT.sub("", other)))
        if _close(plain, family, whole):
            ranked.append((2 * family + whole, place))
    return [candidates[place] for _, place in sorted(ranked)[:limit]]


def sketch(text: str) -> int:
    """A 120-bit set of the text's letter pairs: likely neighbours share many bits."""
    bits = 0
    for first, second in pairwise(f"^{_plain(text)}$"):
        bits |= 1 << (ord(first) * 31 + ord(second)) % 120
    return bits


def distance(one: str, other: str) -> int:
    """Edit distance in which swapping two neighbours is one edit."""
    if one == other:
        return 0
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            cost = min(last[j] + 1, row[-1] + 1, last[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, last = last, row
    return last[-1]


def _plain(text: str) -> str:
    """Lower case, one kind of separator: `Claude-Opus-4.5` and `claude-opus-4-5` are one name."""
    return _SEPARATORS.sub("-", text[:_LONGEST].lower()).strip("-")


def _family(plain: str) -> str:
    """The words of an id without versions, sizes and dates."""
    return "-".join(word for word in _DIGITS.sub("", plain).split("-") if word)


def _close(plain: str, family: int, whole: int) -> bool:
    """Whether somebody could have meant it: few slips of the finger, or the same family."""
    return whole <= max(1, len(plain) // 3) or family <= len(_family(plain)) // 6
