"""What is said of a file around it, by settings files beside it and by the editor: whether its
models are sent elsewhere, and names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import TypeVar

from stagewright.dialects.around import Around, holds
from stagewright.dialects.defined import NOTHING, Defined, defined_in, together
from stagewright.dialects.dialect import Dialect, SettingsFiles
from stagewright.text.nodes import MappingNode
from stagewright.text.syntaxes import SyntaxName, syntax

P = TypeVar("P", bound=PurePath)


@dataclass(frozen=True, slots=True)
class Governed:
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


def governed_by(settings: SettingsFiles, name: str, text: str) -> Governed:
    """What the text of a settings file of this name says of those that it governs. One that is
    broken is read as far as it can be."""
    word = _SYNTAXES.get(name.rpartition(".")[2].lower(), "yaml")
    node = syntax(word).read(text.splitlines()).node
    if not isinstance(node, MappingNode):
        return UNGOVERNED
    redirected = any(holds(one, Around((node,)), ()) is not False for one in settings.redirects)
    return Governed(redirected, defined_in(node, settings.defines))


_ABOVE = "../"
_SYNTAXES: Mapping[str, SyntaxName] = {"json": "json", "jsonc": "json", "toml": "toml"}
