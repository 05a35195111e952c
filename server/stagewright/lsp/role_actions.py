"""Creating roles: a code action that writes into the role index, which may not exist yet."""

from __future__ import annotations

import asyncio

from lsprotocol import types

from stagewright.analysis.choragen.create_role import add_role, new_index
from stagewright.analysis.results import Diagnostic
from stagewright.dialects.choragen import ROLES_FILE
from stagewright.lsp import convert
from stagewright.lsp.documents import path_of, uri_of
from stagewright.lsp.files import File, read_file, workspace_edit
from stagewright.lsp.session import Session


async def create_role(
    session: Session, file: File, diagnostic: Diagnostic
) -> types.CodeAction | None:
    """What puts the role of a `role-unknown` into the index; None where that cannot be done."""
    path = path_of(file.uri)
    role = file.document.entry(diagnostic.entry).role_id if diagnostic.entry is not None else None
    if path is None or role is None:
        return None
    index = session.roots.of(path) / ROLES_FILE
    edit: types.WorkspaceEdit | None = None
    known = await read_file(session, uri_of(index))
    if known is not None:
        edits = add_role(known.document, role.value, session.now())
        edit = workspace_edit(session, [(known, edits)]) if edits else None
    elif session.client.creates_files and not await asyncio.to_thread(index.exists):
        edit = _new_file(uri_of(index), new_index(role.value, session.now()))
    if edit is None:
        return None
    return types.CodeAction(
        title=f"Create the role `{role.value}` in {ROLES_FILE}",
        kind=types.CodeActionKind.QuickFix,
        diagnostics=[convert.diagnostic(file.document.lines, diagnostic, session.client)],
        edit=edit,
    )


def _new_file(uri: str, text: str) -> types.WorkspaceEdit:
    start = types.Position(0, 0)
    return types.WorkspaceEdit(
        document_changes=[
            types.CreateFile(uri, options=types.CreateFileOptions(ignore_if_exists=True)),
            types.TextDocumentEdit(
                types.OptionalVersionedTextDocumentIdentifier(uri),
                [types.TextEdit(types.Range(start, start), text)],
            ),
        ]
    )
