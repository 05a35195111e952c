"""The commands about workflows and chats, and the notifications of a running chat."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from stagewright.catalog.effective import Effective
from stagewright.lsp import protocol
from stagewright.lsp.documents import path_of, uri_of
from stagewright.lsp.files import read_file
from stagewright.lsp.protocol import failure
from stagewright.workspace import workspace_root

if TYPE_CHECKING:
    from stagewright.lsp.server import StagewrightServer
    from stagewright.workflows.chat import Chats
    from stagewright.workflows.manager import Summary, WorkflowManager
    from stagewright.workflows.state import Workflow

Answer = TypeVar("Answer")
Json = dict[str, Any]


class Workflows:
    """The managers of the workspace's folders and the chats that run in them.

    Everything about workflows is imported here when the first command about them comes.
    """

    def __init__(self, server: StagewrightServer) -> None:
        self._server = server
        self._managers: dict[Path, WorkflowManager] = {}
        self._chats: Chats | None = None

    def manager(self, root: Path) -> WorkflowManager:
        """The workflows of one folder."""
        if root not in self._managers:
            from stagewright.workflows.manager import WorkflowManager

            self._managers[root] = WorkflowManager(root)
        return self._managers[root]

    async def do(self, work: Callable[[], Answer]) -> Answer:
        """Run file work beside the event loop; a refusal reaches the client with its code."""
        from stagewright.workflows.errors import WorkflowError

        try:
            return await asyncio.to_thread(work)
        except WorkflowError as error:
            raise failure(error.code, str(error), error.data) from error

    def root(self, uri: str | None) -> Path:
        """The folder that a command is about."""
        roots = self._server.roots()
        if uri is not None:
            path = path_of(uri)
            if path is None or path not in roots:
                raise failure("root-unknown", f"{uri} is no folder of this workspace.")
            return path
        if len(roots) == 1:
            return roots[0]
        if not roots:
            raise failure("no-folder", "Open a folder first: workflows are kept in its files.")
        raise failure("root-needed", "This workspace has several folders: say which as 'root'.")

    async def view(self, root: Path, workflow: Workflow) -> Json:
        """A workflow as clients see it."""
        manager = self.manager(root)
        effective = await self.effective(root, workflow.id)
        running = self._chats.running(root, workflow.id) if self._chats else None
        return {
            "workflow": workflow.to_json(),
            "effective": effective_json(effective),
            "path": uri_of(manager.path(workflow.id)),
            "transcriptPath": uri_of(manager.transcript_path(workflow.id)),
            "root": uri_of(root),
            "run": running,
        }

    async def effective(self, root: Path, workflow_id: str) -> Effective:
        """The model of the current stage, and why."""
        session = self._server.session
        if session.roles_of(root) is None:
            await session.read_roles(root)
        return await self.do(
            lambda: self.manager(root).get_current_model(
                workflow_id,
                roles=session.roles_of(root),
                setting=session.settings.chat.default_model,
            )
        )


def effective_json(effective: Effective) -> Json:
    """An effective model with its origin."""
    model = effective.model
    return {
        "model": model and {"provider": model.provider, "model": model.model},
        "origin": effective.origin.value,
    }


# Commands


async def workflow_list(ls: StagewrightServer, argument: protocol.ListWorkflows) -> Json:
    """The workflows of one folder, or of all, newest first."""
    service = ls.workflows
    roots = [service.root(argument.root)] if argument.root else ls.roots()
    found: list[Json] = []
    problems: list[Json] = []
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


async def workflow_get(ls: StagewrightServer, argument: protocol.Workflow) -> Json:
    """One workflow as it is on disk."""
    return await _view(ls, argument, lambda manager: manager.get(argument.workflow_id))


async def workflow_trigger_gate(ls: StagewrightServer, argument: protocol.Workflow) -> Json:
    """Ask for the approval of an agent-triggered gate."""
    return await _view(ls, argument, lambda manager: manager.trigger_gate(argument.workflow_id))


async def workflow_satisfy_gate(ls: StagewrightServer, argument: protocol.SatisfyGate) -> Json:
    """Satisfy the current stage's gate, with one of its options if it has any."""
    return await _view(
        ls,
        argument,
        lambda manager: manager.satisfy_gate(
            argument.workflow_id,
            action=argument.action,
            reason=argument.reason,
            confirmed=argument.confirmed,
            without_hooks=argument.without_hooks,
        ),
    )


