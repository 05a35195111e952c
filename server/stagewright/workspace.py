"""Which files are Choragen's, by where they lie, and which there are in a folder."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from stagewright import files, globs
from stagewright.dialects import choragen
from stagewright.dialects.choragen.roles import RoleIndex, read_roles
from stagewright.dialects.dialect import all_builtin
from stagewright.dialects.document import Dialect, Document
from stagewright.files import UnreadableFile

CHORAGEN = ".choragen"
ROLES_FILE = ".choragen/roles/index.yaml"
WORKFLOWS_FOLDER = ".choragen/workflows"
DEFAULT_INCLUDE = choragen.TEMPLATE.files


class Listing(NamedTuple):
    """The files of a folder that name models, sorted, and what stood in the way of looking."""

    templates: list[Path]
    roles: list[Path]
    others: dict[Path, Dialect]  # the files of other programs that name models
    problems: list[UnreadableFile]


def dialect_of(path: Path, include: Sequence[str] = DEFAULT_INCLUDE) -> Dialect | None:
    """What a file is, by where it lies: its path ends in something that a glob describes."""
    for dialect in (choragen.ROLES, choragen.TRANSCRIPT):
        if globs.read(dialect.files).fits(path):
            return dialect
    if globs.read(tuple(include)).fits(path):
        return choragen.TEMPLATE
    return next((one for one in _foreign() if globs.read(one.files).fits(path)), None)


@cache
def _foreign() -> tuple[Dialect, ...]:
    """The dialects of other programs."""
    return tuple(one for one in all_builtin() if not one.runs_here)


def is_role_index(path: Path) -> bool:
    """Whether a role index lies there."""
    return globs.read((ROLES_FILE,)).fits(path)


def is_workflow(path: Path) -> bool:
    """Whether a workflow's state lies there."""
    return path.suffix == ".json" and path.parent.as_posix().endswith(WORKFLOWS_FOLDER)


def workspace_root(path: Path) -> Path:
    """The folder that a Choragen file belongs to: its `.choragen`'s parent, else its own folder."""
    for parent in path.parents:
        if parent.name == CHORAGEN:
            return parent.parent
    return path.parent


def search(folder: Path, include: Sequence[str] = DEFAULT_INCLUDE) -> Listing:
    """The templates and the role index in a folder, which may itself lie in a `.choragen`."""
    own = files.find(folder, globs.read((ROLES_FILE, *include)))
    # What cannot be searched for other programs' files is no fault of those who use them.
    others = files.find(folder, globs.read(tuple(g for one in _foreign() for g in one.files))).files
    real = Path(os.path.realpath(folder))
    dialects = {
        path: dialect_of(real / path.relative_to(folder), include)
        for path in dict.fromkeys((*own.files, *others))
    }
    roles = [path for path in own.files if dialects[path] is choragen.ROLES]
    foreign = {path: known for path, known in dialects.items() if known and not known.runs_here}
    templates = [path for path in own.files if path not in roles and path not in foreign]
    return Listing(templates, roles, foreign, own.problems)


def role_index(root: Path) -> RoleIndex:
    """The role index of the workspace `root`. Raises UnreadableFile where nothing can be said of
    its roles."""
    path = root / ROLES_FILE
    try:
        file = files.read_text(path)
    except UnreadableFile as error:
        if error.absent:
            return RoleIndex({}, exists=False)
        raise
    if file.bad_byte is not None:
        raise UnreadableFile(path, "is not UTF-8", "Save it as UTF-8.")
    return read_roles(Document(file.text, choragen.ROLES))
