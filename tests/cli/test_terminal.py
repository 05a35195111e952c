"""What is written to a terminal or a pipe: no text stops it, and no text of others steers it."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from rich.table import Table
from tests.cli.chatting import environ
from tests.loopback.process import loopback_process
from tests.test_foreign import ACTING

from stagewright.cli import terminal
from stagewright.cli.lines import _Piped
from stagewright.cli.terminal import fitted
from stagewright.foreign import printable

PROGRAM = (sys.executable, "-m", "stagewright")
HOSTILE = "".join(ACTING.values()).replace("\x00", "").replace("\ud83c", "")
TEMPLATE = "name: t\nstages:\n  - name: {name}\n    type: design\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Templates that say what they like, in their names too."""
    folder = tmp_path_factory.mktemp("hostile")
    templates = folder / ".choragen/workflow-templates"
    templates.mkdir(parents=True)
    (templates / "t.yaml").write_text(TEMPLATE.format(name="設計 ✓ 😀") + "    typo: 1\n")
    named = json.dumps("a" + "".join(one for one in HOSTILE if one < "\U00010000"))
    (templates / "e.yaml").write_text(TEMPLATE.format(name=named) + f"    {named}: 1\n")
    (templates / f"n{HOSTILE.replace('/', '')[:80]}\n::error::x.yaml").symlink_to("nowhere")
    return folder


def run(folder: Path, *words: str, say: bytes = b"", **more: str) -> subprocess.CompletedProcess:
    env = environ(folder) | {"PYTHONUTF8": "0", "STAGEWRIGHT_CACHE_DIR": str(folder / "c")} | more
    return subprocess.run([*PROGRAM, *words], cwd=folder, env=env, input=say, capture_output=True)


@pytest.mark.parametrize("encoding", ["cp1252", "cp932", "ascii", "latin-1:strict", "utf-8"])
def test_no_encoding_changes_the_exit_code(folder: Path, encoding: str) -> None:
    done = run(folder, "check", "--offline", PYTHONIOENCODING=encoding)
    assert (done.returncode, b"Traceback" in done.stderr) == (2, False)
    said = b"Hello \xff\xfe \xe2\x9c\x93\n/stage\n/quit\n"
    words = ("chat", "t", "--model", "rehearsal/rehearsal-1")
    done = run(folder, *words, say=said, PYTHONIOENCODING=encoding)
    assert (done.returncode, b"Traceback" in done.stderr) == (0, False)


@pytest.mark.parametrize("format_", ["text", "json", "github", "sarif", "gitlab"])
def test_no_file_steers_the_terminal(folder: Path, format_: str) -> None:
    done = run(folder, "check", "--offline", "--format", format_, GITHUB_ACTIONS="true")
    for written in (done.stdout.decode(), done.stderr.decode()):
        assert printable(written) == written
        if format_ != "github":
            assert not [line for line in written.splitlines() if line.lstrip().startswith("::")]
        assert "##[" not in written
    if format_ == "json":
        found = json.loads(done.stdout)["findings"]
        assert any(HOSTILE[:4] in f"{one['message']}{one['stage']}" for one in found)


@pytest.mark.parametrize(
    "words",
    [("check", "--offline"), ("models", "--format", "json"), ("workflows", "--format", "json")],
)
def test_a_pipe_that_is_closed_is_no_failure(folder: Path, words: tuple[str, ...]) -> None:
    whole = run(folder, *words)
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [*PROGRAM, *words], cwd=folder, env=environ(folder), stdout=writing, stderr=subprocess.PIPE
    )
    os.close(writing)
    assert done.returncode == whole.returncode
    assert b"Traceback" not in done.stderr
    assert b"Broken" not in done.stderr


def test_a_chat_ends_when_nobody_reads_it(folder: Path) -> None:
    """However much is said: no answer is asked for that nobody sees."""
    reading, writing = os.pipe()
    os.close(reading)
    with subprocess.Popen(
        [*PROGRAM, "chat", "t", "--model", "rehearsal/rehearsal-1"],
        cwd=folder,
        env=environ(folder),
        stdin=subprocess.PIPE,
        stdout=writing,
        stderr=subprocess.PIPE,
    ) as process:
        os.close(writing)
        assert process.wait() == 0


