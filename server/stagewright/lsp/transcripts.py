"""Open transcripts, kept true by edits: they follow answers and every change of their workflows."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from stagewright.files import Stamp, exists, read_text
from stagewright.lsp.convert import position_out
from stagewright.lsp.documents import path_of, uri_of
from stagewright.lsp.files import File, apply
from stagewright.text.buffer import Buffer, Edit, Position
from stagewright.workspace import WORKFLOWS_FOLDER, is_workflow

if TYPE_CHECKING:
    from stagewright.catalog.effective import Effective
    from stagewright.lsp.documents import OpenDocument
    from stagewright.lsp.server import StagewrightServer
    from stagewright.workflows.chat import Running
    from stagewright.workflows.run import RunEvent
    from stagewright.workflows.state import Workflow

EDIT_EVERY = 0.5
"""Seconds between two edits of a document. More than editors wait before they tell of a change."""

RETRY_AFTER = 2.0
"""Seconds until an edit that the client refused, although nobody typed, is offered again."""

LOOK_EVERY = 1.0
"""Seconds between two looks at a workflow's file, for clients that watch no files."""

Due = Literal["", "answer", "all"]
"""What may have changed: nothing, an answer has grown, or anything."""

log = logging.getLogger(__name__)


class Conversation(NamedTuple):
    """The workflow that a transcript is of."""

    root: Path
    workflow_id: str


def conversation_of(server: StagewrightServer, path: Path) -> Conversation:
    """The workflow whose transcript or state lies at a path."""
    return Conversation(server.root_of(path), path.name.partition(".")[0])


class Transcripts:
    """The transcripts that the client has open."""

    def __init__(self, server: StagewrightServer) -> None:
        self._server = server
        self._followers: dict[str, _Follower] = {}  # by URI
        self._begun_here: set[str] = set()
        self.left_changed: dict[str, object] = {}  # by URI: changes that are to stay until then

    # What happens to documents

    def opened(self, uri: str) -> None:
        """From now on the document follows its workflow."""
        path = path_of(uri)
        if path is not None and uri not in self._followers:
            self._followers[uri] = _Follower(self._server, uri, conversation_of(self._server, path))

    def typed(self, uri: str) -> None:
        """The client told a new version."""
        if (follower := self._followers.get(uri)) is not None:
            follower.stir()

    def closed(self, uri: str) -> None:
        """What is on disk counts again."""
        self.left_changed.pop(uri, None)
        if (follower := self._followers.pop(uri, None)) is not None:
            follower.task.cancel()
            self._server.session.spawn(self._rebuild_file(follower.conversation))

    async def show(self, conversation: Conversation) -> str:
        """Write the transcript, unless it is open, and show it; its URI.

        Raises JsonRpcException where the workflow or the transcript cannot be read.
        """
        manager = self._server.workflows.manager(conversation.root)
        path = await self._server.workflows.do(
            lambda: manager.transcript_path(conversation.workflow_id)
        )
        followed = (uri for uri, one in self._followers.items() if one.conversation == conversation)
        uri = next(followed, None)
        if uri is None:
            await self._write(conversation)
            uri = uri_of(path)
        end = await self._end(uri, path)
        show_document(self._server, uri, f"The transcript is {path}.", end)
        return uri

    async def _end(self, uri: str, path: Path) -> types.Position:
        """Where the next message is written: the document's last line."""
        opened = self._server.open_document(uri)
        if opened is not None:
            lines = opened.document.lines
        else:
            lines = Buffer((await asyncio.to_thread(read_text, path)).text).lines
        end = Position(len(lines) - 1, len(lines[-1]))
        return position_out(lines, end, self._server.client.encoding)

    # What happens to workflows

    def changed(self, conversation: Conversation) -> None:
        """Somebody changed the workflow."""
        for follower in self._of(conversation):
            follower.stir("all")

    def files_changed(self, paths: Iterable[Path]) -> None:
        """Somebody wrote these files."""
        for path in paths:
            if is_workflow(path):
                self.changed(conversation_of(self._server, path))

    def begun_here(self, run_id: str) -> None:
        """An answer was asked for in a transcript, whose reader is to hear of its end."""
        self._begun_here.add(run_id)

    def heard(self, event: RunEvent) -> None:
        """Something happened to an answer."""
        from stagewright.workflows.run import ChatDelta, ChatFailed, ChatFinished

        conversation = Conversation(event.root, event.workflow_id)
        followers = list(self._of(conversation))
        for follower in followers:
            follower.answer_id = event.message_id
            follower.stir("answer" if isinstance(event, ChatDelta) else "all")
        if isinstance(event, ChatFinished | ChatFailed):
            self._tell_trouble(event)
            if not followers:
                self._server.session.spawn(self._rebuild_file(conversation))

    def _of(self, conversation: Conversation) -> Iterable[_Follower]:
        return (one for one in self._followers.values() if one.conversation == conversation)

    def _tell_trouble(self, event: RunEvent) -> None:
        from stagewright.workflows.endings import SHUTDOWN
        from stagewright.workflows.run import ChatFailed, ChatFinished

        if event.run_id not in self._begun_here:
            return
        self._begun_here.discard(event.run_id)
        match event:
            case ChatFailed(message=trouble):
                self._server.tell(types.MessageType.Error, trouble)
            case ChatFinished(ended="cut" | "broken", message=message, reason=str(why)):
                if (message.metadata or {}).get("stopReason") != SHUTDOWN:
                    self._server.tell(types.MessageType.Warning, f"{why} It can be continued.")

    async def _rebuild_file(self, conversation: Conversation) -> None:
        """Bring the transcript on disk up to date, if there is one and no editor has it open."""
        root, workflow_id = conversation
        path = self._server.workflows.manager(root).transcript_path(workflow_id)
        if any(self._of(conversation)) or not await asyncio.to_thread(exists, path):
            return
        try:
            await self._write(conversation)
        except JsonRpcException as refusal:
            log.warning("%s was not brought up to date: %s", path.name, refusal.message)

    async def _write(self, conversation: Conversation) -> None:
        root, workflow_id = conversation
        service = self._server.workflows
        effective = await service.effective(root, workflow_id)
        running = service.running(root, workflow_id)
        growing = running.message_id if running else None
        manager = service.manager(root)
        context = self._server.session.settings.chat.context
        await service.change(
            root,
            lambda: manager.write_transcript(
                workflow_id, effective, growing=growing, context=context
            ),
        )


