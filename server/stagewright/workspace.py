"""Which files name models, by name or content, and which there are in a folder."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from enum import IntEnum
from functools import lru_cache
from itertools import pairwise
from pathlib import Path, PurePath
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from stagewright import files, globs
from stagewright.dialects import choragen
from stagewright.dialects.choragen import FOLDER, ROLES_FILE, WORKFLOWS_FOLDER
from stagewright.dialects.choragen.roles import RoleIndex, read_roles
from stagewright.dialects.detection import SEARCHED, has_key, holds
from stagewright.dialects.dialect import Detect, SettingsFiles
from stagewright.dialects.document import Dialect, Document
from stagewright.dialects.governed import UNGOVERNED, Governed, settings_beside
from stagewright.dialects.registry import Dialects
from stagewright.files import Stamp, UnreadableFile

if TYPE_CHECKING:
    from stagewright.walk import LeftOut

DEFAULT_INCLUDE = choragen.TEMPLATE.files


class Listing(NamedTuple):
    """The files of a folder that name models, and what stood in the way of looking."""

    files: dict[Path, Dialect]  # by name: Choragen's first, each kind sorted
    undecided: list[Path]  # whose dialect may be another, or one at all, by what stands in them
    problems: list[UnreadableFile]
    code: Sequence[Path] = ()  # source code, by its names
    left_out: Mapping[LeftOut, int] = MappingProxyType({})  # files that are not to be read, by why


def claim(
    path: PurePath,
    dialects: Dialects,
    include: Sequence[str] = DEFAULT_INCLUDE,
    head: str | None = None,
    before: Dialect | None = None,
    root: PurePath | None = None,
) -> Dialect | None:
    """The dialect of a file, by the end of its path; with its text, or the beginning of it, also
    by what stands in it. None for one that is nobody's.

    What the user says goes first, then a name, then a content; among equals the glob with more
    literal characters. Where a content decided once that it is of the dialect `before`, it stays.
    Source code is what is left: not, where the workspace's folder is told as `root`, what the user
    excludes, or package managers write.
    """
    names, first = globs.names_of(path), _first_claims(dialects.own, tuple(include))
    if not names:
        return None
    found = first.of(names, head, before, path)
    found = found or _other_claims(dialects).of(names, head, before, path)  # read when asked for
    return found or _claim_code(path, names, dialects, head, root)


def _claim_code(
    path: PurePath,
    names: Sequence[str],
    dialects: Dialects,
    head: str | None,
    root: PurePath | None,
) -> Dialect | None:
    """The dialect of source code, for what no other claims."""
    code = dialects.code
    if code is None or _code_claims(dialects).of(names) is None:
        return None
    if head is None and may_claim(path, dialects):
        return None
    if root is not None:
        from stagewright.walk import is_lock_file  # an editor's first file is opened without it

        if is_lock_file(names[-1]) or globs.fits_in(dialects.exclude, path, root):
            return None
    return code


def claim_unread(
    path: Path, dialects: Dialects, include: Sequence[str], root: PurePath | None = None
) -> Dialect | None:
    """The dialect of a file that is only read if it is somebody's: its beginning tells. None also
    for one that cannot be read, since it need not be anybody's."""
    with suppress(UnreadableFile):
        head = files.read_head(path, SEARCHED).decode("utf-8", "replace")
        return claim(path.absolute(), dialects, include, head, root=root)
    return None


def may_claim(path: PurePath, dialects: Dialects) -> bool:
    """Whether a file may be somebody's by what stands in it."""
    several = _first_claims(dialects.own, ()), _other_claims(dialects)
    return any(claims.by_name(globs.names_of(path))[1] for claims in several)


def named_template(path: Path, head: str) -> bool:
    """Whether a file that nothing claims is a template all the same, where somebody names it."""
    return path.suffix in (".yaml", ".yml") and has_key(head, "yaml", "stages")


LONGEST_SETTINGS = 1024 * 1024
"""Bytes. A longer settings file says nothing of others."""


def read_settings(path: Path, _: Stamp) -> bytes:
    """The content of a settings file in the state that the stamp tells. Raises UnreadableFile."""
    return files.read_bytes(path, LONGEST_SETTINGS)


def governing(
    path: Path, dialect: Dialect, read: Callable[[Path, Stamp], bytes] = read_settings
) -> Governed:
    """What the settings files beside a file say of it, as they are on disk. One that cannot be read
    says nothing, and none outside of the repository counts. They are read anew only when they have
    changed."""
    together = UNGOVERNED
    if not dialect.settings:
        return together
    path = path.absolute()
    top = next((one for one in path.parents if (one / ".git").exists()), None)
    for settings, beside in settings_beside(dialect, path):
        if top is not None and not beside.is_relative_to(top):
            continue
        if (stamp := Stamp.of(beside)) is not None and stamp.size <= LONGEST_SETTINGS:
            together |= _said_by(settings, beside, stamp, read)
    return together


