"""Workflows, the action and what the page about CI shows: by their schemas, and run as scripts."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.cli.checking import run
from tests.loopback.process import loopback_process
from tests.release.composite import ACTION

ROOT = Path(__file__).parents[2]
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
NIGHTLY = ROOT / "server/docs/examples/nightly.yml"
PAGE = ROOT / "server/docs/ci.md"
BLOCKS = re.findall(r"^```yaml\n(.*?)^```", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)


def on_github(block: str) -> bool:
    return "jobs:" in block and "uses:" in block


def validated(schema: str, *files: Path) -> subprocess.CompletedProcess[str]:
    """By the schemas of SchemaStore and GitLab, which come with check-jsonschema."""
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}"]
    return subprocess.run([*command, *map(str, files)], capture_output=True, text=True)


def written(folder: Path, blocks: list[str]) -> list[Path]:
    files = [folder / f"{number}.yml" for number, _ in enumerate(blocks)]
    for file, block in zip(files, blocks, strict=True):
        file.write_text(block, "utf-8")
    return files


def test_workflows(tmp_path: Path) -> None:
    shown = written(tmp_path, [block for block in BLOCKS if on_github(block)])
    assert len(shown) >= 2
    done = validated("github-workflows", *WORKFLOWS, NIGHTLY, *shown)
    assert done.returncode == 0, done.stdout
    broken = tmp_path / "broken.yml"
    broken.write_text(WORKFLOWS[0].read_text("utf-8").replace("runs-on", "run-on"))
    assert validated("github-workflows", broken).returncode == 1


def test_the_action() -> None:
    assert validated("github-actions", ROOT / "action.yml").returncode == 0


def test_dependabot() -> None:
    assert validated("dependabot", ROOT / ".github/dependabot.yml").returncode == 0


def test_gitlab(tmp_path: Path) -> None:
    shown = written(tmp_path, [block for block in BLOCKS if "codequality:" in block])
    assert len(shown) == 1
    done = validated("gitlab-ci", *shown)
    assert done.returncode == 0, done.stdout


def test_inputs_that_are_shown_are_the_actions() -> None:
    shown = [yaml.safe_load(block) for block in [*BLOCKS, NIGHTLY.read_text("utf-8")]]
    used = [step for block in shown for step in steps(block) if "/stagewright@" in step["uses"]]
    assert len(used) >= 3
    for step in used:
        assert set(step.get("with", {})) <= set(ACTION["inputs"])
    page = PAGE.read_text("utf-8")
    assert [name for name in ACTION["inputs"] if f"`{name}`" not in page] == []
    assert [name for name in ACTION["outputs"] if f"`{name}`" not in page] == []


def steps(workflow: Any) -> Iterator[Any]:
    """The steps of all jobs that use an action."""
    for job in workflow.get("jobs", {}).values() if isinstance(workflow, dict) else ():
        yield from (step for step in job.get("steps", ()) if "uses" in step)


# What ours may do


@pytest.mark.parametrize("file", [*WORKFLOWS, ROOT / "action.yml"], ids=lambda file: file.name)
def test_other_actions_are_pinned_by_their_commits(file: Path) -> None:
    used = re.findall(r"uses: (\S+)(.*)", file.read_text("utf-8"))
    assert used
    for name, note in used:
        assert re.fullmatch(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}", name), name
        assert re.match(r" # v\d+\.\d+\.\d+$", note), name


def test_one_action_has_one_commit() -> None:
    texts = "".join(path.read_text("utf-8") for path in [*WORKFLOWS, ROOT / "action.yml"])
    pins = {
        (name.partition("/")[0] + name.split("/")[1], pin)
        for name, pin in re.findall(r"uses: ([\w./-]+)@([0-9a-f]{40})", texts)
    }
    assert len(pins) == len({name for name, _ in pins})


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)
def test_a_workflow_may_do_little(file: Path) -> None:
    workflow = yaml.safe_load(file.read_text("utf-8"))
    assert workflow["permissions"] in ({}, {"contents": "read"})
    for name, job in workflow["jobs"].items():
        assert job["timeout-minutes"]
        may_write = {what for what, how in job.get("permissions", {}).items() if how == "write"}
        runs_code = any(
            "make" in (run := step.get("run", "")) or ".ci/" in run for step in job["steps"]
        )
        assert not (may_write and runs_code), name
        for step in job["steps"]:
            assert "${{ github.event" not in step.get("run", "")
            if step.get("uses", "").startswith("actions/checkout@") and not may_write - {
                "id-token"
            }:
                assert name == "ci" or step["with"]["persist-credentials"] is False


def test_a_release_rests_on_what_was_proved() -> None:
    release = yaml.safe_load((ROOT / ".github/workflows/release.yml").read_text("utf-8"))
    jobs = release["jobs"]
    assert any(step.get("run") == "bash .ci/run" for step in jobs["build"]["steps"])
    assert "make release-check" in (ROOT / ".ci/run").read_text("utf-8")
    before = {name: job.get("needs", []) for name, job in jobs.items()}
    assert before == {
        "build": [],
        "attest": "build",
        "package": "attest",
        "extension": "attest",
        "tag": ["package", "extension"],
    }
    writing = [name for name, job in jobs.items() if job["permissions"].get("contents") == "write"]
    assert writing == ["tag"]
    assert "secrets." not in json.dumps(release)


# Scripts that talk to GitHub, with a `gh` that notes what it is asked

GH = """#!/bin/sh
echo "$@" >>"$GH_LOG"
case "$1 $2" in
  "issue list") cat "$GH_ISSUES" ;;
  "release view") exit "$GH_RELEASED" ;;
  "api --silent") [ "$4" != PATCH ] || exit "$GH_NO_TAG" ;;
