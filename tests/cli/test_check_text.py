"""The report of a check as text, in a terminal and out of one."""

from __future__ import annotations

import contextlib
from pathlib import Path
from textwrap import dedent

from tests.cli.checking import run, stages, write
from tests.cli.reports import MISTRAL, result_of, shown

from stagewright.cli.reports.common import shown_path


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


def test_a_path_is_told_from_a_folder(tmp_path: Path) -> None:
    with contextlib.chdir(tmp_path):
        assert shown_path(Path("a/../b.yaml"), tmp_path) == "b.yaml"
        assert shown_path(Path("b.yaml"), tmp_path.parent) == f"{tmp_path.name}/b.yaml"
        assert shown_path(Path("../b.yaml"), tmp_path) == str(tmp_path.parent / "b.yaml")
    assert shown_path(tmp_path / "a" / "b.yaml", tmp_path) == "a/b.yaml"
    assert shown_path(tmp_path.with_name(f"{tmp_path.name}-2"), tmp_path).startswith("/")
    assert shown_path(Path("/etc/b.yaml"), Path("/")) == "etc/b.yaml"
