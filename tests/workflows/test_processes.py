"""Processes that share a workspace, and processes that are killed in the middle of it."""

from __future__ import annotations

import multiprocessing
import os
import random
import time
from collections.abc import Iterable
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from tests.workflows.chatter import Saved, chat
from tests.workflows.workspace import INDEX, index_of

from stagewright.workflows import state
from stagewright.workflows.index import Summary
from stagewright.workflows.manager import WorkflowManager
from stagewright.workflows.state import Index, Workflow

pytestmark = pytest.mark.long(13)

KILLS = 200
KILLS_IN_ONE_WORKSPACE = 20
SHARED_SECONDS = float(os.environ.get("STAGEWRIGHT_TEST_SECONDS", "3"))

# One process imports everything once; those that chat are forked from it.
_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload(["__main__", "tests.workflows.chatter"])


@pytest.fixture
def seed() -> int:
    """Printed with a failure; set STAGEWRIGHT_TEST_SEED to have the same again."""
    seed = int(os.environ.get("STAGEWRIGHT_TEST_SEED", random.randrange(10**6)))
    print(f"STAGEWRIGHT_TEST_SEED={seed}")
    return seed


def start(
    root: Path, seed: int, seconds: float, turns: int = 0
) -> tuple[multiprocessing.Process, Connection]:
    """A process that chats, once it is ready."""
    ours, theirs = _processes.Pipe(duplex=False)
    process = _processes.Process(target=chat, args=(root, seed, seconds, theirs, turns))
    process.start()
    theirs.close()
    assert ours.recv() == "ready"
    return process, ours  # type: ignore[return-value]


def sent(connection: Connection) -> Iterable[str | Saved]:
    """What a process said until it ended, maybe in the middle of saying something."""
    with suppress(EOFError, OSError):
        while True:
            yield connection.recv()


def check(root: Path, said: Iterable[str | Saved]) -> None:
    """Every file parses, and nothing that was acknowledged is missing."""
    files = sorted((root / ".choragen/workflows").glob("WF-*.json"))
    workflows = [state.read(Workflow, file.read_bytes()) for file in files]
    assert [workflow.id for workflow in workflows] == [file.stem for file in files]
    index = root / INDEX
    state.read(Index, index.read_bytes())

    messages = [message for workflow in workflows for message in workflow.messages]
    contents = {message.id: message.content for message in messages}
    assert len(contents) == len(messages)  # no id stands for two messages
    ids = {workflow.id for workflow in workflows}
    for item in said:
        if isinstance(item, Saved):
            assert contents[item.message_id].startswith(item.text * item.times)
        else:
            assert item in ids | {"done"}


def check_index(root: Path) -> None:
    """The index says what the files say."""
    index = index_of(root)
    files = (root / ".choragen/workflows").glob("WF-*.json")
    workflows = [state.read(Workflow, file.read_bytes()) for file in files]
    assert index["workflows"] == {each.id: Summary.of(each).index_entry() for each in workflows}
    # A number may have been noted and its workflow not written: skipped, never given out twice.
    given = [each.id.split("-")[1:] for each in workflows]
    today = [int(number) for day, number in given if day == index["lastDate"]]  # it may end now
    assert index["lastSequence"] >= max(today, default=0)


def test_killed_at_any_moment_nothing_saved_is_lost(tmp_path: Path, seed: int) -> None:
    choose = random.Random(seed)
    in_a_write = 0
    for kill in range(KILLS):
        root = tmp_path / str(kill // KILLS_IN_ONE_WORKSPACE)
        if kill % KILLS_IN_ONE_WORKSPACE == 0:
            root.mkdir()
            WorkflowManager(root).create("documentation")
            said: list[str | Saved] = []
        process, connection = start(root, choose.randrange(10**6), seconds=60)
        time.sleep(choose.uniform(0, 0.04))  # the random moment of the kill is what is tested
        process.kill()
        process.join()
        said += sent(connection)
        check(root, said)
        in_a_write += any(root.glob(".choragen/**/.*.stagewright-tmp"))

        manager = WorkflowManager(root)
        workflow_id = manager.list(status="active").workflows[0].id
        check_index(root)
        _, message = manager.add_message(workflow_id, "Are you there?")
        said.append(Saved(message.id, message.content))
        assert not list(root.glob(".choragen/**/.*.stagewright-tmp"))
    print(f"{in_a_write} of {KILLS} kills came in the middle of a write")
    assert in_a_write


def test_processes_that_write_to_one_workspace_lose_nothing(tmp_path: Path, seed: int) -> None:
    running = [start(tmp_path, seed + number, SHARED_SECONDS, turns=20) for number in range(3)]
    said: list[str | Saved] = []
    for process, connection in running:
        of_one = list(sent(connection))
        process.join()
        assert process.exitcode == 0
        assert of_one[-1] == "done"
        said += of_one
    created = [item for item in said if isinstance(item, str) and item != "done"]
    assert len(created) == len(set(created))
    assert len(said) > 100
    check(tmp_path, said)
    check_index(tmp_path)
