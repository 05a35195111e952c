"""What handlers are given: the session, and what follows from what the client tells."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from stagewright.lsp.later import Later
from stagewright.lsp.publish import Publisher
from stagewright.lsp.session import Session

if TYPE_CHECKING:
    from stagewright.lsp.chats.session import ChatSession


class Parts(NamedTuple):
    """The parts of the server that live as long as the connection."""

    session: Session
    publisher: Publisher
    chats: Later[ChatSession]

    async def close(self) -> None:
        """End answers and background work; what has come is saved."""
        if self.chats.made is not None:
            await self.chats.made.workflows.close()
        await self.session.close()
