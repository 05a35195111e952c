"""What handlers of chats are given: the session, its workflows, and the open transcripts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Concatenate, ParamSpec, TypeVar

from stagewright.lsp.chats.conversation import WorkflowPlace
from stagewright.lsp.chats.transcripts import Transcripts
from stagewright.lsp.chats.workflows import Workflows
from stagewright.lsp.session import Session
from stagewright.workflows.manager import WorkflowManager

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
