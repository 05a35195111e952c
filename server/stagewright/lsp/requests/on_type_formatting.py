"""`textDocument/onTypeFormatting`."""

from __future__ import annotations

from lsprotocol import types

from stagewright.analysis.features import features
from stagewright.lsp import convert
from stagewright.lsp.session import Session


def on_type_formatting(
    session: Session, params: types.DocumentOnTypeFormattingParams
) -> list[types.TextEdit]:
    """After Enter: the cursor goes to where the next key belongs."""
    opened = session.documents.find(params.text_document.uri)
    if opened is None or params.ch != "\n":
        return []
    more = features(opened.document.dialect)
    edits = more.on_enter(opened.document, opened.at(params.position)) if more else ()
    return convert.text_edits(opened.document.lines, edits, session.client.encoding)
