"""`textDocument/references`."""

from __future__ import annotations

from lsprotocol import types

from stagewright.lsp.files import location
from stagewright.lsp.progress import attended
from stagewright.lsp.session import Session
from stagewright.lsp.uses import uses


async def references(session: Session, params: types.ReferenceParams) -> list[types.Location]:
    """Every place that names the role, stage or model under the cursor."""
    return await attended(session, "Finding references", _found(session, params))


async def _found(session: Session, params: types.ReferenceParams) -> list[types.Location]:
    return [
        location(session, use.file, use.span)
        async for use in uses(session, params.text_document.uri, params.position)
        if params.context.include_declaration or not use.defines
    ]
