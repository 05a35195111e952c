"""What the commands that look through files have in common: where they look, and whom they ask."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stagewright.cli.checking.result import Asking

Paths = Annotated[
    list[Path] | None,
    typer.Argument(metavar="PATH", help="Files or folders; by default the working folder."),
]
Live = Annotated[bool, typer.Option("--live", help="Fail when a provider in use cannot be asked.")]
Offline = Annotated[bool, typer.Option("--offline", help="Open no connection.")]
NoCode = Annotated[
    bool, typer.Option("--no-code", help="Leave out source code and loose configuration.")
]


def asking(*, live: bool, offline: bool) -> Asking:
    """Whom to ask. Raises BadParameter for what forbids itself."""
    if live and offline:
        raise typer.BadParameter("--live asks providers and --offline forbids it: choose one")
    return Asking.LIVE if live else Asking.OFFLINE if offline else Asking.USUAL
