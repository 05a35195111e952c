"""Every place in the client's files that names the same model as the one at a place."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import NamedTuple

from lsprotocol import types

from stagewright.analysis.named import Named, declarations, named_at, named_in
from stagewright.dialects.document import Document
from stagewright.lsp import convert
from stagewright.lsp.documents import identity, path_of
from stagewright.lsp.failures import apart
from stagewright.lsp.files import File, read_file, workspace_files
from stagewright.lsp.session import Session
from stagewright.text.buffer import Position, Span


class Use(NamedTuple):
    """A place that names a model, or where its file defines that name."""

    file: File
    span: Span
    defines: bool = False


async def model_uses(
    session: Session, uri: str, position: types.Position, *, elsewhere: bool = True
) -> AsyncIterator[Use]:
    """The places in this file, then those in all others, open and closed; only its own where not
    `elsewhere`.

    A name that a file defines is known in that file alone.
    """
    file = await read_file(session, uri)
    if file is None:
        return
    at = convert.position_in(file.document.lines, position, session.client.encoding)
    model = named_at(file.document, at)
    name = model.local_name if model else _declared_at(file.document, at)
    if name is not None:
        for use in _uses_of_local(file, name):
            yield use
    elif model is not None:
        async for each in _files_after(session, file, elsewhere):
            found: list[Named] = []
            with apart(session.news, each.uri):
                found = [one for one in named_in(each.document) if one.key == model.key]
            for one in found:
                yield Use(each, one.span)


def _declared_at(document: Document, position: Position) -> str | None:
    """The name that is defined at a position."""
    found = declarations(document)
    return next((name for name, span in found if span.contains(position)), None)


def _uses_of_local(file: File, name: str) -> Iterator[Use]:
    for declared, span in declarations(file.document):
        if declared == name:
            yield Use(file, span, defines=True)
    for one in named_in(file.document):
        if one.local_name == name:
            yield Use(file, one.span)


async def _files_after(session: Session, file: File, elsewhere: bool) -> AsyncIterator[File]:
    """A file, and all others of the workspace."""
    yield file
    if not elsewhere:
        return
    path = path_of(file.uri)
    here = identity(path) if path else None
    async for other in workspace_files(session, everything=True):
        theirs = path_of(other.uri)
        if theirs is None or identity(theirs) != here:
            yield other
