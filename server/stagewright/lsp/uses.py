"""Names in the client's files: the one at a place, and every place that names the same."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from functools import partial
from typing import NamedTuple

from lsprotocol import types

from stagewright.analysis.features import features
from stagewright.analysis.named import Named, declarations, named_at, named_in
from stagewright.analysis.results import Name, NameKind
from stagewright.dialects.document import Document
from stagewright.lsp import convert
from stagewright.lsp.documents import identity, path_of
from stagewright.lsp.errors import failure
from stagewright.lsp.failures import apart
from stagewright.lsp.files import File, Problems, files_of, read_file, workspace_files
from stagewright.lsp.session import Session
from stagewright.text.buffer import Position, Span


class Use(NamedTuple):
    """A place that names a role, stage, template or model, or where that name is defined."""

    file: File
    span: Span
    defines: bool = False


async def name_in(
    session: Session, uri: str, position: types.Position
) -> tuple[File | None, Name | None]:
    """The file of a URI, and the name at a place of it; None for what there is not."""
    file = await read_file(session, uri)
    if file is None:
        return None, None
    at = convert.position_in(file.document.lines, position, session.client.encoding)
    more = features(file.document.dialect)
    return file, more.name_at(file.document, at) if more else None


async def files_that_may_name(
    session: Session, file: File, name: Name, problems: Problems | None = None
) -> AsyncIterator[File]:
    """A stage is known in its template alone, roles and templates in one workspace."""
    yield file
    path = path_of(file.uri)
    if name.kind is not NameKind.STAGE and path is not None:
        async for other in _others(file, files_of(session, session.roots.of(path), problems)):
            yield other


async def _others(file: File, files: AsyncIterator[File]) -> AsyncIterator[File]:
    """All files but this one, by whichever name."""
    path = path_of(file.uri)
    here = identity(path) if path else None
    async for other in files:
        theirs = path_of(other.uri)
        if theirs is None or identity(theirs) != here:
            yield other


async def refuse_kept(session: Session, file: File, name: Name) -> None:
    """Raises JsonRpcException for a name that is not for the user to change."""
    path, more = path_of(file.uri), features(file.document.dialect)
    if path is None or more is None:
        return
    roles = await session.known_roles(session.roots.of(path))
    if why := more.why_kept(name, roles):
        raise failure("name-invalid", why)


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
            of_model = partial(_of_model, model)
            for use in _found(session, file, of_model):
                yield use
            if models_elsewhere:
                async for each in _others(file, workspace_files(session, everything=True)):
                    for use in _found(session, each, of_model):
                        yield use


def _found(session: Session, file: File, uses_in: Callable[[File], Iterator[Use]]) -> list[Use]:
    """The uses in one file; where we fail on it, none."""
    with apart(session.news, file.uri):
        return list(uses_in(file))
    return []


def _of_name(name: Name, file: File) -> Iterator[Use]:
    more = features(file.document.dialect)
    for one in more.names(file.document, name.kind, name.text) if more else ():
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