@lru_cache(maxsize=256)
def _said_by(
    settings: SettingsFiles, path: Path, stamp: Stamp, read: Callable[[Path, Stamp], bytes]
) -> Governed:
    from stagewright.dialects.defined import governed_by  # no template is governed

    try:
        text = files.as_text(read(path, stamp)).text
    except UnreadableFile:
        return UNGOVERNED
    return governed_by(settings, path.name, text)


class _Whose(IntEnum):
    """Who says what a file is, in the order in which they are believed."""

    PROGRAM = 1  # where Choragen and we keep what we know
    USER = 2  # by dialects and globs of templates
    OTHERS = 3


class _Claim(NamedTuple):
    """That files of a pattern are of a dialect; for those with `detect` their content decides."""

    rank: tuple[_Whose, bool, int, int]  # by content or not, letters, and which dialect
    pattern: globs.Pattern
    exclude: tuple[globs.Pattern, ...]
    dialect: Dialect
    detect: Detect | None
    needs: frozenset[str]  # the names that stand in the pattern


class _Claims:
    """What dialects say of names; the last name of a path finds the few that count."""

    def __init__(self, claims: Iterable[_Claim]) -> None:
        self._by_last_name = globs.Names((one.pattern[-1], one) for one in claims)

    def wants(self, name: str) -> bool:
        """Whether a file of this name may be somebody's."""
        return any(not one.dialect.runs_here for one in self._by_last_name.find(name))

    def of(
        self,
        names: Sequence[str],
        head: str | None = None,
        before: Dialect | None = None,
        path: PurePath | None = None,
    ) -> Dialect | None:
        """The dialect of a file whose path these names are."""
        for one in self._fitting(names):
            if (
                one.detect is None
                or (before is not None and before.id == one.dialect.id)
                or (head is not None and holds(one.detect, one.dialect.syntax, head))
                or (head is not None and path is not None and _has_beside(one, path))
            ):
                return one.dialect
        return None

    def by_name(self, names: Sequence[str]) -> tuple[Dialect | None, bool]:
        """The dialect of a file by its name; and whether what stands in it may say another."""
        may_say = False
        for one in self._fitting(names):
            if one.detect is None:
                return one.dialect, may_say
            may_say = True
        return None, may_say

    def _fitting(self, names: Sequence[str]) -> Iterator[_Claim]:
        found = self._by_last_name.find(names[-1])
        if not found:
            return
        around = {*names}
        for one in sorted(found, key=lambda claim: claim.rank):
            # Almost all that do not fit lack one of the names that stand in the pattern.
            if (
                one.needs <= around
                and (one.pattern[:-1] == (globs.ANY,) or globs.fit_end([one.pattern], names))
                and not (one.exclude and globs.fit_end(one.exclude, names))
            ):
                yield one


def _has_beside(claim: _Claim, path: PurePath) -> bool:
    """Whether one of the files that decide lies where the claim's pattern begins."""
    begins = next((name for name in claim.pattern if name != globs.ANY), None)
    return any(
        Path(above / beside).exists()
        for beside in (claim.detect.beside if claim.detect else ())
        for inner, above in pairwise(path.parents)
        if inner.name == begins
    )


@lru_cache(maxsize=8)
def _first_claims(own: tuple[Dialect, ...], include: tuple[str, ...]) -> _Claims:
    """Those of the program and of the user."""
    several = (choragen.TEMPLATE, *own)
    return _Claims(
        (
            *_claims_of((choragen.ROLES, choragen.TRANSCRIPT), _Whose.PROGRAM, include),
            *_claims_of(several, _Whose.USER, include),
        )
    )


@lru_cache(maxsize=8)
def _code_claims(dialects: Dialects) -> _Claims:
    """Of source code; not of files whose own dialect is turned off."""
    exclude = globs.read(dialects.files_off).patterns
    every = _claims_of((dialects.code,) if dialects.code else (), _Whose.OTHERS)
    return _Claims(one._replace(exclude=(*one.exclude, *exclude)) for one in every)


@lru_cache(maxsize=8)
def _other_claims(dialects: Dialects) -> _Claims:
    return _Claims(_claims_of(dialects.builtin, _Whose.OTHERS))


