"""Every place in the client's files that names the same model as the one at a place."""

from __future__ import annotations

from collections.abc import AsyncIterator

from lsprotocol import types

from stagewright.analysis.named import LOCAL, Named, named_at, named_in
from stagewright.lsp import convert
from stagewright.lsp.documents import identity, path_of
from stagewright.lsp.failures import apart
from stagewright.lsp.files import File, read_file, workspace_files
from stagewright.lsp.session import Session


async def model_uses(
    session: Session, uri: str, position: types.Position
) -> AsyncIterator[tuple[File, Named]]:
    """The places, in open and closed files of all dialects, those of this file first."""
    file = await read_file(session, uri)
    if file is None:
        return
    at = convert.position_in(file.document.lines, position, session.client.encoding)
    model = named_at(file.document, at)
    if model is None:
        return
    async for each in _files_that_may_name(session, file, model):
        found: list[Named] = []
        with apart(session.news, each.uri):
            found = [one for one in named_in(each.document) if one.key == model.key]
        for use in found:
            yield each, use


async def _files_that_may_name(session: Session, file: File, model: Named) -> AsyncIterator[File]:
    """A name that a file defines is known in that file alone."""
    yield file
    path = path_of(file.uri)
    if model.silent == LOCAL or path is None:
        return
    here = identity(path)
    async for other in workspace_files(session):
        if identity(path_of(other.uri) or path) != here:
            yield other
