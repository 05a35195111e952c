"""`textDocument/references`."""

from __future__ import annotations

from lsprotocol import types

from stagewright.lsp.files import location
from stagewright.lsp.names import uses
from stagewright.lsp.session import Session


async def references(session: Session, params: types.ReferenceParams) -> list[types.Location]:
    """Every place that names the role or stage under the cursor."""
    return [
        location(session, file, name.span)
        async for file, name in uses(session, params.text_document.uri, params.position)
        if params.context.include_declaration or not name.defines
    ]
