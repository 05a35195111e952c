"""`textDocument/diagnostic`: for clients that ask for diagnostics, with ids for what they have."""

from __future__ import annotations

from lsprotocol import types

from stagewright.lsp.convert import result_id
from stagewright.lsp.parts import Parts


async def diagnostic(
    parts: Parts, params: types.DocumentDiagnosticParams
) -> types.DocumentDiagnosticReport:
    """The diagnostics of one document, or that they are those that the client has."""
    items = await parts.publisher.report(params.text_document.uri)
    result = result_id(items)
    if result == params.previous_result_id:
        return types.RelatedUnchangedDocumentDiagnosticReport(result_id=result)
    return types.RelatedFullDocumentDiagnosticReport(items=items, result_id=result)
