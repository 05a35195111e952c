"""Files that are replaced as a whole or not at all, and never outside their folder."""

from __future__ import annotations

import os
import secrets
import stat
import time
from dataclasses import dataclass
from pathlib import Path

_TEMPORARY_SUFFIX = ".stagewright-tmp"


@dataclass(frozen=True, slots=True)
class Stamp:
    """What tells one state of a file from another without reading it."""

    modified_ns: int
    size: int
    inode: int

    @classmethod
    def of(cls, path: Path | os.DirEntry[str]) -> Stamp | None:
        """The stamp of a file, links followed; None where there is none."""
        try:
            found = path.stat()
        except FileNotFoundError:
            return None
        return cls(found.st_mtime_ns, found.st_size, found.st_ino)


def replace(
    path: Path, data: bytes, *, expected: Stamp | None, durable: bool = True
) -> Stamp | None:
    """Put a new content in the place of `path` at once; its permissions stay.

    `expected` is the stamp that the content was made from, None for a new file. Returns the new
    stamp, or None, with nothing changed, when the file is no longer as expected. A crash leaves
    the old or the new content, and at worst a temporary file beside it; so does a loss of power
    when `durable`, else it may leave an empty file. Raises OSError.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}{_TEMPORARY_SUFFIX}")
    try:
        with temporary.open("xb") as file:
            if expected is not None and hasattr(os, "fchmod"):
                os.fchmod(file.fileno(), stat.S_IMODE(path.stat().st_mode))
            file.write(data)
            file.flush()
            if durable:
                os.fsync(file.fileno())
        if Stamp.of(path) != expected:
            return None
        written = Stamp.of(temporary)
        _rename(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
    if durable:
        _sync_folder(path.parent)
    return written


def leftovers(folder: Path) -> list[Path]:
    """What writers that were killed left behind, or are just writing."""
    return list(folder.glob(f".*{_TEMPORARY_SUFFIX}"))


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
