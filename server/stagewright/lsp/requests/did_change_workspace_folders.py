"""`workspace/didChangeWorkspaceFolders`."""

from __future__ import annotations

from lsprotocol import types

from stagewright.lsp.documents import path_of
from stagewright.lsp.parts import Parts
from stagewright.lsp.upkeep import read_again


def did_change_workspace_folders(parts: Parts, _: types.DidChangeWorkspaceFoldersParams) -> None:
    """Folders came or went: other files are of the workspace, and other roles may count in some."""
    session = parts.session
    session.roots.forget()
    session.listings = {}
    paths = (path_of(uri) for uri in session.documents.uris())
    roots = {session.roots.of(path) for path in paths if path is not None}
    read_again(parts, roots)
