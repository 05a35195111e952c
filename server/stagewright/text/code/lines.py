"""What was read of each line of a text, kept while other lines are edited."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate
from typing import Generic, NamedTuple, TypeVar

from stagewright.text.buffer import Splice

S = TypeVar("S")
T = TypeVar("T")


LONGEST_LINE = 10_000
"""Characters of a line that is looked into."""


class Beside(NamedTuple):
    """The lines above and below one."""

    above: str | None = ""  # None above a text's first line
    below: str = ""


class Reader(NamedTuple, Generic[S, T]):
    """How lines are read."""

    start: S  # the state in which the first line begins
    is_idle: Callable[[str], bool]
    """Whether a line that begins in `start` holds nothing and ends in it: asked of every line but
    the first."""
    busy: Callable[[str], tuple[Iterable[int], Iterable[int]]]
    """The same of a whole text at once: where something stands in each line that has to be read,
    and in each other one that is not idle."""
    behind: Callable[[str, S], S | None]
    """The state behind a line that need not be read; None where it has to be, for its state."""
    read: Callable[[str, S, Beside], tuple[T | None, S]]
    """What a line holds, by its neighbours too, and the state behind it."""
    above: int = 0  # so many lines above one are read only for what stands in it


class CodeLines(Generic[S, T]):
    """What the lines of a text hold, by their numbers; a line is read again only if it, a line
    beside it, or the state in which it begins, has changed."""

    def __init__(self, lines: Sequence[str], reader: Reader[S, T]) -> None:
        self._lines, self._reader = lines, reader
        self._states: list[S] = []  # in which each line begins
        self.numbers: list[int] = []  # of the lines that hold something, in order
        self.found: list[T] = []  # what those hold
        self._read_all()

    def spliced(self, lines: Sequence[str], splice: Splice) -> tuple[int, int, int]:
        """Read what an edit changed: from which place of `found` on, so many became so many."""
        self._lines = lines
        first, removed, added = splice
        above = min(max(1, self._reader.above), first)
        below = min(1, len(lines) - first - added)
        first, more = first - above, above + below
        removed, added = removed + more, added + more
        low = bisect_left(self.numbers, first)
        high = bisect_left(self.numbers, first + removed)
        shift = added - removed
        before = self._states[first] if first < len(self._states) else self._reader.start
        self._states[first : first + removed] = [before] * added
        rest = [number + shift for number in self.numbers[high:]]
        kept = self.found[high:]
        del self.numbers[low:], self.found[low:]
        after = self._read(first, first + added, before)
        drop = bisect_left(rest, after)
        new = len(self.numbers) - low
        self.numbers += rest[drop:]
        self.found += kept[drop:]
        return low, high - low + drop, new

    def state(self, number: int) -> S:
        """The state in which a line begins."""
        return self._states[number]

    def _read_all(self) -> None:
        """Read every line of a text of which nothing is known yet."""
        start, _, busy, behind, read, _ = self._reader
        lines, total = self._lines, len(self._lines)
        begins = [0, *accumulate(len(line) + 1 for line in lines)]
        to_read, others = (
            {min(bisect_right(begins, at), total) - 1 for at in places}
            for places in busy("\n".join(lines))
        )
        self._states = [start] * total
        after = 0
        for first in sorted(to_read | others):
            number, state = max(first, after), start
            while number < total and (number == first or state != start):
                self._states[number] = state
                next_one = None if number in to_read else behind(lines[number], state)
                if next_one is None:
                    held, next_one = read(lines[number], state, beside(lines, number))
                    if held is not None:
                        self.numbers.append(number)
                        self.found.append(held)
                state = next_one
                number += 1
            after = max(after, number)

    def _read(self, first: int, after: int, state: S) -> int:
        """Read these lines, and those behind them as far as their states are others than before;
        the number of the line from which on all is as it was."""
        lines, states = self._lines, self._states
        start, is_idle, _, _, read, _ = self._reader
        number, total = first, len(lines)
        while number < total:
            if number >= after and number < len(states) and states[number] == state:
                return number
            if number < len(states):
                states[number] = state
            else:
                states.append(state)
            line = lines[number]
            if not number or state != start or not is_idle(line):
                held, state = read(line, state, beside(lines, number))
                if held is not None:
                    self.numbers.append(number)
                    self.found.append(held)
            number += 1
        return total


def beside(lines: Sequence[str], number: int) -> Beside:
    """The neighbours of a line."""
    below = lines[number + 1] if number + 1 < len(lines) else ""
    return Beside(lines[number - 1] if number else None, below)
