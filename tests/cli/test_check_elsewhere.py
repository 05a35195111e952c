"""Check in other programs' hands: the pre-commit hook, and what the page about CI says."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.cli.checking import app, run, stages, write
from typer.testing import CliRunner

from stagewright.cli import check

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "server" / "docs" / "ci.md").read_text("utf-8")
[HOOK] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))


def blocks(language: str) -> list[str]:
    """The page's code in this language."""
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(
    ("path", "is_checked"),
    [
        (".choragen/workflow-templates/a.yaml", True),
        ("packages/x/.choragen/workflow-templates/a-b.yml", True),
        (".choragen/roles/index.yaml", True),
        ("not.choragen/workflow-templates/a.yaml", True),  # as configuration
        (".choragen/workflow-templates/a.yaml.orig", False),
        (".choragen/workflows/WF-20261122-001.json", False),
        ("packages/x/.choragen/workflows/WF-20261122-001.chat.md", False),
    ],
)
def test_the_hook_takes_templates_and_roles(path: str, is_checked: bool) -> None:
    taken = re.search(HOOK["files"], path) and not re.search(HOOK["exclude"], path)
    assert bool(taken) is is_checked


def test_the_hook_runs_the_command(tmp_path: Path) -> None:
    program, command = HOOK["entry"].split()
    assert (program, command) == ("stagewright", "check")
    path = write(tmp_path, a=stages(("antropic", "x")))
    ran = run(tmp_path, *HOOK["args"], str(path.relative_to(tmp_path)))
    assert ran.code == 1
    assert "error[provider-unknown]" in ran.out


def test_the_page_names_options_that_exist() -> None:
    there = CliRunner().invoke(app, ["--help"], env={"COLUMNS": "200"}).output
    named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", PAGE.replace("uvx --from", "uvx")))
    assert named >= {"--live", "--offline", "--within", "--fail-on", "--format", "--fix"}
    assert [option for option in named if option not in there] == []


def test_the_page_names_the_exit_codes() -> None:
    told = [int(code) for code in re.findall(r"^\| (\d) \|", PAGE, re.MULTILINE)]
    assert told == [check.CLEAN, check.FOUND, check.WRONG_USAGE, check.NOT_ASKED]
    assert "130" in PAGE  # of an interrupt, as typer ends


def test_the_page_shows_the_json_that_is_written(tmp_path: Path) -> None:
    write(tmp_path, a=stages(("anthropic", "claude-3-opus-20240229")))
    [shown], written = blocks("json"), run(tmp_path, "--offline", "--format", "json").json
    told: dict[str, Any] = json.loads(shown)
    assert told.keys() == written.keys()
    for name in ("findings", "unverified"):
        assert told[name][0].keys() == written[name][0].keys()
    for fix in (*told["findings"][0]["fixes"], *written["findings"][0]["fixes"]):
        assert fix.keys() == {"title", "preferred", "edits"}
    assert told["summary"].keys() == written["summary"].keys()


def test_the_yaml_on_the_page_is_yaml() -> None:
    for block in blocks("yaml"):
        assert isinstance(yaml.safe_load(block), dict)
    hooks = next(found for found in map(yaml.safe_load, blocks("yaml")) if "repos" in found)
    assert [hook["id"] for hook in hooks["repos"][0]["hooks"]] == [HOOK["id"]]
