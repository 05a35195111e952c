"""The files that the paths of a command line mean."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from stagewright.dialects import choragen
from stagewright.dialects.choragen import FOLDER
from stagewright.dialects.document import Dialect
from stagewright.dialects.registry import Dialects
from stagewright.files import FileText, exists, is_folder, read_text
from stagewright.options import dialects_from
from stagewright.settings import Settings
from stagewright.walk import is_machine_made
from stagewright.workspace import (
    DEFAULT_INCLUDE,
    claim,
    claim_unread,
    named_template,
    search,
    workspace_root,
)


class Known(NamedTuple):
    """What files are taken for by the settings."""

    dialects: Dialects = Dialects()
    include: tuple[str, ...] = DEFAULT_INCLUDE  # globs of templates


class Target(NamedTuple):
    """A file to check. `folder` is the one that was named, out of which no fix is written."""

    path: Path
    dialect: Dialect | None  # None: what stands in it tells
    folder: Path
    known: Known = Known()  # what says whose a file is
    is_named: bool = False  # by itself

    @property
    def place(self) -> tuple[Path, Path]:
        """Where the file lies, and the folder from which globs of settings begin: the working
        folder, or else the one that was named."""
        path, here = self.path.absolute(), Path.cwd()
        return path, here if path.is_relative_to(here) else self.folder.absolute()

    def read(self) -> tuple[FileText, Dialect] | None:
        """The file and its dialect; None where it is nobody's. Raises UnreadableFile."""
        if self.is_named:
            file, path = read_text(self.path), self.path.absolute()
            dialect = self.dialect or claim(path, *self.known, file.text)
            if dialect is None and named_template(path, file.text):
                dialect = choragen.TEMPLATE
            return (file, dialect) if dialect else None
        dialect = self.dialect or claim_unread(self.path, *self.known)
        if dialect is None:
            return None
        file = read_text(self.path)
        by_program = not dialect.runs_here and is_machine_made(file.text)
        return None if by_program else (file, dialect)


def find_files(paths: Sequence[Path], settings: Settings) -> tuple[list[Target], list[str]]:
    """The files to check, each once, with their dialects; and what is wrong with the paths.

    A folder means all in it that names models; a file that is named is checked wherever it lies.
    Whether a file can be read shows later.
    """
    targets: dict[str, Target] = {}
    known = Known(dialects_from(settings), settings.templates.include)
    problems: list[str] = []
    for path in paths:
        if is_folder(path):
            found = search(path, *known)
            problems += map(str, found.problems)
            undecided = dict.fromkeys(found.undecided)
            for file, dialect in {**found.files, **undecided}.items():
                targets.setdefault(_identity(file), Target(file, dialect, path, known))
        elif exists(path):
            absolute = path.absolute()
            root = workspace_root(absolute)
            targets[_identity(path)] = Target(path, None, root, known, is_named=True)
        else:
            problems.append(f"{path} does not exist. Name a file or a folder.")
    return list(targets.values()), problems


def workspace_of(path: Path) -> Path:
    """The folder of the workspace that a file belongs to: the working folder, if nothing tells."""
    absolute = path.absolute()
    return workspace_root(absolute) if FOLDER in absolute.parts else Path.cwd()


def _identity(path: Path) -> str:
    """What the ways of writing one path have in common; links are files of their own."""
    return os.path.normpath(path.absolute())
