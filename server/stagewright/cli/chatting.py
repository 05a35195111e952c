"""What `stagewright chat` does: finds or begins a workflow, and holds its conversation."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import typer

from stagewright.catalog.catalog import Standing, Status
from stagewright.catalog.model import ModelReference
from stagewright.cli.chat_view import doubt
from stagewright.cli.choosing import Choice, ask_request, choose, interactive, show_choices
from stagewright.cli.common import workspace
from stagewright.cli.conversation import Conversation
from stagewright.cli.services import Services, services
from stagewright.cli.terminal import console, warn
from stagewright.dialects.choragen.roles import RoleIndex
from stagewright.dialects.document import Document
from stagewright.files import UnreadableFile, exists, is_folder, read_text
from stagewright.settings import ContextMode, Settings
from stagewright.workflows.errors import WorkflowError
from stagewright.workflows.manager import WorkflowManager
from stagewright.workflows.requests import clean
from stagewright.workflows.sending import not_configured
from stagewright.workflows.turns import Defaults
from stagewright.workspace import role_index, workspace_root


class Wish(NamedTuple):
    """What the command line asks for; empty where it says nothing."""

    template: str
    workflow: str
    stage: str
    model: ModelReference | None
    request: str
    context: ContextMode | None


def hold(wish: Wish, settings: Settings) -> bool:
    """Converse until the user ends it; whether every message from a pipe was answered.

    Raises WorkflowError and UnreadableFile.
    """
    root, named = _named(wish.template)
    manager, workflow = WorkflowManager(root), wish.workflow
    manager.repair()
    if not wish.template and not workflow:
        chosen = _choose(manager)
        if chosen is None:
            return True
        named, workflow = chosen.template, chosen.workflow
    if workflow:
        manager.get(workflow)
    else:
        manager.check_template(named, wish.stage or None)
    clean(wish.request)
    with services(settings, os.environ) as running:
        if wish.model is not None:
            _check_model(running, wish.model)
        if not workflow:
            workflow = _begin(manager, named, wish.stage, wish.request)
        elif wish.request:
            manager.set_request(workflow, wish.request)
        if wish.model is not None:
            manager.set_model(workflow, wish.model)
        if wish.context is not None:
            manager.set_context(workflow, wish.context)
        defaults = Defaults(_roles(root), settings.chat.default_model, settings.chat.context)
        return Conversation(root, manager, workflow, defaults, os.environ, running).run()


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


def _choose(manager: WorkflowManager) -> Choice | None:
    """What the user chooses to begin or to go on with; shown alone where nobody can be asked."""
    out = console()
    if interactive():
        return choose(out, manager)
    show_choices(out, manager)
    raise typer.BadParameter("name a TEMPLATE to begin, or a --workflow to continue")


def _begin(manager: WorkflowManager, named: str | Document, stage: str, request: str) -> str:
    """A new workflow; at a terminal the user is asked what it is about."""
    about: str | None = request
    if not request and interactive():
        about = ask_request(console(), manager)
    return manager.create(named, stage=stage or None, request_id=about).id


def _check_model(running: Services, reference: ModelReference) -> None:
    """Say what is known against a model before anything is sent to it.

    Raises WorkflowError where it cannot be asked.
    """
    provider = running.catalog.provider(reference.provider)
    if provider is None or provider.status is Status.NOT_CONFIGURED:
        raise not_configured(running.catalog, reference)
    catalog = running.look_up(reference)
    said = doubt(catalog, reference)
    if catalog.verdict(reference, now=datetime.now(UTC)).standing is Standing.UNAVAILABLE:
        raise WorkflowError("model-unavailable", f"--model {reference}: {said}")
    if said:
        warn(f"--model {reference}: {said}")


def _roles(root: Path) -> RoleIndex | None:
    try:
        return role_index(root)
    except UnreadableFile as error:
        warn(f"{error} Until then no stage has a role.")
        return None
