"""`workspace/didChangeWatchedFiles`."""

from __future__ import annotations

import os
from pathlib import Path

from lsprotocol import types

from stagewright.dialects.choragen import ROLES_FILE
from stagewright.lsp.documents import path_of
from stagewright.lsp.parts import Parts
from stagewright.lsp.upkeep import read_again
from stagewright.workspace import is_role_index, is_workflow


def did_change_watched_files(parts: Parts, params: types.DidChangeWatchedFilesParams) -> None:
    """Another program wrote a file that is read, or one that governs it, or moved their folder."""
    session, publisher = parts.session, parts.publisher
    paths = {path for change in params.changes if (path := path_of(change.uri)) is not None}
    for governed in session.documents.govern():
        publisher.opened(governed)
    if not all(map(is_workflow, paths)):  # nothing that is found depends on these
        session.listings = {}
        publisher.files_changed()
    session.roots.forget()
    touched = {session.roots.of(path) for path in paths if is_role_index(path)}
    moved = {root for root in session.roles if paths & _holding_roles(root)}
    if roots := touched | moved:
        read_again(parts, roots)
    if parts.chats.made is not None:
        parts.chats.made.transcripts.files_changed(paths)


def _holding_roles(root: Path) -> set[Path]:
    """The folders in which a role index lies, by either of their names."""
    index = root / ROLES_FILE
    return {*index.parents, *Path(os.path.realpath(index)).parents}
