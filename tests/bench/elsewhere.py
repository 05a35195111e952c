"""Other programs' files of 2,000 lines: a keystroke, what is said after it, and a completion."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from tests.bench.editor import IDLE, OURS, Editor, editor, in_turn
from tests.bench.keystrokes import answered, touched
from tests.bench.table import Row, show
from tests.e2e.editor import environment
from tests.loopback.process import loopback_process

from stagewright.dialects.document import Document
from stagewright.dialects.registry import Dialects
from stagewright.text.buffer import Position
from stagewright.workspace import claim

LINES = 2_000
OPENED = 60
MODELS = ("gpt-5", "claude-opus-5-5")


class File(NamedTuple):
    """A long file, and where in it a model's name ends."""

    syntax: str
    path: str
    text: str

    def model(self) -> Position:
        """The end of a model's name in the midst of the file."""
        lines = self.text.split("\n")
        ends = [
            Position(number, line.index(model) + len(model))
            for number, line in enumerate(lines)
            for model in MODELS
            if model in line
        ]
        return ends[len(ends) // 2]


def _yaml() -> str:
    names = ("openai/gpt-5", "openai/gpt-4o", "anthropic/claude-opus-5-5")
    items = (
        f"  - model_name: m{n}\n    litellm_params:\n      model: {names[n % 3]}\n"
        f"      api_key: os.environ/KEY\n      rpm: {n}\n    model_info:\n      mode: chat\n"
        for n in range(LINES // 7)
    )
    return "model_list:\n" + "".join(items) + "litellm_settings:\n  drop_params: true\n"


def _workflow() -> str:
    step = (
        "      - uses: anthropics/claude-code-action@v1\n        with:\n          claude_args: |\n"
        "            --max-turns 5\n            --model claude-opus-5-5\n"
    )
    jobs = (f"  j{n}:\n    runs-on: x\n    steps:\n{step * 40}" for n in range(LINES // 203 + 1))
    return "on: push\njobs:\n" + "".join(jobs)


def _json() -> str:
    agents = {
        f"a{n}": {"model": "openai/gpt-5", "description": "x", "tools": {"write": False, "b": [1]}}
        for n in range(LINES // 10)
    }
    return json.dumps({"model": "openai/gpt-5", "agent": agents}, indent=2)


def _toml() -> str:
    profiles = (
        f'\n[profiles.p{n}]\nmodel = "gpt-5"\nmodel_provider = "openai"\nnames = [\n  "a",\n]\n'
        for n in range(LINES // 7)
    )
    return 'model = "gpt-5"\n' + "".join(profiles)


def _front_matter() -> str:
    steps = (
        f"  - name: a{n}\n    run: |\n      echo {n}\n    env:\n      X: 1\n" for n in range(390)
    )
    head = "---\non: push\nengine:\n  id: claude\n  model: claude-opus-5-5\nsteps:\n"
    return head + "".join(steps) + "---\n" + "Prose.\n" * 50


FILES = (
    File("YAML", "litellm_config.yaml", _yaml()),
    File("YAML of jobs", ".github/workflows/claude.yml", _workflow()),
    File("JSON", "opencode.json", _json()),
    File("TOML", ".codex/config.toml", _toml()),
    File("front matter", ".github/workflows/triage.md", _front_matter()),
)


def main() -> bool:
    """Measure and print; whether every aim was reached."""
    rows = [row for file in FILES for row in _touched(file)]
    reached = show("What is read and said again of 2,000 lines", "all read anew", rows)
    with tempfile.TemporaryDirectory() as name, loopback_process() as providers:
        folder = Path(name).resolve()
        environ = environment(folder, **providers.environ)
        beside = [_answered(file, folder, environ) for file in FILES]
        opened = list(_unclaimed(folder, environ))
    return show("Files of 2,000 lines in an editor", "idle pygls", [*beside, *opened]) and reached


def _touched(file: File) -> Iterator[Row]:
    """Reading what a keystroke touched and the diagnostics after it, then a completion."""
    dialect = claim(Path("/w") / file.path, Dialects(), (), file.text)
    assert dialect is not None, file.path

    def read() -> Document:
        return Document(file.text, dialect)

    took = touched(read(), file.model(), read)
    what = f"keystroke and diagnostics, {file.syntax}"
    yield Row(what, "ms", took.typed, took.anew, most=5, of_ratio=False)
    yield Row(f"completion, {file.syntax}", "ms", took.offered, most=5, of_ratio=False)


def _answered(file: File, folder: Path, environ: Mapping[str, str]) -> Row:
    took = answered(folder / file.path, file.text, file.model(), environ, folder)
    what = f"keystroke and completion, {file.syntax}"
    return Row(what, "ms", *took, most=5, of_ratio=False)


def _unclaimed(folder: Path, environ: Mapping[str, str]) -> Iterator[Row]:
    """Opening a file that is nobody's: what the next answer has to wait longer than idle pygls."""
    text = "key: value\n" * LINES
    for name in ("notes.yaml", "config.yaml", "src/main.py"):
        with editor(OURS, environ, folder) as ours, editor(IDLE, environ, folder) as idle:
            opened = 0

            def opens(running: Editor, name: str = name) -> None:
                nonlocal opened
                opened += 1
                path = folder / str(opened) / name
                running.uri = path.as_uri()
                running.open(text)
                running.ask(running.uri)

            mine, theirs = in_turn(OPENED, opens, ours, idle)
        what = f"opening {name}, which nobody claims, and an answer"
        yield Row(what, "ms", mine, theirs)
        yield Row("of that more than idle pygls", "ms", mine - theirs, most=1, of_ratio=False)
