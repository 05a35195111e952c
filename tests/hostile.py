"""What may lie in the place of a file or folder, and how to put it there, for root and others."""

from __future__ import annotations

import ctypes
import os
import shutil
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from stagewright.workflows.manager import WorkflowManager

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


TEMPLATE = """\
name: good
stages:
  - name: one
    type: design
    roleId: writer
    gate:
      type: auto
  - name: two
    type: review
    gate:
      type: auto
"""
ROLES = """\
roles:
  - id: writer
    name: Writer
    systemPrompt: "file:prompts/writer.md"
    toolIds: []
"""

FILE_PLACES = {
    "template": ".choragen/workflow-templates/bad.yaml",
    "started template": ".choragen/workflow-templates/begin.yaml",
    "roles": ".choragen/roles/index.yaml",
    "prompt": "prompts/writer.md",
    "workflow": ".choragen/workflows/WF-20260101-001.json",
    "index": ".choragen/workflow-index.json",
    "transcript": ".choragen/workflows/{id}.chat.md",
    "feedback": ".choragen/workflows/{id}/feedback/bad.json",
    "lock": ".choragen/workflows/.stagewright.lock",
    "leftover": ".choragen/workflows/.x.stagewright-tmp",
    "configuration": ".choragen/config.yaml",
    "request": "docs/requests/bad.md",
}
FOLDER_PLACES = {
    "choragen": ".choragen",
    "templates": ".choragen/workflow-templates",
    "role folder": ".choragen/roles",
    "workflows": ".choragen/workflows",
    "feedback folder": ".choragen/workflows/{id}/feedback",
    "prompts": "prompts",
    "requests": "docs/requests",
}
CASES = [
    *((place, state) for place in FILE_PLACES for state in FILES),
    *((place, state) for place in FOLDER_PLACES for state in FOLDERS),
]
"""Every place with everything that may stand there."""


def good_workspace(root: Path) -> str:
    """A workspace in which all is well, with a workflow whose id is returned."""
    for name, text in {
        ".choragen/workflow-templates/good.yaml": TEMPLATE,
        ".choragen/roles/index.yaml": ROLES,
        "prompts/writer.md": "Write.\n",
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return WorkflowManager(root).create("good").id


def spoil(root: Path, workflow_id: str, place: str, state: str) -> Path:
    """Put something in the place of a file or folder of a good workspace; where that is."""
    name = {**FILE_PLACES, **FOLDER_PLACES}[place].format(id=workflow_id)
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.is_dir():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)
    (FILES if place in FILE_PLACES else FOLDERS)[state](path)
    return path
