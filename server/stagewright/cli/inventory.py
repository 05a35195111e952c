"""`stagewright inventory`: which models files name, where, and how long these will live."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from stagewright.analysis.inventory import Inventory, to_json
from stagewright.analysis.inventory_csv import to_csv
from stagewright.analysis.report_text import to_text
from stagewright.cli import looking
from stagewright.cli.checking.inventory import take_inventory
from stagewright.cli.checking.result import Asking
from stagewright.cli.checking.run import Request
from stagewright.cli.progress import progress_bar
from stagewright.cli.reports.common import not_verified
from stagewright.cli.reports.inventory_text import write_inventory
from stagewright.cli.terminal import console, fail, say_json, say_lines, warn
from stagewright.foreign import visible
from stagewright.settings import load

DONE, WRONG_USAGE, NOT_ASKED, INTERRUPTED = 0, 2, 3, 130


class Format(StrEnum):
    """How the inventory is written."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"


def inventory_command(
    paths: looking.Paths = None,
    live: looking.Live = False,
    offline: looking.Offline = False,
    no_code: looking.NoCode = False,
    format_: Annotated[Format, typer.Option("--format", help="Output format.")] = Format.TEXT,
) -> None:
    """List every model that files name, where, and when it ends; the soonest end first.

    Exit codes: 0 listed, 2 wrong usage or a file that cannot be opened, 3 (with --live) a provider
    in use could not be asked. Of several, 2 before 3.
    """
    asking = looking.asking(live=live, offline=offline)
    settings, problems = load(None, os.environ)
    for problem in problems:
        warn(problem)
    request = Request(paths or [Path()], asking, code=not no_code)
    try:
        with progress_bar("Reading") as advance:
            taken = take_inventory(request, settings, os.environ, advance)
        failed = asking is Asking.LIVE and bool(taken.unverified)
        report(taken, format_, failed=failed)
    except KeyboardInterrupt:
        raise typer.Exit(INTERRUPTED) from None
    raise typer.Exit(WRONG_USAGE if taken.problems else NOT_ASKED if failed else DONE)


def report(taken: Inventory, format_: Format, *, failed: bool) -> None:
    """Write it to stdout; what a program that reads it would miss goes to stderr."""
    for sentence in taken.warnings:
        warn(sentence)
    if format_ is Format.TEXT:
        write_inventory(taken, console(), datetime.now(UTC).date(), failed=failed)
        return
    for sentence in taken.problems:
        fail(sentence)
    if format_ is Format.JSON:
        say_json(f"{to_text(to_json(taken))}\n")
        return
    for one in taken.unverified:
        console(stderr=True).print(visible(not_verified(one)), markup=False, soft_wrap=True)
    say_lines(to_csv(taken.rows))
