"""The commands about workflows."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Concatenate, ParamSpec

from stagewright.lsp.chats.session import ChatSession
from stagewright.lsp.chats.views import view
from stagewright.lsp.documents import uri_of
from stagewright.lsp.shapes import JsonObject
from stagewright.workflows.manager import WorkflowManager
from stagewright.workflows.state import Workflow

P = ParamSpec("P")


async def workflow_list(
    chat: ChatSession,
    root: str | None = None,
    status: str | None = None,
    template: str | None = None,
    request_id: str | None = None,
) -> JsonObject:
    """The workflows of one folder, or of all, newest first; filters let pass what they fit."""
    service = chat.workflows
    found: list[JsonObject] = []
    problems: list[JsonObject] = []
    for folder in [service.root(root)] if root else service.roots():
        manager = service.manager(folder)
        listing = await service.do(
            partial(manager.list, status=status, template=template, request_id=request_id)
        )
        told = listing.to_json()
        found += [{**one, "root": uri_of(folder)} for one in told["workflows"]]
        problems += told["problems"]
    found.sort(key=lambda workflow: str(workflow["updatedAt"]), reverse=True)
    return {"workflows": found, "problems": problems}


async def workflow_get(chat: ChatSession, workflow_id: str, root: str | None = None) -> JsonObject:
    """One workflow as it is on disk."""
    return await view(chat, chat.workflows.place(root, workflow_id))


async def workflow_trigger_gate(
    chat: ChatSession, workflow_id: str, root: str | None = None, stage: int | None = None
) -> JsonObject:
    """Ask for the approval of an agent-triggered gate."""
    return await _change(chat, root, workflow_id, WorkflowManager.trigger_gate, stage_index=stage)


async def workflow_satisfy_gate(
    chat: ChatSession,
    workflow_id: str,
    root: str | None = None,
    stage: int | None = None,
    action: str | None = None,
    reason: str | None = None,
    confirmed: bool = False,
    without_hooks: bool = False,
) -> JsonObject:
    """Satisfy the current stage's gate, with one of its options if it has any."""
    return await _change(
        chat,
        root,
        workflow_id,
        WorkflowManager.satisfy_gate,
        action=action,
        reason=reason,
        confirmed=confirmed,
        without_hooks=without_hooks,
        stage_index=stage,
    )


async def workflow_advance(
    chat: ChatSession,
    workflow_id: str,
    root: str | None = None,
    stage: int | None = None,
    confirmed: bool = False,
    without_hooks: bool = False,
) -> JsonObject:
    """Close the current stage and open the next."""
    return await _change(
        chat,
        root,
        workflow_id,
        WorkflowManager.advance,
        confirmed=confirmed,
        without_hooks=without_hooks,
        stage_index=stage,
    )


async def workflow_discard(
    chat: ChatSession, workflow_id: str, root: str | None = None, reason: str | None = None
) -> JsonObject:
    """End a workflow, for a reason; one of ours where none is given."""
    return await _change(chat, root, workflow_id, WorkflowManager.discard, reason)


async def workflow_set_request(
    chat: ChatSession, workflow_id: str, request_id: str | None, root: str | None = None
) -> JsonObject:
    """Say what a workflow is about; None says that it is about no request."""
    return await _change(chat, root, workflow_id, WorkflowManager.set_request, request_id)


async def workflow_set_status(
    chat: ChatSession, workflow_id: str, status: str, root: str | None = None
) -> JsonObject:
    """Pause, resume or cancel."""
    return await _change(chat, root, workflow_id, WorkflowManager.set_status, status)


async def _change(
    chat: ChatSession,
    root: str | None,
    workflow_id: str,
    change: Callable[Concatenate[WorkflowManager, str, P], Workflow],
    *args: P.args,
    **kwargs: P.kwargs,
) -> JsonObject:
    place = chat.workflows.place(root, workflow_id)
    await chat.change(place, change, *args, **kwargs)
    return await view(chat, place)