async def workflow_advance(ls: StagewrightServer, argument: protocol.Advance) -> Json:
    """Close the current stage and open the next."""
    return await _view(
        ls,
        argument,
        lambda manager: manager.advance(
            argument.workflow_id,
            confirmed=argument.confirmed,
            without_hooks=argument.without_hooks,
        ),
    )


async def workflow_discard(ls: StagewrightServer, argument: protocol.Discard) -> Json:
    """End a workflow for a reason."""
    return await _view(
        ls, argument, lambda manager: manager.discard(argument.workflow_id, argument.reason)
    )


async def workflow_set_status(ls: StagewrightServer, argument: protocol.SetStatus) -> Json:
    """Pause, resume or cancel."""
    return await _view(
        ls, argument, lambda manager: manager.set_status(argument.workflow_id, argument.status)
    )


async def chat_start(ls: StagewrightServer, argument: protocol.StartChat) -> Json:
    """A new workflow, from an open or saved template or from a name."""
    service = ls.workflows
    if argument.uri is not None:
        file = await read_file(ls, argument.uri)
        path = path_of(argument.uri)
        if file is None or path is None:
            raise failure("template-unknown", f"{argument.uri} is no template that can be read.")
        root = service.root(argument.root) if argument.root else workspace_root(path)
        template: Any = file.document
    elif argument.template is not None:
        root, template = service.root(argument.root), argument.template
    else:
        raise failure("template-needed", "Say which template to start: by 'uri' or 'template'.")
    manager = service.manager(root)
    workflow = await service.do(
        lambda: manager.create(template, stage=argument.stage, request_id=argument.request_id)
    )
    return await service.view(root, workflow)


async def chat_set_model(ls: StagewrightServer, argument: protocol.SetChatModel) -> Json:
    """Switch the model for the rest of the stage."""
    service = ls.workflows
    root = service.root(argument.root)
    manager = service.manager(root)
    await service.do(lambda: manager.set_model(argument.workflow_id, argument.model))
    return effective_json(await service.effective(root, argument.workflow_id))


async def _view(
    ls: StagewrightServer,
    argument: Any,
    work: Callable[[WorkflowManager], Workflow],
) -> Json:
    service = ls.workflows
    root = service.root(argument.root)
    manager = service.manager(root)
    return await service.view(root, await service.do(lambda: work(manager)))


def summary_json(summary: Summary, root: Path) -> Json:
    """One row of a list of workflows."""
    return {
        "id": summary.id,
        "requestId": summary.request_id,
        "status": summary.status,
        "template": summary.template,
        "currentStage": summary.current_stage,
        "stageName": summary.stage_name,
        "updatedAt": summary.updated_at,
        "messageCount": summary.message_count,
        "root": uri_of(root),
    }


Handler = Callable[["StagewrightServer", Any], Awaitable[Json]]

COMMANDS: dict[str, tuple[type, Handler]] = {
    "stagewright.chat.start": (protocol.StartChat, chat_start),
    "stagewright.chat.setModel": (protocol.SetChatModel, chat_set_model),
    "stagewright.workflow.list": (protocol.ListWorkflows, workflow_list),
    "stagewright.workflow.get": (protocol.Workflow, workflow_get),
    "stagewright.workflow.triggerGate": (protocol.Workflow, workflow_trigger_gate),
    "stagewright.workflow.satisfyGate": (protocol.SatisfyGate, workflow_satisfy_gate),
    "stagewright.workflow.advance": (protocol.Advance, workflow_advance),
    "stagewright.workflow.discard": (protocol.Discard, workflow_discard),
    "stagewright.workflow.setStatus": (protocol.SetStatus, workflow_set_status),
}
