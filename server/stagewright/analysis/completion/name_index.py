"""Finding words by what is typed: among tens of thousands, at each keystroke."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import accumulate

_END = "\0"  # around each word


class NameIndex:
    """Words to be found without regard to case; after a newline stands what else finds one.

    They are kept as one text: a search goes through it in one call, and only until somebody has
    found enough. Places are those in `words`.
    """

    def __init__(self, words: Iterable[str]) -> None:
        folded = [_folded(word) for word in words]
        self._text = "".join((_END, *(word + _END for word in folded)))
        self._starts = list(accumulate((len(word) + 1 for word in folded), initial=0))

    def __len__(self) -> int:
        return len(self._starts) - 1

    def is_word(self, place: int, word: str) -> bool:
        """Whether the word at this place is exactly that, but for case."""
        word = _END + _folded(word)
        return self._text.startswith((word + _END, word + "\n"), self._starts[place])

    def holding(self, typed: str) -> Iterator[int]:
        """Places of the words that begin with what is typed, then of the others that hold it."""
        typed = _folded(typed)
        if not typed:
            yield from range(len(self))
            return
        beginning = set()
        for place in self._found(_END + typed):
            beginning.add(place)
            yield place
        yield from (place for place in self._found(typed) if place not in beginning)

    def scattered(self, typed: str) -> Iterator[int]:
        """Places of the words in which the letters that are typed follow each other in order."""
        typed = _folded(typed)
        if not typed:
            yield from range(len(self))
            return
        # Classes that leave the letter out instead of `.*`: a match takes linear time.
        letters = (f"[^{re.escape(letter)}\n{_END}]*{re.escape(letter)}" for letter in typed)
        for match in re.finditer(_END + "".join(letters), self._text):
            yield self._place(match.start())

    def _found(self, text: str) -> Iterator[int]:
        at = self._text.find(text)
        while at >= 0:
            place = self._place(at)
            yield place
            at = self._text.find(text, self._starts[place + 1])

    def _place(self, at: int) -> int:
        return bisect_right(self._starts, at) - 1


def _folded(text: str) -> str:
    return text.lower().replace(_END, " ")
