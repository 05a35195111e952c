"""What several commands have in common: their options, and the user's settings."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Literal

import typer

from stagewright.cli.checking.result import Asking
from stagewright.cli.terminal import warn
from stagewright.dialects.choragen import FOLDER
from stagewright.files import is_folder
from stagewright.settings import Settings, load

Paths = Annotated[
    list[Path] | None,
    typer.Argument(metavar="PATH", help="Files or folders; by default the working folder."),
]
Live = Annotated[bool, typer.Option("--live", help="Fail when a provider in use cannot be asked.")]
Offline = Annotated[bool, typer.Option("--offline", help="Open no connection.")]
NoCode = Annotated[
    bool, typer.Option("--no-code", help="Leave out source code and loose configuration.")
]
TextOrJson = Annotated[Literal["text", "json"], typer.Option("--format", help="Output format.")]


def asking(*, live: bool, offline: bool) -> Asking:
    """Whom to ask. Raises BadParameter for what forbids itself."""
    if live and offline:
        raise typer.BadParameter("--live asks providers and --offline forbids it: choose one")
    return Asking.LIVE if live else Asking.OFFLINE if offline else Asking.USUAL


def workspace(folder: Path) -> Path:
    """The folder whose workflows are meant: the nearest upwards that has a `.choragen`, else this
    one."""
    return next((one for one in (folder, *folder.parents) if is_folder(one / FOLDER)), folder)


def settings() -> Settings:
    """The user's settings, with a warning of each that is wrong."""
    found, problems = load(None, os.environ)
    for problem in problems:
        warn(problem)
    return found
