"""The dialects in effect: the built-in ones without those turned off, and the user's own."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from stagewright.dialects.dialect import Dialect, all_builtin


@dataclass(frozen=True, slots=True)
class Dialects:
    """Made from settings and passed to whoever asks what a file is."""

    own: tuple[Dialect, ...]  # the user's: they come before all others
    builtin: tuple[Dialect, ...]  # those of other programs, by id

    def __iter__(self) -> Iterator[Dialect]:
        return iter((*self.own, *self.builtin))


def dialects(off: Collection[str] = (), own: Iterable[Dialect] = ()) -> Dialects:
    """Those in effect, without the ids that are turned `off`. An own one that is called like a
    built-in one takes its place."""
    mine = tuple(one for one in own if one.id not in off)
    names = {*off, *(one.id for one in mine)}
    others = (one for one in all_builtin() if not one.runs_here and one.id not in names)
    return Dialects(mine, tuple(others))