def _claims_of(
    dialects: Iterable[Dialect], whose: _Whose, include: Sequence[str] = ()
) -> Iterator[_Claim]:
    for at, one in enumerate(dialects):
        by_name = include if one is choragen.TEMPLATE else one.files
        said: list[tuple[str, Detect | None]] = [(glob, None) for glob in by_name]
        said += [(glob, detect) for detect in one.detect for glob in detect.files]
        exclude = globs.read(one.exclude).patterns
        for glob, detect in said:
            for pattern in globs.read((glob,)).patterns:
                rank = (whose, detect is not None, -globs.literal(pattern), at)
                yield _Claim(rank, pattern, exclude, one, detect, globs.literals(pattern))


def is_role_index(path: Path) -> bool:
    """Whether a role index lies there."""
    return globs.read((ROLES_FILE,)).fits(path)


def is_workflow(path: Path) -> bool:
    """Whether a workflow's state lies there."""
    return path.suffix == ".json" and path.parent.as_posix().endswith(WORKFLOWS_FOLDER)


def workspace_root(path: Path) -> Path:
    """The folder that a Choragen file belongs to: its `.choragen`'s parent, else its own folder."""
    for parent in path.parents:
        if parent.name == FOLDER:
            return parent.parent
    return path.parent


def search(
    folder: Path,
    dialects: Dialects,
    include: Sequence[str] = DEFAULT_INCLUDE,
    root: PurePath | None = None,
) -> Listing:
    """The files in a folder, which may itself lie in a `.choragen`, that name models.

    A link that leads back to a folder around it is told where a template or a folder of them should
    be; elsewhere it is left out.
    """
    own, others = search_own(folder, include), search_others(folder, dialects, include, root)
    found = {**own.files, **others.files, **own.files}
    told = [one for one in own.problems if not one.aside]
    return others._replace(files=found, problems=[*told, *others.problems])


def search_own(folder: Path, include: Sequence[str] = DEFAULT_INCLUDE) -> Listing:
    """The templates and the role index, wherever the globs say, be they ignored or not."""
    found = files.find(folder, globs.read((ROLES_FILE, *include)))
    claims, real = _first_claims((), tuple(include)), Path(os.path.realpath(folder))
    kinds = {
        path: claims.of(globs.names_of(real / path.relative_to(folder))) or choragen.TEMPLATE
        for path in found.files
    }
    return Listing(kinds, [], found.problems)


def search_others(
    folder: Path,
    dialects: Dialects,
    include: Sequence[str] = DEFAULT_INCLUDE,
    root: PurePath | None = None,
) -> Listing:
    """The files of other programs, and source code, where nothing says that they are ignored,
    installed or generated. What settings exclude is told from the `root`, or else this folder."""
    from stagewright.walk import walk  # an editor's first file is opened without it

    root = root or folder.absolute()
    listed: dict[Path, Dialect] = {}
    undecided, source = [], []
    first, others = _first_claims(dialects.own, tuple(include)), _other_claims(dialects)
    code = _code_claims(dialects)

    def wanted(name: str) -> bool:
        return first.wants(name) or others.wants(name) or code.wants(name)

    walked = walk(folder, wanted)
    real, cut = globs.names_of(Path(os.path.realpath(folder))), len(folder.parts)
    for path in walked.files:
        names = (*real, *path.parts[cut:])
        dialect, may_say = first.by_name(names)
        if dialect is None:
            dialect, others_may_say = others.by_name(names)
            may_say = may_say or others_may_say
        if dialect is not None and not dialect.runs_here:
            listed[path] = dialect
        if may_say:
            undecided.append(path)
        elif dialect is None and code.of(names) is not None:
            source.append(path)
    if dialects.exclude:
        source = [
            one for one in source if not globs.fits_in(dialects.exclude, one.absolute(), root)
        ]
    if walked.by_link:
        listed = _once(listed, folder)
        source = list(_once(dict.fromkeys(source), folder))
    return Listing(listed, undecided, walked.problems, source, walked.left_out)


D = TypeVar("D", Dialect, None)


def _once(found: dict[Path, D], folder: Path) -> dict[Path, D]:
    """The files, each once for a dialect: under its own name rather than by a link to it."""
    real = Path(os.path.realpath(folder))
    homes = {path: Path(os.path.realpath(path)) for path in found}
    by_link = {path for path, home in homes.items() if home != real / path.relative_to(folder)}
    first: dict[tuple[Path, str], Path] = {}
    for path in sorted(found, key=lambda one: (one in by_link, one)):
        dialect = found[path]
        first.setdefault((homes[path], dialect.id if dialect else ""), path)
    kept = {*first.values()}
    return {path: one for path, one in found.items() if path in kept}


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
