"""`stagewright chat`: a stage's conversation in the terminal."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stagewright.catalog.model import ModelReference
from stagewright.cli.terminal import fail, warn
from stagewright.files import UnreadableFile, exists, is_folder, read_text
from stagewright.settings import load
from stagewright.templates.roles import RoleIndex
from stagewright.templates.template import Document
from stagewright.workspace import CHORAGEN, role_index, workspace_root

if TYPE_CHECKING:
    from stagewright.workflows.manager import WorkflowManager
    from stagewright.workflows.state import Workflow

WRONG_USAGE = 2


def chat(
    template: Annotated[
        str, typer.Argument(metavar="[TEMPLATE]", help="A template's file or name.")
    ] = "",
    workflow: Annotated[
        str, typer.Option("--workflow", metavar="ID", help="Go on with this workflow instead.")
    ] = "",
    stage: Annotated[
        str, typer.Option("--stage", metavar="NAME", help="Begin at this stage.")
    ] = "",
    model: Annotated[
        str,
        typer.Option(
            "--model",
            metavar="PROVIDER/MODEL",
            help="The model that answers in the stage at hand; each later stage has its own.",
        ),
    ] = "",
) -> None:
    """Run a workflow's stages as a conversation. /help lists what can be typed."""
    if bool(template) == bool(workflow):
        raise typer.BadParameter("name either a TEMPLATE to begin or a --workflow to go on with")
    if stage and workflow:
        raise typer.BadParameter("a workflow goes on at its own stage", param_hint="--stage")
    try:
        reference = ModelReference.parse(model) if model else None
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--model") from error
    settings, problems = load(None, os.environ)
    for problem in problems:
        warn(problem)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))

    # What runs workflows takes a while to import, and --help should not wait for it.
    from stagewright.cli.conversation import Conversation, services
    from stagewright.workflows.errors import WorkflowError

    try:
        root, manager, begun = _begin(template, workflow, stage)
        if reference is not None:
            manager.set_model(begun.id, reference)
    except (WorkflowError, UnreadableFile) as error:
        fail(error)
        raise typer.Exit(WRONG_USAGE) from None
    with services(settings, os.environ) as running:
        Conversation(root, manager, begun.id, _roles(root), settings, os.environ, running).run()


def _begin(template: str, workflow: str, stage: str) -> tuple[Path, WorkflowManager, Workflow]:
    """The workspace and the workflow, begun where there was none."""
    from stagewright.workflows.manager import WorkflowManager

    file = Path(template)
    is_there = exists(file) and not is_folder(file)
    if template and (file.suffix in (".yaml", ".yml") or is_there):
        root = workspace_root(file.absolute())
        text = read_text(file)
        if text.bad_byte is not None:
            raise UnreadableFile(file, "is not UTF-8", "Save it as UTF-8.")
        named: str | Document = Document(text.text)
    else:
        root, named = _workspace(Path.cwd()), template
    manager = WorkflowManager(root)
    manager.repair()
    if workflow:
        return root, manager, manager.get(workflow)
    return root, manager, manager.create(named, stage=stage or None)


def _workspace(folder: Path) -> Path:
    """The nearest folder upwards that has a `.choragen`, else this one."""
    return next((one for one in (folder, *folder.parents) if is_folder(one / CHORAGEN)), folder)


def _roles(root: Path) -> RoleIndex | None:
    try:
        return role_index(root)
    except UnreadableFile as error:
        warn(f"{error} No stage has a role meanwhile.")
        return None
