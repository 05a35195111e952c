"""`textDocument/definition`."""

from __future__ import annotations

from lsprotocol import types

from stagewright.lsp.files import location
from stagewright.lsp.model_uses import model_uses
from stagewright.lsp.names import uses
from stagewright.lsp.session import Session


async def definition(session: Session, params: types.DefinitionParams) -> list[types.Location]:
    """Where the role or stage under the cursor stands, or where the file defines the name of a
    model."""
    place = params.text_document.uri, params.position
    found = [
        location(session, file, name.span)
        async for file, name in uses(session, *place)
        if name.defines
    ]
    return found or [
        location(session, use.file, use.span)
        async for use in model_uses(session, *place, elsewhere=False)
        if use.defines
    ]
