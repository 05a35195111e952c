"""Workflows as clients see them."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from stagewright.catalog.effective import Effective
from stagewright.catalog.model import ModelReference
from stagewright.lsp.chats.conversation import WorkflowPlace
from stagewright.lsp.chats.session import ChatSession
from stagewright.lsp.chats.workflows import Workflows
from stagewright.lsp.documents import uri_of
from stagewright.lsp.session import Session
from stagewright.lsp.shapes import JsonObject
from stagewright.workflows.chat import Running
from stagewright.workflows.context import superseded
from stagewright.workflows.endings import outcome
from stagewright.workflows.errors import WorkflowError
from stagewright.workflows.lifecycle import hooks_on_leaving, waits_for
from stagewright.workflows.sending import preview
from stagewright.workflows.state import Workflow


class _Look(NamedTuple):
    """What is to be seen of a workflow, of one reading."""

    workflow: Workflow
    title: str
    effective: Effective
    default: Effective
    context: JsonObject | None


async def view(chat: ChatSession, place: WorkflowPlace) -> JsonObject:
    """A workflow as clients see it."""
    session, workflows, root = chat.session, chat.workflows, place.root
    manager = workflows.manager(root)
    # Nothing is awaited behind this: the client hears of an answer's end behind this view.
    look, running = await workflows.read(
        place, lambda workflow: _look(session, workflows, root, workflow)
    )
    workflow = look.workflow
    if look.effective.model is not None and workflow.status == "active":
        session.spawn(_prepare(workflows, look.effective.model))
    return {
        "workflow": workflow.to_json(),
        "title": look.title,
        "effective": look.effective.to_json(),
        "default": look.default.to_json(),
        "endings": endings_json(workflow, running),
        "superseded": sorted(superseded(workflow)),
        "context": look.context,
        "leaving": leaving_json(workflow),
        "path": uri_of(manager.path(workflow.id)),
        "transcriptPath": uri_of(manager.transcript_path(workflow.id)),
        "root": uri_of(root),
        "run": running and running_json(running),
    }


def _look(session: Session, workflows: Workflows, root: Path, workflow: Workflow) -> _Look:
    manager, defaults = workflows.manager(root), workflows.defaults(root)
    effective, default = manager.get_models(workflow, defaults)
    context: JsonObject | None = None  # what the current stage's model sees of earlier stages
    # Nothing is asked where every stage is done; or sending will say what cannot be read.
    with suppress(WorkflowError):
        material = manager.turn_material(workflow, defaults)
        sent = preview(material, session.catalog, effective.model, None)
        context = sent.context.to_json()
    return _Look(workflow, manager.title(workflow), effective, default, context)


async def _prepare(workflows: Workflows, model: ModelReference) -> None:
    """Whoever looks at a workflow may send soon, and an SDK takes a second to load."""
    await (await workflows.chats()).prepare(model)


def endings_json(workflow: Workflow, running: Running | None) -> JsonObject:
    """How the answers that are not whole ended, by their ids; without the one that is coming."""
    answers = [
        message
        for message in workflow.messages
        if message.role in ("control", "impl")
        and not (running and message.id == running.message_id)
    ]
    outcomes = {message.id: outcome(message) for message in answers}
    return {
        key: {"ended": one.how, "reason": one.why}
        for key, one in outcomes.items()
        if one.how != "whole"
    }


def leaving_json(workflow: Workflow) -> JsonObject | None:
    """What leaving the current stage asks for, so that a client can ask it all in one step."""
    stage = workflow.stage
    if stage is None:
        return None
    confirm = [] if stage.gate.satisfied else waits_for(stage.gate, stage)
    return {"confirm": confirm, "hooks": [hook.to_json() for hook in hooks_on_leaving(workflow)]}


def running_json(running: Running) -> JsonObject:
    """An answer that is coming, as far as the client has been told."""
    return {
        "runId": running.run_id,
        "messageId": running.message_id,
        "model": running.model.to_json(),
        "origin": running.origin.value,
        "text": running.text,
    }
