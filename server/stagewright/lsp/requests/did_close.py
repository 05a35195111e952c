"""`textDocument/didClose`."""

from __future__ import annotations

from lsprotocol import types

from stagewright.lsp.parts import Parts


def did_close(parts: Parts, params: types.DidCloseTextDocumentParams) -> None:
    """What is on disk counts again."""
    parts.publisher.closed(params.text_document.uri)
    if parts.chats.made is not None:
        parts.chats.made.transcripts.closed(params.text_document.uri)
