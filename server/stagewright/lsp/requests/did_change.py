"""`textDocument/didChange`."""

from __future__ import annotations

from lsprotocol import types

from stagewright.lsp.parts import Parts


def did_change(parts: Parts, params: types.DidChangeTextDocumentParams) -> None:
    """The text has been spliced already; the diagnostics follow."""
    opened = parts.session.documents.find(params.text_document.uri)
    if opened is None:
        return
    parts.publisher.edited(opened.uri, params.content_changes)
    if parts.chats.made is not None:
        parts.chats.made.transcripts.typed(opened.uri)
