"""`workspace/didChangeWorkspaceFolders`."""

from __future__ import annotations

from lsprotocol import types

from stagewright.lsp.documents import path_of
from stagewright.lsp.publish import Publisher
from stagewright.lsp.session import Session
from stagewright.lsp.upkeep import read_again


def did_change_workspace_folders(
    session: Session, publisher: Publisher, _: types.DidChangeWorkspaceFoldersParams
) -> None:
    """Folders came or went: other files are of the workspace, and other roles may count in some."""
    session.roots.forget()
    session.listings = {}
    paths = (path_of(uri) for uri in session.documents.uris())
    roots = {session.roots.of(path) for path in paths if path is not None}
    read_again(session, publisher, roots)
