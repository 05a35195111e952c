"""The report of a check as annotations of GitHub."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.checking import run, stages, write
from tests.cli.reports import MISTRAL, diagnostic, one_diagnostic, result_of

from stagewright.cli.reports.as_github import to_github


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
