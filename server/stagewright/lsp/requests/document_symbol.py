"""`textDocument/documentSymbol`."""

from __future__ import annotations

from collections.abc import Sequence

from lsprotocol import types

from stagewright.analysis.features import features
from stagewright.analysis.results import Symbol
from stagewright.foreign import one_line
from stagewright.lsp.convert import MOST_SYMBOLS, SYMBOL_KINDS, range_out
from stagewright.lsp.session import Session
from stagewright.text.buffer import Encoding


def document_symbol(
    session: Session, params: types.DocumentSymbolParams
) -> list[types.DocumentSymbol]:
    """The template with its stages, or the roles."""
    opened = session.documents.find(params.text_document.uri)
    if opened is None:
        return []
    more = features(opened.document.dialect)
    found = more.symbols(opened.document) if more else ()
    lines, encoding = opened.document.lines, session.client.encoding
    return [_symbol(lines, encoding, one) for one in found]


def _symbol(lines: Sequence[str], encoding: Encoding, one: Symbol) -> types.DocumentSymbol:
    return types.DocumentSymbol(
        name=one_line(one.name) or "?",
        kind=SYMBOL_KINDS[one.kind],
        range=range_out(lines, one.span, encoding),
        selection_range=range_out(lines, one.name_span, encoding),
        detail=one_line(one.detail) or None,
        children=[_symbol(lines, encoding, child) for child in one.children[:MOST_SYMBOLS]],
    )
