"""Which files name models, by name or content, and which there are in a folder."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from enum import IntEnum
from functools import lru_cache
from pathlib import Path, PurePath
from typing import NamedTuple

from stagewright import files, globs
from stagewright.dialects import choragen
from stagewright.dialects.choragen.roles import RoleIndex, read_roles
from stagewright.dialects.detection import has_key, holds
from stagewright.dialects.dialect import Detect
from stagewright.dialects.document import Dialect, Document
from stagewright.dialects.registry import Dialects
from stagewright.files import UnreadableFile
from stagewright.walk import walk

CHORAGEN = ".choragen"
ROLES_FILE = ".choragen/roles/index.yaml"
WORKFLOWS_FOLDER = ".choragen/workflows"
DEFAULT_INCLUDE = choragen.TEMPLATE.files


class Listing(NamedTuple):
    """The files of a folder that name models, and what stood in the way of looking."""

    files: dict[Path, Dialect]  # by name: Choragen's first, each kind sorted
    undecided: list[Path]  # of whose dialect only what stands in them can tell
    problems: list[UnreadableFile]


def claim(
    path: PurePath,
    dialects: Dialects,
    include: Sequence[str] = DEFAULT_INCLUDE,
    head: str | None = None,
    before: Dialect | None = None,
) -> Dialect | None:
    """The dialect of a file, by the end of its path; with its text, or the beginning of it, also
    by what stands in it. None for one that is nobody's.

    What the user says goes first, then a name, then a content; among equals the glob with more
    literal characters. Where a content decided once that it is of the dialect `before`, it stays.
    """
    return _claims(dialects, tuple(include)).of(path, head, before)


def named_template(path: Path, head: str) -> bool:
    """Whether a file that nothing claims is a template all the same, where somebody names it."""
    return path.suffix in (".yaml", ".yml") and has_key(head, "yaml", "stages")


class _Whose(IntEnum):
    """Who says what a file is, in the order in which they are believed."""

    PROGRAM = 1  # where Choragen and we keep what we know
    USER = 2  # by dialects and globs of templates
    OTHERS = 3


class _Claim(NamedTuple):
    """That files of a pattern are of a dialect; for those with `detect` their content decides."""

    rank: tuple[_Whose, bool, int, int]
    pattern: globs.Pattern
    dialect: Dialect
    detect: Detect | None


class _Claims:
    """What dialects and settings say of names; the last name of a path finds the few that count."""

    def __init__(self, dialects: Dialects, include: Sequence[str]) -> None:
        found: list[_Claim] = []
        choragens = (choragen.ROLES, choragen.TRANSCRIPT)
        for whose, several in (
            (_Whose.PROGRAM, choragens),
            (_Whose.USER, (choragen.TEMPLATE, *dialects.own)),
            (_Whose.OTHERS, dialects.builtin),
        ):
            for at, one in enumerate(several):
                by_name = include if one is choragen.TEMPLATE else one.files
                said: list[tuple[str, Detect | None]] = [(glob, None) for glob in by_name]
                said += [(glob, detect) for detect in one.detect for glob in detect.files]
                for glob, detect in said:
                    for pattern in globs.read((glob,)).patterns:
                        rank = (whose, detect is not None, -globs.literal(pattern), at)
                        found.append(_Claim(rank, pattern, one, detect))
        self._by_last_name = globs.Names((one.pattern[-1], one) for one in found)

    def wants(self, name: str) -> bool:
        """Whether a file of this name may be somebody's."""
        return any(not one.dialect.runs_here for one in self._by_last_name.find(name))

    def of(
        self, path: PurePath, head: str | None = None, before: Dialect | None = None
    ) -> Dialect | None:
        """The dialect of a file."""
        for one in self._fitting(path):
            if (
                one.detect is None
                or (before is not None and before.id == one.dialect.id)
                or (head is not None and holds(one.detect, one.dialect.syntax, head))
            ):
                return one.dialect
        return None

    def are_open(self, path: PurePath) -> bool:
        """Whether the content of a file may say what its name does not."""
        return any(one.detect for one in self._fitting(path))

    def _fitting(self, path: PurePath) -> Iterator[_Claim]:
        for one in sorted(self._by_last_name.find(path.name), key=lambda claim: claim.rank):
            if globs.fit_end([one.pattern], path) and not _excluded(one.dialect, path):
                yield one


def _excluded(dialect: Dialect, path: PurePath) -> bool:
    return bool(dialect.exclude) and globs.read(dialect.exclude).fits(path)


@lru_cache(maxsize=8)
def _claims(dialects: Dialects, include: tuple[str, ...]) -> _Claims:
    return _Claims(dialects, include)


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


def search(folder: Path, dialects: Dialects, include: Sequence[str] = DEFAULT_INCLUDE) -> Listing:
    """The files in a folder, which may itself lie in a `.choragen`, that name models.

    Templates and the role index are found wherever the globs say; files of other programs where
    nothing says that they are ignored, installed or generated.
    """
    own = files.find(folder, globs.read((ROLES_FILE, *include)))
    claims = _claims(dialects, tuple(include))
    walked = walk(folder, claims.wants)
    real = Path(os.path.realpath(folder))
    found: dict[Path, Dialect] = {}
    undecided: list[Path] = []
    for path in own.files:
        found[path] = claims.of(real / path.relative_to(folder)) or choragen.TEMPLATE
    for path in walked.files:
        place = real / path.relative_to(folder)
        dialect = claims.of(place)
        if dialect is None and claims.are_open(place):
            undecided.append(path)
        elif dialect is not None and not dialect.runs_here:
            found.setdefault(path, dialect)
    return Listing(found, undecided, [*own.problems, *walked.problems])


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
