"""Finding templates, roles and workflows in folders, and reading them safely."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from errno import EACCES, ELOOP, ENOENT
from functools import lru_cache
from pathlib import Path, PurePosixPath
from stat import S_ISREG
from typing import Literal, NamedTuple

FileKind = Literal["template", "roles", "transcript"]

ROLES_FILE = ".choragen/roles/index.yaml"
WORKFLOWS_FOLDER = ".choragen/workflows"
TRANSCRIPTS = WORKFLOWS_FOLDER + "/WF-*.chat.md"
DEFAULT_INCLUDE = (".choragen/workflow-templates/*.{yaml,yml}",)

MAX_FILE_BYTES = 16 * 1024 * 1024
"""Larger files are refused: a template of 10,000 stages has 5 MB."""


class UnreadableFile(Exception):
    """A file that cannot be read at all; the message says which and why, for people."""


@dataclass(frozen=True, slots=True)
class FileText:
    """A file's text. `bad_byte` is the offset of the first byte that is not UTF-8, if any; then
    `text` ends there."""

    text: str
    bad_byte: int | None = None


class FileStamp(NamedTuple):
    """What differs once a file has been written again: times in nanoseconds, bytes, its number."""

    modified: int
    changed: int
    size: int
    number: int


def stamp(path: Path) -> FileStamp | None:
    """The stamp of a file, or of the one that a link leads to; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return FileStamp(found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino)


def read_text(path: Path) -> FileText:
    """Read a file as UTF-8. Raises UnreadableFile when it cannot be opened or is too large."""
    try:
        if not S_ISREG(path.stat().st_mode):  # a pipe would be waited for without end
            raise UnreadableFile(f"{path} is a pipe or a device, not a file. Remove it.")
        with path.open("rb") as file:
            data = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise UnreadableFile(explain_unreadable(path, error)) from error
    if len(data) > MAX_FILE_BYTES:
        limit = MAX_FILE_BYTES // 1024 // 1024
        message = f"{path} is larger than {limit} MiB, too large for a template. Split it."
        raise UnreadableFile(message)
    try:
        return FileText(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        return FileText(data[: error.start].decode("utf-8"), bad_byte=error.start)


def explain_unreadable(path: Path, error: OSError) -> str:
    """What is to be said of a file or folder that cannot be opened."""
    if error.errno == ELOOP:
        return f"{path} is a link that leads to itself. Remove it."
    if error.errno == ENOENT and path.is_symlink():
        return f"{path} is a link that leads nowhere. Remove it, or have it lead to a file."
    reason = error.strerror or error.__class__.__name__
    advice = " Make it readable for this user." if error.errno == EACCES else ""
    return f"{path} cannot be read: {reason}.{advice}"


def kind_of(path: Path, include: Sequence[str] = DEFAULT_INCLUDE) -> FileKind | None:
    """What a file is, by where it lies: its path ends in something that a glob describes."""
    text = path.as_posix()
    if _ends_in(ROLES_FILE, text):
        return "roles"
    if _ends_in(TRANSCRIPTS, text):
        return "transcript"
    return "template" if any(_ends_in(glob, text) for glob in include) else None


def is_workflow(path: Path) -> bool:
    """Whether a workflow's state lies there."""
    return path.suffix == ".json" and path.parent.as_posix().endswith(WORKFLOWS_FOLDER)


def workspace_root(path: Path) -> Path:
    """The folder that a Choragen file belongs to: its `.choragen`'s parent, else its own folder."""
    for parent in path.parents:
        if parent.name == ".choragen":
            return parent.parent
    return path.parent


def find_templates(folder: Path, include: Sequence[str] = DEFAULT_INCLUDE) -> list[Path]:
    """All templates in `folder`, sorted. A folder that lies within a glob's fixed part, such as
    `.choragen/workflow-templates` itself, is searched from there on. Links between folders are not
    followed by `**`. Links that lead nowhere are among them, for `read_text` to say so."""
    return sorted({path for glob in include for path in _expand(folder, glob) if not path.is_dir()})


def find_loops(folder: Path, include: Sequence[str] = DEFAULT_INCLUDE) -> list[Path]:
    """Links, sorted, in the folders where templates are looked for, that lead to a folder they lie
    in, or without end to themselves. None is followed by the search."""
    listed = {
        searched
        for glob in include
        for parts in _patterns(folder, glob)
        for depth in range(len(parts))
        for searched in (folder.glob("/".join(parts[:depth])) if depth else (folder,))
    }
    found = [link for each in listed for link in _links_back(each)]
    named = set(find_templates(folder, include)) if found else ()
    return sorted(link for link in found if link not in named)


def explain_loop(link: Path) -> str:
    """What is to be said of a link that `find_loops` found."""
    if link.is_dir():
        return f"{link} is a link to a folder that it lies in, and is not followed. Remove it."
    return explain_unreadable(link, OSError(ELOOP, ""))


def _links_back(folder: Path) -> Iterator[Path]:
    try:
        links = [folder / entry.name for entry in os.scandir(folder) if entry.is_symlink()]
    except OSError:
        return
    real = Path(os.path.realpath(folder))
    for link in links:
        try:
            leads_to = link.resolve(strict=True)
        except FileNotFoundError:
            continue
        except (OSError, RuntimeError):  # without end; RuntimeError up to Python 3.12
            yield link
            continue
        if leads_to == real or leads_to in real.parents:
            yield link


def find_roles(folder: Path) -> Path | None:
    """The role index of the workspace `folder`, if it has one."""
    path = folder / ROLES_FILE
    return path if path.is_file() else None


def _expand(folder: Path, glob: str) -> Iterator[Path]:
    for parts in _patterns(folder, glob):
        yield from folder.glob("/".join(parts))


def _patterns(folder: Path, glob: str) -> Iterator[tuple[str, ...]]:
    """The parts of each alternative of a glob, as they are to be searched for from `folder` on."""
    inside = folder.resolve().parts
    for pattern in _alternatives(glob):
        parts = PurePosixPath(pattern).parts
        fixed = next((i for i, part in enumerate(parts) if "*" in part or "?" in part), len(parts))
        for depth in range(min(fixed, len(parts) - 1), -1, -1):
            if inside[len(inside) - depth :] == parts[:depth]:
                yield parts[depth:]
                break


def _ends_in(glob: str, path: str) -> bool:
    return _matcher(glob).search(path) is not None


@lru_cache(maxsize=64)
def _matcher(glob: str) -> re.Pattern[str]:
    alternatives = "|".join(_regex(pattern) for pattern in _alternatives(glob))
    return re.compile(rf"(?:^|/)(?:{alternatives})\Z")


def _regex(pattern: str) -> str:
    """One brace-free glob; `**/` is any number of folders, `*` and `?` stay inside one name."""
    pieces = re.split(r"(\*\*/|\*|\?)", pattern.removeprefix("./"))
    special = {"**/": "(?:[^/]+/)*", "*": "[^/]*", "?": "[^/]"}
    return "".join(special.get(piece) or re.escape(piece) for piece in pieces)


def _alternatives(glob: str) -> list[str]:
    """`a.{yaml,yml}` as `a.yaml` and `a.yml`; braces do not nest."""
    start, brace, rest = glob.partition("{")
    inner, close, end = rest.partition("}")
    if not brace or not close:
        return [glob]
    return [start + choice + tail for choice in inner.split(",") for tail in _alternatives(end)]
