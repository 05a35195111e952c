"""`textDocument/didClose`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from stagewright.lsp.later import Later
from stagewright.lsp.publish import Publisher

if TYPE_CHECKING:
    from stagewright.lsp.chats.service import ChatService


def did_close(
    publisher: Publisher, chats: Later[ChatService], params: types.DidCloseTextDocumentParams
) -> None:
    """What is on disk counts again."""
    publisher.closed(params.text_document.uri)
    if chats.made is not None:
        chats.made.transcripts.closed(params.text_document.uri)
