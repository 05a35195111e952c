"""This server beside yaml-language-server with our schema: completion, diagnostics, memory.

Both get the same text and the same edits over the same kind of connection, in turn. Measured is
what both can do: complete the words of a stage's `type` and a stage's keys, which the schema lists.
A completion is a keystroke and the offers after it.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from tests.bench.editor import OURS, Editor, editor, seconds, template
from tests.bench.table import Row, show
from tests.e2e.editor import environment

from stagewright.cli.rpc import Client, _read_message
from stagewright.lsp.publish import EDIT_REST

HERE = Path(__file__).parent
SCHEMA = HERE.parents[1] / "schemas" / "workflow-template.schema.json"
AIMS = {6: 3, 100: 15, 1_000: 100}  # stages: times faster at completion
DIAGNOSTICS_AIM = 10  # times faster from edit to diagnostics
DEBOUNCE = 0.2  # seconds that yaml-language-server waits for the next edit before it validates

SESSIONS = {6: 5, 100: 3, 1_000: 2}  # by stages
FIRST, LATER = 20, 100  # completions in a session: JavaScript gets faster as it is repeated
EDITS = 15
_LINES = 17  # of a stage

Pair = tuple[list[float], list[float]]
"""Figures of ours and theirs."""

SETTINGS = {
    "schemas": {SCHEMA.as_uri(): "**/.choragen/workflow-templates/*.yaml"},
    "schemaStore": {"enable": False},
    "kubernetesCRDStore": {"enable": False},
    "completion": True,
    "validate": True,
}


def main() -> bool:
    """Measure and print; whether every aim was reached."""
    node = install()
    if node is None:
        print("yaml-language-server is not measured: that needs npm on PATH.\n")
        return False
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        (folder / ".choragen" / "workflow-templates").mkdir(parents=True)
        rows = [row for stages in AIMS for row in _rows(node, folder, stages)]
    return show("Beside yaml-language-server with our schema", "yaml-language-server", rows)


def install() -> Path | None:
    """The Node that runs yaml-language-server, both installed here at their pinned versions."""
    npm = shutil.which("npm")
    installed = HERE / "node_modules" / ".package-lock.json"
    lock = HERE / "package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
        if npm is None:
            return None
        print("Installing yaml-language-server (once) ...", flush=True)
        command = [npm, "ci", "--silent", "--no-audit", "--no-fund"]
        subprocess.run(command, cwd=HERE, check=True)
        installed.touch()
    return next(HERE.glob("node_modules/node-*/bin/node"), None)


def _rows(node: Path, folder: Path, stages: int) -> Iterator[Row]:
    size = f"{stages:,} stages"
    complete = partial(_complete, stages=stages)
    first: Pair = ([], [])
    for session in range(SESSIONS[stages]):
        with _both(node, folder, stages) as editors:
            _in_turn(editors, complete, FIRST, first)
            if session + 1 < SESSIONS[stages]:
                continue
            later = _in_turn(editors, complete, LATER if stages < 1_000 else FIRST)
            edits = _in_turn(editors, partial(_diagnose, stages=stages), EDITS)
            peaks = [one.memory()["peak"] / 1024 for one in editors]
    title = f"first {FIRST} completions, {size}"
    yield Row(title, "ms", *_ms(first), most=1 / AIMS[stages])
    yield Row("  later in the session", "ms", *_ms(later))
    ours, theirs = _ms(edits)
    yield Row(f"edit to diagnostics, {size}", "ms", ours, theirs, 1 / DIAGNOSTICS_AIM)
    without = f"  without rests of {EDIT_REST * 1000:g} and {DEBOUNCE * 1000:g} ms"
    yield Row(without, "ms", ours - EDIT_REST * 1000, theirs - DEBOUNCE * 1000)
    yield Row(f"peak memory, {size}", "MiB", *peaks, most=1)


def _complete(running: Editor, turn: int, stages: int) -> None:
    """Type a letter of a word or of a key, or delete it again, and have it completed."""
    (line, character), wanted = (
        (_key_of(stages), "sessionId") if turn % 4 > 1 else (_word_of(stages), "implementation")
    )
    if turn % 2:
        running.replace(line, character, character + 1)
    else:
        running.type(line, character, wanted[0])
    offers = running.complete(line, character + 1 - turn % 2)
    assert wanted in [offer["label"] for offer in offers]


def _diagnose(running: Editor, turn: int, stages: int) -> None:
    """Make a word wrong, or right again, and wait until that is told."""
    line, character = _next_word_of(stages)
    wrong = turn % 2 == 0
    end = character + len("design")
    running.replace(line, character, end, "desigm" if wrong else "design")

    def is_told(told: Any) -> bool:
        return wrong is any(one["range"]["start"]["line"] == line for one in told["diagnostics"])

    running.client.notification("textDocument/publishDiagnostics", is_told, timeout=60)


def text_of(stages: int) -> str:
    """A template that lacks a word and a key in its middle stage; the next one's type is short."""
    lines = template(stages).splitlines()
    word, _ = _word_of(stages)
    lines[word + _LINES] = "    type: design"
    lines[word] = "    type: "
    lines.insert(word + 1, "    ")
    return "\n".join([*lines, ""])


