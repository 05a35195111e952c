"""The workflows of the client's folders, and the commands about them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from lsprotocol import types

from stagewright.catalog.effective import Effective
from stagewright.catalog.model import ModelReference
from stagewright.files import is_folder
from stagewright.lsp import protocol
from stagewright.lsp.documents import identity, path_of, uri_of
from stagewright.lsp.notifications import CHAT_DELTA, CHAT_FAILED, CHAT_FINISHED, CHAT_STARTED
from stagewright.lsp.protocol import failure
from stagewright.lsp.transcripts import Conversation
from stagewright.workspace import CHORAGEN

if TYPE_CHECKING:
    from stagewright.lsp.server import StagewrightServer
    from stagewright.workflows.chat import Chats, Running
    from stagewright.workflows.manager import Summary, WorkflowManager
    from stagewright.workflows.run import RunEvent
    from stagewright.workflows.state import Workflow

Answer = TypeVar("Answer")
Json = dict[str, Any]

FILE_THREADS = 4
"""Threads for the files of workflows, none of those that everything else needs."""


class Workflows:
    """The managers of the workspace's folders and the chats that run in them.

    What runs workflows (pydantic, the file lock) is imported when the first command about them
    comes.
    """

    def __init__(self, server: StagewrightServer) -> None:
        self._server = server
        self._managers: dict[Path, WorkflowManager] = {}
        self._chats: Chats | None = None
        self._threads = ThreadPoolExecutor(FILE_THREADS, thread_name_prefix="stagewright-files")
        self._closed = False

    def manager(self, root: Path) -> WorkflowManager:
        """The workflows of one folder."""
        if root not in self._managers:
            from stagewright.workflows.manager import WorkflowManager

            self._managers[root] = WorkflowManager(root)
        return self._managers[root]

    async def chats(self) -> Chats:
        """The answers that are coming."""
        registry = await self._server.session.awake()
        if self._chats is None:  # asked behind the wait, so that there is only one
            from stagewright.workflows.chat import Chats

            self._chats = Chats(
                provider=registry.provider,
                catalog=lambda: self._server.session.catalog,
                on_event=self._heard,
                on_refused=registry.mark_refused,
            )
        return self._chats

    def running(self, root: Path, workflow_id: str) -> Running | None:
        """The answer that is coming in a workflow."""
        return self._chats.running(root, workflow_id) if self._chats else None

    async def state(self, root: Path, workflow_id: str) -> tuple[Workflow, Running | None]:
        """A workflow as it is on disk, and the answer that is coming in it."""
        return await with_answer(
            lambda: self.do(lambda: self.manager(root).get(workflow_id)),
            lambda: self.running(root, workflow_id),
        )

    def _heard(self, event: RunEvent) -> None:
        notify_client(self._server, event)
        self._server.transcripts.heard(event)

    async def close(self) -> None:
        """Stop all answers; what has come is saved."""
        if self._chats is not None:
            await self._chats.close()
        self._closed = True
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def do(self, work: Callable[[], Answer]) -> Answer:
        """Run file work beside the event loop; a refusal reaches the client with its code."""
        if self._closed:
            raise failure("shutting-down", "Stagewright is ending: nothing was done.")
        with refusals():
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    async def change(self, root: Path, work: Callable[[], Answer]) -> Answer:
        """The same for work that writes in a folder. While another program holds that folder, it
        waits without a thread: reading, and all other folders, go on."""
        if self._closed:
            raise failure("shutting-down", "Stagewright is ending: nothing was done.")
        with refusals():
            return await self.manager(root).in_turn(work, self._threads)

    def root(self, uri: str | None) -> Path:
        """The folder that a command is about: one of the workspace, or one with a `.choragen` of
        its own in it, or that of a file from which a workflow was started."""
        roots = self._server.roots() or list(self._managers)
        if uri is not None:
            path = self._as_known(path_of(uri), roots)
            if path is None or not (
                path in roots or path in self._managers or _nested(path, roots)
            ):
                raise failure("root-unknown", f"{uri} is no folder of this workspace.")
            return path
        if len(roots) == 1:
            return roots[0]
        if not roots:
            raise failure("no-folder", "Open a folder first: workflows are kept in its files.")
        raise failure("root-needed", "This workspace has several folders: say which as 'root'.")

    def _as_known(self, path: Path | None, roots: list[Path]) -> Path | None:
        """A folder by the name under which its workflows are known, if they are."""
        known = (*roots, *self._managers)
        if path is None or path in known:
            return path
        wanted = identity(path)
        return next((one for one in known if identity(one) == wanted), path)

    def roots(self) -> list[Path]:
        """The folders whose workflows are known: the workspace's, those in them whose templates or
        roles have been read, and those in which a workflow was begun."""
        roots = self._server.roots()
        nested = [path for path in self._server.session.roles if _nested(path, roots)]
        return list(dict.fromkeys([*roots, *nested, *self._managers]))

    async def view(self, root: Path, workflow: Workflow) -> Json:
        """A workflow as clients see it."""
        from stagewright.workflows.context import superseded

        manager = self.manager(root)
        effective = await self.effective(root, workflow.id)
        if effective.model is not None and workflow.status == "active":
            self._server.session.spawn(self._prepare(effective.model))
        title = await self.do(lambda: manager.title(workflow))
        default = await self._default(root, workflow.id)
        context = await self._context(root, workflow, effective)
        # Last, so that no answer ends behind it: the client would have heard of that before.
        workflow, running = await self.state(root, workflow.id)
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

    async def _context(self, root: Path, workflow: Workflow, effective: Effective) -> Json | None:
        """What the current stage's model sees of earlier stages; None where nothing is asked."""
        from stagewright.workflows.chat import preview
        from stagewright.workflows.errors import WorkflowError

        session, manager = self._server.session, self.manager(root)

        def look() -> Json | None:
            try:
                material = manager.turn_material(
                    workflow.id, session.roles_of(root), context=session.settings.chat.context
                )
            except WorkflowError:
                return None  # every stage is done, or sending will say what cannot be read
            sent = preview(material, session.catalog, effective.model, None)
            return sent.context.to_json()

        return await self.do(look)

    async def _prepare(self, model: ModelReference) -> None:
        """Whoever looks at a workflow may send soon, and an SDK takes a second to load."""
        await (await self.chats()).prepare(model)

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

    async def _default(self, root: Path, workflow_id: str) -> Effective:
        """The model that the current stage would use had none been chosen in the chat."""
        session = self._server.session
        return await self.do(
            lambda: self.manager(root).get_default_model(
                workflow_id,
                roles=session.roles_of(root),
                setting=session.settings.chat.default_model,
            )
        )


