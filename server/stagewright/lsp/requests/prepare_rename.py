"""`textDocument/prepareRename`."""

from __future__ import annotations

from lsprotocol import types

from stagewright.lsp.convert import range_out
from stagewright.lsp.session import Session
from stagewright.lsp.uses import name_in, refuse_kept


async def prepare_rename(
    session: Session, params: types.PrepareRenameParams
) -> types.PrepareRenamePlaceholder | None:
    """The name that would be renamed; none where the cursor stands on something else."""
    file, name = await name_in(session, params.text_document.uri, params.position)
    if file is None or name is None:
        return None
    await refuse_kept(session, file, name)
    range_ = range_out(file.document.lines, name.span, session.client.encoding)
    return types.PrepareRenamePlaceholder(range_, name.text)
