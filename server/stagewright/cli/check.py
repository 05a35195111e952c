"""`stagewright check`: the editor's findings for CI, with exit codes."""

from __future__ import annotations

import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from stagewright.cli import reports
from stagewright.cli.checking import Asking, Result, check
from stagewright.settings import load

CLEAN, FOUND, WRONG_USAGE, NOT_ASKED = 0, 1, 2, 3


class FailOn(StrEnum):
    """The least severity that makes the check fail."""

    ERROR = "error"
    WARNING = "warning"


class Format(StrEnum):
    """How findings are written."""

    TEXT = "text"
    JSON = "json"


def check_command(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[PATH]...", help="Files or folders; the working folder if none."),
    ] = None,
    live: Annotated[
        bool, typer.Option("--live", help="Fail when a provider in use cannot be asked.")
    ] = False,
    offline: Annotated[bool, typer.Option("--offline", help="Open no connection.")] = False,
    within: Annotated[
        int | None,
        typer.Option(metavar="DAYS", min=0, help="Retirements within DAYS days are errors."),
    ] = None,
    fail_on: Annotated[
        FailOn, typer.Option(help="The least severity that makes the check fail.")
    ] = FailOn.ERROR,
    format_: Annotated[Format, typer.Option("--format", help="How to write it.")] = Format.TEXT,
) -> None:
    """Check templates for models that cannot be used, and for what else is wrong with them.

    Exit codes: 0 clean, 1 findings, 2 wrong usage or an unreadable file, 3 (with --live) a
    provider in use could not be asked.
    """
    if live and offline:
        raise typer.BadParameter("--live asks providers and --offline forbids it: choose one")
    settings, problems = load(None, os.environ)
    for problem in problems:
        print(f"warning: {problem}", file=sys.stderr)
    asking = Asking.LIVE if live else Asking.OFFLINE if offline else Asking.USUAL
    result = check(paths or [Path()], settings, asking=asking, within_days=within)
    if format_ is Format.TEXT:
        reports.write_text(result, Console(highlight=False))
    else:
        print(reports.write_json(result))
        for sentence in result.problems:
            print(f"error: {sentence}", file=sys.stderr)
    raise typer.Exit(exit_code(result, fail_on, asking))


def exit_code(result: Result, fail_on: FailOn, asking: Asking) -> int:
    """The contract's exit code; of several that apply, 2 before 3 before 1."""
    if result.problems:
        return WRONG_USAGE
    if asking is Asking.LIVE and result.unverified:
        return NOT_ASKED
    found = reports.counts(result)
    failing = found["error"] + (found["warning"] if fail_on is FailOn.WARNING else 0)
    return FOUND if failing else CLEAN