def _nested(path: Path, roots: list[Path]) -> bool:
    """Whether a project of its own lies in one of the folders, as in a repository of several."""
    inside = ".." not in path.parts and any(root in path.parents for root in roots)
    return inside and is_folder(path / CHORAGEN)


@contextmanager
def refusals() -> Iterator[None]:
    """A refused request reaches the client as it is: a sentence, a code, what to confirm."""
    from stagewright.workflows.errors import WorkflowError

    try:
        yield
    except WorkflowError as error:
        raise failure(error.code, error.message, error.data) from error


def model_json(model: ModelReference) -> Json:
    """A model as the pair."""
    return {"provider": model.provider, "model": model.model}


def effective_json(effective: Effective) -> Json:
    """An effective model with its origin."""
    return {
        "model": model_json(effective.model) if effective.model else None,
        "origin": effective.origin.value,
    }


def endings_json(workflow: Workflow, running: Running | None) -> Json:
    """How the answers that are not whole ended, by their ids; without the one that is coming."""
    from stagewright.workflows.endings import outcome

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


def leaving_json(workflow: Workflow) -> Json | None:
    """What leaving the current stage asks for, so that a client can ask it all in one step."""
    from stagewright.workflows.lifecycle import hooks_on_leaving, waits_for

    stage = workflow.stage
    if stage is None:
        return None
    confirm = [] if stage.gate.satisfied else waits_for(stage.gate, stage)
    return {"confirm": confirm, "hooks": [hook.to_json() for hook in hooks_on_leaving(workflow)]}


def running_json(running: Running) -> Json:
    """An answer that is coming, as far as the client has been told."""
    return {
        "runId": running.run_id,
        "messageId": running.message_id,
        "model": model_json(running.model),
        "origin": running.origin.value,
        "text": running.text,
    }


def notify_client(server: StagewrightServer, event: RunEvent) -> None:
    """Tell the client what happened to an answer."""
    from stagewright.workflows.run import (
        ChatDelta,
        ChatFailed,
        ChatFinished,
        ChatStarted,
        ChatUnsaved,
    )

    told: Json = {
        "runId": event.run_id,
        "workflowId": event.workflow_id,
        "root": uri_of(event.root),
        "messageId": event.message_id,
    }
    notify = server.protocol.notify
    match event:
        case ChatStarted(model=model, origin=origin):
            notify(CHAT_STARTED, told | {"model": model_json(model), "origin": origin.value})
        case ChatDelta(text=text):
            notify(CHAT_DELTA, told | {"text": text})
        case ChatUnsaved(message=trouble):
            server.tell(types.MessageType.Warning, trouble)
        case ChatFinished(message=message, ended=ended, reason=reason):
            end = {"ended": ended, "reason": reason, "partial": event.partial}
            notify(CHAT_FINISHED, told | {"message": message.to_json(), **end})
        case ChatFailed(code=code, message=message, retryable=retryable):
            notify(CHAT_FAILED, told | {"code": code, "message": message, "retryable": retryable})


