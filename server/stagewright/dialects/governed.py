"""What is said of a file around it, by settings files beside it and by the editor: which of these
there are, and what is kept of what they say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePath
from typing import NamedTuple, TypeVar

from stagewright.dialects.dialect import Dialect, SettingsFiles

P = TypeVar("P", bound=PurePath)


class Defined(NamedTuple):
    """Names that a file declares. With `others` there may be more than can be told from it: an
    alias, a merge key or a wildcard stands where names are declared."""

    models: frozenset[str] = frozenset()
    providers: frozenset[str] = frozenset()
    others: bool = False


def together(several: Sequence[Defined]) -> Defined:
    """What files, or the parts of one, declare together."""
    return Defined(
        frozenset().union(*(one.models for one in several)),
        frozenset().union(*(one.providers for one in several)),
        any(one.others for one in several),
    )


NOTHING = Defined()


class Governed(NamedTuple):
    """What all the settings files that govern a file say of it together. No value of theirs."""

    redirected: bool = False
    defined: Defined = NOTHING
    offered: frozenset[str] = frozenset()  # by the editor: providers of models named for people

    def __or__(self, other: Governed) -> Governed:
        return Governed(
            self.redirected or other.redirected,
            together((self.defined, other.defined)),
            self.offered | other.offered,
        )


UNGOVERNED = Governed()


def settings_beside(dialect: Dialect, path: P) -> Iterator[tuple[SettingsFiles, P]]:
    """The settings files that govern a file if they are there: those of the nearest folder around
    it that has the name, and those of folders of that name further out, from where a program may
    as well be started. No file governs itself."""
    for settings in dialect.settings:
        around = (folder for folder in path.parents if folder.name == settings.folder)
        if (folder := next(around, None)) is None:
            continue
        for outer in folder.parents:
            for name in settings.files:
                inside = name.removeprefix(_ABOVE)
                beside = (outer / settings.folder if inside == name else outer) / inside
                if beside != path:
                    yield settings, beside


def settings_globs(dialect: Dialect) -> Iterator[str]:
    """Globs of all files that may govern others."""
    for settings in dialect.settings:
        for name in settings.files:
            inside = name.removeprefix(_ABOVE)
            yield f"{settings.folder}/{name}" if inside == name else inside


_ABOVE = "../"
