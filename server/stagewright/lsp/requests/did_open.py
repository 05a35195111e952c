"""`textDocument/didOpen`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from stagewright.lsp.later import Later
from stagewright.lsp.publish import Publisher
from stagewright.lsp.session import Session
from stagewright.lsp.upkeep import take_up

if TYPE_CHECKING:
    from stagewright.lsp.chats.service import ChatService


def did_open(
    session: Session,
    publisher: Publisher,
    chats: Later[ChatService],
    params: types.DidOpenTextDocumentParams,
) -> None:
    """Diagnose at once; read the role index beside it. A transcript follows its workflow."""
    uri = params.text_document.uri
    opened = session.documents.find(uri)
    if opened is None:
        return
    if opened.document.dialect.follows_workflow:
        session.spawn(_follow(session, chats, uri))
    take_up(session, publisher, uri)
    session.wake_soon()


async def _follow(session: Session, chats: Later[ChatService], uri: str) -> None:
    service = await chats.get()
    if session.documents.find(uri) is not None:  # it may have been closed meanwhile
        service.transcripts.opened(uri)