# Commands


async def workflow_list(ls: StagewrightServer, argument: protocol.ListWorkflows) -> Json:
    """The workflows of one folder, or of all, newest first."""
    service = ls.workflows
    roots = [service.root(argument.root)] if argument.root else service.roots()
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
    service = ls.workflows
    root = service.root(argument.root)
    manager = service.manager(root)
    return await service.view(root, await service.do(lambda: manager.get(argument.workflow_id)))


async def workflow_trigger_gate(ls: StagewrightServer, argument: protocol.TriggerGate) -> Json:
    """Ask for the approval of an agent-triggered gate."""
    return await _change(
        ls,
        argument,
        lambda manager: manager.trigger_gate(argument.workflow_id, stage_index=argument.stage),
    )


async def workflow_satisfy_gate(ls: StagewrightServer, argument: protocol.SatisfyGate) -> Json:
    """Satisfy the current stage's gate, with one of its options if it has any."""
    return await _change(
        ls,
        argument,
        lambda manager: manager.satisfy_gate(
            argument.workflow_id,
            action=argument.action,
            reason=argument.reason,
            confirmed=argument.confirmed,
            without_hooks=argument.without_hooks,
            stage_index=argument.stage,
        ),
    )


async def workflow_advance(ls: StagewrightServer, argument: protocol.Advance) -> Json:
    """Close the current stage and open the next."""
    return await _change(
        ls,
        argument,
        lambda manager: manager.advance(
            argument.workflow_id,
            confirmed=argument.confirmed,
            without_hooks=argument.without_hooks,
            stage_index=argument.stage,
        ),
    )


async def workflow_discard(ls: StagewrightServer, argument: protocol.Discard) -> Json:
    """End a workflow for a reason."""
    return await _change(
        ls, argument, lambda manager: manager.discard(argument.workflow_id, argument.reason)
    )


async def workflow_set_request(ls: StagewrightServer, argument: protocol.SetRequest) -> Json:
    """Say what a workflow is about."""
    return await _change(
        ls,
        argument,
        lambda manager: manager.set_request(argument.workflow_id, argument.request_id),
    )


async def workflow_set_status(ls: StagewrightServer, argument: protocol.SetStatus) -> Json:
    """Pause, resume or cancel."""
    return await _change(
        ls, argument, lambda manager: manager.set_status(argument.workflow_id, argument.status)
    )


async def _change(
    ls: StagewrightServer,
    argument: Any,
    work: Callable[[WorkflowManager], Workflow],
) -> Json:
    service = ls.workflows
    root = service.root(argument.root)
    manager = service.manager(root)
    workflow = await service.change(root, lambda: work(manager))
    ls.transcripts.changed(Conversation(root, workflow.id))
    return await service.view(root, workflow)


async def with_answer(
    read: Callable[[], Awaitable[Answer]], running: Callable[[], Running | None]
) -> tuple[Answer, Running | None]:
    """What `read` gives and what is `running` then. Where an answer has ended meanwhile, what was
    read may not have its end yet, and is read again."""
    while True:
        before = running()
        found = await read()
        now = running()
        if before is None or (now is not None and now.run_id == before.run_id):
            return found, now


def summary_json(summary: Summary, root: Path) -> Json:
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


Handler = Callable[["StagewrightServer", Any], Awaitable[Json | None]]

COMMANDS: dict[str, tuple[type[Any], Handler]] = {
    "stagewright.workflow.list": (protocol.ListWorkflows, workflow_list),
    "stagewright.workflow.get": (protocol.Workflow, workflow_get),
    "stagewright.workflow.triggerGate": (protocol.TriggerGate, workflow_trigger_gate),
    "stagewright.workflow.satisfyGate": (protocol.SatisfyGate, workflow_satisfy_gate),
    "stagewright.workflow.advance": (protocol.Advance, workflow_advance),
    "stagewright.workflow.discard": (protocol.Discard, workflow_discard),
    "stagewright.workflow.setRequest": (protocol.SetRequest, workflow_set_request),
    "stagewright.workflow.setStatus": (protocol.SetStatus, workflow_set_status),
}
