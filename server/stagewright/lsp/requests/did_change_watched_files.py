"""`workspace/didChangeWatchedFiles`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from lsprotocol import types

from stagewright.dialects.choragen import ROLES_FILE
from stagewright.lsp.documents import path_of
from stagewright.lsp.later import Later
from stagewright.lsp.publish import Publisher
from stagewright.lsp.session import Session
from stagewright.lsp.upkeep import read_again
from stagewright.workspace import is_role_index, is_workflow

if TYPE_CHECKING:
    from stagewright.lsp.chats.service import ChatService


def did_change_watched_files(
    session: Session,
    publisher: Publisher,
    chats: Later[ChatService],
    params: types.DidChangeWatchedFilesParams,
) -> None:
    """Another program wrote a file that is read, or one that governs it, or moved their folder."""
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
        read_again(session, publisher, roots)
    if chats.made is not None:
        chats.made.transcripts.files_changed(paths)


def _holding_roles(root: Path) -> set[Path]:
    """The folders in which a role index lies, by either of their names."""
    index = root / ROLES_FILE
    return {*index.parents, *Path(os.path.realpath(index)).parents}
