"""An open transcript, kept as its workflow is by edits that the client applies."""

from __future__ import annotations

import asyncio
import logging
from typing import Literal

from pygls.exceptions import JsonRpcException

from stagewright.catalog.effective import Effective
from stagewright.dialects.choragen import WORKFLOWS_FOLDER
from stagewright.files import Stamp
from stagewright.lsp.chats.conversation import WorkflowPlace
from stagewright.lsp.chats.workflows import Workflows
from stagewright.lsp.documents import OpenDocument
from stagewright.lsp.files import File, apply
from stagewright.lsp.session import Session
from stagewright.text.buffer import Edit
from stagewright.workflows.chat import Running
from stagewright.workflows.state import Workflow
from stagewright.workflows.transcript_updates import appended, updates
from stagewright.workflows.turns import put_answer

EDIT_EVERY = 0.5
"""Seconds between two edits of a document. More than editors wait before they tell of a change."""

RETRY_AFTER = 2.0
"""Seconds until an edit that the client refused, although nobody typed, is offered again."""

LOOK_EVERY = 1.0
"""Seconds between two looks at a workflow's file, for clients that watch no files."""

Due = Literal["", "answer", "all"]
"""What may have changed: nothing, an answer has grown, or anything."""

log = logging.getLogger(__name__)


class Follower:
    """Keeps one open document as its workflow is.

    Edits are computed beside the event loop, against the text that the client told last, and never
    twice against one text: after an edit the client is to tell first what became of it. One that
    it refuses, because somebody typed meanwhile, is computed anew.
    """

    def __init__(
        self, session: Session, workflows: Workflows, uri: str, conversation: WorkflowPlace
    ) -> None:
        self.conversation = conversation
        self.answer_id: str | None = None  # of the answer that the document followed last
        self._session = session
        self._workflows = workflows
        self._uri = uri
        self._due: Due = ""
        self._stirred = asyncio.Event()
        self._offered: object = None
        self._written: Stamp | None = None  # the workflow's file as last seen
        self.stir("all")
        self.task = session.spawn(self._keep_up())

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
            opened = self._session.documents.find(self._uri)
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
                rest = None if self._session.client.watches_files else LOOK_EVERY
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
        if due == "answer":
            coming = self._workflows.running(self.conversation)
            more = await asyncio.to_thread(appended, text, coming.message) if coming else None
            return (more,) if more else ()
        try:
            workflow, effective, running = await self._workflows.state(self.conversation)
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
            context=self._session.settings.chat.context,
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
            self._session.editor.ask_for_lenses()
        self._offered = offered

    async def _apply(self, opened: OpenDocument, edits: tuple[Edit, ...]) -> bool:
        file = File.of(opened)
        try:
            return await apply(self._session, None, [(file, edits)])
        except JsonRpcException as refusal:
            log.info("The editor refused an edit: %s", refusal.message)
            return False
