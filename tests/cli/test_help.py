"""Help and refusals of the command line, in the words that people know from others."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
import typer
from tests import forks
from tests.e2e.editor import environment

from stagewright.cli.check import days

COMMANDS = ("server", "demo", "chat", "workflows", "check", "inventory", "dialects", "models")


def run(folder: Path, *arguments: str, columns: int = 80) -> tuple[int, str]:
    environ = environment(folder) | {"COLUMNS": str(columns)}
    done = subprocess.run(
        [*forks.program(), *arguments],
        cwd=folder,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    return done.returncode, done.stdout


@pytest.mark.parametrize(
    ("command", "columns"), [("", 80), ("chat", 80), ("chat", 40), ("check", 20)]
)
def test_help_shows_no_type_of_python_s(tmp_path: Path, command: str, columns: int) -> None:
    code, shown = run(tmp_path, *filter(None, [command]), "--help", columns=columns)
    assert code == 0
    for odd in ("<bool>", "<str>", "<list", "[[", "│", "x>="):
        assert odd not in shown
    if command == "chat":
        words = " ".join(shown.split())
        for option in ("TEMPLATE", "--request TEXT", "--workflow ID", "--model PROVIDER/MODEL"):
            assert option in words
    if columns == 80:
        assert max(map(len, shown.splitlines())) <= columns


def test_the_commands_are_listed_with_their_first_sentence_whole(tmp_path: Path) -> None:
    _, shown = run(tmp_path, "--help")
    words = " ".join(shown.split())
    for command in COMMANDS:
        assert f" {command} " in words
    assert "List the workflows of this project, newest first." in words
    assert "..." not in shown.partition("Commands:")[2]


@pytest.mark.parametrize(
    ("command", "option"),
    [("check", "--fail-on"), ("check", "--format"), ("chat", "--context"), ("models", "--format")],
)
def test_a_refused_choice_is_told_in_plain_words(tmp_path: Path, command: str, option: str) -> None:
    code, shown = run(tmp_path, command, option, "nope")
    assert code == 2
    assert f"Invalid value for '{option}': 'nope' is not one of" in shown
    assert "Value error" not in shown


@pytest.mark.parametrize("written", ["x", "-1", "1.5", "1e3", "3 days", "99999999"])
def test_days_that_are_none_are_explained(written: str) -> None:
    with pytest.raises(typer.BadParameter, match="takes a whole number of days, for example 30"):
        days(written)
    assert (days(""), days("0"), days("30")) == (None, 0, 30)


def test_live_that_fails_says_so_and_what_to_do(tmp_path: Path) -> None:
    template = tmp_path / ".choragen/workflow-templates/t.yaml"
    template.parent.mkdir(parents=True)
    template.write_text(
        "name: t\nstages:\n  - name: a\n    type: design\n    defaultModel:\n"
        "      provider: anthropic\n      model: claude-opus-4-8\n    gate:\n      type: auto\n"
    )
    code, shown = run(tmp_path, "check", "--live")
    assert code == 3
    assert "--live failed: every provider that the files name must answer." in shown
    assert "ANTHROPIC_API_KEY" in shown
