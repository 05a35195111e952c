"""The workspace's folders, and to which of them the roles in a file belong."""

from __future__ import annotations

import os
from pathlib import Path

from pygls.workspace import Workspace

from stagewright.dialects.choragen import FOLDER
from stagewright.lsp.documents import identity, path_of
from stagewright.workspace import workspace_root

KNOWN = 256
"""Folders of which is kept to which root they belong."""


class Roots:
    """The folders that are open in the editor, and the projects in and around them."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._known: dict[Path, Path] = {}  # by the folder of a file

    def all(self) -> list[Path]:
        """The workspace's folders."""
        uris = [folder.uri for folder in self._workspace.folders.values()]
        if not uris and self._workspace.root_uri:
            uris = [self._workspace.root_uri]
        return [path for uri in uris if (path := path_of(uri)) is not None]

    def of(self, path: Path) -> Path:
        """The folder whose roles count in a file: its `.choragen`'s, else the editor's; as the
        editor spells it, where it is one of those that are open in it."""
        if (known := self._known.get(path.parent)) is None:
            if len(self._known) >= KNOWN:
                self._known.clear()
            known = self._known[path.parent] = self._find(path)
        return known

    def _find(self, path: Path) -> Path:
        root = workspace_root(path)
        opened = {identity(folder): folder for folder in reversed(self.all())}
        if (root / FOLDER) in path.parents:
            return opened.get(identity(root), root)
        real = Path(os.path.realpath(path))
        around = (opened.get(identity(one)) for one in (*path.parents, *real.parents))
        return next((one for one in around if one is not None), root)

    def forget(self) -> None:
        """Folders or links have changed."""
        self._known.clear()