def test_a_console_shows_text_as_text() -> None:
    out = terminal.console()
    out.file = io.StringIO()
    table = Table("a", "[bold]b[/]")
    table.add_row(HOSTILE, "[/b] [link=x]y[/link] :smile:")
    out.print(f"[red]{HOSTILE}")
    out.print(table)
    written = out.file.getvalue()
    assert printable(written) == written
    assert "[red]" in written
    assert "[/b]" in written


def lines_of(monkeypatch: pytest.MonkeyPatch, said: str) -> _Piped:
    monkeypatch.setattr(sys, "stdin", io.StringIO(said))
    return _Piped()


@pytest.mark.parametrize(
    ("said", "messages"),
    [
        ("Hi\n", ["Hi"]),
        ("Look:\n\n  def f():\n    pass\n", ["Look:\n\n  def f():\n    pass"]),
        ("Hello\nAgain\n", ["Hello", "Again"]),
        ("a\nb\n/stage\nc\n/quit\n", ["a", "b", "/stage", "c", "/quit"]),
        ("one.py\ntwo.py\nthree.py\nfour.py\n", ["one.py\ntwo.py\nthree.py\nfour.py"]),
        (f"{'word ' * 9}\nwraps here.\n", [f"{'word ' * 9}\nwraps here."]),
        (f"{'a' * 40}\nb", ["a" * 40, "b"]),
        (f"{'a' * 41}\nb", [f"{'a' * 41}\nb"]),
        ("- a\n  b\n/quit\n", ["- a\n  b", "/quit"]),
        ("/model x\na\n", ["/model x", "a"]),
        ("no end", ["no end"]),
        ("", []),
    ],
)
def test_what_is_piped_together_is_one_message_but_a_few_short_lines_are_turns(
    monkeypatch: pytest.MonkeyPatch, said: str, messages: list[str]
) -> None:
    lines, got = lines_of(monkeypatch, said), []
    while (message := lines.message("", lambda line: line.startswith("/"))) is not None:
        got.append(message)
    assert got == messages


def test_an_answer_to_a_question_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = lines_of(monkeypatch, "/advance\ny\nNext:\n  message\n")
    is_command: Any = lambda line: line.startswith("/")  # noqa: E731
    assert lines.message("", is_command) == "/advance"
    assert lines.read("") == "y"
    assert lines.message("", is_command) == "Next:\n  message"


def test_what_a_model_says_is_only_text(folder: Path) -> None:
    with loopback_process() as providers:
        providers.control(chats=[{"text": f"Well:{HOSTILE}[/b] done."}])
        words = ("chat", "t", "--model", "anthropic/claude-opus-5-5")
        done = run(folder, *words, say=b"Hi\n/quit\n", PYTHONUTF8="1", **providers.environ)
    written = done.stdout.decode()
    assert printable(written) == written
    assert "[/b] done." in written


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("a short text", 40, "a short text"),
        ("", 5, ""),
        ("one two three", 8, "one two\nthree"),
        ("one  two", 5, "one\ntwo"),
        ("in /home/me/project/.choragen/x. Go", 12, "in /home/me/\nproject/\n.choragen/x.\nGo"),
        ("C:\\Users\\me\\project", 10, "C:\\Users\\\nme\\project"),
        ("abcdefghij", 4, "abcd\nefgh\nij"),
        ("a/b c", 40, "a/b c"),
        ("see a/b/c", 8, "see\na/b/c"),
        ("世界世界", 5, "世界\n世界"),
        ("one\ntwo three", 5, "one\ntwo\nthree"),
        ("a b", 0, "a\nb"),
    ],
)
def test_lines_break_between_words_and_paths_behind_slashes(
    text: str, width: int, expected: str
) -> None:
    assert fitted(text, width) == expected
