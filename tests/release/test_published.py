"""One version and one address: where they stand, and what keeps a release from being made."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from server.tools import published
from server.tools.published import obstacles, pages, repository, rewritten, version

from stagewright import __version__

ROOT = Path(__file__).parents[2]


def test_the_version_is_the_same_everywhere() -> None:
    manifest = json.loads((ROOT / "client-vscode/package.json").read_text("utf-8"))
    lock = json.loads((ROOT / "client-vscode/package-lock.json").read_text("utf-8"))
    own = lock["packages"][""]["version"]
    assert {manifest["version"], lock["version"], own, __version__} == {version()}


def test_the_address_is_the_same_everywhere() -> None:
    manifest = json.loads((ROOT / "client-vscode/package.json").read_text("utf-8"))
    assert manifest["repository"]["url"] == f"https://github.com/{repository()}"
    tracked = subprocess.run(
        ["git", "grep", "-hoIE", r"github\.com/[A-Za-z0-9_.-]+/stagewright\b", "--", ":!tests"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    ).stdout.split()
    assert set(tracked) == {f"github.com/{repository()}"}


def test_what_is_shown_is_this_version_of_this_repository() -> None:
    shown = "\n".join(path.read_text("utf-8") for path in pages())
    assert set(re.findall(r"([\w.-]+/stagewright)@", shown)) == {repository()}
    assert set(re.findall(r"/stagewright@(v[\w.-]+)", shown)) == {f"v{version()}"}
    assert set(re.findall(r"/stagewright\n[+ ]*rev: (\S+)", shown)) == {f"v{version()}"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("      - uses: OWNER/stagewright@v0.0.9", "      - uses: us/stagewright@v1.2.3-rc.1"),
        (
            "uvx --from git+https://github.com/a/stagewright@v9.9.9 stagewright check",
            "uvx --from git+https://github.com/us/stagewright@v1.2.3-rc.1 stagewright check",
        ),
        (
            "  - repo: https://github.com/x/stagewright\n    rev: v0.0.1\n",
            "  - repo: https://github.com/us/stagewright\n    rev: v1.2.3-rc.1\n",
        ),
        (
            "+    - repo: o/stagewright\n+      rev: v0.0.1",
            "+    - repo: o/stagewright\n+      rev: v1.2.3-rc.1",
        ),
        (
            "  - repo: https://github.com/x/y\n    rev: v0.0.1",
            "  - repo: https://github.com/x/y\n    rev: v0.0.1",
        ),
        ("https://github.com/jlneal/choragen", "https://github.com/jlneal/choragen"),
        ("- uses: actions/checkout@v4", "- uses: actions/checkout@v4"),
    ],
)
def test_rewriting(before: str, after: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(published, "version", lambda: "1.2.3-rc.1")
    monkeypatch.setattr(published, "repository", lambda: "us/stagewright")
    assert rewritten(before, published._IN_PAGES) == after


def test_the_manifest_keeps_the_versions_of_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(published, "version", lambda: "7.7.7")
    for name, rules, times in (
        ("package.json", published._IN_MANIFEST, 1),
        ("package-lock.json", published._IN_LOCK, 2),
    ):
        text = (ROOT / "client-vscode" / name).read_text("utf-8")
        assert rewritten(text, rules).count("7.7.7") == times


@pytest.mark.parametrize(
    ("tag", "where", "said"),
    [
        (f"v{version()}", repository(), []),
        (version(), repository(), [f"The tag is `{version()}`, but the version is"]),
        ("v9.9.9", "x/y", ["The tag is `v9.9.9`", "This repository is `x/y`, but pyproject.toml"]),
    ],
)
def test_obstacles(tag: str, where: str, said: list[str]) -> None:
    told = list(obstacles(tag, where))
    assert len(told) == len(said)
    assert all(one.startswith(beginning) for one, beginning in zip(told, said, strict=True))


def test_a_version_without_its_changes_is_not_released(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(published, "version", lambda: "7.7.7")
    assert list(obstacles("v7.7.7", repository())) == [
        "server/CHANGELOG.md has no section `## 7.7.7`.",
        "client-vscode/CHANGELOG.md has no section `## 7.7.7`.",
    ]


def test_the_command_says_what_is_wrong() -> None:
    words = [sys.executable, "-m", "server.tools.published", "--release", "v0.0.0", repository()]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stderr.startswith("The tag is `v0.0.0`")) == (1, True)
