"""The files that the paths of a command line mean."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path, PurePath
from typing import NamedTuple

from stagewright.dialects import choragen
from stagewright.dialects.choragen import FOLDER
from stagewright.dialects.detection import SEARCHED
from stagewright.dialects.document import Dialect, Document
from stagewright.dialects.opening import open_document
from stagewright.dialects.registry import Dialects
from stagewright.files import (
    FileText,
    Stamp,
    UnreadableFile,
    as_text,
    exists,
    is_folder,
    read_bytes,
    read_wanted,
)
from stagewright.options import dialects_from
from stagewright.settings import Settings
from stagewright.source_code import source_text, why_unread
from stagewright.walk import LeftOut, machine_made
from stagewright.workspace import (
    DEFAULT_INCLUDE,
    LONGEST_SETTINGS,
    claim,
    governing,
    named_template,
    read_settings,
    search,
    workspace_root,
)


class Known(NamedTuple):
    """What files are taken for by the settings."""

    dialects: Dialects = Dialects()
    include: tuple[str, ...] = DEFAULT_INCLUDE  # globs of templates


class Opened(NamedTuple):
    """A file that was read. One without a document is nobody's, left out, or names no model."""

    document: Document | None = None
    bad_byte: int | None = None  # the first that is not UTF-8; the text ends there
    left_out: LeftOut | None = None
    is_ours: bool = True  # a dialect claims it


class Target(NamedTuple):
    """A file to check. `folder` is the one that was named, out of which no fix is written."""

    path: Path
    dialect: Dialect | None  # None: what stands in it tells
    folder: Path
    known: Known = Known()  # what says whose a file is
    is_named: bool = False  # by itself

    def open(self) -> Opened:
        """Read the file. Raises UnreadableFile, but not for source code that was found."""
        dialect, file = self._read_named() if self.is_named else self._read_found()
        if dialect is None:
            return Opened(is_ours=False)
        if not isinstance(file, FileText):
            return Opened(left_out=file)
        governed = governing(self.path, dialect, _read_settings)
        return Opened(open_document(file.text, dialect, governed, self.path.name), file.bad_byte)

    def by_name(self) -> Dialect | None:
        """The dialect, as far as that is known before the file is read."""
        return claim(self.path.absolute(), *self.known) if self.is_named else self.dialect

    def _read_found(self) -> tuple[Dialect | None, FileText | LeftOut | None]:
        dialect = self.dialect

        def claims(head: bytes) -> bool:
            nonlocal dialect
            text, root = head.decode("utf-8", "replace"), root_of(self.folder)
            dialect = claim(self.path.absolute(), *self.known, text, root=root)
            return dialect is not None

        try:
            data = self._read() if dialect else read_wanted(self.path, SEARCHED, claims)
        except UnreadableFile as error:
            if dialect is None:  # it need not be anybody's
                return None, None
            if dialect.takes_the_rest:
                return dialect, why_unread(error)
            raise
        if data is None or dialect is None:
            return None, None
        if dialect.takes_the_rest:
            found = source_text(data, self.path.name)
            if found is None or isinstance(found, LeftOut):
                return dialect, found
            return dialect, FileText(found)
        file = as_text(data)
        return dialect, (None if dialect.runs_here else machine_made(file.text)) or file

    def _read_named(self) -> tuple[Dialect | None, FileText]:
        file, path = as_text(self._read()), self.path.absolute()
        dialect = self.dialect or claim(path, *self.known, file.text)
        unclaimed = dialect is None or dialect.takes_the_rest
        if unclaimed and named_template(path, file.text):
            dialect = choragen.TEMPLATE
        return dialect, file

    def _read(self) -> bytes:
        """The content. It may be that of settings, which are read for what they govern as well."""
        if self.is_named or self.path.name in _settings_names(self.known.dialects):
            stamp = Stamp.of(self.path)
            if stamp is not None and stamp.size <= LONGEST_SETTINGS:
                with suppress(UnreadableFile):
                    return _read_settings(self.path.absolute(), stamp)
        return read_bytes(self.path)


_read_settings = lru_cache(maxsize=256)(read_settings)


@lru_cache(maxsize=8)
def _settings_names(dialects: Dialects) -> frozenset[str]:
    return frozenset(
        PurePath(name).name
        for dialect in dialects
        for settings in dialect.settings
        for name in settings.files
    )


def read_what_governs(targets: Sequence[Target]) -> None:
    """Read the settings around files once for all processes that are forked from this one."""
    for folder, dialect in {(one.path.parent, one.by_name()) for one in targets}:
        if dialect is not None and dialect.settings:
            governing(folder / "any", dialect, _read_settings)


def find_files(
    paths: Sequence[Path], known: Known
) -> tuple[list[Target], list[str], Counter[LeftOut]]:
    """The files to check, each once, with their dialects; what is wrong with the paths; and how
    many files in them are left out, by why.

    A folder means all in it that names models; a file that is named is checked wherever it lies.
    Whether a file can be read shows later.
    """
    targets: dict[str, Target] = {}
    problems: list[str] = []
    left_out: Counter[LeftOut] = Counter()
    code = known.dialects.code
    for path in paths:
        if is_folder(path):
            found = search(path, *known, root_of(path))
            problems += map(str, found.problems)
            left_out.update(found.left_out)
            several = dict.fromkeys(found.undecided) | dict.fromkeys(found.code, code)
            for file, dialect in {**found.files, **several}.items():
                # What lies in one folder is found once.
                identity = _identity(file) if len(paths) > 1 else str(file)
                targets.setdefault(identity, Target(file, dialect, path, known))
        elif exists(path):
            absolute = path.absolute()
            root = workspace_root(absolute)
            targets[_identity(path)] = Target(path, None, root, known, is_named=True)
        else:
            problems.append(f"{path} does not exist. Name a file or a folder.")
    return list(targets.values()), problems, left_out


def known_by(settings: Settings, *, code: bool) -> Known:
    """What files are taken for; `code`: source code and loose configuration as well."""
    dialects = dialects_from(settings)
    return Known(dialects if code else dialects.without_code(), settings.templates.include)


def root_of(folder: Path) -> Path:
    """The folder from which globs of settings begin: the working folder, where this one lies in
    it."""
    here, absolute = Path.cwd(), folder.absolute()
    return here if absolute.is_relative_to(here) else absolute


def workspace_of(path: Path) -> Path:
    """The folder of the workspace that a file belongs to: the working folder, if nothing tells."""
    absolute = path.absolute()
    return workspace_root(absolute) if FOLDER in absolute.parts else Path.cwd()


def _identity(path: Path) -> str:
    """What the ways of writing one path have in common; links are files of their own."""
    return os.path.normpath(path.absolute())
