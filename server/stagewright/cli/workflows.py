"""`stagewright workflows`: the workflows of this project, newest first."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.console import Console
from rich.text import Text

from stagewright.cli.common import TextOrJson, workspace
from stagewright.cli.table import lines
from stagewright.cli.terminal import console, fail, room, say_json
from stagewright.workflows.errors import WorkflowError

JSON_VERSION = 1
UNREADABLE = 2

Status = Literal["active", "paused", "completed", "failed", "cancelled", "discarded"]
"""How a workflow stands."""


def workflows_command(
    status: Annotated[Status | None, typer.Option(help="Only those with this status.")] = None,
    format_: TextOrJson = "text",
) -> None:
    """List the workflows of this project, newest first.

    `stagewright chat --workflow ID` continues one. Exit codes: 0 listed, 2 wrong usage or a
    workflow file that cannot be read.
    """
    from stagewright.workflows.manager import WorkflowManager  # and pydantic

    root = workspace(Path.cwd())
    try:
        listing = WorkflowManager(root).list(status=status)
    except WorkflowError as error:
        fail(error)
        raise typer.Exit(UNREADABLE) from None
    if format_ == "json":
        report = {"version": JSON_VERSION, **listing.to_json()}
        say_json(f"{json.dumps(report, indent=2)}\n")
    else:
        _write(console(), listing.workflows, root, status)
    for problem in listing.problems if format_ == "text" else ():
        fail(problem.message)
    if listing.problems:
        raise typer.Exit(UNREADABLE)


def _write(out: Console, workflows: Sequence[Any], root: Path, status: Status | None) -> None:
    # What chats need is imported here too.
    from stagewright.cli import chat_view as view
    from stagewright.cli.choosing import workflow_row

    if not workflows:
        wanted = f"{status} " if status else ""
        view.say(
            out,
            f"No {wanted}workflows in {root / '.choragen' / 'workflows'}. "
            "Begin one with: stagewright chat",
        )
        return
    heading = ("WORKFLOW", "STATUS", "ABOUT", "STAGE", "TEMPLATE", "CHANGED")
    rows = [(*workflow_row(None, one), _minute(one.updated_at)) for one in workflows]
    for number, line in enumerate(lines([heading, *rows], room(out), words=2)):
        style = "bold dim" if number == 0 else ""
        out.print(Text(line, style), soft_wrap=True)


def _minute(timestamp: str) -> str:
    """A timestamp of a file in local time, to the minute; as it is where it is none."""
    try:
        return f"{datetime.fromisoformat(timestamp).astimezone():%Y-%m-%d %H:%M}"
    except ValueError:
        return timestamp
