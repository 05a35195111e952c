"""The files that the paths of a command line mean."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from stagewright.dialects import choragen
from stagewright.dialects.document import Dialect
from stagewright.dialects.registry import dialects
from stagewright.files import exists, is_folder
from stagewright.walk import is_machine_made
from stagewright.workspace import (
    CHORAGEN,
    DEFAULT_INCLUDE,
    claim,
    named_template,
    search,
    workspace_root,
)


class Target(NamedTuple):
    """A file to check. `folder` is the one that was named, out of which no fix is written."""

    path: Path
    dialect: Dialect | None  # None: what stands in it tells
    folder: Path
    include: tuple[str, ...] = DEFAULT_INCLUDE  # the settings' globs of templates
    is_named: bool = False  # by itself

    def dialect_with(self, text: str) -> Dialect | None:
        """The dialect of the file with this text; None where it is not to be read."""
        is_choragens = self.dialect is not None and self.dialect.runs_here
        if not (self.is_named or is_choragens) and is_machine_made(text):
            return None
        if self.dialect is not None:
            return self.dialect
        path = self.path.absolute()
        found = claim(path, dialects(), self.include, text)
        if found is None and self.is_named and named_template(path, text):
            return choragen.TEMPLATE
        return found


def find_files(paths: Sequence[Path], include: tuple[str, ...]) -> tuple[list[Target], list[str]]:
    """The files to check, each once, with their dialects; and what is wrong with the paths.

    A folder means all in it that names models; a file that is named is checked wherever it lies.
    Whether a file can be read shows later.
    """
    targets: dict[str, Target] = {}
    known = dialects()
    problems: list[str] = []
    for path in paths:
        if is_folder(path):
            found = search(path, known, include)
            problems += map(str, found.problems)
            undecided = dict.fromkeys(found.undecided)
            for file, dialect in (*found.files.items(), *undecided.items()):
                targets.setdefault(_identity(file), Target(file, dialect, path, include))
        elif exists(path):
            absolute = path.absolute()
            root, dialect = workspace_root(absolute), claim(absolute, known, include)
            target = Target(path, dialect, root, include, is_named=True)
            targets[_identity(path)] = target
        else:
            problems.append(f"{path} does not exist. Name a template or a folder.")
    return list(targets.values()), problems


def workspace_of(path: Path) -> Path:
    """The folder of the workspace that a file belongs to: the working folder, if nothing tells."""
    absolute = path.absolute()
    return workspace_root(absolute) if CHORAGEN in absolute.parts else Path.cwd()


def _identity(path: Path) -> str:
    """What the ways of writing one path have in common; links are files of their own."""
    return os.path.normpath(path.absolute())
