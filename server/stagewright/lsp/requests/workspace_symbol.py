"""`workspace/symbol`."""

from __future__ import annotations

from lsprotocol import types

from stagewright.analysis.features import features
from stagewright.foreign import one_line
from stagewright.lsp.convert import MOST_SYMBOLS, SYMBOL_KINDS
from stagewright.lsp.failures import apart
from stagewright.lsp.files import location, workspace_files
from stagewright.lsp.session import Session


async def workspace_symbol(
    session: Session, params: types.WorkspaceSymbolParams
) -> list[types.WorkspaceSymbol]:
    """Templates, stages and roles of the workspace whose names hold the query's letters."""
    found: list[types.WorkspaceSymbol] = []
    async for file in workspace_files(session):
        more = features(file.document.dialect)
        with apart(session.news, file.uri):
            found += [
                types.WorkspaceSymbol(
                    name=one_line(one.name) or "?",
                    kind=SYMBOL_KINDS[one.kind],
                    location=location(session, file, one.name_span),
                )
                for whole in (more.symbols(file.document) if more else ())
                for one in whole.fitting(params.query)
            ]
        if len(found) >= MOST_SYMBOLS:
            break
    return found[:MOST_SYMBOLS]
