"""The commands about workflows."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Concatenate, ParamSpec

from stagewright.lsp.chats.conversation import WorkflowPlace
from stagewright.lsp.chats.session import ChatSession
from stagewright.lsp.chats.views import summary_json, view
from stagewright.lsp.commands import arguments
from stagewright.lsp.shapes import JsonObject
from stagewright.workflows.manager import WorkflowManager
from stagewright.workflows.state import Workflow

P = ParamSpec("P")


async def workflow_list(chat: ChatSession, argument: arguments.ListWorkflows) -> JsonObject:
    """The workflows of one folder, or of all, newest first."""
    service = chat.workflows
    roots = [service.root(argument.root)] if argument.root else service.roots()
    found: list[JsonObject] = []
    problems: list[JsonObject] = []
    for root in roots:
        manager = service.manager(root)
        listing = await service.do(
            lambda manager=manager: manager.list(  # type: ignore[misc]
                status=argument.status,
                template=argument.template,
                request_id=argument.request_id,
            )
        )
        found += [summary_json(summary, root) for summary in listing.workflows]
        problems += [
            {"path": str(problem.path), "message": problem.message} for problem in listing.problems
        ]
    found.sort(key=lambda workflow: str(workflow["updatedAt"]), reverse=True)
    return {"workflows": found, "problems": problems}


async def workflow_get(chat: ChatSession, argument: arguments.WorkflowArgument) -> JsonObject:
    """One workflow as it is on disk."""
    service = chat.workflows
    return await view(chat.session, service, service.root(argument.root), argument.workflow_id)


async def workflow_trigger_gate(chat: ChatSession, argument: arguments.TriggerGate) -> JsonObject:
    """Ask for the approval of an agent-triggered gate."""
    return await _change(chat, argument, WorkflowManager.trigger_gate, stage_index=argument.stage)


async def workflow_satisfy_gate(chat: ChatSession, argument: arguments.SatisfyGate) -> JsonObject:
    """Satisfy the current stage's gate, with one of its options if it has any."""
    return await _change(
        chat,
        argument,
        WorkflowManager.satisfy_gate,
        action=argument.action,
        reason=argument.reason,
        confirmed=argument.confirmed,
        without_hooks=argument.without_hooks,
        stage_index=argument.stage,
    )


async def workflow_advance(chat: ChatSession, argument: arguments.Advance) -> JsonObject:
    """Close the current stage and open the next."""
    return await _change(
        chat,
        argument,
        WorkflowManager.advance,
        confirmed=argument.confirmed,
        without_hooks=argument.without_hooks,
        stage_index=argument.stage,
    )


async def workflow_discard(chat: ChatSession, argument: arguments.Discard) -> JsonObject:
    """End a workflow for a reason."""
    return await _change(chat, argument, WorkflowManager.discard, argument.reason)


async def workflow_set_request(chat: ChatSession, argument: arguments.SetRequest) -> JsonObject:
    """Say what a workflow is about."""
    return await _change(chat, argument, WorkflowManager.set_request, argument.request_id)


async def workflow_set_status(chat: ChatSession, argument: arguments.SetStatus) -> JsonObject:
    """Pause, resume or cancel."""
    return await _change(chat, argument, WorkflowManager.set_status, argument.status)


async def _change(
    chat: ChatSession,
    argument: arguments.WorkflowArgument,
    change: Callable[Concatenate[WorkflowManager, str, P], Workflow],
    *args: P.args,
    **kwargs: P.kwargs,
) -> JsonObject:
    service = chat.workflows
    root = service.root(argument.root)
    work = partial(change, service.manager(root), argument.workflow_id, *args, **kwargs)
    workflow = await service.change(root, work)
    chat.transcripts.changed(WorkflowPlace(root, workflow.id))
    return await view(chat.session, service, root, workflow.id)
