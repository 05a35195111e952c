"""`textDocument/hover`."""

from __future__ import annotations

from lsprotocol import types

from stagewright.analysis.hover import hover as hover_at
from stagewright.lsp import convert
from stagewright.lsp.session import Session


def hover(session: Session, params: types.HoverParams) -> types.Hover | None:
    """What is known about the word under the cursor."""
    opened = session.documents.find(params.text_document.uri)
    if opened is None:
        return None
    document, options = opened.document, session.options(opened.uri)
    answer = hover_at(document, opened.at(params.position), session.catalog, options)
    return convert.hover(document.lines, answer, session.client.encoding) if answer else None