esac
"""


BASH = ("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c")


def asked(folder: Path, workflow: Path, job: str, name: str, **environ: str) -> list[str]:
    """What a step of a workflow, which is called so, asks of `gh`."""
    read = yaml.safe_load(workflow.read_text("utf-8"))
    [step] = [one for one in read["jobs"][job]["steps"] if one.get("name", "").startswith(name)]
    shell = BASH if step.get("shell", "bash") == "bash" else (sys.executable, "-c")
    (folder / "bin").mkdir(exist_ok=True)
    gh = folder / "bin/gh"
    gh.write_text(GH)
    gh.chmod(0o755)
    log = folder / "gh.log"
    log.write_text("")
    defaults = {"GH_LOG": str(log), "GH_REPO": "us/ours", "GH_ISSUES": str(folder / "issues.json")}
    done = subprocess.run(
        [*shell, step["run"]],
        cwd=folder,
        env={"PATH": f"{gh.parent}:{os.environ['PATH']}"} | defaults | environ,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return log.read_text().splitlines()


TITLE = "Models that are gone, or end within 30 days"
RETIRED = "providers:\n  - anthropic:messages:claude-2.0\n"


def nightly(
    folder: Path,
    text: str,
    issues: list[dict[str, Any]],
    complete: str = "true",
    environ: Mapping[str, str] | None = None,
) -> str:
    """What the nightly example does about a file, besides looking for its issue."""
    (folder / "promptfooconfig.yaml").write_text(text)
    checked = folder / "checked.json"
    checked.write_text(run(folder, "--within", "30", "--format", "json", environ=environ).out)
    (folder / "issues.json").write_text(json.dumps(issues))
    said = asked(
        folder,
        NIGHTLY,
        "models",
        "One issue",
        CHECKED=str(checked),
        COMPLETE=complete,
        TITLE=TITLE,
    )
    looked = f'issue list --state open --search in:title "{TITLE}" --json number,title'
    assert said[0] == looked
    return "\n".join(said[1:])


@pytest.mark.parametrize(
    ("issues", "begins"),
    [
        ([], f"issue create --title {TITLE} --body - `promptfooconfig.yaml:2`: Anthropic retired"),
        ([{"number": 3, "title": f"{TITLE}, and more"}], "issue create --title"),
        ([{"number": 3, "title": "x"}, {"number": 7, "title": TITLE}], "issue edit 7 --body - `p"),
    ],
)
def test_a_model_ends(tmp_path: Path, issues: list[dict[str, Any]], begins: str) -> None:
    said = nightly(tmp_path, RETIRED + "  - openai:gpt-4o\n", issues)
    assert said.startswith(begins)
    assert "issue" not in said.partition(" --body ")[2]  # one thing is done


OPEN = [{"number": 7, "title": TITLE}]
DOWN = {"OPENAI_API_KEY": "k", "OPENAI_BASE_URL": "http://127.0.0.1:9/v1"}


@pytest.mark.parametrize(
    ("issues", "complete", "environ", "begins"),
    [
        ([], "true", {}, ""),
        (OPEN, "true", {}, "issue close 7 --comment No model"),
        (OPEN, "false", {}, ""),  # a file could not be read
        (OPEN, "true", DOWN, ""),
    ],
)
def test_no_model_ends(
    tmp_path: Path,
    issues: list[dict[str, Any]],
    complete: str,
    environ: Mapping[str, str],
    begins: str,
) -> None:
    text = "providers:\n  - openai:gpt-6-luna\n"
    said = nightly(tmp_path, text, issues, complete, environ)
    assert said.startswith(begins)
    assert bool(said) is bool(begins)


@pytest.mark.parametrize(
    ("text", "closes"),
    [
        ('{"model": "openai/gpt-9-own"}', True),  # which the gateway's list lacks
        ('{"model": "mistral/mistral-large-latest"}', True),  # without a key
    ],
)
def test_what_a_gateway_lacks_keeps_no_issue_open(
    tmp_path: Path, gateway: dict[str, str], text: str, closes: bool
) -> None:
    (tmp_path / "opencode.json").write_text(text)
    live = run(tmp_path, "--live", "--format", "json", environ=gateway)
    statuses = {one["provider"]: one["status"] for one in live.json["unverified"]}
    assert (live.code, statuses) == (
        (0, {"openai": "unlisted"}) if "openai" in text else (3, {"mistral": "not-configured"})
    )
    said = nightly(tmp_path, "providers:\n  - echo\n", OPEN, environ=gateway)
    assert said.startswith("issue close 7" if closes else "issue edit")


@pytest.fixture(scope="module")
def gateway() -> Iterator[dict[str, str]]:
    """A server in the place of OpenAI's own."""
    with loopback_process() as running:
        yield {key: value for key, value in running.environ.items() if key.startswith("OPENAI_")}


@pytest.mark.parametrize(("released", "no_tag"), [("1", "0"), ("1", "1"), ("0", "0")])
def test_a_release_moves_the_actions_tag(tmp_path: Path, released: str, no_tag: str) -> None:
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist/a.whl").touch()
    said = asked(
        tmp_path,
        ROOT / ".github/workflows/release.yml",
        "tag",
        "A release",
        GITHUB_REF_NAME="v1.2.3",
        GITHUB_SHA="abc",
        GH_RELEASED=released,
        GH_NO_TAG=no_tag,
    )
    expected = ["release view v1.2.3"]
    if released == "1":
        expected += ["release create v1.2.3 --verify-tag --generate-notes dist/a.whl"]
    tags = "repos/us/ours/git/refs"
    expected += [f"api --silent --method PATCH {tags}/tags/v1 -f sha=abc -F force=true"]
    if no_tag == "1":
        expected += [f"api --silent --method POST {tags} -f ref=refs/tags/v1 -f sha=abc"]
    assert said == expected
