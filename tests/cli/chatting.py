"""`stagewright chat` as a process in a workspace: piped lines in, what it wrote out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests import forks

PROGRAM = [sys.executable, "-m", "stagewright", "chat"]
FIRST = "rehearsal/rehearsal-1"
SECOND = "rehearsal/rehearsal-2"


def environ(folder: Path) -> dict[str, str]:
    """The variables of a process without anybody's keys, with the rehearsal models."""
    kept = {name: value for name, value in os.environ.items() if not name.endswith("_API_KEY")}
    (folder / "config.toml").touch()
    return kept | {
        "STAGEWRIGHT_REHEARSAL": "1",
        "STAGEWRIGHT_CACHE_DIR": str(folder / "cache"),
        "STAGEWRIGHT_CONFIG": str(folder / "config.toml"),
        "TERM": "xterm",
        "PYTHONUTF8": "1",
    }


def chat(
    folder: Path, *arguments: str, say: str = "", module: str = "stagewright", **more: str
) -> tuple[int, str]:
    """Run it with these lines on stdin and `more` variables; its exit code and what it wrote."""
    done = subprocess.run(
        [*forks.program(module), "chat", *arguments],
        cwd=folder,
        env=environ(folder) | more,
        input=say,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    return done.returncode, done.stdout


@contextmanager
def running(folder: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """A chat that is typed into while it runs."""
    with subprocess.Popen(
        [*PROGRAM, *arguments],
        cwd=folder,
        env=environ(folder),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def saved(folder: Path) -> dict[str, Any]:
    """The one workflow that there is."""
    (path,) = (folder / ".choragen" / "workflows").glob("WF-*.json")
    workflow: dict[str, Any] = json.loads(path.read_bytes())
    return workflow


def until(process: subprocess.Popen[str], text: str) -> str:
    """What the process writes up to this text."""
    assert process.stdout
    read = ""
    while text not in read:
        character = process.stdout.read(1)
        assert character, read
        read += character
    return read


def say(process: subprocess.Popen[str], line: str) -> None:
    """Type a line."""
    assert process.stdin
    process.stdin.write(f"{line}\n")
    process.stdin.flush()
