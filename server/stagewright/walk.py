"""The files of a folder that people wrote: without what is ignored, installed or generated."""

from __future__ import annotations

import os
import re
import stat
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from stagewright.files import MAX_ENTRIES, UnreadableFile, exists, read_bytes
from stagewright.globs import Names
from stagewright.ignored import Budget, Rules, TooMuch, read_attributes, read_ignore

MAX_RULES_BYTES = 256 * 1024
"""Bytes of a file of rules; larger ones are not read."""

INSTALLED = frozenset(
    (
        *(".git", ".hg", ".svn", ".jj", ".sl", ".bzr"),
        *("node_modules", "bower_components", "jspm_packages", ".yarn", ".pnpm-store"),
        *(".venv", "venv", ".tox", ".nox", "site-packages", "__pypackages__", ".eggs"),
        *("__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis"),
        *("vendor", "vendors", "vendored", "third_party", "third-party", "thirdparty"),
        *("Pods", "Carthage", "DerivedData", ".bundle", ".gradle", ".cargo", ".terraform"),
        *(".next", ".nuxt", ".svelte-kit"),
    )
)
"""Folders of programs: dependencies, caches, records of version control."""

_MARKS = frozenset(("pyvenv.cfg", "conda-meta"))
"""What stands in virtual environments, whatever they are called."""

LOCKS_AND_LOGS = (
    *("*.lock", "*.lock.*", "*-lock.json", "*-lock.y*ml", "*.lockb", "npm-shrinkwrap.json"),
    *("go.sum", "*.log"),
)
"""Files in which programs write down what they did."""

_WRITTEN_DOWN = Names((glob, True) for glob in LOCKS_AND_LOGS)

LONGEST_LINE = 10_000
"""Characters of a line that people write."""

_HEAD_LINES = 5
_GENERATED = re.compile(r"@generated|DO NOT EDIT")
_VALUE = re.compile(r"\s*[\w-]+:\s[^#]*$")
_RECORDED = re.compile(r"(?:http_)?interactions:\s*$")
"""How the requests and answers begin that tests replay: VCR's, in Python, Ruby and Go."""


class LeftOut(StrEnum):
    """Why a file is not read, in words for people."""

    BINARY = "binary"
    NOT_UTF8 = "not UTF-8"
    MINIFIED = "minified"
    GENERATED = "generated"
    RECORDED = "recorded"
    TOO_LARGE = "too large"
    UNREADABLE = "unreadable"
    CIRCULAR = "linked in a circle"


class Walked(NamedTuple):
    """What a walk found: files, sorted, what stood in its way, and how many it left out."""

    files: list[Path]
    problems: list[UnreadableFile]
    left_out: Counter[LeftOut]
    by_link: set[Path]  # the files that are links, or lie in a folder that is one


class _Layer(NamedTuple):
    """Rules, and at which of a path's names the folder of their file ends."""

    rules: Rules
    depth: int


@dataclass(frozen=True, slots=True)
class _Folder:
    path: str
    names: tuple[str, ...]  # of the real path of the folder that is searched, and on from there
    ignoring: tuple[_Layer, ...] = ()  # the innermost is last, and counts first
    attributes: tuple[_Layer, ...] = ()
    by_link: bool = False


def walk(folder: Path, wanted: Callable[[str], bool]) -> Walked:
    """The files below a folder whose names are `wanted`, without those that nobody wants read.

    Left out is what a `.gitignore` or Git's own `info/exclude` names, tracked or not; installed
    packages, lock files, logs, and what `.gitattributes` calls generated. Links are followed
    within the folder alone, and not from one to another; those that lead nowhere are among the
    files, for their reader to say so. Folders that cannot be listed are passed over.
    """
    return _Walk(folder, wanted).run()


def machine_made(text: str) -> LeftOut | None:
    """How a text shows that a program wrote it; None where it does not."""
    head = text[: _HEAD_LINES * LONGEST_LINE].split("\n", _HEAD_LINES)[:_HEAD_LINES]
    for line in head:
        mark = _GENERATED.search(line)
        if mark and not _VALUE.match(line[: mark.start()]):  # an agent may be told not to edit
            return LeftOut.GENERATED
        if _RECORDED.match(line):
            return LeftOut.RECORDED
    if len(text) > LONGEST_LINE and max(map(len, text.split("\n"))) > LONGEST_LINE:
        return LeftOut.MINIFIED
    return None


def is_lock_file(name: str) -> bool:
    """Whether a file of this name is a log, or what a package manager writes down."""
    return bool(_WRITTEN_DOWN.find(name))