def show_document(
    server: StagewrightServer, uri: str, told: str, place: types.Position | None = None
) -> None:
    """Have the client show a document, at a place of it; one that cannot is `told` where it is."""
    if not server.client.shows_documents:
        server.tell(types.MessageType.Info, told)
        return
    # Not waited for: some editors stand still until their command is answered.
    selection = types.Range(place, place) if place else None
    params = types.ShowDocumentParams(uri=uri, take_focus=True, selection=selection)
    server.session.spawn(server.ask(server.window_show_document_async(params)))


class _Follower:
    """Keeps one open document as its workflow is.

    Edits are computed beside the event loop, against the text that the client told last, and never
    twice against one text: after an edit the client is to tell first what became of it. One that
    it refuses, because somebody typed meanwhile, is computed anew.
    """

    def __init__(self, server: StagewrightServer, uri: str, conversation: Conversation) -> None:
        self.conversation = conversation
        self.answer_id: str | None = None  # of the answer that the document followed last
        self._server = server
        self._uri = uri
        self._due: Due = ""
        self._stirred = asyncio.Event()
        self._offered: object = None
        self._written: Stamp | None = None  # the workflow's file as last seen
        self.stir("all")
        self.task = server.session.spawn(self._keep_up())

    def stir(self, due: Due = "") -> None:
        """Look at once; what is due stays so until the document shows it."""
        if due == "all" or not self._due:
            self._due = due or self._due
        self._stirred.set()

    async def _keep_up(self) -> None:
        tried: int | None = None  # the edition that the last edits were for
        applied: tuple[Edit, ...] = ()
        while True:
            await self._stirring()
            opened = self._server.open_document(self._uri)
            if opened is None or not self._due or opened.edition == tried:
                continue
            due, edition, self._due = self._due, opened.edition, ""
            edits = await self._edits(opened.document.text, due)
            if opened.edition != edition:
                self.stir(due)
            elif edits and edits == applied:
                self._due = self._due or due  # the client has yet to tell, or undid them
            elif edits:
                tried = edition
                self.stir(due)
                applied = edits if await self._apply(opened, edits) else ()
                await asyncio.sleep(EDIT_EVERY)
                if not applied and opened.edition == edition:
                    await asyncio.sleep(RETRY_AFTER - EDIT_EVERY)
                    tried = None
                self._stirred.set()

    async def _stirring(self) -> None:
        """Wait until there may be something to do."""
        while not self._stirred.is_set():
            try:
                rest = None if self._server.client.watches_files else LOOK_EVERY
                await asyncio.wait_for(self._stirred.wait(), rest)
            except TimeoutError:
                written = await asyncio.to_thread(self._last_written)
                if written != self._written:
                    self._written = written
                    self.stir("all")
        self._stirred.clear()

    def _last_written(self) -> Stamp | None:
        root, workflow_id = self.conversation
        return Stamp.of(root / WORKFLOWS_FOLDER / f"{workflow_id}.json")

    async def _edits(self, text: str, due: Due) -> tuple[Edit, ...]:
        from stagewright.workflows.transcript import appended, updates
        from stagewright.workflows.turns import put_answer

        root, workflow_id = self.conversation
        service = self._server.workflows
        if due == "answer":
            coming = service.running(root, workflow_id)
            more = await asyncio.to_thread(appended, text, coming.message) if coming else None
            return (more,) if more else ()
        try:
            effective = await service.effective(root, workflow_id)
            workflow, running = await service.state(root, workflow_id)
        except JsonRpcException as refusal:
            log.warning("%s is not followed: %s", self._uri, refusal.message)
            return ()
        if running is not None:
            put_answer(workflow, running.message, workflow.updated_at)
            self.answer_id = running.message_id
        self._renew_lenses(workflow, effective, running)
        return await asyncio.to_thread(
            updates,
            workflow,
            effective,
            text,
            answer=workflow.message(self.answer_id) if self.answer_id else None,
            growing=running is not None,
            context=self._server.session.settings.chat.context,
        )

    def _renew_lenses(
        self, workflow: Workflow, effective: Effective, running: Running | None
    ) -> None:
        """Have the client ask for code lenses again, if they may be others now."""
        gate = workflow.stage and workflow.stage.gate.satisfied
        last = workflow.messages[-1].id if workflow.messages else None
        place = (workflow.status, workflow.current_stage, gate)
        offered = (*place, effective.model, last, running is None)
        if self._offered not in (None, offered):
            self._server.ask_client_for_lenses()
        self._offered = offered

    async def _apply(self, opened: OpenDocument, edits: tuple[Edit, ...]) -> bool:
        file = File.of(opened)
        try:
            return await apply(self._server, None, [(file, edits)])
        except JsonRpcException as refusal:
            log.info("The editor refused an edit: %s", refusal.message)
            return False
