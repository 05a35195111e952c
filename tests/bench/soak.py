"""Two minutes of an editor's work on one server: what it keeps does not grow."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.bench.editor import Editor, editor, template
from tests.bench.table import Row, show
from tests.e2e.editor import environment
from tests.loopback.process import loopback_process

from stagewright.cli.rpc import Client, RequestRefused

COUNTING = (sys.executable, "-m", "tests.bench.counting_server")
SECONDS = float(os.environ.get("STAGEWRIGHT_SOAK_SECONDS", "120"))
FIRST = 10.0
"""Seconds after which all that is needed has been loaded."""

MOST = 1.1
"""Memory at the end, as a multiple of that after `FIRST` seconds."""

LONG = "word " * 60_000
"""What a workflow holds that is looked at again and again: 300 KB."""


def main() -> bool:
    """Work, measure, and say what has grown."""
    with tempfile.TemporaryDirectory() as name, loopback_process() as providers:
        folder = Path(name) / "w"
        (folder / ".choragen/workflow-templates").mkdir(parents=True)
        environ = environment(Path(name), **providers.environ, STAGEWRIGHT_REHEARSAL="1")
        with editor(COUNTING, environ, folder) as running:
            return _measured(running, folder, SECONDS)


def _measured(running: Editor, folder: Path, seconds: float) -> bool:
    workflow = _workflow(running.client, folder)
    began, rounds = time.monotonic(), 0
    early: tuple[int, Mapping[str, Any]] | None = None
    while (passed := time.monotonic() - began) < seconds:
        if early is None and passed >= min(FIRST, seconds / 3):
            early = running.memory()["now"], _objects(running)
        _round(running, folder, workflow, rounds)
        rounds += 1
    late = running.memory()["now"], _objects(running)
    assert early is not None
    before, after = early[1], late[1]
    grown = {
        name: f"{before['tables'][name]} -> {size}"
        for name, size in after["tables"].items()
        if size > before["tables"][name] + 20
    }
    print(f"{rounds} rounds. Tables that grew: {grown or 'none'}.")
    more = {k: n - before["kinds"].get(k, 0) for k, n in after["kinds"].items()}
    top = sorted(more.items(), key=lambda one: -one[1])[:5]
    print(f"Objects: {before['objects']:,} -> {after['objects']:,}; most of {dict(top)}.")
    row = Row("memory after the soak", "MiB", late[0] / 1024, early[0] / 1024, most=MOST)
    return show(f"Soak of {seconds:.0f} s, {rounds} rounds", "at first", [row]) and not grown


def _objects(running: Editor) -> Mapping[str, Any]:
    found: Mapping[str, Any] = running.client.request("soak/objects", {}, timeout=60)
    return found


def _workflow(client: Client, folder: Path) -> str:
    path = folder / ".choragen/workflow-templates/bench.yaml"
    path.write_text(template(6))
    view = client.command("stagewright.chat.start", {"template": "bench"})
    workflow = str(view["workflow"]["id"])
    model = {"provider": "rehearsal", "model": "rehearsal-1"}
    said = {"workflowId": workflow, "content": LONG, "model": model}
    run = client.command("stagewright.chat.send", said)
    client.command("stagewright.chat.stop", {"runId": run["runId"]})
    client.any_notification("stagewright/chat/finished", "stagewright/chat/failed", timeout=60)
    return workflow


def _round(running: Editor, folder: Path, workflow: str, number: int) -> None:
    """A file of its own is opened, typed in, asked about and closed; commands are run."""
    client = running.client
    running.uri = (folder / f".choragen/workflow-templates/soak-{number}.yaml").as_uri()
    running._version = 1
    running.open(template(6))
    at = {"textDocument": {"uri": running.uri}}
    for character in range(8):
        running.type(10, 18 + character, "x")
        offers = running.complete(10, 18)
    if offers:
        client.request("completionItem/resolve", offers[0])
    place = {"line": 10, "character": 17}
    client.request("textDocument/hover", at | {"position": place})
    client.request("textDocument/documentSymbol", at)
    around = {"start": place, "end": place}
    client.request(
        "textDocument/codeAction", at | {"range": around, "context": {"diagnostics": []}}
    )
    client.request("workspace/symbol", {"query": "stage"})
    client.command("stagewright.workflow.get", {"workflowId": workflow})
    client.command("stagewright.workflow.list", {})
    client.command("stagewright.models.list", {})
    for refused in ("no/such", "textDocument/hover"):
        try:
            client.request(refused, {"number": number})
        except RequestRefused:
            continue
    client.notify("textDocument/didClose", at)
    client.notify("$/cancelRequest", {"id": number})
    client.unread()
