"""The folder whose workflows are meant."""

from __future__ import annotations

from pathlib import Path

from stagewright.dialects.choragen import FOLDER
from stagewright.files import is_folder


def workspace(folder: Path) -> Path:
    """The nearest folder upwards that has a `.choragen`, else this one."""
    return next((one for one in (folder, *folder.parents) if is_folder(one / FOLDER)), folder)
