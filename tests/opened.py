"""Stagewright that notes each file that it opens: `python -m tests.opened LOG ...` runs it so."""

from __future__ import annotations

import os
import sys
from typing import Any


def main(log: str, *arguments: str) -> None:
    """Run the command line; the path of each file is a line of `log` before it is opened."""
    from stagewright.cli import main as run

    note = os.open(log, os.O_CREAT | os.O_WRONLY | os.O_APPEND)

    def hear(event: str, given: tuple[Any, ...]) -> None:
        if event == "open":
            os.write(note, os.fsencode(f"{given[0]}\n"))

    sys.addaudithook(hear)
    sys.argv = ["stagewright", *arguments]
    run()


if __name__ == "__main__":
    main(*sys.argv[1:])
