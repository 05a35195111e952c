"""Where Stagewright itself fails on a file: that is told and logged, and the others are checked."""

from __future__ import annotations

import json
import os
import stat
import subprocess
from pathlib import Path

import pytest
from tests import forks
from tests.cli.checking import Ran, write
from tests.e2e.editor import environment
from tests.faulty import FAULT

WRONG = "name: {name}\nstages:\n  - name: one\n    type: desigm\n    gate:\n      type: auto\n"


def check_faulty(folder: Path, place: str, *arguments: str) -> Ran:
    done = subprocess.run(
        [*forks.program("tests.faulty"), place, "check", "--offline", *arguments],
        cwd=folder,
        env=environment(folder),
        capture_output=True,
        timeout=50,
    )
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


def templates(folder: Path, padding: int = 0) -> None:
    more = "# a long comment\n" * padding
    write(
        folder,
        **{name: WRONG.format(name=name) + more for name in ("a", "c", "d")},
        b=f"{WRONG.format(name='b')}{FAULT}\n{more}",
    )


@pytest.mark.parametrize(
    ("place", "padding"),
    [("reading", 0), ("checking", 0), ("judging", 0), ("reading", 9_000), ("judging", 9_000)],
)
def test_the_other_files_are_checked(tmp_path: Path, place: str, padding: int) -> None:
    """With padding several processes work on them."""
    templates(tmp_path, padding)
    ran = check_faulty(tmp_path, place, "--format", "json")
    assert ran.code == 2
    found = {(Path(one["path"]).stem, one["code"]): one for one in ran.json["findings"]}
    assert set(found) == {
        *((name, "template-structure") for name in ("a", "c", "d")),
        ("b", "internal-error"),
    }
    told = found["b", "internal-error"]
    assert told["severity"] == "information"
    log = tmp_path / "cache" / "errors.log"
    assert "Fault in " in told["message"]
    assert str(log) in told["message"]
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    assert "Traceback" in log.read_text()
    assert "b.yaml" in log.read_text()
    assert "Traceback" not in ran.err


@pytest.mark.parametrize("format_", ["text", "github", "sarif", "gitlab"])
def test_every_report_tells_of_it(tmp_path: Path, format_: str) -> None:
    templates(tmp_path)
    ran = check_faulty(tmp_path, "reading", "--format", format_)
    assert ran.code == 2
    assert "internal-error" in ran.out
    if format_ == "sarif":
        (run,) = json.loads(ran.out)["runs"]
        assert run["invocations"][0]["executionSuccessful"] is False


def test_it_is_never_clean_though_nothing_is_told(tmp_path: Path) -> None:
    templates(tmp_path)
    (tmp_path / "config.toml").write_text('[diagnostics.severity]\ninternal-error = "off"\n')
    ran = check_faulty(tmp_path, "reading", "--format", "json")
    assert "internal-error" not in ran.codes
    assert ran.code == 2


def test_a_log_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    templates(tmp_path)
    (tmp_path / "cache" / "errors.log").mkdir(parents=True)
    ran = check_faulty(tmp_path, "reading", "--format", "json")
    assert ran.code == 2
    assert any("could not be written" in one["message"] for one in ran.json["findings"])


@pytest.mark.parametrize("text", ["%YAML 1.2", "%TAG ! x", "%YAML 1.2\n%YAML 1.2\n---\n", "%"])
def test_a_directive_is_a_diagnostic_of_its_file(tmp_path: Path, text: str) -> None:
    write(tmp_path, a=text, b=WRONG.format(name="b"))
    done = subprocess.run(
        [*forks.program(), "check", "--offline", "--format", "json"],
        cwd=tmp_path,
        env=environment(tmp_path),
        capture_output=True,
        timeout=50,
    )
    found = [(Path(one["path"]).stem, one["code"]) for one in json.loads(done.stdout)["findings"]]
    assert ("a", "template-syntax") in found
    assert ("b", "template-structure") in found
    assert done.returncode == 1
    assert os.linesep not in done.stderr.decode().strip()


def test_a_file_that_was_not_read_is_of_no_dialect(tmp_path: Path) -> None:
    path = tmp_path / "promptfooconfig.yaml"
    path.write_text(f"providers:\n  - openai:gpt-5\n{FAULT}\n")
    ran = check_faulty(tmp_path, "reading", str(path), "--format", "json")
    assert [(one["code"], one["dialect"]) for one in ran.json["findings"]] == [
        ("internal-error", None)
    ]
