"""What handlers of chats are given: the session, its workflows, and the open transcripts.

Made when a workflow, a chat or a transcript is first asked about.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Concatenate, ParamSpec, TypeVar

from stagewright.lsp.chats import events
from stagewright.lsp.chats.conversation import WorkflowPlace
from stagewright.lsp.chats.transcripts import Transcripts
from stagewright.lsp.chats.workflows import Workflows
from stagewright.lsp.session import Session
from stagewright.workflows.manager import WorkflowManager
from stagewright.workflows.run import RunEvent

P = ParamSpec("P")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class ChatSession:
    """A session with its chats."""

    session: Session
    workflows: Workflows
    transcripts: Transcripts

    async def change(
        self,
        place: WorkflowPlace,
        change: Callable[Concatenate[WorkflowManager, str, P], Result],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Result:
        """Change a workflow by a method of its manager; its open transcript follows."""
        result = await self.workflows.change(place, change, *args, **kwargs)
        self.transcripts.changed(place)
        return result


def begin(session: Session) -> ChatSession:
    """The chats of a session."""

    def heard(event: RunEvent) -> None:
        events.tell(session.editor, event)
        transcripts.heard(event)

    workflows = Workflows(session, heard)
    transcripts = Transcripts(session, workflows)
    return ChatSession(session, workflows, transcripts)
