"""`textDocument/definition`."""

from __future__ import annotations

from lsprotocol import types

from stagewright.lsp.files import location
from stagewright.lsp.session import Session
from stagewright.lsp.uses import uses


async def definition(session: Session, params: types.DefinitionParams) -> list[types.Location]:
    """Where the role or stage under the cursor stands, or where the file defines the name of a
    model."""
    uri, place = params.text_document.uri, params.position
    return [
        location(session, use.file, use.span)
        async for use in uses(session, uri, place, models_elsewhere=False)
        if use.defines
    ]
