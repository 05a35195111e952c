"""All about chats in one: made when a workflow, a chat or a transcript is first asked about."""

from __future__ import annotations

from lsprotocol import types

from stagewright.lsp.chats import edited, events, transcript_actions
from stagewright.lsp.chats.session import ChatSession
from stagewright.lsp.chats.transcripts import Transcripts
from stagewright.lsp.chats.workflows import Workflows
from stagewright.lsp.session import Session
from stagewright.workflows.run import RunEvent


class ChatService:
    """The chats of a session, and what can be done in its transcripts."""

    def __init__(self, session: Session) -> None:
        workflows = Workflows(session, self._heard)
        self.transcripts = Transcripts(session, workflows)
        self.session = ChatSession(session, workflows, self.transcripts)

    async def lenses(self, uri: str) -> list[types.CodeLens]:
        """A code lens for each thing that can be done in a transcript."""
        return await transcript_actions.lenses(self.session, uri)

    async def actions(self, uri: str) -> list[types.CodeAction]:
        """A code action for each thing that can be done in a transcript."""
        return await transcript_actions.actions(self.session, uri)

    async def saved(self, uri: str) -> None:
        """A transcript was saved."""
        await edited.saved(self.session, uri)

    async def close(self) -> None:
        """Stop all answers; what has come is saved."""
        await self.session.workflows.close()

    def _heard(self, event: RunEvent) -> None:
        events.tell(self.session.session.editor, event)
        self.transcripts.heard(event)
