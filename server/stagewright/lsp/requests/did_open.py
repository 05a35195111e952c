"""`textDocument/didOpen`."""

from __future__ import annotations

from lsprotocol import types

from stagewright.lsp.parts import Parts
from stagewright.lsp.upkeep import take_up


def did_open(parts: Parts, params: types.DidOpenTextDocumentParams) -> None:
    """Diagnose at once; read the role index beside it. A transcript follows its workflow."""
    session, uri = parts.session, params.text_document.uri
    opened = session.documents.find(uri)
    if opened is None:
        return
    if opened.document.dialect.follows_workflow:
        session.spawn(_follow(parts, uri))
    take_up(parts, uri)
    session.wake_soon()


async def _follow(parts: Parts, uri: str) -> None:
    chat = await parts.chats.get()
    if parts.session.documents.find(uri) is not None:  # it may have been closed meanwhile
        chat.transcripts.opened(uri)
