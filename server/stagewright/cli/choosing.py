"""What can be begun or gone on with, to choose from; and what the work is about."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console

from stagewright.cli import chat_view as view
from stagewright.cli.table import lines
from stagewright.cli.terminal import room
from stagewright.foreign import printable
from stagewright.workflows.index import Summary
from stagewright.workflows.manager import WorkflowManager
from stagewright.workflows.requests import RequestFile
from stagewright.workflows.workspace_files import TemplateName

RECENT = 5
"""Workflows that are offered to go on with."""

REQUESTS_SHOWN = 9

GOES_ON = ("active", "paused", "failed")


@dataclass(frozen=True, slots=True)
class Choice:
    """A template to begin with, or a workflow to go on with."""

    template: str = ""
    workflow: str = ""


def interactive() -> bool:
    """Whether somebody can be asked."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def show_choices(out: Console, manager: WorkflowManager) -> Sequence[Choice]:
    """Show the templates and the recent workflows, numbered; what each number stands for."""
    templates = manager.templates()
    recent = [one for one in manager.list().workflows if one.status in GOES_ON][:RECENT]
    choices = [Choice(template=one.name) for one in templates]
    choices += [Choice(workflow=one.id) for one in recent]
    view.say(out, "Templates", "bold")
    _show(out, [_template_row(n, one) for n, one in enumerate(templates, start=1)])
    if not any(not one.builtin for one in templates):
        view.note(out, f"None of this workspace's own: {manager.templates_folder} has none.")
    if recent:
        view.say(out, "Recent workflows", "bold")
        first = len(templates) + 1
        _show(out, [workflow_row(n, one) for n, one in enumerate(recent, start=first)])
    return choices


def choose(out: Console, manager: WorkflowManager) -> Choice | None:
    """Let the user choose by number or name; None where nothing was chosen."""
    choices = show_choices(out, manager)
    view.say(out, "Which one? Type a number or a name; Enter leaves.", "bold")
    while True:
        said = _ask()
        if not said:
            return None
        if said.isdecimal() and 0 < int(said) <= len(choices):
            return choices[int(said) - 1]
        for choice in choices:
            if said in (choice.template, choice.workflow):
                return choice
        view.problem(out, f"`{said}` is none of these. Type a number from 1 to {len(choices)}.")


def ask_request(out: Console, manager: WorkflowManager) -> str | None:
    """Ask what the work is about; None where that is skipped."""
    found = [one for one in manager.requests().files if one.status != "done"][:REQUESTS_SHOWN]
    what = "a number, an id or a title" if found else "an id or a title"
    _show(out, [_request_row(number, one) for number, one in enumerate(found, start=1)])
    view.say(out, f"What is this work about? Type {what}; Enter skips.", "bold")
    said = _ask()
    if said and said.isdecimal() and 0 < int(said) <= len(found):
        return found[int(said) - 1].id
    return said or None


def _ask() -> str:
    try:
        return input("› ").strip()
    except (EOFError, KeyboardInterrupt):
        print()
        return ""


def _show(out: Console, rows: Sequence[tuple[str, ...]]) -> None:
    for line in lines(rows, room(out), first=1, words=2):
        view.say(out, line)


def _template_row(number: int, template: TemplateName) -> tuple[str, ...]:
    about = "built in" if template.builtin else ""
    return f"{number:>3}  {printable(template.name)}", about


def workflow_row(number: int | None, one: Summary) -> tuple[str, ...]:
    """A line of a list of workflows: which, its status, and what it is about."""
    head = f"{number:>3}  {one.id}" if number is not None else one.id
    stage = one.stage_name or ""
    cells = (head, one.status, one.title, stage, one.template)
    return tuple(printable(cell) for cell in cells)


def _request_row(number: int, request: RequestFile) -> tuple[str, ...]:
    cells = (f"{number:>3}  {request.id}", request.status, request.title)
    return tuple(printable(cell) for cell in cells)
