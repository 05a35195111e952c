"""Stagewright with a fault: it fails on texts that hold FAULT, wherever it reads or judges them.

`python -m tests.faulty PLACE ...` runs the program so; PLACE is one of `PLACES`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any

FAULT = "# a fault is met here"

PLACES = {
    "reading": [("stagewright.text.yaml.recovery", "parse")],
    "checking": [("stagewright.analysis.choragen.entry_cache", "check")],
    "judging": [("stagewright.analysis.diagnostics.diagnose", "is_ignored")],
    "the cursor": [
        ("stagewright.analysis.completion.complete", "cursor_at"),
        ("stagewright.analysis.hover", "cursor_at"),
    ],
}


class Fault(Exception):
    """What stands for an error of ours."""


def _holds_fault(found: object) -> bool:
    lines = getattr(found, "lines", found)
    return isinstance(lines, list) and any(FAULT in line for line in lines if isinstance(line, str))


def _faulty(sound: Callable[..., Any]) -> Callable[..., Any]:
    def faulty(*given: Any, **named: Any) -> Any:
        if any(map(_holds_fault, given)):
            raise Fault("what the text holds")
        return sound(*given, **named)

    return faulty


def main(place: str, *arguments: str) -> None:
    """Put the fault in its place and run the command line."""
    from stagewright.cli import main as run

    for module, name in PLACES[place]:
        holder = import_module(module)
        setattr(holder, name, _faulty(getattr(holder, name)))
    sys.argv = ["stagewright", *arguments]
    run()


if __name__ == "__main__":
    main(*sys.argv[1:])
