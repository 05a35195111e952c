"""Workflows as clients see them."""

from __future__ import annotations

from pathlib import Path

from stagewright.catalog.effective import Effective
from stagewright.catalog.model import ModelReference
from stagewright.lsp.chats.workflows import Workflows
from stagewright.lsp.documents import uri_of
from stagewright.lsp.session import Session
from stagewright.lsp.shapes import JsonObject, effective_json, model_json
from stagewright.workflows.chat import Running
from stagewright.workflows.context import superseded
from stagewright.workflows.endings import outcome
from stagewright.workflows.errors import WorkflowError
from stagewright.workflows.index import Summary
from stagewright.workflows.lifecycle import hooks_on_leaving, waits_for
from stagewright.workflows.sending import preview
from stagewright.workflows.state import Workflow


async def view(
    session: Session, workflows: Workflows, root: Path, workflow: Workflow
) -> JsonObject:
    """A workflow as clients see it."""
    manager = workflows.manager(root)
    effective = await workflows.effective(root, workflow.id)
    if effective.model is not None and workflow.status == "active":
        session.spawn(_prepare(workflows, effective.model))
    title = await workflows.do(lambda: manager.title(workflow))
    default = await workflows.default(root, workflow.id)
    context = await _context(session, workflows, root, workflow, effective)
    # Last, so that no answer ends behind it: the client would have heard of that before.
    workflow, running = await workflows.state(root, workflow.id)
    return {
        "workflow": workflow.to_json(),
        "title": title,
        "effective": effective_json(effective),
        "default": effective_json(default),
        "endings": endings_json(workflow, running),
        "superseded": sorted(superseded(workflow)),
        "context": context,
        "leaving": leaving_json(workflow),
        "path": uri_of(manager.path(workflow.id)),
        "transcriptPath": uri_of(manager.transcript_path(workflow.id)),
        "root": uri_of(root),
        "run": running and running_json(running),
    }


async def _context(
    session: Session, workflows: Workflows, root: Path, workflow: Workflow, effective: Effective
) -> JsonObject | None:
    """What the current stage's model sees of earlier stages; None where nothing is asked."""
    manager = workflows.manager(root)

    def look() -> JsonObject | None:
        try:
            material = manager.turn_material(
                workflow.id, session.roles_of(root), context=session.settings.chat.context
            )
        except WorkflowError:
            return None  # every stage is done, or sending will say what cannot be read
        sent = preview(material, session.catalog, effective.model, None)
        return sent.context.to_json()

    return await workflows.do(look)


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
        "model": model_json(running.model),
        "origin": running.origin.value,
        "text": running.text,
    }


def summary_json(summary: Summary, root: Path) -> JsonObject:
    """One row of a list of workflows."""
    return {
        "id": summary.id,
        "requestId": summary.request_id,
        "title": summary.title,
        "status": summary.status,
        "template": summary.template,
        "currentStage": summary.current_stage,
        "stageName": summary.stage_name,
        "updatedAt": summary.updated_at,
        "messageCount": summary.message_count,
        "root": uri_of(root),
    }
