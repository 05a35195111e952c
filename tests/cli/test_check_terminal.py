"""A check at a terminal: a progress bar on stderr, an end by Ctrl-C, a pipe that closes."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.cli.checking import run_program, stages, write
from tests.e2e.editor import environment
from tests.loopback.process import loopback_process
from tests.loopback.world import THIRD_PAGE

from stagewright.cli import progress

WORK = """
import time
from stagewright.cli import progress
progress._SHOWN_AFTER = {shown_after}
with progress.progress_bar("Checking") as advance:
    for step in range({steps}):
        advance(step / {steps})
        time.sleep(0.02)  # the work itself: the bar comes only when work takes long
print("done")
"""


def stderr_of(steps: int, shown_after: float = progress._SHOWN_AFTER) -> str:
    """What work of so many steps shows at a terminal."""
    terminal, end = os.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", WORK.format(steps=steps, shown_after=shown_after)],
        stdout=subprocess.PIPE,
        stderr=end,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "60"},
    )
    os.close(end)
    said = b""
    while True:
        try:
            piece = os.read(terminal, 1 << 16)
        except OSError:  # the other end is closed
            break
        if not piece:
            break
        said += piece
    os.close(terminal)
    out, _ = process.communicate()
    assert (process.returncode, out) == (0, b"done\n")
    return said.decode()


def test_long_work_shows_a_bar_and_takes_it_away() -> None:
    said = stderr_of(60)
    assert "Checking" in said
    assert re.search(r"[1-9]\d?%", said)
    assert said.rstrip().endswith("\x1b[2K")  # the line is clean again


def test_short_work_shows_nothing() -> None:
    assert stderr_of(2, shown_after=50) == ""  # however long a machine sleeps meanwhile


def test_without_a_terminal_nothing_is_shown(tmp_path: Path) -> None:
    text = stages(*[("anthropic", THIRD_PAGE)] * 30)
    write(tmp_path, **{f"t{number}": text for number in range(100)})
    assert run_program(tmp_path, "--offline").err == ""


def test_interrupted(tmp_path: Path) -> None:
    write(tmp_path, a=stages(("anthropic", THIRD_PAGE)))
    (tmp_path / "config.toml").write_text("[models]\ntimeoutSeconds = 60\n")
    with loopback_process() as providers:
        providers.control(faults=[{"path": "/v1/models", "kind": "hang"}])
        process = subprocess.Popen(
            [sys.executable, "-m", "stagewright", "check"],
            cwd=tmp_path,
            env=environment(tmp_path, **providers.environ),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        until = time.monotonic() + 40
        while not providers.requests("/v1/models") and time.monotonic() < until:
            time.sleep(0.05)  # between two looks at the other process's log: it has no event
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=40)
    assert (process.returncode, out, err) == (130, b"", b"")


@pytest.mark.parametrize("form", ["text", "json"])
def test_nobody_reads_to_the_end(tmp_path: Path, form: str) -> None:
    text = stages(*[("antropic", "x")] * 50)
    write(tmp_path, **{f"t{number}": text for number in range(20)})
    process = subprocess.Popen(
        [sys.executable, "-m", "stagewright", "check", "--offline", "--format", form],
        cwd=tmp_path,
        env=environment(tmp_path),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    process.stdout.close()
    _, err = process.communicate(timeout=40)
    assert b"Traceback" not in err
