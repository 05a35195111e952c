"""Source code of 10,000 lines: a keystroke with a completion, and a file that names no model."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from time import thread_time

from tests.analysis.support import CATALOG, OPTIONS
from tests.bench.editor import IDLE, OURS, Editor, editor, in_turn, median_ms
from tests.bench.table import Row, show
from tests.e2e.editor import environment
from tests.loopback.process import loopback_process

from stagewright.analysis.completion import complete
from stagewright.analysis.diagnostics import diagnose
from stagewright.dialects.dialect import builtin
from stagewright.dialects.opening import open_document
from stagewright.text.buffer import Position, Span

LINES = 10_000
KEYSTROKES = 100
OPENED, ANSWERS = 30, 20

_FUNCTION = '''
def function_{n}(text: str, *, limit: int = {n}) -> list[str]:
    """Says what stands in a text, line by line."""
    found = [line.strip() for line in text.split("\\n")]  # without the ends
    if not found or len(found) > limit:
        raise ValueError(f"too many lines: {{len(found)}} > {{limit}}")
    return sorted({{"key": line, "other": 'value-{n}'}}["key"] for line in found)

'''
_NAMES = """
    answer = client.chat.completions.create(model="gpt-5", messages=[text])
"""


def _source(*, every: int) -> str:
    """A file of Python; with `every`, each so many functions one asks a model."""
    parts = ["from openai import OpenAI\n" if every else "import os\n"]
    for number in range(LINES // 9 + 1):
        parts.append(_FUNCTION.format(n=number))
        if every and number % every == 0:
            parts.append(_NAMES)
    return "\n".join("".join(parts).split("\n")[:LINES])


def _place(text: str) -> Position:
    """The end of a model's name in the midst of a text."""
    lines = text.split("\n")
    ends = [
        (number, line.index("gpt-5") + 5) for number, line in enumerate(lines) if "gpt-5" in line
    ]
    return Position(*ends[len(ends) // 2])


def main() -> bool:
    """Measure and print; whether every aim was reached."""
    named, plain = _source(every=20), _source(every=0)
    reached = show("What is read and said again of source code", "all read anew", _touched(named))
    with tempfile.TemporaryDirectory() as name, loopback_process() as providers:
        folder = Path(name).resolve()
        environ = environment(folder, **providers.environ)
        rows = [_answered(named, folder, environ), *_opened(plain, folder, environ)]
    return show("Source code of 10,000 lines in an editor", "other", rows) and reached


def _touched(text: str) -> list[Row]:
    """Reading the line that a keystroke touched and the diagnostics after it, then a completion."""
    dialect, place = builtin("code"), _place(text)
    document = open_document(text, dialect, name="main.py")
    diagnose(document, CATALOG, OPTIONS)
    typed, offered, anew = [], [], []
    for number in range(KEYSTROKES):
        begin = thread_time()
        document.edit(Span(place, place), "x")
        diagnose(document, CATALOG, OPTIONS)
        typed.append(thread_time() - begin)
        begin = thread_time()
        assert complete(document, place, CATALOG, OPTIONS).items
        offered.append(thread_time() - begin)
        document.edit(Span(place, place._replace(column=place.column + 1)), "")
        if number % 10 == 0:
            begin = thread_time()
            diagnose(open_document(text, dialect, name="main.py"), CATALOG, OPTIONS)
            anew.append(thread_time() - begin)
    return [
        Row(
            "keystroke and diagnostics", "ms", median_ms(typed), median_ms(anew), 5, of_ratio=False
        ),
        Row("completion", "ms", median_ms(offered), median_ms(anew), 5, of_ratio=False),
    ]


def _answered(text: str, folder: Path, environ: Mapping[str, str]) -> Row:
    """A keystroke and the completion that is asked for with it, over the wire."""
    line, column = _place(text)
    with editor(OURS, environ, folder) as ours, editor(IDLE, environ, folder) as idle:
        for running in (ours, idle):
            running.uri = (folder / "main.py").as_uri()
            running.open(text)
            running.complete(line, column)

        def keystroke(running: Editor) -> None:
            running.replace(line, column - 1, column, "5")
            offers = running.complete(line, column)
            assert running is idle or offers

        took = in_turn(KEYSTROKES, keystroke, ours, idle)
    return Row("keystroke and completion", "ms", *took, most=5, of_ratio=False)


def _opened(text: str, folder: Path, environ: Mapping[str, str]) -> Iterator[Row]:
    """Opening a file that names no model: how long an answer about another one has to wait, beside
    ourselves with source code turned off; and several, while this one is looked through."""
    off = folder / "off.toml"
    off.write_text("[code]\nenabled = false\n", "utf-8")
    without = {**environ, "STAGEWRIGHT_CONFIG": str(off)}
    with editor(OURS, environ, folder) as ours, editor(OURS, without, folder) as other:
        opened, unknown = 0, (folder / "other.txt").as_uri()

        def opens(running: Editor) -> None:
            nonlocal opened
            opened += 1
            running.uri = (folder / str(opened) / "main.py").as_uri()
            running.open(text)
            _ask(running, unknown)

        def looks_through(running: Editor) -> None:
            opens(running)
            for _ in range(ANSWERS):
                time.sleep(0.005)  # the pace of an editor that is scrolled, not a wait for a state
                _ask(running, unknown)

        for act, what in ((opens, "an answer"), (looks_through, f"{ANSWERS} answers in a row")):
            mine, theirs = in_turn(OPENED, act, ours, other)
            most = 1 if act is opens else None
            yield Row(f"opening one without models, and {what}", "ms", mine, theirs)
            yield Row(
                "of that more than without code", "ms", mine - theirs, most=most, of_ratio=False
            )


def _ask(running: Editor, uri: str) -> None:
    at = {"textDocument": {"uri": uri}, "position": {"line": 0, "character": 0}}
    running.client.request("textDocument/completion", at, timeout=60)
