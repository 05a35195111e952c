"""`textDocument/didChange`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from stagewright.lsp.later import Later
from stagewright.lsp.publish import Publisher
from stagewright.lsp.session import Session

if TYPE_CHECKING:
    from stagewright.lsp.chats.service import ChatService


def did_change(
    session: Session,
    publisher: Publisher,
    chats: Later[ChatService],
    params: types.DidChangeTextDocumentParams,
) -> None:
    """The text has been spliced already; the diagnostics follow."""
    opened = session.documents.find(params.text_document.uri)
    if opened is None:
        return
    publisher.edited(opened.uri, params.content_changes)
    if chats.made is not None:
        chats.made.transcripts.typed(opened.uri)
