"""What handlers of chats are given: the session, its workflows, and the open transcripts."""

from __future__ import annotations

from dataclasses import dataclass

from stagewright.lsp.chats.transcripts import Transcripts
from stagewright.lsp.chats.workflows import Workflows
from stagewright.lsp.session import Session


@dataclass(frozen=True, slots=True)
class ChatSession:
    """A session with its chats."""

    session: Session
    workflows: Workflows
    transcripts: Transcripts
