"""How often a workflow's file is read for what the panel asks: once for each answer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests import forks
from tests.e2e.editor import environment

from stagewright.cli.rpc import Client

MODEL = {"provider": "rehearsal", "model": "rehearsal-1"}


class Counted:
    """A server of which is known how often it opens the file of its one workflow."""

    def __init__(self, client: Client, log: Path) -> None:
        self.client, self._log = client, log
        view = self.ask("chat.start", template="ideation")
        self.workflow, self._path = view["workflow"], view["path"].rpartition("/")[2]

    def ask(self, command: str, **argument: Any) -> dict[str, Any]:
        answer: dict[str, Any] = self.client.command(f"stagewright.{command}", argument)
        return answer

    def reads(self, command: str, **argument: Any) -> int:
        before = self._opened()
        self.ask(command, workflowId=self.workflow["id"], **argument)
        return self._opened() - before

    def _opened(self) -> int:
        return sum(line.endswith(self._path) for line in self._log.read_text().splitlines())


@pytest.fixture
def counted(folder: Path, tmp_path: Path) -> Iterator[Counted]:
    log = tmp_path / "opened.log"
    command = (*forks.program("tests.opened"), str(log), "server")
    with Client(command, environment(tmp_path, STAGEWRIGHT_REHEARSAL="1")) as client:
        client.request("initialize", {"rootUri": folder.as_uri(), "capabilities": {}})
        client.notify("initialized", {})
        yield Counted(client, log)


def test_the_panel_reads_a_workflow_once_a_turn(counted: Counted) -> None:
    assert counted.reads("workflow.get") == 1
    for said in ("Hello.", "And now?"):
        run = counted.ask("chat.send", workflowId=counted.workflow["id"], content=said, model=MODEL)
        counted.client.notification(
            "stagewright/chat/finished", lambda told, run=run: told["runId"] == run["runId"]
        )
        assert counted.reads("workflow.get") == 1
        assert counted.reads("chat.preview", content="More?") == 1
        assert counted.reads("chat.preview", messageId=run["answerId"]) == 1
