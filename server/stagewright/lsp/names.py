"""Names of roles, stages and templates in the client's files: the one at a place, and where else
it may stand."""

from __future__ import annotations

from collections.abc import AsyncIterator

from lsprotocol import types

from stagewright.analysis.choragen.navigation import Name, NameKind, name_at
from stagewright.dialects.choragen.roles import BUILTIN_ROLES
from stagewright.lsp import convert
from stagewright.lsp.documents import identity, path_of
from stagewright.lsp.errors import failure
from stagewright.lsp.files import File, Problems, files_of, read_file
from stagewright.lsp.session import Session


async def name_in(
    session: Session, uri: str, position: types.Position
) -> tuple[File | None, Name | None]:
    """The file of a URI, and the name at a place of it; None for what there is not."""
    file = await read_file(session, uri)
    if file is None:
        return None, None
    at = convert.position_in(file.document.lines, position, session.client.encoding)
    return file, name_at(file.document, at)


async def files_that_may_name(
    session: Session, file: File, name: Name, problems: Problems | None = None
) -> AsyncIterator[File]:
    """A stage is known in its template alone, roles and templates in one workspace."""
    yield file
    path = path_of(file.uri)
    if name.kind is not NameKind.STAGE and path is not None:
        here = identity(path)
        async for other in files_of(session, session.roots.of(path), problems):
            if identity(path_of(other.uri) or path) != here:
                yield other


async def refuse_builtin(session: Session, file: File, name: Name) -> None:
    """Raises JsonRpcException for a role that is nowhere defined but in Choragen itself."""
    path = path_of(file.uri)
    if name.kind is not NameKind.ROLE or name.text not in BUILTIN_ROLES or path is None:
        return
    roles = await session.known_roles(session.roots.of(path))
    if roles is not None and not roles.exists:
        raise failure(
            "name-invalid",
            f"The role `{name.text}` comes with Choragen: a role of your own needs the role index.",
        )
