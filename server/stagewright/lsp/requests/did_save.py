"""`textDocument/didSave`."""

from __future__ import annotations

from lsprotocol import types

from stagewright.lsp.documents import path_of
from stagewright.lsp.later import load
from stagewright.lsp.parts import Parts
from stagewright.lsp.upkeep import read_again, take_up
from stagewright.workspace import is_role_index


def did_save(parts: Parts, params: types.DidSaveTextDocumentParams) -> None:
    """A role index counts as it is on disk; a client that watches files tells of that itself."""
    session, publisher, uri = parts.session, parts.publisher, params.text_document.uri
    opened = session.documents.find(uri)
    may_be_anothers = opened is None or opened.document.dialect.takes_the_rest
    if may_be_anothers and session.documents.look_again(uri):  # what tells it was written since
        take_up(parts, uri)
    elif opened is not None:
        publisher.saved(uri)
    for governed in session.documents.govern():
        publisher.opened(governed)
    if (path := path_of(uri)) is None:
        return
    dialect = session.dialect_of(path)
    if dialect is not None and dialect.follows_workflow:
        session.spawn(_look_for_edits(parts, uri))
    if is_role_index(path) and not session.client.watches_files:
        read_again(parts, [session.roots.of(path)])


async def _look_for_edits(parts: Parts, uri: str) -> None:
    chat = await parts.chats.get()
    await load("stagewright.lsp.chats.edited").saved(chat, uri)
