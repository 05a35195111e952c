"""Two servers and a command line that chat in one workspace, in one workflow and in their own."""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests import forks
from tests.e2e.editor import Editor, editor, environment
from tests.workflows.test_processes import check_index

MODEL = {"provider": "rehearsal", "model": "rehearsal-1"}
SECONDS = float(os.environ.get("STAGEWRIGHT_TEST_SECONDS", "3"))
LINES_A_SECOND = 2


async def test_two_servers_and_a_command_line_lose_nothing(folder: Path, tmp_path: Path) -> None:
    environ = environment(tmp_path, STAGEWRIGHT_REHEARSAL="1")
    async with (
        editor("visual-studio-code", folder, environ) as one,
        editor("neovim@0.11", folder, environ) as two,
    ):
        shared = await started(one)
        end = time.monotonic() + SECONDS
        of_one, of_two, typed = await asyncio.gather(
            chats(one, shared, end), chats(two, shared, end), terminal(folder, environ, shared)
        )
    files = sorted((folder / ".choragen/workflows").glob("WF-*.json"))
    workflows = {file.stem: json.loads(file.read_bytes()) for file in files}
    created = [workflow_id for workflow_id, _ in (*of_one, *of_two) if workflow_id != shared]
    assert len(created) == len(set(created))  # no id was given out twice
    assert {shared, *created} == workflows.keys()
    said = [message for workflow in workflows.values() for message in workflow["messages"]]
    assert len({message["id"] for message in said}) == len(said)

    for workflow_id, acknowledged in (*of_one, *of_two):
        saved = {message["id"]: message for message in workflows[workflow_id]["messages"]}
        for message_id, content in acknowledged.items():
            assert saved[message_id]["content"] == content
    of_humans = [m["content"] for m in workflows[shared]["messages"] if m["role"] == "human"]
    assert [content for content in of_humans if content in typed] == typed
    check_index(folder)


async def started(running: Editor) -> str:
    """A new workflow."""
    view = await running.command("stagewright.chat.start", {"template": "ideation"})
    return str(view["workflow"]["id"])


async def chats(running: Editor, shared: str, end: float) -> list[tuple[str, dict[str, str]]]:
    """Chat until then; for each turn its workflow, and what was acknowledged by message id."""
    turns = [(shared, await turn(running, shared, "First"))]
    while time.monotonic() < end:
        own = await started(running)
        both = await asyncio.gather(
            turn(running, own, "In a workflow of my own"),
            turn(running, shared, "In the shared one"),
        )
        turns += zip((own, shared), both, strict=True)
    return turns


async def turn(running: Editor, workflow_id: str, content: str) -> dict[str, str]:
    """Say something and have it answered."""
    argument = {"workflowId": workflow_id, "content": content, "model": MODEL}
    run = await running.command("stagewright.chat.send", argument)

    def is_ours(payload: Any) -> bool:
        return bool(payload["runId"] == run["runId"])

    finished = await running.wait_for("stagewright/chat/finished", is_ours)
    assert finished["partial"] is False
    return {run["messageId"]: content, run["answerId"]: finished["message"]["content"]}


async def terminal(folder: Path, environ: Mapping[str, str], shared: str) -> list[str]:
    """Chat in the shared workflow from a command line; what was typed."""
    typed = [f"Typed line {number}" for number in range(int(SECONDS * LINES_A_SECOND))]
    process = await asyncio.create_subprocess_exec(
        *(*forks.program(), "chat", "--workflow", shared),
        *("--model", "rehearsal/rehearsal-2"),
        cwd=folder,
        env=environ,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    # A command between them keeps them apart: lines that come together are one message.
    shown, _ = await process.communicate("\n/stage\n".join(typed).encode())
    assert process.returncode == 0, shown.decode()
    return typed
