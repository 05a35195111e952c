"""The files that the paths of a command line mean."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from stagewright.templates.template import DocumentKind
from stagewright.workspace import (
    ROLES_FILE,
    explain_loop,
    explain_unreadable,
    find_loops,
    find_templates,
    kind_of,
    workspace_root,
)

Target = tuple[Path, DocumentKind]


def find_files(paths: Sequence[Path], include: Sequence[str]) -> tuple[list[Target], list[str]]:
    """The files to check, each once, with their kinds; and what is wrong with the paths.

    A folder means its templates and its role index; a file that is named is checked wherever it
    lies. Whether a file can be read shows later.
    """
    files: dict[str, Target] = {}
    problems: list[str] = []
    for path in paths:
        try:
            for target in _files_of(path, include):
                files.setdefault(_identity(target[0]), target)
            if path.is_dir():
                problems += map(explain_loop, find_loops(path, [*include, ROLES_FILE]))
        except FileNotFoundError:
            problems.append(f"{path} does not exist. Name a template or a folder.")
        except OSError as error:
            problems.append(explain_unreadable(path, error))
    return list(files.values()), list(dict.fromkeys(problems))


def workspace_of(path: Path) -> Path:
    """The folder of the workspace that a file belongs to: the working folder, if nothing tells."""
    absolute = path.absolute()
    return workspace_root(absolute) if ".choragen" in absolute.parts else Path.cwd()


def _identity(path: Path) -> str:
    """What the ways of writing one path have in common; links are files of their own."""
    return os.path.normpath(path.absolute())


def _files_of(path: Path, include: Sequence[str]) -> Iterator[Target]:
    """Raises OSError for a path that leads nowhere, and for a folder that cannot be listed."""
    path.stat()
    if path.is_dir():
        with os.scandir(path):
            pass
        for template in find_templates(path, include):
            yield template, "template"
        for roles in find_templates(path, [ROLES_FILE]):
            yield roles, "roles"
    else:
        yield path, kind_of(path.absolute(), include) or "template"
