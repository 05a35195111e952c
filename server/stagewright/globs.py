"""Globs of settings: which can be used, and which names on the way to a file one stands for. Pure.

`*`, `?` and `[...]` stay inside one name, `**` is any number of folders, `{a,b}` is either. A path
is followed name by name, so that its cost is bounded by its names times the globs' names, whatever
the globs: no library found does that (several `**` cost the best known one a factor of ten each).
Single names are matched by the standard library's `fnmatch`, which never tries one way twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase, translate
from functools import lru_cache
from itertools import product
from math import prod
from pathlib import PurePath, PurePosixPath, PureWindowsPath
from typing import Generic, TypeVar

MAX_LENGTH = 1_000
"""Characters of one glob."""

MAX_NAMES = 50
"""Names in one glob, `**` among them."""

MAX_GLOBS = 100
"""Globs of one setting, those counted that braces stand for."""

ANY = "**"

Pattern = tuple[str, ...]
"""A glob without braces, as the names that it is made of."""

State = tuple[int, int]
"""A pattern, and the place in it of the part that the next name must fit."""


def usable(globs: Iterable[str]) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """The globs that can be used; and the others, each with what is wrong with it, as the end of a
    sentence that begins with the glob."""
    good: list[str] = []
    bad: list[tuple[str, str]] = []
    left = MAX_GLOBS
    for glob in globs:
        why = _problem(glob)
        if why is None and (left := left - len(_patterns(glob))) < 0:
            why, left = f"is left out: at most {MAX_GLOBS} globs are used, braces expanded", 0
        if why is None:
            good.append(glob)
        else:
            bad.append((glob, why))
    return tuple(good), tuple(bad)


@lru_cache(maxsize=64)
def read(globs: tuple[str, ...]) -> Globs:
    """The globs of a setting; those that cannot be used are left out."""
    patterns = (pattern for glob in usable(globs)[0] for pattern in _patterns(glob))
    return Globs(tuple(dict.fromkeys(patterns)))


@lru_cache(maxsize=64)
def read_with_folders(globs: tuple[str, ...]) -> Globs:
    """The same, where one that fits a folder means all in it."""
    several = read(globs).patterns
    return Globs((*several, *((*one, ANY) for one in several if one[-1] != ANY)))


@dataclass(frozen=True, slots=True)
class Globs:
    """Globs that can be used."""

    patterns: tuple[Pattern, ...]

    def fits(self, path: PurePath) -> bool:
        """Whether the end of a path is what one of the globs describes."""
        return fit_end(self.patterns, names_of(path))

    def start(self, folder: Sequence[str]) -> Search:
        """The search in a folder of these names.

        One that lies within a glob's fixed part, such as `.choragen/workflow-templates` itself, is
        searched from there on.
        """
        rest = tuple(pattern[_inside(pattern, folder) :] for pattern in self.patterns)
        return Search.of(rest, _start(rest))


@dataclass(frozen=True, slots=True)
class Search:
    """What globs still ask for at one place of a search; false where nothing below can fit."""

    patterns: tuple[Pattern, ...]
    states: frozenset[State]

    @classmethod
    def of(cls, patterns: tuple[Pattern, ...], states: Iterable[State]) -> Search:
        """The search for what is left of the patterns."""
        return cls(patterns, frozenset((one, at) for one, at in states if at < len(patterns[one])))

    def __bool__(self) -> bool:
        return bool(self.states)

    def into(self, folder: str, *, link: bool = False) -> Search:
        """The search inside a folder of this name. `**` follows no links."""
        after = _after(self.patterns, self.states, folder, any_too=not link)
        return Search.of(self.patterns, after)

    def finds(self, name: str) -> bool:
        """Whether a file of this name is one of those that are looked for."""
        return _ended(self.patterns, _after(self.patterns, self.states, name))

    def expects(self, name: str, *, folder: bool) -> bool:
        """Whether there should be a folder of exactly this name, or a file of one like it."""
        for one, at in self.states:
            part, is_last = self.patterns[one][at], at == len(self.patterns[one]) - 1
            if folder and not is_last and part == name:
                return True
            if not folder and is_last and part.strip("*") and fnmatchcase(name, part):
                return True
        return False


Value = TypeVar("Value")


class Names(Generic[Value]):
    """Patterns of single names, each with a value: those that fit a name, without trying each."""

    def __init__(self, patterns: Iterable[tuple[str, Value]]) -> None:
        self._exact: dict[str, list[Value]] = {}
        self._by_ending: dict[str, list[Value]] = {}  # of `*.md`
        self._by_ends: list[tuple[str, str, Value]] = []  # of `a*b`
        self._others: list[tuple[re.Pattern[str], Value]] = []
        for pattern, value in patterns:
            before, star, behind = pattern.partition("*")
            if set(before + behind) & set("*?["):
                self._others.append((re.compile(translate(pattern)), value))
            elif not star:
                self._exact.setdefault(pattern, []).append(value)
            elif not before and behind.rfind(".") == 0:
                self._by_ending.setdefault(behind, []).append(value)
            else:
                self._by_ends.append((before, behind, value))

    def find(self, name: str) -> list[Value]:
        """The values of the patterns that fit; not in their order."""
        found = list(self._exact.get(name, ()))
        if (dot := name.rfind(".")) >= 0:
            found += self._by_ending.get(name[dot:], ())
        for before, behind, value in self._by_ends:
            if name.startswith(before) and name.endswith(behind, len(before)):
                found.append(value)
        for pattern, value in self._others:
            if pattern.match(name):
                found.append(value)
        return found


def names_of(path: PurePath) -> tuple[str, ...]:
    """The names on the way to a file, without the root or the drive of its path."""
    return path.parts[1:] if path.anchor else path.parts


def literal(pattern: Pattern) -> int:
    """How many letters of a pattern stand for themselves."""
    return sum(len(name) - sum(map(name.count, "*?[]")) for name in pattern)


def fit_end(patterns: Iterable[Pattern], names: Sequence[str]) -> bool:
    """Whether the end of these names is what one of the patterns describes."""
    around = {*names}
    # Backwards: the last name alone already tells almost every path from the others.
    turned = [pattern[::-1] for pattern in patterns if literals(pattern) <= around]
    states = _start(turned)
    for name in reversed(names):
        states = _after(turned, states, name)
        if _ended(turned, states):
            return True
        if not states:
            return False
    return False


@lru_cache(maxsize=4096)
def literals(pattern: Pattern) -> frozenset[str]:
    """The names of a pattern that stand for themselves."""
    return frozenset(name for name in pattern if not set(name) & set("*?["))


def fits_in(globs: tuple[str, ...], path: PurePath, root: PurePath) -> bool:
    """Whether one of the globs describes a path below a folder, or the path of a folder there that
    it lies in, or the end of such a path."""
    if not globs:
        return False
    inside = path.is_relative_to(root)
    names = path.relative_to(root).parts if inside else names_of(path)
    return fit_end(read_with_folders(globs).patterns, names)


def fits_whole(pattern: Pattern, names: Sequence[str]) -> bool:
    """Whether a pattern describes all of these names."""
    states: Iterable[State] = _start([pattern])
    for name in names:
        states = _after([pattern], states, name)
        if not states:
            return False
    return _ended([pattern], states)


def _start(patterns: Sequence[Pattern]) -> set[State]:
    return {state for one in range(len(patterns)) for state in _with_none(patterns, one, 0)}


def _after(
    patterns: Sequence[Pattern], states: Iterable[State], name: str, *, any_too: bool = True
) -> set[State]:
    """The states behind one more name."""
    after: set[State] = set()
    for one, at in states:
        part = patterns[one][at] if at < len(patterns[one]) else None
        if part == ANY:
            after.update(_with_none(patterns, one, at) if any_too else ())
        elif part is not None and fnmatchcase(name, part):
            after.update(_with_none(patterns, one, at + 1))
    return after


def _with_none(patterns: Sequence[Pattern], one: int, at: int) -> Iterator[State]:
    """A state, and where its part is `**` the one behind, as for no folder at all."""
    yield one, at
    if patterns[one][at : at + 1] == (ANY,):
        yield one, at + 1


def _ended(patterns: Sequence[Pattern], states: Iterable[State]) -> bool:
    return any(at == len(patterns[one]) for one, at in states)


def _inside(pattern: Pattern, folder: Sequence[str]) -> int:
    """How many of a glob's first, fixed names a folder ends with; at least its last is left."""
    fixed = next((at for at, part in enumerate(pattern) if set(part) & set("*?[")), len(pattern))
    depths = range(min(fixed, len(pattern) - 1), -1, -1)
    return next(at for at in depths if tuple(folder[len(folder) - at :]) == pattern[:at])


