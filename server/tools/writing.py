"""Files that are made from others: written by `make docs`, compared by `make check`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]


def write(made: Mapping[Path, str], arguments: Iterable[str]) -> int:
    """Write each file, or with `--check` compare it; 1 where one is not as it should be."""
    stale = []
    for path, text in made.items():
        if path.is_file() and path.read_text("utf-8") == text:
            continue
        if "--check" in arguments:
            stale.append(path)
        else:
            path.write_text(text, "utf-8", newline="\n")
    if stale:
        names = ", ".join(path.relative_to(ROOT).as_posix() for path in stale)
        print(f"Not up to date: {names}. Run `make docs`.", file=sys.stderr)
    return 1 if stale else 0
