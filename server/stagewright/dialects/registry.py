"""The dialects in effect: the built-in ones without those turned off, and the user's own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from stagewright.dialects.dialect import Dialect, all_builtin, builtin, builtin_names, builtins

CODE = "code"
"""The dialect of source code and loose configuration."""


@dataclass(frozen=True, slots=True)
class Dialects:
    """Made from settings and passed to whoever asks what a file is.

    An own one that is called like a built-in one takes its place.
    """

    own: tuple[Dialect, ...] = ()  # the user's: they come before all others
    off: frozenset[str] = frozenset()  # ids of built-in ones that are turned off
    exclude: tuple[str, ...] = ()  # globs of what is not read as source code

    @property
    def builtin(self) -> tuple[Dialect, ...]:
        """Those of other programs, by id. They are read when they are first asked for."""
        return _others(self.off | {one.id for one in self.own} | {CODE})

    @property
    def code(self) -> Dialect | None:
        """The one of source code, which reads what no other claims."""
        off = CODE in self.off or CODE not in builtin_names()
        return None if off or any(one.id == CODE for one in self.own) else builtin(CODE)

    @property
    def files_off(self) -> tuple[str, ...]:
        """The globs of files that are not to be read, since their dialect is turned off."""
        off = sorted(self.off.intersection(builtin_names()))
        return tuple(glob for name in off for one in builtins(name) for glob in one.files)

    def without_code(self) -> Dialects:
        """The same, but for that."""
        return replace(self, off=self.off | {CODE})

    def __iter__(self) -> Iterator[Dialect]:
        """All but that of source code."""
        return iter((*self.own, *self.builtin))


@lru_cache(maxsize=8)
def _others(without: frozenset[str]) -> tuple[Dialect, ...]:
    return tuple(
        one
        for one in all_builtin()
        if not one.runs_here and not one.takes_the_rest and one.id not in without
    )