def _problem(glob: str) -> str | None:
    if len(glob) > MAX_LENGTH:
        return f"is longer than {MAX_LENGTH:,} characters"
    if not glob.strip():
        return "is empty"
    if not glob.isprintable():
        return "holds characters that cannot be shown"
    if (pieces := _pieces(glob)) is None:
        return "has unbalanced or nested braces"
    if prod(map(len, pieces)) > MAX_GLOBS:
        return f"expands to more than {MAX_GLOBS} globs"
    for text in _alternatives(pieces):
        if text.startswith("/") or (set(text) & set(":\\") and PureWindowsPath(text).drive):
            return "is absolute: it must be relative to the workspace folder"
        parts = PurePosixPath(text).parts
        if not parts:
            return "names no file"
        if ".." in parts:
            return "must not leave the workspace folder with `..`"
        if len(parts) > MAX_NAMES:
            return f"has more than {MAX_NAMES} names"
        if not all(map(_closes_brackets, parts)):
            return "has a bracket that is not closed"
        if any(ANY in part and part != ANY for part in parts):
            return "has `**` beside other characters: it stands alone, as in `**/*.yaml`"
    return None


def _closes_brackets(name: str) -> bool:
    """Whether each `[` has its `]`; one right behind it, or behind `[!`, is meant itself."""
    at = name.find("[")
    while at >= 0:
        inside = at + 1 + name.startswith("!", at + 1)
        at = name.find("]", inside + 1)
        if at < 0:
            return False
        at = name.find("[", at)
    return True


@lru_cache(maxsize=256)
def _patterns(glob: str) -> tuple[Pattern, ...]:
    """What a glob that can be used stands for; `**/**` is `**`."""
    found = []
    for text in _alternatives(_pieces(glob) or []):
        parts = PurePosixPath(text).parts
        found.append(
            tuple(p for at, p in enumerate(parts) if p != ANY or parts[at - 1 : at] != (ANY,))
        )
    return tuple(found)


def _alternatives(pieces: Sequence[Sequence[str]]) -> Iterator[str]:
    return ("".join(chosen) for chosen in product(*pieces))


def _pieces(glob: str) -> list[list[str]] | None:
    """A glob as choices in a row: `a.{yaml,yml}` is `[["a."], ["yaml", "yml"]]`; None where its
    braces do not go together."""
    pieces: list[list[str]] = []
    rest = glob
    while rest:
        before, brace, rest = rest.partition("{")
        inner, close, behind = rest.partition("}")
        if "}" in before or "{" in inner or (brace and not close):
            return None
        pieces.append([before])
        if brace:
            pieces.append(inner.split(","))
            rest = behind
    return pieces
