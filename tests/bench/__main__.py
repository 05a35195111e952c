"""`make bench`: this server beside a pygls server that does no work, in one run.

Each figure is a median of pairs taken in turn, so that a drifting machine drifts for both.
The limits are aims; what is measured is printed either way, and a missed aim ends with exit code 1.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table
from tests.bench.editor import IDLE, OURS, Editor, editor, seconds, template
from tests.e2e.editor import environment
from tests.loopback.process import loopback_process

STARTS = 11
COMPLETIONS = 200
KEYSTROKES = 100


@dataclass(frozen=True)
class Row:
    """One figure: ours, the idle server's, and the most that is aimed at."""

    what: str
    unit: str
    ours: float
    idle: float
    most: float
    of: str  # "ratio" or "ours"

    @property
    def reached(self) -> bool:
        """Whether the aim was reached."""
        return (self.ours / self.idle if self.of == "ratio" else self.ours) <= self.most


def main() -> None:
    """Measure, print, and say by the exit code whether every aim was reached."""
    with tempfile.TemporaryDirectory() as name, loopback_process() as providers:
        folder = Path(name).resolve()
        (folder / ".choragen" / "workflow-templates").mkdir(parents=True)
        environ = environment(folder, **providers.environ)
        _fill_cache(folder, environ)
        rows = [
            _start(folder, environ),
            *_answers(folder, environ),
            *_memory(folder, environ),
        ]
    table = Table("figure", "ours", "idle pygls", "ratio", "aim", box=None, pad_edge=False)
    for row in rows:
        aim = f"<= {row.most:g}" + (" x" if row.of == "ratio" else f" {row.unit}")
        table.add_row(
            row.what,
            f"{row.ours:.2f} {row.unit}",
            f"{row.idle:.2f} {row.unit}",
            f"{row.ours / row.idle:.2f}",
            f"{aim} {'reached' if row.reached else 'MISSED'}",
        )
    Console(width=110).print(table)
    sys.exit(0 if all(row.reached for row in rows) else 1)


def _fill_cache(folder: Path, environ: Mapping[str, str]) -> None:
    """One session before, so that the measured ones start as on any other day: with a cache."""
    with editor(OURS, environ, folder) as running:
        running.client.command("stagewright.models.refresh", {})


def _start(folder: Path, environ: Mapping[str, str]) -> Row:
    """From starting the process to the first answered completion, with models in it."""
    times: dict[tuple[str, ...], list[float]] = {OURS: [], IDLE: []}
    for number in range(STARTS + 1):
        for command, taken in times.items():
            begin = seconds()
            with editor(command, environ, folder) as running:
                running.open(template(6))
                offers = running.complete(*_model_of(0))
                if number:  # the first pair warms the disk's cache
                    taken.append(seconds() - begin)
                assert command is IDLE or offers
    ours, idle = (statistics.median(taken) * 1000 for taken in times.values())
    return Row("start to first completion", "ms", ours, idle, 1.3, "ratio")


def _answers(folder: Path, environ: Mapping[str, str]) -> Iterator[Row]:
    """A completion in a file of 100 stages; a keystroke and a completion in one of 10,000."""
    with _both(folder, environ, template(100)) as (ours, idle):
        place = _model_of(50)
        took = _in_turn(COMPLETIONS, lambda running: running.complete(*place), ours, idle)
        yield Row("completion, 100 stages", "ms", *took, 1.5, "ratio")
    with _both(folder, environ, template(10_000)) as (ours, idle):
        line, character = _model_of(5_000)

        def keystroke(running: Editor) -> None:
            running.type(line, character, "x")
            running.complete(line, character + 1)

        took = _in_turn(KEYSTROKES, keystroke, ours, idle)
        yield Row("keystroke and completion, 10,000 stages", "ms", *took, 5, "ours")


def _memory(folder: Path, environ: Mapping[str, str]) -> Iterator[Row]:
    """Peak memory of a session with models known and diagnostics given."""
    for stages in (6, 10_000):
        with _both(folder, environ, template(stages)) as (ours, idle):
            ours.settle()
            for running in (ours, idle):
                running.complete(*_model_of(0))
            peaks = [running.memory()["peak"] / 1024 for running in (ours, idle)]
            yield Row(f"peak memory, {stages:,} stages", "MiB", *peaks, 1.6, "ratio")


@contextmanager
def _both(folder: Path, environ: Mapping[str, str], text: str) -> Iterator[tuple[Editor, Editor]]:
    with editor(OURS, environ, folder) as ours, editor(IDLE, environ, folder) as idle:
        for running in (ours, idle):
            running.open(text)
            running.complete(0, 0)
        yield ours, idle


def _in_turn(
    times: int, work: Callable[[Editor], object], ours: Editor, idle: Editor
) -> tuple[float, float]:
    """Medians in milliseconds, ours and the idle server's, taken alternately."""
    taken: dict[Editor, list[float]] = {ours: [], idle: []}
    for number in range(times + 5):
        for running, figures in taken.items():
            begin = seconds()
            work(running)
            if number >= 5:
                figures.append(seconds() - begin)
    return statistics.median(taken[ours]) * 1000, statistics.median(taken[idle]) * 1000


def _model_of(stage: int) -> tuple[int, int]:
    """Line and character right behind the opening quote of a stage's model."""
    lines = template(stage + 1).splitlines()
    line = max(number for number, one in enumerate(lines) if one.startswith("      model:"))
    return line, len('      model: "')


main()
