"""The files that the paths of a command line mean."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from stagewright.dialects import choragen
from stagewright.dialects.document import Dialect
from stagewright.files import exists, is_folder
from stagewright.workspace import CHORAGEN, dialect_of, search, workspace_root


class Target(NamedTuple):
    """A file to check. `folder` is the one that was named, out of which no fix is written."""

    path: Path
    dialect: Dialect
    folder: Path


def find_files(paths: Sequence[Path], include: Sequence[str]) -> tuple[list[Target], list[str]]:
    """The files to check, each once, with their dialects; and what is wrong with the paths.

    A folder means its templates and its role index; a file that is named is checked wherever it
    lies. Whether a file can be read shows later.
    """
    targets: dict[str, Target] = {}
    problems: list[str] = []
    for path in paths:
        if is_folder(path):
            found = search(path, include)
            problems += map(str, found.problems)
            for target in (
                *(Target(file, choragen.TEMPLATE, path) for file in found.templates),
                *(Target(file, choragen.ROLES, path) for file in found.roles),
                *(Target(file, dialect, path) for file, dialect in found.others.items()),
            ):
                targets.setdefault(_identity(target.path), target)
        elif exists(path):
            absolute = path.absolute()
            dialect = dialect_of(absolute, include) or choragen.TEMPLATE
            targets.setdefault(_identity(path), Target(path, dialect, workspace_root(absolute)))
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
