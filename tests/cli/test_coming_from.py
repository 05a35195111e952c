"""The page for who comes from other programs: what it says of ours."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from stagewright.cli.app import app

DOCS = Path(__file__).parents[2] / "server/docs"
PAGE = (DOCS / "coming-from.md").read_text("utf-8")
ROWS = re.findall(r"^\| (.+) \|$", PAGE, re.MULTILINE)


def test_options_of_ours_exist() -> None:
    ours = " ".join(row.rpartition("| ")[2] for row in ROWS)
    named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", ours))
    assert named >= {"--within", "--live", "--fix", "--no-code"}
    there = CliRunner().invoke(app, ["check", "--help"], env={"COLUMNS": "200"}).output
    assert [option for option in named if option not in there] == []
    commands = CliRunner().invoke(app, ["--help"], env={"COLUMNS": "200"}).output
    for command in re.findall(r"`stagewright (\w+)", ours):
        assert f"  {command} " in commands


@pytest.mark.parametrize("name", ["coming-from.md", "ci.md"])
def test_links_lead_somewhere(name: str) -> None:
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", (DOCS / name).read_text("utf-8"))
    assert targets
    for target in targets:
        assert (DOCS / target).exists(), target
