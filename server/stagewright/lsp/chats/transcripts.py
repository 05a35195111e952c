"""Open transcripts follow answers and every change of their workflows; closed ones are rebuilt."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from functools import partial
from pathlib import Path

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from stagewright.files import exists, read_text
from stagewright.lsp.chats.conversation import WorkflowPlace, conversation_of
from stagewright.lsp.chats.follower import Follower
from stagewright.lsp.chats.workflows import Workflows
from stagewright.lsp.convert import position_out
from stagewright.lsp.documents import path_of, uri_of
from stagewright.lsp.session import Session
from stagewright.text.buffer import Buffer, Position
from stagewright.workflows.endings import SHUTDOWN
from stagewright.workflows.manager import WorkflowManager
from stagewright.workflows.run import ChatDelta, ChatFailed, ChatFinished, RunEvent
from stagewright.workspace import is_workflow

log = logging.getLogger(__name__)


class Transcripts:
    """The transcripts that the client has open."""

    def __init__(self, session: Session, workflows: Workflows) -> None:
        self._session = session
        self._workflows = workflows
        self._followers: dict[str, Follower] = {}  # by URI
        self._begun_here: set[str] = set()
        self.left_changed: dict[str, object] = {}  # by URI: changes that are to stay until then

    # What happens to documents

    def opened(self, uri: str) -> None:
        """From now on the document follows its workflow."""
        path = path_of(uri)
        if path is not None and uri not in self._followers:
            self._followers[uri] = Follower(
                self._session, self._workflows, uri, conversation_of(self._session.roots, path)
            )

    def typed(self, uri: str) -> None:
        """The client told a new version."""
        if (follower := self._followers.get(uri)) is not None:
            follower.stir()

    def closed(self, uri: str) -> None:
        """What is on disk counts again."""
        self.left_changed.pop(uri, None)
        if (follower := self._followers.pop(uri, None)) is not None:
            follower.task.cancel()
            self._session.spawn(self._rebuild_file(follower.conversation))

    async def show(self, conversation: WorkflowPlace) -> str:
        """Write the transcript, unless it is open, and show it; its URI.

        Raises JsonRpcException where the workflow or the transcript cannot be read.
        """
        manager = self._workflows.manager(conversation.root)
        path = await self._workflows.do(lambda: manager.transcript_path(conversation.workflow_id))
        followed = (uri for uri, one in self._followers.items() if one.conversation == conversation)
        uri = next(followed, None)
        if uri is None:
            await self._write(conversation)
            uri = uri_of(path)
        end = await self._end(uri, path)
        self._session.editor.show(uri, f"The transcript is {path}.", end)
        return uri

    async def _end(self, uri: str, path: Path) -> types.Position:
        """Where the next message is written: the document's last line."""
        opened = self._session.documents.find(uri)
        if opened is not None:
            lines = opened.document.lines
        else:
            lines = Buffer((await asyncio.to_thread(read_text, path)).text).lines
        end = Position(len(lines) - 1, len(lines[-1]))
        return position_out(lines, end, self._session.client.encoding)

    # What happens to workflows

    def changed(self, conversation: WorkflowPlace) -> None:
        """Somebody changed the workflow."""
        for follower in self._of(conversation):
            follower.stir("all")

    def files_changed(self, paths: Iterable[Path]) -> None:
        """Somebody wrote these files."""
        for path in paths:
            if is_workflow(path):
                self.changed(conversation_of(self._session.roots, path))

    def begun_here(self, run_id: str) -> None:
        """An answer was asked for in a transcript, whose reader is to hear of its end."""
        self._begun_here.add(run_id)

    def heard(self, event: RunEvent) -> None:
        """Something happened to an answer."""
        conversation = WorkflowPlace(event.root, event.workflow_id)
        followers = list(self._of(conversation))
        for follower in followers:
            follower.answer_id = event.message_id
            follower.stir("answer" if isinstance(event, ChatDelta) else "all")
        if isinstance(event, ChatFinished | ChatFailed):
            self._tell_trouble(event)
            if not followers:
                self._session.spawn(self._rebuild_file(conversation))

    def _of(self, conversation: WorkflowPlace) -> Iterable[Follower]:
        return (one for one in self._followers.values() if one.conversation == conversation)

    def _tell_trouble(self, event: RunEvent) -> None:
        if event.run_id not in self._begun_here:
            return
        self._begun_here.discard(event.run_id)
        match event:
            case ChatFailed(message=trouble):
                self._session.editor.tell(types.MessageType.Error, trouble)
            case ChatFinished(ended="cut" | "broken", message=message, reason=str(why)):
                if (message.metadata or {}).get("stopReason") != SHUTDOWN:
                    self._session.editor.tell(
                        types.MessageType.Warning, f"{why} It can be continued."
                    )

    async def _rebuild_file(self, conversation: WorkflowPlace) -> None:
        """Bring the transcript on disk up to date, if there is one and no editor has it open."""
        root, workflow_id = conversation
        path = self._workflows.manager(root).transcript_path(workflow_id)
        if any(self._of(conversation)) or not await asyncio.to_thread(exists, path):
            return
        try:
            await self._write(conversation)
        except JsonRpcException as refusal:
            log.warning("%s was not brought up to date: %s", path.name, refusal.message)

    async def _write(self, conversation: WorkflowPlace) -> None:
        service = self._workflows
        await service.know_roles(conversation.root)
        running = service.running(conversation)
        await service.change(
            conversation,
            WorkflowManager.write_transcript,
            partial(service.model, conversation.root),
            growing=running.message_id if running else None,
            context=self._session.settings.chat.context,
        )
