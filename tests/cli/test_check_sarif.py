"""The report of a check as SARIF, by its schema; and its rules, one for every code."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tests.cli.checking import TEMPLATES, stages
from tests.cli.reports import MISTRAL, TEXT, diagnostic, one_diagnostic, result_of, sarif

from stagewright.analysis.diagnostics.diagnose import SEVERITIES
from stagewright.cli.checking.result import Result
from stagewright.cli.reports.rules import rules
from stagewright.dialects.document import Document
from stagewright.text.buffer import Edit, Position, Span


def test_sarif(tmp_path: Path) -> None:
    result = result_of(tmp_path, problems=("b.yaml is gone.",), unverified=(MISTRAL,))
    [run_] = sarif(result, tmp_path, 2)["runs"]
    driver = run_["tool"]["driver"]
    assert [rule["id"] for rule in driver["rules"]] == list(SEVERITIES)
    assert run_["columnKind"] == "unicodeCodePoints"
    assert run_["originalUriBaseIds"] == {"%SRCROOT%": {"uri": f"{tmp_path.as_uri()}/"}}
    assert run_["invocations"] == [
        {
            "executionSuccessful": False,
            "exitCode": 2,
            "toolExecutionNotifications": [
                {"level": "error", "message": {"text": "b.yaml is gone."}},
                {
                    "level": "warning",
                    "message": {
                        "text": "Not verified: Mistral's `a` and 2 other models. "
                        "No key: set MISTRAL_API_KEY."
                    },
                },
            ],
        }
    ]
    first, second = run_["results"]
    assert driver["rules"][second["ruleIndex"]]["id"] == second["ruleId"] == "provider-unknown"
    assert first["level"] == "warning"
    assert first["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {
                    "uri": ".choragen/workflow-templates/test.yaml",
                    "uriBaseId": "%SRCROOT%",
                },
                "region": {"startLine": 7, "startColumn": 14, "endLine": 7, "endColumn": 31},
            },
            "logicalLocations": [
                {
                    "fullyQualifiedName": "stages[0].defaultModel",
                    "name": "stage-0",
                    "kind": "stage",
                }
            ],
        }
    ]


def test_sarif_of_nothing_is_valid(tmp_path: Path) -> None:
    assert sarif(Result((), (), ()), tmp_path, 0)["runs"][0]["results"] == []


def test_sarif_fixes_fix_the_file(tmp_path: Path) -> None:
    result = result_of(tmp_path, TEXT.replace("claude", "🎭").replace("🎭-", "claude-"))
    document = Document((tmp_path / TEMPLATES / "test.yaml").read_text())
    results = sarif(result, tmp_path)["runs"][0]["results"]
    for (_, note), told in zip(result.notes(), results, strict=True):
        fixing = [fix for fix in note.fixes if not fix.silences]
        assert len(told["fixes"]) == len(fixing)
        for fix, as_told in zip(fixing, told["fixes"], strict=True):
            [change] = as_told["artifactChanges"]
            edits = [
                Edit(span_of(one["deletedRegion"]), one["insertedContent"]["text"])
                for one in change["replacements"]
            ]
            assert document.apply(edits) == document.apply(fix.edits)


def span_of(region: dict[str, int]) -> Span:
    start = Position(region["startLine"] - 1, region["startColumn"] - 1)
    return Span(start, Position(region["endLine"] - 1, region["endColumn"] - 1))


def fingerprints(result: Result, root: Path) -> list[str]:
    results = sarif(result, root)["runs"][0]["results"]
    return [one["partialFingerprints"]["stagewrightFinding/v1"] for one in results]


def test_a_fingerprint_stays_when_lines_move_and_days_pass(tmp_path: Path) -> None:
    before = fingerprints(result_of(tmp_path), tmp_path)
    moved = TEXT.replace("stages:", "# one\n# more\nstages:").replace("    gate", "\n    gate")
    assert fingerprints(result_of(tmp_path, moved), tmp_path) == before
    result = result_of(tmp_path)
    later = replace(result.files[0].notes[0].diagnostic, message="Retired yesterday.")
    notes = (replace(result.files[0].notes[0], diagnostic=later), *result.files[0].notes[1:])
    changed = replace(result, files=(replace(result.files[0], notes=notes),))
    assert fingerprints(changed, tmp_path) == before


def test_fingerprints_of_one_file_differ(tmp_path: Path) -> None:
    same = stages(*[("openai", "text-embedding-3-large")] * 3).replace("stage-1", "stage-0")
    found = fingerprints(result_of(tmp_path, same), tmp_path)
    assert len(found) >= 3
    assert len(set(found)) == len(found)


def test_odd_paths_become_uris(tmp_path: Path) -> None:
    somewhere = diagnostic((0, 0), (0, 1))
    inside = sarif(one_diagnostic(somewhere, tmp_path / "a b" / "ü#%.yaml"), tmp_path)
    outside = sarif(one_diagnostic(somewhere, Path("/else where/a.yaml")), tmp_path)
    [first], [second] = inside["runs"][0]["results"], outside["runs"][0]["results"]
    place = first["locations"][0]["physicalLocation"]["artifactLocation"]
    assert place == {"uri": "a%20b/%C3%BC%23%25.yaml", "uriBaseId": "%SRCROOT%"}
    place = second["locations"][0]["physicalLocation"]["artifactLocation"]
    assert place == {"uri": "file:///else%20where/a.yaml"}


def test_every_code_has_a_rule_with_help() -> None:
    assert list(rules()) == list(SEVERITIES)
    for rule in rules().values():
        assert rule.summary.endswith((".", ":"))
        assert not set("*`") & set(rule.text)
        assert len(rule.markdown) > 30
