"""The command line."""

from __future__ import annotations

import sys

from stagewright import garbage


def main() -> None:
    """Run the program by its arguments."""
    garbage.leave()
    if sys.argv[1:] in (["server"], ["server", "--stdio"]):
        # Editors start the server most: straight to it, past the command line's own imports.
        from stagewright.cli.server import serve

        serve(None)
        return
    # What an editor's server does without.
    from stagewright.cli import terminal
    from stagewright.cli.app import app

    terminal.prepare()
    app()
