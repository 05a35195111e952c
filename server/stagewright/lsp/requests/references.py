"""`textDocument/references`."""

from __future__ import annotations

from lsprotocol import types

from stagewright.lsp.files import location
from stagewright.lsp.model_uses import model_uses
from stagewright.lsp.names import uses
from stagewright.lsp.progress import attended
from stagewright.lsp.session import Session


async def references(session: Session, params: types.ReferenceParams) -> list[types.Location]:
    """Every place that names the role, stage or model under the cursor."""
    place = params.text_document.uri, params.position
    found = [
        location(session, file, name.span)
        async for file, name in uses(session, *place)
        if params.context.include_declaration or not name.defines
    ]
    return found or await attended(session, "Finding references", _of_models(session, params))


async def _of_models(session: Session, params: types.ReferenceParams) -> list[types.Location]:
    return [
        location(session, use.file, use.span)
        async for use in model_uses(session, params.text_document.uri, params.position)
        if params.context.include_declaration or not use.defines
    ]
