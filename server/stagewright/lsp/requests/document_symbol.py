"""`textDocument/documentSymbol`."""

from __future__ import annotations

from lsprotocol import types

from stagewright.analysis.features import features
from stagewright.analysis.results import Symbol
from stagewright.foreign import one_line
from stagewright.lsp.convert import MOST_SYMBOLS, SYMBOL_KINDS
from stagewright.lsp.documents import OpenDocument
from stagewright.lsp.session import Session


def document_symbol(
    session: Session, params: types.DocumentSymbolParams
) -> list[types.DocumentSymbol]:
    """The template with its stages, or the roles."""
    opened = session.documents.find(params.text_document.uri)
    if opened is None:
        return []
    more = features(opened.document.dialect)
    found = more.symbols(opened.document) if more else ()
    return [_symbol(opened, one) for one in found]


def _symbol(opened: OpenDocument, one: Symbol) -> types.DocumentSymbol:
    return types.DocumentSymbol(
        name=one_line(one.name) or "?",
        kind=SYMBOL_KINDS[one.kind],
        range=opened.range(one.span),
        selection_range=opened.range(one.name_span),
        detail=one_line(one.detail) or None,
        children=[_symbol(opened, child) for child in one.children[:MOST_SYMBOLS]],
    )
