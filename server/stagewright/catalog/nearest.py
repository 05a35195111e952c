"""Which names come nearest to a mistyped one: by family and by edit distance."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import accumulate, islice, pairwise
from typing import TypeVar

T = TypeVar("T")

Sketch = tuple[int, int]

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
    sketches: Sequence[Sketch] | None = None,
) -> list[T]:
    """At most `limit` candidates whose names could be meant by `text`, the nearest first.

    `sketches` are the candidates' `sketch(name)`, for callers that keep them; with them 20,000
    candidates take a few milliseconds. The text itself, exactly, is never among the answers.
    """
    if sketches is None:
        sketches = [sketch(name(candidate)) for candidate in candidates]
    plain = _plain(text)
    family = _family(plain)
    slips, words = max(1, len(plain) // 3), len(family) // 6
    ranked: list[tuple[int, int]] = []
    for place in _shortlist(sketch(text), sketches):
        label = name(candidates[place])
        if label == text:
            continue
        other = _plain(label)
        # A dated snapshot of the very name is nearer than another version of it.
        bare = _SNAPSHOT.sub("", other)
        kin = _family(other)
        if abs(len(bare) - len(plain)) > slips and abs(len(kin) - len(family)) > words:
            continue  # at least as many edits as that
        between = distance(family, kin)
        whole = min(distance(plain, one) for one in {other, bare})
        # Somebody could have meant it: few slips of the finger, or the same family.
        if whole <= slips or between <= words:
            ranked.append((2 * between + whole, place))
    return [candidates[place] for _, place in sorted(ranked)[:limit]]


def sketch(text: str) -> Sketch:
    """A set of the text's letter pairs in 120 bits, and its size: neighbours share many bits."""
    bits = 0
    for first, second in pairwise(f"^{_plain(text)}$"):
        bits |= 1 << (ord(first) * 31 + ord(second)) % 120
    return bits, bits.bit_count()


def _shortlist(wanted: Sketch, sketches: Sequence[Sketch]) -> list[int]:
    """The places of the likeliest candidates, in order; of equals those that come first."""
    bits = wanted[0]
    alike = [2 * (bits & other).bit_count() - size for other, size in sketches]
    counts = sorted(Counter(alike).items(), reverse=True)
    reached = accumulate(count for _, count in counts)
    least = next(
        (score for (score, _), n in zip(counts, reached, strict=True) if n >= _SHORTLIST), None
    )
    if least is None:
        return list(range(len(alike)))
    above = [place for place, score in enumerate(alike) if score > least]
    equal = (place for place, score in enumerate(alike) if score == least)
    return sorted([*above, *islice(equal, _SHORTLIST - len(above))])


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