class _Walk:
    def __init__(self, folder: Path, wanted: Callable[[str], bool]) -> None:
        self._root = folder
        self._real = Path(os.path.realpath(folder))
        self._wanted = wanted
        self._budget = Budget()
        self._left = MAX_ENTRIES
        self._found = Walked([], [], Counter(), set())

    def run(self) -> Walked:
        waiting = [self._start()]
        try:
            while waiting and self._left > 0:
                waiting += self._look_into(waiting.pop())
        except TooMuch:
            self._say("has ignore rules that take too long to match")
        if self._left <= 0:
            self._say(f"holds more than {MAX_ENTRIES:,} files, the limit")
        return self._found._replace(files=sorted(self._found.files))

    def _say(self, why: str) -> None:
        problem = UnreadableFile(self._root, why, "Name the folders in it.")
        problem.aside = True
        self._found.problems.append(problem)

    def _start(self) -> _Folder:
        """The folder itself, with the rules of those around it, up to the repository's root."""
        around = [self._real, *self._real.parents]
        top = next((at for at, one in enumerate(around) if exists(one / ".git")), 0)
        here = _Folder("", ())
        for one in reversed(around[1 : top + 1]):
            names = {".gitignore", ".gitattributes", *((".git",) if one == around[top] else ())}
            here = _Folder(str(one), one.parts, here.ignoring, here.attributes)
            here = self._with_rules(here, names)
        return _Folder(str(self._root), self._real.parts, here.ignoring, here.attributes)

    def _look_into(self, here: _Folder) -> Iterator[_Folder]:
        """Take the files of a folder; the folders in it that are to be searched."""
        try:
            with os.scandir(here.path) as listed:
                entries = list(islice(listed, self._left))
        except (OSError, ValueError):
            return
        self._left -= len(entries)
        names = {entry.name for entry in entries}
        if names & _MARKS and here.path != str(self._root):
            return
        here = self._with_rules(here, names)
        for entry in entries:
            with suppress(OSError):  # it is gone meanwhile
                yield from self._take_entry(here, entry)

    def _take_entry(self, here: _Folder, entry: os.DirEntry[str]) -> Iterator[_Folder]:
        name = entry.name
        if entry.is_symlink():
            yield from self._take_link(here, entry)
        elif entry.is_dir(follow_symlinks=False):
            below = (*here.names, name)
            if name not in INSTALLED and not self._said(here.ignoring, below, folder=True):
                path = os.path.join(here.path, name)  # noqa: PTH118 - for each folder
                yield _Folder(path, below, here.ignoring, here.attributes, here.by_link)
        elif self._wanted(name):
            self._take(here, name)

    def _with_rules(self, here: _Folder, names: set[str]) -> _Folder:
        ignoring, attributes = here.ignoring, here.attributes
        has_git = ".git" in names
        if has_git:  # a repository of its own, for which no other's rules count
            ignoring = attributes = ()
        if has_git or ".gitignore" in names:
            ignoring = (*ignoring, *self._ignore_rules(here, has_git=has_git))
        if ".gitattributes" in names:
            attributes = (*attributes, *self._attributes(here))
        return _Folder(here.path, here.names, ignoring, attributes, here.by_link)

    def _take(self, here: _Folder, name: str, *, is_link: bool = False) -> None:
        names, left_out = (*here.names, name), self._found.left_out
        if is_lock_file(name) or self._said(here.ignoring, names):
            return
        if ".min." in name:
            left_out[LeftOut.MINIFIED] += 1
        elif self._said(here.attributes, names):
            left_out[LeftOut.GENERATED] += 1
        else:
            path = Path(here.path, name)
            self._found.files.append(path)
            if here.by_link or is_link:
                self._found.by_link.add(path)

    def _take_link(self, here: _Folder, entry: os.DirEntry[str]) -> Iterator[_Folder]:
        """What a link leads to, where that lies in the folder that is searched."""
        names = (*here.names, entry.name)
        try:
            target = Path(os.path.realpath(entry.path, strict=True))
            is_folder = entry.is_dir()
        except (OSError, ValueError):  # it leads nowhere, or to itself
            if self._wanted(entry.name):
                self._take(here, entry.name, is_link=True)
            return
        if is_folder and Path(os.path.realpath(here.path)).is_relative_to(target):
            unwanted = entry.name in INSTALLED or self._said(here.ignoring, names, folder=True)
            if not (unwanted or here.by_link):
                self._found.left_out[LeftOut.CIRCULAR] += 1
            return
        if not target.is_relative_to(self._real) or INSTALLED & set(
            target.relative_to(self._real).parts
        ):
            return
        if not is_folder:
            if self._wanted(entry.name):
                self._take(here, entry.name, is_link=True)
        elif (
            not here.by_link
            and entry.name not in INSTALLED
            and not self._said(here.ignoring, names)
        ):
            yield _Folder(entry.path, names, here.ignoring, here.attributes, by_link=True)

    def _said(
        self, layers: tuple[_Layer, ...], names: Sequence[str], *, folder: bool = False
    ) -> bool:
        """What the innermost rules say that say anything; False where none do."""
        for rules, depth in reversed(layers):
            said = rules.say(names[depth:], self._budget, folder=folder)
            if said is not None:
                return said
        return False

    def _ignore_rules(self, here: _Folder, *, has_git: bool) -> Iterator[_Layer]:
        folder = Path(here.path)
        files = [folder / ".git" / "info" / "exclude"] if has_git else []
        for file in (*files, folder / ".gitignore"):
            if rules := read_ignore(_rules_text(file)):
                yield _Layer(rules, len(here.names))

    def _attributes(self, here: _Folder) -> Iterator[_Layer]:
        text = _rules_text(Path(here.path, ".gitattributes"))
        if "linguist-" in text and (rules := read_attributes(text)):
            yield _Layer(rules, len(here.names))


def _rules_text(file: Path) -> str:
    """A file of rules; nothing where it cannot be read, or is a link, as Git has it."""
    with suppress(OSError, UnreadableFile):
        if stat.S_ISREG(file.lstat().st_mode):
            return read_bytes(file, MAX_RULES_BYTES).decode("utf-8", "replace")
    return ""
