"""`stagewright chat`: a stage's conversation in the terminal."""

from __future__ import annotations

import os
import signal
import sys
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stagewright.catalog.model import ModelReference
from stagewright.cli.terminal import console, fail, warn
from stagewright.dialects.choragen import FOLDER
from stagewright.dialects.choragen.roles import RoleIndex
from stagewright.dialects.document import Document
from stagewright.files import UnreadableFile, exists, is_folder, read_text
from stagewright.settings import load
from stagewright.workspace import role_index, workspace_root

if TYPE_CHECKING:
    from stagewright.cli.choosing import Choice
    from stagewright.cli.services import Services
    from stagewright.workflows.manager import WorkflowManager

UNANSWERED = 1
WRONG_USAGE = 2


class Seen(StrEnum):
    """What is seen of earlier stages."""

    ANSWERS = "answers"
    STAGE = "stage"
    WORKFLOW = "workflow"


def chat(
    template: Annotated[
        str,
        typer.Argument(
            metavar="TEMPLATE",
            help="A template's file or name. Without it, and without --workflow, both are offered.",
            show_default=False,
        ),
    ] = "",
    workflow: Annotated[
        str,
        typer.Option(
            "--workflow", metavar="ID", help="Continue this workflow.", show_default=False
        ),
    ] = "",
    stage: Annotated[
        str, typer.Option("--stage", metavar="NAME", help="Begin at this stage.")
    ] = "",
    model: Annotated[
        str,
        typer.Option(
            "--model",
            metavar="PROVIDER/MODEL",
            help="The model that answers in the stage at hand, and in later ones that name none.",
        ),
    ] = "",
    request: Annotated[
        str,
        typer.Option(
            "--request", metavar="TEXT", help="What the work is about: a request's id or a title."
        ),
    ] = "",
    context: Annotated[
        Seen | None,
        typer.Option(
            "--context",
            help="What this chat's models see of earlier stages: their last answers, nothing, or "
            "the whole workflow.",
        ),
    ] = None,
) -> None:
    """Run a workflow's stages as a conversation.

    Type /help in it to see what else can be typed. Exit codes: 0 done, 1 a message from a pipe was
    not answered, 2 wrong usage or a file that cannot be read.
    """
    if template and workflow:
        raise typer.BadParameter("name either a TEMPLATE to begin or a --workflow to continue")
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
    from stagewright.cli.conversation import Conversation
    from stagewright.cli.services import services
    from stagewright.workflows.context import MODES
    from stagewright.workflows.errors import WorkflowError
    from stagewright.workflows.requests import clean

    try:
        root, named = _named(template)
        manager = _manager(root)
        if not template and not workflow:
            chosen = _choose(manager)
            if chosen is None:
                return
            named, workflow = chosen.template, chosen.workflow
        if workflow:
            manager.get(workflow)
        else:
            manager.check_template(named, stage or None)
        clean(request)
        with services(settings, os.environ) as running:
            if reference is not None:
                _check_model(running, reference)
            workflow = workflow and _go_on(manager, workflow, request)
            workflow = workflow or _begin(manager, named, stage, request)
            if reference is not None:
                manager.set_model(workflow, reference)
            if context is not None:
                manager.set_context(workflow, next(one for one in MODES if one == context))
            conversation = Conversation(
                root, manager, workflow, _roles(root), settings, os.environ, running
            )
            answered = conversation.run()
    except (WorkflowError, UnreadableFile) as error:
        fail(error)
        raise typer.Exit(WRONG_USAGE) from None
    if not answered:
        raise typer.Exit(UNANSWERED)


def _named(template: str) -> tuple[Path, str | Document]:
    """The workspace, and the template as a document or a name. Raises UnreadableFile."""
    file = Path(template)
    is_there = exists(file) and not is_folder(file)
    if not template or not (file.suffix in (".yaml", ".yml") or is_there):
        return workspace(Path.cwd()), template
    text = read_text(file)
    if text.bad_byte is not None:
        raise UnreadableFile(file, "is not UTF-8", "Save it as UTF-8.")
    return workspace_root(file.absolute()), Document(text.text)


def _manager(root: Path) -> WorkflowManager:
    from stagewright.workflows.manager import WorkflowManager

    manager = WorkflowManager(root)
    manager.repair()
    return manager


def _choose(manager: WorkflowManager) -> Choice | None:
    """What the user chooses to begin or to go on with; shown alone where nobody can be asked."""
    from stagewright.cli.choosing import choose, interactive, show_choices

    out = console()
    if interactive():
        return choose(out, manager)
    show_choices(out, manager)
    raise typer.BadParameter("name a TEMPLATE to begin, or a --workflow to continue")


def _go_on(manager: WorkflowManager, workflow: str, request: str) -> str:
    if request:
        manager.set_request(workflow, request)
    return workflow


def _begin(manager: WorkflowManager, named: str | Document, stage: str, request: str) -> str:
    """A new workflow; at a terminal the user is asked what it is about."""
    from stagewright.cli.choosing import ask_request, interactive

    about: str | None = request
    if not request and interactive():
        about = ask_request(console(), manager)
    return manager.create(named, stage=stage or None, request_id=about).id


def _check_model(running: Services, reference: ModelReference) -> None:
    """Say what is known against a model before anything is sent to it.

    Raises WorkflowError where it cannot be asked.
    """
    from stagewright.catalog.catalog import Standing, Status
    from stagewright.cli.chat_view import doubt
    from stagewright.workflows.errors import WorkflowError
    from stagewright.workflows.sending import not_configured

    provider = running.catalog.provider(reference.provider)
    if provider is None or provider.status is Status.NOT_CONFIGURED:
        raise not_configured(running.catalog, reference)
    catalog = running.look_up(reference)
    said = doubt(catalog, reference)
    if catalog.verdict(reference, now=datetime.now(UTC)).standing is Standing.UNAVAILABLE:
        raise WorkflowError("model-unavailable", f"--model {reference}: {said}")
    if said:
        warn(f"--model {reference}: {said}")


def workspace(folder: Path) -> Path:
    """The nearest folder upwards that has a `.choragen`, else this one."""
    return next((one for one in (folder, *folder.parents) if is_folder(one / FOLDER)), folder)


def _roles(root: Path) -> RoleIndex | None:
    try:
        return role_index(root)
    except UnreadableFile as error:
        warn(f"{error} Until then no stage has a role.")
        return None
