"""`stagewright check`: the editor's diagnostics for CI, with exit codes."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal

import typer

from stagewright.analysis.results import Severity
from stagewright.cli import common
from stagewright.cli.checking.result import CheckedFile, Note, Result
from stagewright.cli.checking.run import Request, check
from stagewright.cli.progress import progress_bar
from stagewright.cli.reports.as_text import summary, write_text
from stagewright.cli.reports.choice import Format, ReportFile, rendered, report_file
from stagewright.cli.terminal import console, fail, say_lines
from stagewright.foreign import without_github_commands

CLEAN, FOUND, WRONG_USAGE, NOT_ASKED = 0, 1, 2, 3


FailOn = Literal["error", "warning"]
"""The least severity that makes the check fail."""


def check_command(
    paths: common.Paths = None,
    live: common.Live = False,
    offline: common.Offline = False,
    within: Annotated[
        str,
        typer.Option(
            metavar="DAYS", help="Models that have ended, or end within DAYS days, are errors."
        ),
    ] = "",
    fail_on: Annotated[
        FailOn, typer.Option(help="The least severity that makes the check fail.")
    ] = "error",
    format_: Annotated[Format, typer.Option("--format", help="Output format.")] = Format.TEXT,
    reports: Annotated[
        list[str] | None,
        typer.Option(
            "--report",
            metavar="FORMAT=FILE",
            help="Write the result into FILE as well, in any of the formats; may be repeated.",
        ),
    ] = None,
    no_code: common.NoCode = False,
    fix: Annotated[
        bool, typer.Option("--fix", help="Apply the preferred fixes, then report what is left.")
    ] = False,
) -> None:
    """Check files for models that cannot be used, and templates for what else is wrong with them.

    Exit codes: 0 clean, 1 diagnostics, 2 wrong usage or a file that cannot be opened or checked, 3
    (with --live) a provider in use could not be asked. Of several, 2 before 3 before 1.
    """
    asking = common.asking(live=live, offline=offline)
    within_days = days(within)
    wanted = [report_file(one) for one in reports or ()]
    settings = common.settings()
    request = Request(paths or [Path()], asking, within_days, fix, code=not no_code)
    with progress_bar("Checking") as advance:
        result = check(request, settings, os.environ, advance)
    code = exit_code(result, fail_on)
    report(result, format_, code)
    raise typer.Exit(code if _write(wanted, result, code) else WRONG_USAGE)


def days(written: str) -> int | None:
    """The days of `--within`; None where it is left out. Raises typer.BadParameter."""
    if not written:
        return None
    if not written.strip().isdecimal() or len(written) > len("1000000"):
        raise typer.BadParameter("--within takes a whole number of days, for example 30.")
    return int(written)


def exit_code(result: Result, fail_on: FailOn) -> int:
    """The contract's exit code; of several that apply, 2 before 3 before 1."""
    if result.problems or any(file.failed for file in result.files):
        return WRONG_USAGE
    if result.is_uncertain:
        return NOT_ASKED
    return FOUND if any(_fails(file, note, fail_on) for file, note in result.notes()) else CLEAN


def _fails(file: CheckedFile, note: Note, fail_on: FailOn) -> bool:
    """Whether a diagnostic makes the check fail. In source code no warning does, unless the model
    has ended; an error is one that has, or that the user has made one by setting or --within."""
    severity, code = note.diagnostic.severity, note.diagnostic.code
    if severity is Severity.WARNING and fail_on == "warning":
        advises = file.dialect is not None and file.dialect.only_advises
        return not advises or code == "model-retired"
    return severity is Severity.ERROR


def report(result: Result, format_: Format, code: int) -> None:
    """Write the result to stdout; what a program that reads it would miss goes to stderr."""
    here = Path.cwd()
    if format_ is Format.TEXT:
        write_text(result, console(), here)
        return
    say_lines(rendered(result, format_, here, code))
    if format_ in (Format.GITHUB, Format.GITLAB):
        print(without_github_commands(summary(result).plain), file=sys.stderr)
    if format_ is not Format.GITHUB:
        for sentence in result.problems:
            fail(sentence)


def _write(wanted: Iterable[ReportFile], result: Result, code: int) -> bool:
    """Write reports into their files; whether all could be written."""
    complete = True
    for one in wanted:
        text = rendered(result, one.format, Path.cwd(), code)
        try:
            one.path.write_bytes(text.encode("utf-8", "replace"))
        except OSError as error:
            fail(f"{one.path} cannot be written: {error.strerror}.")
            complete = False
    return complete
