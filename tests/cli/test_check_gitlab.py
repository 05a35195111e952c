"""What a merge request on GitLab shows, and reports that go into files."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.cli.checking import TEMPLATES, run, stages, write
from tests.cli.reports import MISTRAL, TEXT, diagnostic, one_diagnostic, result_of

from stagewright.analysis.results import Severity
from stagewright.cli.checking.result import Result
from stagewright.cli.reports.as_gitlab import to_gitlab
from stagewright.cli.reports.choice import Format, ReportFile, report_file

RETIRED = "providers:\n  - anthropic:messages:claude-2.0\n"


def issues(result: Result, root: Path) -> list[dict[str, Any]]:
    return json.loads(to_gitlab(result, root))


def prints(result: Result, root: Path) -> list[str]:
    return [one["fingerprint"] for one in issues(result, root)]


def test_issues(tmp_path: Path) -> None:
    found = issues(result_of(tmp_path, unverified=(MISTRAL,), problems=("gone",)), tmp_path)
    assert all(re.fullmatch("[0-9a-f]{64}", one.pop("fingerprint")) for one in found)
    path = (TEMPLATES / "test.yaml").as_posix()
    assert found == [
        {
            "description": "Anthropic retires `claude-opus-4-1` on 2026-11-30, in 8 days. "
            "Its successor is `claude-opus-4-5`.",
            "check_name": "model-deprecated",
            "severity": "minor",
            "location": {"path": path, "lines": {"begin": 7}},
        },
        {
            "description": "Unknown provider `opanai`. Did you mean `openai`?",
            "check_name": "provider-unknown",
            "severity": "major",
            "location": {"path": path, "lines": {"begin": 13}},
        },
    ]


def test_nothing_is_an_empty_list(tmp_path: Path) -> None:
    assert to_gitlab(Result((), (), ()), tmp_path) == "[]"


@pytest.mark.parametrize(
    ("severity", "theirs"),
    [
        (Severity.ERROR, "major"),
        (Severity.WARNING, "minor"),
        (Severity.INFORMATION, "info"),
        (Severity.HINT, "info"),
    ],
)
def test_severities(tmp_path: Path, severity: Severity, theirs: str) -> None:
    one = replace(diagnostic((0, 0), (0, 1)), severity=severity)
    [issue] = issues(one_diagnostic(one, tmp_path / "a.yaml"), tmp_path)
    assert issue["severity"] == theirs


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("stages:", "# one\n# more\n\nstages:"),
        ("    gate", "\n    # a line of words\n    gate"),
        ('name: "test"', 'name: "another"'),
    ],
)
def test_a_fingerprint_stays_when_lines_move(tmp_path: Path, before: str, after: str) -> None:
    first = prints(result_of(tmp_path), tmp_path)
    assert prints(result_of(tmp_path, TEXT.replace(before, after)), tmp_path) == first


def test_a_fingerprint_stays_when_days_pass(tmp_path: Path) -> None:
    one = diagnostic((0, 0), (0, 1), "It ends in 8 days.")
    path = tmp_path / "a.yaml"
    [before] = prints(one_diagnostic(one, path), tmp_path)
    assert prints(one_diagnostic(replace(one, message="In 7 days."), path), tmp_path) == [before]
    assert prints(one_diagnostic(replace(one, code="model-deprecated"), path), tmp_path) != [before]


def test_no_two_fingerprints_are_the_same(tmp_path: Path) -> None:
    same = stages(("anthropic", "claude-opus-4-1"), ("anthropic", "claude-opus-4-1"))
    files = [result_of(tmp_path / name, same).files[0] for name in ("a", "b")]
    found = prints(Result(tuple(files), (), ()), tmp_path)
    assert len(found) == len(set(found)) == 4


def test_remarks_about_a_provider_are_left_to_the_summary(tmp_path: Path) -> None:
    write(tmp_path, a=stages(("anthropic", "claude-opus-4-8")))
    ran = run(tmp_path, "--offline", "--format", "gitlab")
    assert (ran.code, ran.json) == (0, [])
    assert "Not verified: Anthropic's `claude-opus-4-8`. No key" in ran.err


def test_what_no_line_can_say_goes_to_stderr(tmp_path: Path) -> None:
    ran = run(tmp_path, "nothing-here", "--offline", "--format", "gitlab")
    assert (ran.code, ran.json) == (2, [])
    assert "error: nothing-here" in ran.err


def test_paths_are_told_from_the_checkout(tmp_path: Path) -> None:
    folder = tmp_path / "sub"
    folder.mkdir()
    (folder / "promptfooconfig.yaml").write_text(RETIRED)
    for checkout, path in ((tmp_path, "sub/promptfooconfig.yaml"), ("/x", "promptfooconfig.yaml")):
        environ = {"CI_PROJECT_DIR": str(checkout)}
        [one] = run(folder, "--offline", "--format", "gitlab", environ=environ).json
        assert one["location"] == {"path": path, "lines": {"begin": 2}}


# Reports in files


def test_one_check_writes_several_reports(tmp_path: Path) -> None:
    (tmp_path / "promptfooconfig.yaml").write_text(RETIRED)
    wanted = [word for form in Format for word in ("--report", f"{form}={form}.out")]
    ran = run(tmp_path, "--offline", "--within", "0", *wanted)
    assert ran.code == 1
    assert "error[model-retired]" in ran.out
    for form in Format:
        alone = run(tmp_path, "--offline", "--within", "0", "--format", form)
        assert (tmp_path / f"{form}.out").read_text() == alone.out


@pytest.mark.parametrize("written", ["json", "json=", "=x", "xml=x", "JSON=x", "", "text:x"])
def test_what_is_no_report_is_wrong_usage(tmp_path: Path, written: str) -> None:
    ran = run(tmp_path, "--offline", "--report", written)
    assert ran.code == 2
    assert "--report takes FORMAT=FILE" in " ".join(ran.err.split())


def test_a_file_may_have_any_name() -> None:
    assert report_file("sarif=a=b c.json") == ReportFile(Format.SARIF, Path("a=b c.json"))


@pytest.mark.parametrize("place", ["no/such/folder.json", "."])
def test_a_report_that_cannot_be_written_fails_the_check(tmp_path: Path, place: str) -> None:
    ran = run(tmp_path, "--offline", "--report", f"json={place}", "--report", "text=kept.txt")
    assert ran.code == 2
    assert f"error: {place} cannot be written: " in ran.err
    assert (tmp_path / "kept.txt").read_text() == ran.out


def test_a_report_is_not_read_by_the_next_check(tmp_path: Path) -> None:
    (tmp_path / "promptfooconfig.yaml").write_text(RETIRED)
    ran = run(tmp_path, "--offline", "--report", "json=promptfooconfig.json")
    assert '"claude-2.0"' in (tmp_path / "promptfooconfig.json").read_text()
    again = run(tmp_path, "--offline").out
    assert again.replace("1 file left out: 1 generated.\n", "") == ran.out != again
