"""`stagewright chat`: a stage's conversation in the terminal."""

from __future__ import annotations

import signal
import sys
from typing import Annotated

import typer

from stagewright.catalog.model import ModelReference
from stagewright.cli import common
from stagewright.cli.terminal import fail
from stagewright.files import UnreadableFile
from stagewright.settings import ContextMode
from stagewright.workflows.errors import WorkflowError

UNANSWERED = 1
WRONG_USAGE = 2


def chat_command(
    template: Annotated[
        str,
        typer.Argument(
            metavar="TEMPLATE",
            help="A template's file or name. Without it, and without --workflow, both are offered.",
            show_default=False,
        ),
    ] = "",
    workflow: Annotated[
        str, typer.Option(metavar="ID", help="Continue this workflow.", show_default=False)
    ] = "",
    stage: Annotated[str, typer.Option(metavar="NAME", help="Begin at this stage.")] = "",
    model: Annotated[
        str,
        typer.Option(
            metavar="PROVIDER/MODEL",
            help="The model that answers in the stage at hand, and in later ones that name none.",
        ),
    ] = "",
    request: Annotated[
        str,
        typer.Option(metavar="TEXT", help="What the work is about: a request's id or a title."),
    ] = "",
    context: Annotated[
        ContextMode | None,
        typer.Option(
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
    settings = common.settings()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))

    # What runs workflows takes a while to import, and --help should not wait for it.
    from stagewright.cli.chatting import Wish, hold

    try:
        answered = hold(Wish(template, workflow, stage, reference, request, context), settings)
    except (WorkflowError, UnreadableFile) as error:
        fail(error)
        raise typer.Exit(WRONG_USAGE) from None
    if not answered:
        raise typer.Exit(UNANSWERED)