def _word_of(stages: int) -> tuple[int, int]:
    """Line and character of the middle stage's type."""
    lines = template(stages // 2 + 1).splitlines()
    line = max(number for number, one in enumerate(lines) if one.startswith("    type:"))
    return line, len("    type: ")


def _key_of(stages: int) -> tuple[int, int]:
    """Line and character where a key of the middle stage can be typed."""
    return _word_of(stages)[0] + 1, 4


def _next_word_of(stages: int) -> tuple[int, int]:
    """Line and character of the next stage's type."""
    line, character = _word_of(stages)
    return line + _LINES + 1, character


@contextmanager
def _both(node: Path, folder: Path, stages: int) -> Iterator[tuple[Editor, Editor]]:
    """Our server and theirs with the template open and looked at once."""
    environ = environment(folder)
    program = HERE / "node_modules" / "yaml-language-server" / "bin" / "yaml-language-server"
    command = (str(node), str(program), "--stdio")
    with editor(OURS, environ, folder) as ours, _Configured(command, environ) as client:
        theirs = Editor(client, folder)
        client.notify("workspace/didChangeConfiguration", {"settings": {"yaml": SETTINGS}})
        for running in (ours, theirs):
            running.open(text_of(stages))
            running.client.notification("textDocument/publishDiagnostics", timeout=60)
        yield ours, theirs


class _Configured(Client):
    """A client that answers, as editors do, when the server asks for its settings."""

    def _read(self) -> None:
        stream = self._process.stdout
        assert stream is not None
        while (message := _read_message(stream)) is not None:
            if message.get("method") == "workspace/configuration":
                asked: list[dict[str, Any]] = message["params"]["items"]
                result = [SETTINGS if one.get("section") == "yaml" else {} for one in asked]
                self._send({"id": message["id"], "result": result})
            else:
                self._messages.put(message)
        self._messages.put(None)


def _in_turn(
    editors: tuple[Editor, Editor],
    work: Callable[[Editor, int], None],
    times: int,
    taken: Pair | None = None,
) -> Pair:
    """Seconds that each took, ours and theirs, alternately; added to `taken`, if given."""
    taken = taken or ([], [])
    for turn in range(times):
        for running, figures in zip(editors, taken, strict=True):
            running.client.unread()
            begin = seconds()
            work(running, turn)
            figures.append(seconds() - begin)
    return taken


def _ms(taken: Pair) -> tuple[float, float]:
    """The medians, in milliseconds."""
    ours, theirs = (statistics.median(figures) * 1000 for figures in taken)
    return ours, theirs
