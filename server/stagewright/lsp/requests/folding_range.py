"""`textDocument/foldingRange`."""

from __future__ import annotations

from lsprotocol import types

from stagewright.analysis.features import features
from stagewright.lsp.session import Session


def folding_range(session: Session, params: types.FoldingRangeParams) -> list[types.FoldingRange]:
    """Blocks and runs of comments."""
    opened = session.documents.find(params.text_document.uri)
    if opened is None:
        return []
    more = features(opened.document.dialect)
    return [
        types.FoldingRange(
            start_line=one.first,
            end_line=one.last,
            kind=types.FoldingRangeKind.Comment if one.comment else None,
        )
        for one in (more.folds(opened.document) if more else ())
    ]
