"""`stagewright chat` in a terminal: completed words, wrapped lines, nothing that steers it."""

from __future__ import annotations

import os
import pty
import subprocess
from pathlib import Path

import pytest
from rich.console import Console
from tests.cli.chatting import FIRST, PROGRAM, SECOND, environ, saved

from stagewright.catalog.model import ModelReference
from stagewright.cli.chat_view import Streamed, wrapped
from stagewright.foreign import printable
from stagewright.workflows.manager import WorkflowManager


def test_a_terminal_completes_commands_and_models(folder: Path) -> None:
    outer, inner = pty.openpty()
    read = b""

    def wait_for(text: str) -> None:
        nonlocal read
        while text.encode() not in read:
            read += os.read(outer, 4096)
        read = read.partition(text.encode())[2]

    process = subprocess.Popen(
        [*PROGRAM, "team-standard", "--model", FIRST, "--request", "x"],
        cwd=folder,
        env=environ(folder),
        stdin=inner,
        stdout=inner,
        stderr=inner,
    )
    try:
        wait_for("request › ")
        os.write(outer, b"/mod\treh\t2\t\n")
        wait_for(f"{SECOND} ")
        wait_for("request › ")
        os.write(outer, b"\x04")
        wait_for("Go on with")
        assert process.wait() == 0
    finally:
        process.kill()
        os.close(outer)
        os.close(inner)
    model = WorkflowManager(folder).get_current_model(saved(folder)["id"]).model
    assert model == ModelReference("rehearsal", "rehearsal-2")


def test_nothing_that_is_shown_can_steer_the_terminal() -> None:
    assert printable("a\x1b[2Jb\x07\tc\r\nd\x9b31m") == "a[2Jb\tc\nd31m"


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("one two three four", ["one two", "three four"]),
        ("one two  three", ["one two", "three"]),
        ("a word-that-is-longer-than-a-line b", ["a", "word-that-is-longer-than-a-line", "b"]),
        ("one\n\ntwo", ["one", "", "two"]),
        ("世界 世界 世界", ["世界 世界", "世界"]),
    ],
)
def test_an_answer_is_broken_between_words_however_it_is_cut(text: str, lines: list[str]) -> None:
    for size in (1, 3, 100):
        out = Console(width=10, force_terminal=True, color_system=None, record=True)
        out.file = open(os.devnull, "w")  # noqa: PTH123, SIM115
        streamed = Streamed(out)
        for at in range(0, len(text), size):
            streamed.write(text[at : at + size])
        streamed.end()
        assert [line.rstrip() for line in out.export_text().splitlines()] == lines


def test_wrapping_goes_on_at_the_column_reached() -> None:
    assert wrapped(["word"], 8, 10) == ("\nword", 4)
    assert wrapped(["word"], 6, 10) == ("word", 10)
    assert wrapped([" "], 10, 10) == ("\n", 0)
