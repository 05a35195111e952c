"""What may lie in the place of a file or folder, and how to put it there, for root and others."""

from __future__ import annotations

import ctypes
import os
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

MUCH = 17 * 1024 * 1024
"""Bytes of a file that is too large; none of them is on any disk."""


def _socket(path: Path) -> None:
    # By a short name: a socket's whole address has 108 bytes at most.
    folder = os.open(path.parent, os.O_RDONLY)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(f"/proc/self/fd/{folder}/{path.name}")
    os.close(folder)


def _large(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(MUCH)


def _shut(path: Path) -> None:
    path.touch()
    path.chmod(0)


FILES: dict[str, Callable[[Path], object]] = {
    "a link to itself": lambda path: path.symlink_to(path.name),
    "a link that leads nowhere": lambda path: path.symlink_to("absent"),
    "a link to a folder": lambda path: path.symlink_to("."),
    "a link without end": lambda path: path.symlink_to("/dev/zero"),
    "a folder": lambda path: path.mkdir(),
    "a pipe": os.mkfifo,
    "a socket": _socket,
    "shut": _shut,
    "empty": lambda path: path.touch(),
    "too large": _large,
    "not UTF-8": lambda path: path.write_bytes(b"name: \xff\xfe {\x80"),
    "nothing but NUL": lambda path: path.write_bytes(bytes(4096)),
    "nested deep": lambda path: path.write_bytes(b'{"a":' * 50_000 + b"1" + b"}" * 50_000),
    "a list nested deep": lambda path: path.write_bytes(b"[" * 50_000),
}
"""What may stand in a file's place."""

FOLDERS: dict[str, Callable[[Path], object]] = {
    "a link to itself": lambda path: path.symlink_to(path.name),
    "a link that leads nowhere": lambda path: path.symlink_to("absent"),
    "a link to the folder around it": lambda path: path.symlink_to(".."),
    "a file": lambda path: path.write_text("a file"),
    "a pipe": os.mkfifo,
    "a socket": _socket,
    "a link to a device": lambda path: path.symlink_to("/dev/zero"),
    "shut": lambda path: path.mkdir(mode=0),
}
"""What may stand in a folder's place."""

_DAC_OVERRIDE, _DAC_READ_SEARCH = 1, 2
_PR_CAPBSET_DROP = 24

LIKE_OTHERS = (
    sys.executable,
    "-c",
    "import ctypes, os, sys\n"
    f"for one in ({_DAC_OVERRIDE}, {_DAC_READ_SEARCH}):\n"
    f"    ctypes.CDLL(None).prctl({_PR_CAPBSET_DROP}, one, 0, 0, 0)\n"
    "os.execv(sys.argv[1], sys.argv[1:])",
)
"""The beginning of a command whose program may not read what is shut, even where root runs it."""


@contextmanager
def like_others() -> Iterator[None]:
    """Within the block this thread may not read what is shut, even if it is root's."""
    if os.geteuid() != 0 or sys.platform != "linux":
        yield
        return
    libc = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)  # version 3, this thread
    before = (ctypes.c_uint32 * 6)()  # effective, permitted, inheritable; twice
    assert libc.capget(header, before) == 0
    less = (ctypes.c_uint32 * 6)(*before)
    less[0] &= ~(1 << _DAC_OVERRIDE | 1 << _DAC_READ_SEARCH)
    assert libc.capset(header, less) == 0
    try:
        yield
    finally:
        assert libc.capset(header, before) == 0


def open_again(folder: Path) -> None:
    """Give back the rights that were taken, so that a folder can be removed."""
    for path in [folder, *folder.rglob("*")]:
        if not path.is_symlink() and path.is_dir():
            path.chmod(0o700)
