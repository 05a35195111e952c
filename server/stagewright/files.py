"""Finding files, reading them safely, replacing them atomically: the only code that does.

Nothing here trusts what it finds: a link that leads to itself, a folder or a pipe in the place of a
file, one that may not be read or has no end is an UnreadableFile, with a sentence for people.
"""

from __future__ import annotations

import os
import secrets
import stat
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from errno import EACCES, ELOOP, ENOENT, ENOTDIR, EPERM
from itertools import islice
from pathlib import Path
from typing import BinaryIO, NamedTuple

from stagewright.globs import Globs, Search

MAX_FILE_BYTES = 16 * 1024 * 1024
"""Larger files are refused unless their reader says otherwise: a template of 10,000 stages has
5 MB."""

MAX_ENTRIES = 200_000
"""Files and folders that one search looks at."""

_TEMPORARY_SUFFIX = ".stagewright-tmp"
_SETTLE_ATTEMPTS = 20


class UnreadableFile(Exception):
    """A file or folder that cannot be read; as text a sentence that says which, why, what to do."""

    def __init__(self, path: Path, why: str, advice: str = "", *, absent: bool = False) -> None:
        """`why` ends a sentence that begins with the path; `absent`: there is nothing at all."""
        super().__init__(f"{path} {why}." + f" {advice}" * bool(advice))
        self.path = path
        self.why = why
        self.advice = advice
        self.absent = absent
        self.aside = False  # nothing that is looked for need lie there: an editor does not tell
        self.too_large = False


@dataclass(frozen=True, slots=True)
class FileText:
    """A file's text. `bad_byte` is the offset of the first byte that is not UTF-8, if any; then
    `text` ends there."""

    text: str
    bad_byte: int | None = None


class Stamp(NamedTuple):
    """What tells one state of a file from another without reading it."""

    modified_ns: int
    size: int
    inode: int

    @classmethod
    def of(cls, path: Path | os.DirEntry[str]) -> Stamp | None:
        """The stamp of a file, or of the one that a link leads to; a link's own where it leads
        nowhere. None where there is nothing, or nothing that one may look at."""
        for followed in (True, False):
            with suppress(OSError, ValueError):
                return cls._from(path.stat(follow_symlinks=followed))
        return None

    @classmethod
    def _from(cls, found: os.stat_result) -> Stamp:
        return cls(found.st_mtime_ns, found.st_size, found.st_ino)


# Reading


def read_bytes(path: Path, most: int = MAX_FILE_BYTES) -> bytes:
    """A file's content. Raises UnreadableFile, also when it has more than `most` bytes."""
    return read_stamped(path, most)[0]


def read_head(path: Path, most: int) -> bytes:
    """A file's first bytes, `most` of them at most. Raises UnreadableFile."""
    with _told(path), _opened(path) as file:
        return file.read(most)


def read_wanted(path: Path, head: int, wants: Callable[[bytes], bool]) -> bytes | None:
    """A file's content if its first `head` bytes are wanted, else None. Raises UnreadableFile."""
    with _told(path):
        file = _opened(path)
    with file:
        with _told(path):
            before, first = os.fstat(file.fileno()), file.read(head)
        if not wants(first):
            return None
        with _told(path):
            data, stamp = _read_rest(path, file, before, first, MAX_FILE_BYTES)
    return read_bytes(path) if stamp is None else data


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError) as error:
        raise unreadable(path, error) from error


def read_text(path: Path, most: int = MAX_FILE_BYTES) -> FileText:
    """A file as UTF-8. Raises UnreadableFile."""
    return as_text(read_bytes(path, most))


