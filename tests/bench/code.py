"""Source code of 10,000 lines: a keystroke with a completion, and a file that names no model."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.bench.editor import OURS, Editor, editor, in_turn
from tests.bench.keystrokes import answered, touched
from tests.bench.table import Row, show
from tests.e2e.editor import environment
from tests.loopback.process import loopback_process

from stagewright.dialects.dialect import builtin
from stagewright.dialects.document import Document
from stagewright.dialects.opening import open_document
from stagewright.text.buffer import Position

LINES = 10_000
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
        took = answered(folder / "main.py", named, _place(named), environ, folder)
        typed = Row("keystroke and completion", "ms", *took, most=5, of_ratio=False)
        rows = [typed, *_opened(plain, folder, environ)]
    return show("Source code of 10,000 lines in an editor", "other", rows) and reached


def _touched(text: str) -> list[Row]:
    """Reading the line that a keystroke touched and the diagnostics after it, then a completion."""

    def read() -> Document:
        return open_document(text, builtin("code"), name="main.py")

    took = touched(read(), _place(text), read)
    return [
        Row("keystroke and diagnostics", "ms", took.typed, took.anew, 5, of_ratio=False),
        Row("completion", "ms", took.offered, took.anew, 5, of_ratio=False),
    ]


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
            running.ask(unknown)

        def looks_through(running: Editor) -> None:
            opens(running)
            for _ in range(ANSWERS):
                time.sleep(0.005)  # the pace of an editor that is scrolled, not a wait for a state
                running.ask(unknown)

        for act, what in ((opens, "an answer"), (looks_through, f"{ANSWERS} answers in a row")):
            mine, theirs = in_turn(OPENED, act, ours, other)
            most = 1 if act is opens else None
            yield Row(f"opening one without models, and {what}", "ms", mine, theirs)
            yield Row(
                "of that more than without code", "ms", mine - theirs, most=most, of_ratio=False
            )
