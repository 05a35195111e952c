"""`textDocument/definition`."""

from __future__ import annotations

from lsprotocol import types

from stagewright.lsp.files import location
from stagewright.lsp.names import uses
from stagewright.lsp.session import Session


async def definition(session: Session, params: types.DefinitionParams) -> list[types.Location]:
    """Where the role or stage under the cursor stands."""
    return [
        location(session, file, name.span)
        async for file, name in uses(session, params.text_document.uri, params.position)
        if name.defines
    ]