def as_text(data: bytes) -> FileText:
    """The content of a file as UTF-8."""
    try:
        return FileText(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        return FileText(data[: error.start].decode("utf-8"), bad_byte=error.start)


def read_stamped(path: Path, most: int = MAX_FILE_BYTES) -> tuple[bytes, Stamp]:
    """A file's content and the stamp that belongs to it. Raises UnreadableFile."""
    for _ in range(_SETTLE_ATTEMPTS):
        with _told(path), _opened(path) as file:
            data, stamp = _read_rest(path, file, os.fstat(file.fileno()), b"", most)
        if stamp is not None:
            return data, stamp
    raise UnreadableFile(path, "keeps changing")


def _read_rest(
    path: Path, file: BinaryIO, found: os.stat_result, first: bytes, most: int
) -> tuple[bytes, Stamp | None]:
    """The content of a file that was `found` so, and of which the `first` bytes are read; and its
    stamp, but none where somebody has written it since."""
    _check_regular(path, found.st_mode)
    data = first + file.read(most + 1) if found.st_size <= most else b""
    if len(data) > most or found.st_size > most:
        size = f"{most // 1024**2} MiB" if most >= 1024**2 else f"{most:,} bytes"
        refusal = UnreadableFile(path, f"is larger than {size}, the limit", "Split it.")
        refusal.too_large = True
        raise refusal
    before, after = Stamp._from(found), Stamp._from(os.fstat(file.fileno()))
    return data, after if before == after and after.size == len(data) else None


def _opened(path: Path) -> BinaryIO:
    _check_regular(path, path.stat().st_mode)  # opening a device may already do something
    # Without waiting: what was a file a moment ago may be a pipe now.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    return os.fdopen(os.open(path, flags), "rb")


def _check_regular(path: Path, mode: int) -> None:
    if stat.S_ISDIR(mode):
        raise UnreadableFile(path, "is a folder, not a file", "Move it away.")
    if not stat.S_ISREG(mode):
        given = path.parts[1:2] in (("dev",), ("proc",))  # as a shell's `<(command)`
        advice = "Save its output as a file, and pass that." if given else "Remove it."
        raise UnreadableFile(path, "is a pipe or a device, not a file", advice)


def unreadable(path: Path, error: OSError | ValueError) -> UnreadableFile:
    """What is to be said of a file or folder that cannot be opened."""
    if not isinstance(error, OSError):  # of Python's own, for characters that no name may have
        return UnreadableFile(path, "is not a file name", absent=True)
    if error.errno == ELOOP:
        return UnreadableFile(path, "is a link to itself", "Remove it.")
    if error.errno in (ENOENT, ENOTDIR):
        if is_link(path):
            advice = "Remove it, or point it at a file."
            return UnreadableFile(path, "is a broken link", advice)
        return UnreadableFile(path, f"cannot be read: {error.strerror}", absent=True)
    advice = "Make it readable for this user." if error.errno in (EACCES, EPERM) else ""
    return UnreadableFile(path, f"cannot be read: {error.strerror or type(error).__name__}", advice)


def is_link(path: Path) -> bool:
    """Whether this is a link, wherever it leads."""
    return os.path.islink(path)  # noqa: PTH114 - unlike pathlib's it raises nothing


def is_folder(path: Path) -> bool:
    """Whether this is a folder, or a link to one, as far as one may know."""
    return os.path.isdir(path)  # noqa: PTH112 - unlike pathlib's it raises nothing


def exists(path: Path) -> bool:
    """Whether there is anything here, even a link to nothing; true if it cannot be told."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return False
    except OSError:
        return True
    return True


def names(folder: Path) -> list[str]:
    """The names in a folder, sorted; none where there is nothing.

    Raises UnreadableFile when it cannot be listed, or when there is no folder but something else.
    """
    try:
        with os.scandir(folder) as entries:
            return sorted(entry.name for entry in entries)
    except (OSError, ValueError) as error:
        found = _no_folder(folder, error)
        if found.absent:
            return []
        raise found from error


def _no_folder(folder: Path, error: OSError | ValueError) -> UnreadableFile:
    """What is to be said of a folder that cannot be listed."""
    if isinstance(error, NotADirectoryError):  # it, or one that it would lie in
        in_the_way = next(one for one in (folder, *folder.parents) if exists(one))
        return UnreadableFile(in_the_way, "is not a folder", "Move it away.")
    return unreadable(folder, error)


def real_path(path: Path, folder: Path) -> Path | None:
    """Where a path really is; None where that is not in `folder`."""
    with suppress(ValueError):
        real = Path(os.path.realpath(path))
        if real.is_relative_to(os.path.realpath(folder)):
            return real
    return None


# Finding


class Found(NamedTuple):
    """What a search found: files and what looks like files, sorted, and what stood in its way."""

    files: list[Path]
    problems: list[UnreadableFile]


def find(folder: Path, globs: Globs) -> Found:
    """All files in `folder` that the globs describe.

    Links between folders are followed where a glob names them, not by `**`. Links that lead nowhere
    are among the files, for their reader to say so.
    """
    found = Found([], [])
    left = MAX_ENTRIES
    waiting = [(folder, globs.start(Path(os.path.realpath(folder)).parts))]
    while waiting and left > 0:
        here, search = waiting.pop()
        try:
            with os.scandir(here) as listed:
                entries = list(islice(listed, left))
        except (OSError, ValueError) as error:
            problem = _no_folder(here, error)
            found.problems.extend(() if problem.absent else (problem,))
            continue
        left -= len(entries)
        waiting += _take(here, entries, search, found)
    if left <= 0:
        why = f"holds more than {MAX_ENTRIES:,} files, the limit"
        found.problems.append(UnreadableFile(folder, why, "Narrow the globs."))
    return Found(sorted(found.files), sorted(found.problems, key=lambda problem: problem.path))


def _take(
    here: Path, entries: Iterable[os.DirEntry[str]], search: Search, found: Found
) -> Iterator[tuple[Path, Search]]:
    """Put what is in one folder where it belongs; the folders in it that are to be searched."""
    for entry in entries:
        path, name = here / entry.name, entry.name
        is_a_link, is_a_folder = entry.is_symlink(), False
        with suppress(OSError):
            is_a_folder = entry.is_dir()
        if (
            is_a_link
            and (back := _leads_back(path, here))
            and (is_a_folder or not search.finds(name))
        ):
            back.aside = not (search.finds(name) or search.into(name, link=True))
            found.problems.append(back)
        elif is_a_folder:
            if search.expects(name, folder=False):
                found.problems.append(
                    UnreadableFile(path, "is a folder, not a file", "Move it away.")
                )
            if inside := search.into(name, link=is_a_link):
                yield path, inside
        elif search.finds(name):
            found.files.append(path)
        elif search.expects(name, folder=True):
            try:
                os.scandir(path).close()
            except OSError as error:
                found.problems.append(_no_folder(path, error))


def _leads_back(link: Path, folder: Path) -> UnreadableFile | None:
    """What is to be said of a link in `folder` that leads to a folder it lies in, or to itself."""
    try:
        target = Path(os.path.realpath(link, strict=True))
    except FileNotFoundError:
        return None
    except OSError as error:
        return unreadable(link, error) if error.errno == ELOOP else None
    real = Path(os.path.realpath(folder))
    if target != real and target not in real.parents:
        return None
    why = "is a link to a folder that it lies in, and is not followed"
    return UnreadableFile(link, why, "Remove it.")


# Replacing


def replace(
    path: Path, data: bytes, *, expected: Stamp | None, durable: bool = True
) -> Stamp | None:
    """Put a new content in the place of `path` at once; its permissions stay.

    `expected` is the stamp that the content was made from, None for a new file. Returns the new
    stamp, or None, with nothing changed, when the file is no longer as expected. A crash leaves
    the old or the new content, and at worst a temporary file beside it; so does a loss of power
    when `durable`, else it may leave an empty file. A link at `path` is replaced, never written
    through: follow it by `real_path` first. Raises OSError.
    """
    mode = None if expected is None else stat.S_IMODE(path.stat().st_mode)
    with _temporary(path, data, mode, durable=durable) as temporary:
        if Stamp.of(path) != expected:
            return None
        written = Stamp.of(temporary)
        _rename(temporary, path)
    if durable:
        _sync_folder(path.parent)
    return written


def write_private(path: Path, data: bytes) -> None:
    """Put a content in the place of `path`, whatever is there, for nobody else to read; a folder
    that is missing is made so, too. Raises OSError."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _temporary(path, data, 0o600, durable=False) as temporary:
        _rename(temporary, path)


def leftovers(folder: Path) -> list[Path]:
    """What writers that were killed left behind, or are just writing: files alone."""
    with suppress(UnreadableFile):
        mine = [name for name in names(folder) if name.endswith(_TEMPORARY_SUFFIX)]
        paths = [folder / name for name in mine if name.startswith(".")]
        return [path for path in paths if not is_link(path) and not is_folder(path)]
    return []


@contextmanager
def _temporary(path: Path, data: bytes, mode: int | None, *, durable: bool) -> Iterator[Path]:
    """A new file beside `path`, gone at the end unless it has been renamed."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}{_TEMPORARY_SUFFIX}")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    created = os.open(temporary, flags, 0o666 if mode is None else mode & 0o700 | 0o200)
    try:
        with os.fdopen(created, "wb") as file:
            if mode is not None and hasattr(os, "fchmod"):
                os.fchmod(file.fileno(), mode)
            file.write(data)
            file.flush()
            if durable:
                os.fsync(file.fileno())
        yield temporary
    finally:
        temporary.unlink(missing_ok=True)


def _rename(source: Path, target: Path) -> None:
    # Windows refuses while another program has the target open, which passes.
    for _ in range(20 if os.name == "nt" else 0):
        try:
            source.replace(target)
        except PermissionError:
            time.sleep(0.02)
        else:
            return
    source.replace(target)


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":
        return  # a folder cannot be opened there
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
