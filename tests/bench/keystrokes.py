"""Keystrokes in a model's name in the midst of a long file, and the completions asked with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from time import thread_time
from typing import NamedTuple

from tests.analysis.support import CATALOG, OPTIONS
from tests.bench.editor import IDLE, OURS, Editor, editor, in_turn, median_ms

from stagewright.analysis.completion.complete import complete
from stagewright.analysis.diagnostics.diagnose import diagnose
from stagewright.dialects.document import Document
from stagewright.text.buffer import Position, Span

KEYSTROKES = 100


class Touched(NamedTuple):
    """Medians of milliseconds that were spent, since nothing is waited for."""

    typed: float  # reading what a keystroke touched, and the diagnostics after it
    offered: float  # a completion there
    anew: float  # reading all of it, and its diagnostics


def touched(document: Document, place: Position, anew: Callable[[], Document]) -> Touched:
    """What keystrokes at a place of a document cost, beside reading all `anew`."""
    diagnose(document, CATALOG, OPTIONS)
    typed, offered, read = [], [], []
    for number in range(KEYSTROKES):
        begin = thread_time()
        document.edit(Span(place, place), "x")
        diagnose(document, CATALOG, OPTIONS)
        typed.append(thread_time() - begin)
        begin = thread_time()
        assert complete(document, place, CATALOG, OPTIONS).items
        offered.append(thread_time() - begin)
        document.edit(Span(place, place._replace(column=place.column + 1)), "")
        diagnose(document, CATALOG, OPTIONS)
        if number % 10 == 0:
            begin = thread_time()
            diagnose(anew(), CATALOG, OPTIONS)
            read.append(thread_time() - begin)
    return Touched(median_ms(typed), median_ms(offered), median_ms(read))


def answered(
    path: Path, text: str, place: Position, environ: Mapping[str, str], folder: Path
) -> tuple[float, float]:
    """A keystroke and the completion that is asked for with it, over the wire: medians in
    milliseconds, ours and those of a server that does nothing."""
    line, column = place
    with editor(OURS, environ, folder) as ours, editor(IDLE, environ, folder) as idle:
        for running in (ours, idle):
            running.uri = path.as_uri()
            running.open(text)
            running.complete(line, column)

        def keystroke(running: Editor) -> None:
            running.replace(line, column - 1, column, text.split("\n")[line][column - 1])
            offers = running.complete(line, column)
            assert running is idle or offers

        return in_turn(KEYSTROKES, keystroke, ours, idle)
