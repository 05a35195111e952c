"""Every place in the client's files that names what is named at one of them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from functools import partial
from typing import NamedTuple

from lsprotocol import types

from stagewright.analysis.choragen.navigation import Name, names
from stagewright.analysis.named import Named, declarations, named_at, named_in
from stagewright.dialects.document import Document
from stagewright.lsp import convert
from stagewright.lsp.documents import identity, path_of
from stagewright.lsp.failures import apart
from stagewright.lsp.files import File, workspace_files
from stagewright.lsp.names import files_that_may_name, name_in
from stagewright.lsp.session import Session
from stagewright.text.buffer import Position, Span


class Use(NamedTuple):
    """A place that names a role, stage, template or model, or where that name is defined."""

    file: File
    span: Span
    defines: bool = False


async def uses(
    session: Session, uri: str, position: types.Position, *, models_elsewhere: bool = True
) -> AsyncIterator[Use]:
    """The places in this file, then those in all others, open and closed; of a model only this
    file's where not `models_elsewhere`."""
    file, name = await name_in(session, uri, position)
    if file is not None and name is not None:
        async for each in files_that_may_name(session, file, name):
            for use in _found(session, each, partial(_of_name, name)):
                yield use
    elif file is not None:
        at = convert.position_in(file.document.lines, position, session.client.encoding)
        model = named_at(file.document, at)
        local = model.local_name if model else _declared_at(file.document, at)
        if local is not None:  # known in its file alone
            for use in _of_local(local, file):
                yield use
        elif model is not None:
            async for each in _files_after(session, file, models_elsewhere):
                for use in _found(session, each, partial(_of_model, model)):
                    yield use


def _found(session: Session, file: File, uses_in: Callable[[File], Iterator[Use]]) -> list[Use]:
    """The uses in one file; where we fail on it, none."""
    with apart(session.news, file.uri):
        return list(uses_in(file))
    return []


def _of_name(name: Name, file: File) -> Iterator[Use]:
    for one in names(file.document, name.kind, name.text):
        yield Use(file, one.span, one.defines)


def _of_model(model: Named, file: File) -> Iterator[Use]:
    for one in named_in(file.document):
        if one.key == model.key:
            yield Use(file, one.span)


def _declared_at(document: Document, position: Position) -> str | None:
    """The name that is defined at a position."""
    found = declarations(document)
    return next((name for name, span in found if span.contains(position)), None)


def _of_local(name: str, file: File) -> Iterator[Use]:
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
