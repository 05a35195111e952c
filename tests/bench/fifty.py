"""Fifty chats streaming through one server while somebody goes on typing in another document."""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path

from tests.bench.editor import OURS, Editor, editor, seconds, template
from tests.bench.table import Row
from tests.e2e.editor import environment
from tests.loopback.process import loopback_process

CHATS = 50
DELTAS = 220
DELTAS_PER_SECOND = 22  # of each chat
SECONDS = 5


def rows() -> list[Row]:
    """How long completions take meanwhile, and how many deltas the provider sent in a second."""
    with tempfile.TemporaryDirectory() as name, loopback_process() as providers:
        folder = Path(name).resolve()
        (folder / ".choragen" / "workflow-templates").mkdir(parents=True)
        providers.control(
            chat={"text": "word " * DELTAS, "piece": 5, "delay": 1 / DELTAS_PER_SECOND}
        )
        with editor(OURS, environment(folder, **providers.environ), folder) as running:
            return _measure(running)


def _measure(running: Editor) -> list[Row]:
    running.open(template(6))
    client = running.client
    client.command("stagewright.models.refresh", {})
    model = {"provider": "anthropic", "model": "claude-opus-5-5"}
    workflows = [
        client.command("stagewright.chat.start", {"template": "ideation"})["workflow"]["id"]
        for _ in range(CHATS)
    ]
    for workflow in workflows:
        argument = {"workflowId": workflow, "content": "Go", "model": model}
        client.command("stagewright.chat.send", argument)
    streaming: set[str] = set()
    while len(streaming) < CHATS:
        streaming.add(client.notification("stagewright/chat/delta")["workflowId"])
    client.unread()
    began = seconds()
    taken = []
    while seconds() - began < SECONDS:
        at = seconds()
        assert running.complete(8, 14)
        taken.append(seconds() - at)
        time.sleep(0.01)  # the pace that is measured: nobody types faster
    told = sum(
        len(message["params"]["text"]) / 5
        for message in client.unread()
        if message.get("method") == "stagewright/chat/delta"
    )
    rate = told / (seconds() - began)
    p99 = statistics.quantiles(taken, n=100)[98] * 1000
    return [
        Row("deltas through the server meanwhile", "/s", rate),
        Row(
            "completion while 50 chats stream, 99th percentile", "ms", p99, most=20, of_ratio=False
        ),
    ]
