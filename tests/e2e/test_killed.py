"""A server that is killed while an answer comes: what was acknowledged is there, and it goes on."""

from __future__ import annotations

import os
import random
import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.e2e.editor import environment
from tests.e2e.support import CLAUDE
from tests.loopback.process import LoopbackProcess

from stagewright.cli.rpc import Client
from stagewright.workflows.manager import WorkflowManager

pytestmark = pytest.mark.long(38)

SERVER = (sys.executable, "-m", "stagewright", "server")
KILLS = 8
TEXT = "word " * 4000  # none of its servers lives to the end of it
SEED = 20


@contextmanager
def served(folder: Path, environ: Mapping[str, str]) -> Iterator[Client]:
    with Client(SERVER, environ) as client:
        params = {"processId": None, "rootUri": folder.as_uri(), "capabilities": {}}
        client.request("initialize", params)
        client.notify("initialized", {})
        yield client


def test_killed_in_mid_answer_the_next_server_goes_on(
    folder: Path, tmp_path: Path, providers: LoopbackProcess
) -> None:
    """Each server finds what the one before was told and had saved, and is killed in its turn."""
    environ = environment(tmp_path, **providers.environ)
    manager = WorkflowManager(folder)
    workflow = manager.create("ideation").id
    send = {"workflowId": workflow, "model": CLAUDE}
    acknowledged: list[str] = []
    choose = random.Random(SEED)

    def saved() -> list[str]:
        return [message.id for message in manager.get(workflow).messages]

    for kill in range(KILLS):
        providers.control(chats=[{"text": TEXT, "delay": 0.005}])
        with served(folder, environ) as client:
            before = client.command("stagewright.workflow.get", {"workflowId": workflow})
            assert before["run"] is None
            seen = [message["id"] for message in before["workflow"]["messages"]]
            assert set(acknowledged) <= set(seen)
            run = client.command("stagewright.chat.send", send | {"content": f"Go on, {kill}."})
            acknowledged.append(run["messageId"])
            for _ in range(choose.randrange(1, 40)):  # the moment: after so many deltas
                client.notification("stagewright/chat/delta")
            while kill == KILLS - 1 and run["answerId"] not in saved():  # one comes late enough
                client.notification("stagewright/chat/delta")
            os.kill(client.pid, signal.SIGKILL)

    messages = manager.get(workflow).messages
    assert len({message.id for message in messages}) == len(messages)
    assert [m.id for m in messages if m.role == "human"] == acknowledged
    answers = [message for message in messages if message.role not in ("human", "system")]
    assert answers
    for answer in answers:
        assert TEXT.startswith(answer.content)
        assert (answer.metadata or {})["partial"] is True

    providers.control(chats=[{"text": "Whole."}])
    with served(folder, environ) as client:
        client.command("stagewright.chat.send", send | {"content": "And now?"})
        finished = client.notification("stagewright/chat/finished")
    assert (finished["message"]["content"], finished["partial"]) == ("Whole.", False)
