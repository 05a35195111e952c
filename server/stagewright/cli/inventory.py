"""`stagewright inventory`: which models files name, where, and how long these will live."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from stagewright.analysis.inventory import Inventory, to_json
from stagewright.analysis.inventory_csv import to_csv
from stagewright.analysis.report_text import to_text
from stagewright.cli import common
from stagewright.cli.checking.inventory import take_inventory
from stagewright.cli.checking.result import Asking
from stagewright.cli.checking.run import Request
from stagewright.cli.progress import progress_bar
from stagewright.cli.reports.common import not_verified
from stagewright.cli.reports.inventory_text import write_inventory
from stagewright.cli.terminal import console, fail, say_json, say_lines, warn
from stagewright.foreign import visible

DONE, WRONG_USAGE, NOT_ASKED = 0, 2, 3


Format = Literal["text", "json", "csv"]
"""How the inventory is written."""


def inventory_command(
    paths: common.Paths = None,
    live: common.Live = False,
    offline: common.Offline = False,
    no_code: common.NoCode = False,
    format_: Annotated[Format, typer.Option("--format", help="Output format.")] = "text",
) -> None:
    """List every model that files name, where, and when it ends; the soonest end first.

    Exit codes: 0 listed, 2 wrong usage or a file that cannot be opened, 3 (with --live) a provider
    in use could not be asked. Of several, 2 before 3.
    """
    asking = common.asking(live=live, offline=offline)
    settings = common.settings()
    request = Request(paths or [Path()], asking, code=not no_code)
    with progress_bar("Reading") as advance:
        taken = take_inventory(request, settings, os.environ, advance)
    failed = asking is Asking.LIVE and bool(taken.unverified)
    report(taken, format_, failed=failed)
    raise typer.Exit(WRONG_USAGE if taken.problems else NOT_ASKED if failed else DONE)


def report(taken: Inventory, format_: Format, *, failed: bool) -> None:
    """Write it to stdout; what a program that reads it would miss goes to stderr."""
    for sentence in taken.warnings:
        warn(sentence)
    if format_ == "text":
        write_inventory(taken, console(), datetime.now(UTC).date(), failed=failed)
        return
    for sentence in taken.problems:
        fail(sentence)
    if format_ == "json":
        say_json(f"{to_text(to_json(taken))}\n")
        return
    for one in taken.unverified:
        console(stderr=True).print(visible(not_verified(one)), markup=False, soft_wrap=True)
    say_lines(to_csv(taken.rows))
