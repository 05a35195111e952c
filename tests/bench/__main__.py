"""`make bench`: everything that is measured, each part in one run.

Figures that are compared are medians of pairs taken in turn, so that a drifting machine drifts for
both. What is measured is printed whether or not its aim was reached; a missed aim ends with exit
code 1. `python -m tests.bench idle` runs one part.
"""

from __future__ import annotations

import sys

from tests.bench import (
    chat,
    check,
    code,
    elsewhere,
    finding,
    idle,
    peers,
    soak,
    source,
    yaml_server,
)

PARTS = {
    "idle": idle.main,
    "elsewhere": elsewhere.main,
    "code": code.main,
    "chat": chat.main,
    "yaml": yaml_server.main,
    "check": check.main,
    "finding": finding.main,
    "peers": peers.main,
    "source": source.main,
    "soak": soak.main,
}


def main(names: list[str]) -> int:
    """Run the parts of these names, all of them if none; 0 when every aim was reached."""
    reached = [PARTS[name]() for name in names or PARTS]
    return 0 if all(reached) else 1


sys.exit(main(sys.argv[1:]))
