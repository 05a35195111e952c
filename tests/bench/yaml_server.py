"""This server beside yaml-language-server with our schema: completion, diagnostics, memory.

Both get the same text and the same edits over the same connection, in turn. What both can offer is
the value of a stage's `type`, which the schema lists.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.bench.editor import OURS, Editor, editor, seconds, template
from tests.bench.table import Row, show
from tests.e2e.editor import environment

from stagewright.cli.rpc import Client, _read_message

HERE = Path(__file__).parent
SCHEMA = HERE.parents[1] / "schemas" / "workflow-template.schema.json"
AIMS = {6: 3, 100: 15, 1_000: 100}  # stages: times faster at completion
DIAGNOSTICS_AIM = 10  # times faster from edit to diagnostics
DEBOUNCE = 0.2  # seconds that yaml-language-server waits for the next edit before it validates

COMPLETIONS = 40
EDITS = 15

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
    with _both(node, folder, stages) as editors:
        ours, theirs = _in_turn(COMPLETIONS, editors, lambda one, at: _complete(one, stages, at))
        yield Row(f"keystroke and completion, {size}", "ms", ours, theirs, 1 / AIMS[stages])
        ours, theirs = _in_turn(EDITS, editors, lambda one, turn: _diagnose(one, stages, turn))
        yield Row(f"edit to diagnostics, {size}", "ms", ours, theirs, 1 / DIAGNOSTICS_AIM)
        yield Row("  without its debounce of 200 ms", "ms", ours, theirs - DEBOUNCE * 1000)
        peaks = [one.memory()["peak"] / 1024 for one in editors]
        yield Row(f"peak memory, {size}", "MiB", *peaks, most=1)


def _complete(running: Editor, stages: int, turn: int) -> None:
    """Type the first letter of a type, have the types offered; another time delete it again."""
    line, character = _type_of(stages // 2)
    if turn % 2:
        running.replace(line, character, character + 1)
    else:
        running.type(line, character, "i")
    offers = running.complete(line, character + 1 - turn % 2)
    assert any("implementation" in offer["label"] for offer in offers)


def _diagnose(running: Editor, stages: int, turn: int) -> None:
    """Make a type wrong, or right again, and wait until that is told."""
    line, character = _type_of(stages // 2)
    end = character + len("desigm")
    # The stage in the middle has been left without a type; the one behind it gets a wrong one.
    line += _LINES
    wrong = turn % 2 == 0
    running.replace(line, character, end, "desigm" if wrong else "design")
    running.client.notification(
        "textDocument/publishDiagnostics",
        lambda told: any(
            found["range"]["start"]["line"] == line for found in told["diagnostics"]
        )
        is wrong,
        timeout=60,
    )


_LINES = 17  # of a stage


def text_of(stages: int) -> str:
    """A template in which a stage has no type yet, for completion, and the next one's is short."""
    lines = template(stages).splitlines()
    middle, _ = _type_of(stages // 2)
    lines[middle] = "    type: "
    lines[middle + _LINES] = "    type: design"
    return "\n".join([*lines, ""])


def _type_of(stage: int) -> tuple[int, int]:
    """Line and character of a stage's type."""
    lines = template(stage + 1).splitlines()
    line = max(number for number, one in enumerate(lines) if one.startswith("    type:"))
    return line, len("    type: ")


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
    times: int, editors: tuple[Editor, Editor], work: Callable[[Editor, int], None]
) -> tuple[float, float]:
    """Medians in milliseconds, ours and theirs, taken alternately; the first few warm up."""
    taken: tuple[list[float], list[float]] = ([], [])
    for turn in range(times + 4):
        for running, figures in zip(editors, taken, strict=True):
            running.client.unread()
            begin = seconds()
            work(running, turn)
            figures.append(seconds() - begin)
    ours, theirs = (statistics.median(figures[4:]) * 1000 for figures in taken)
    return ours, theirs
