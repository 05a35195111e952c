"""A progress bar on the terminal's stderr, once work has taken a while."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from stagewright.cli.terminal import console

_SHOWN_AFTER, _RENEWED_AFTER = 0.4, 0.1  # seconds


@contextmanager
def progress_bar(what: str) -> Iterator[Callable[[float], None]]:
    """A function to be told how much is done, from 0 to 1. Draws nothing but on a terminal."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    # As long to import as most checks take.
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    # No thread of its own: work may fork.
    bar = Progress(*columns, console=console(stderr=True), transient=True, auto_refresh=False)
    task = bar.add_task(what, total=1.0)
    due = time.monotonic() + _SHOWN_AFTER
    shown = False

    def advance(done: float) -> None:
        nonlocal due, shown
        if time.monotonic() < due:
            return
        if not shown:
            bar.start()
            shown = True
        bar.update(task, completed=done)
        bar.refresh()
        due = time.monotonic() + _RENEWED_AFTER

    try:
        yield advance
    finally:
        if shown:
            bar.stop()
