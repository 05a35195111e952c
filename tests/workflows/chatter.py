"""A process that chats: creates, talks, streams and advances at random, and says what it kept."""

from __future__ import annotations

import random
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

from stagewright.catalog.model import ModelReference
from stagewright.workflows.errors import WorkflowError
from stagewright.workflows.manager import WorkflowManager
from stagewright.workflows.state import Message, ModelPair, Workflow

MODEL = ModelReference("rehearsal", "rehearsal-1")


class Saved(NamedTuple):
    """A message of which so much was acknowledged as saved; more of it may be saved since."""

    message_id: str
    text: str
    times: int = 1  # the content is that often the text: little to send through a pipe


def chat(root: Path, seed: int, seconds: float, connection: Connection, turns: int = 0) -> None:
    """Chat for so long and so many turns, at the least.

    Sends a Saved or a created workflow's id as soon as each is on disk.
    """
    choose = random.Random(seed)
    manager = WorkflowManager(root)
    end = time.monotonic() + seconds
    connection.send("ready")
    while time.monotonic() < end or turns > 0:
        try:
            workflows = manager.list(status="active").workflows
            if len(workflows) < 3 or choose.random() < 0.05:
                connection.send(manager.create("documentation").id)
                continue
            _one_turn(manager, choose.choice(workflows).id, choose, connection)
            turns -= 1
        except WorkflowError as error:
            # Another process has just ended it, or a slow disk kept all waiting: told, not lost.
            if error.code not in ("workflow-not-active", "workspace-busy"):
                raise
    connection.send("done")


def _one_turn(
    manager: WorkflowManager, workflow_id: str, choose: random.Random, connection: Connection
) -> None:
    workflow, asked = manager.add_message(workflow_id, f"Question {choose.random()}", MODEL)
    connection.send(Saved(asked.id, asked.content))
    answer = _answer_to(workflow, asked)
    words = 0
    for _ in range(choose.randrange(1, 5)):
        words += choose.randrange(1, 2000)
        answer.content = "word " * words
        manager.save_answer(workflow_id, answer)
        connection.send(Saved(answer.id, "word ", words))
    answer.metadata = {"stopReason": "end_turn"}
    manager.save_answer(workflow_id, answer)
    if choose.random() < 0.1:
        manager.satisfy_gate(workflow_id, action="advance", confirmed=True)


def _answer_to(workflow: Workflow, asked: Message) -> Message:
    return Message(
        id=str(uuid4()),
        role="control",
        content="",
        stage_index=asked.stage_index,
        timestamp=workflow.updated_at,
        metadata={"partial": True},
        model=ModelPair.of(MODEL),
    )
