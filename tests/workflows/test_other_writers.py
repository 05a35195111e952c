"""Others at the same files: programs that write meanwhile, held locks, threads."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from filelock import FileLock
from tests.workflows.workspace import FILE, SAMPLE, SAMPLE_FILE, contents, index_of, refused

from stagewright.workflows import locking, settled
from stagewright.workflows.manager import WorkflowManager
from stagewright.workflows.state import Workflow
from stagewright.workflows.store import WorkflowStore


def test_a_file_in_the_middle_of_being_written_is_waited_for(
    manager: WorkflowManager, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settled, "SETTLING_SECONDS", 50)  # more than any machine sleeps
    data = (root / FILE).read_bytes()
    (root / FILE).write_bytes(data[:700])

    def finish() -> None:
        (root / FILE).write_bytes(data)

    timer = threading.Timer(0.05, finish)
    timer.start()
    assert manager.get(SAMPLE).id == SAMPLE
    timer.join()


def test_a_change_by_another_program_between_reading_and_writing_is_kept(root: Path) -> None:
    store = WorkflowStore(root)
    calls = 0

    def change(workflow: Workflow) -> None:
        nonlocal calls
        calls += 1
        if calls == 1:  # without the lock, as Choragen writes
            text = (root / FILE).read_text()
            (root / FILE).write_text(text.replace("Three directions", "Four directions"))
        workflow.status = "paused"

    (root / ".choragen/workflows/.stagewright.lock").touch()
    workflow, _ = store.mutate(SAMPLE, change)
    assert calls == 2
    saved = json.loads((root / FILE).read_bytes())
    assert saved["status"] == workflow.status == "paused"
    assert saved["messages"][1]["content"] == "Four directions are worth comparing."


def test_a_program_that_keeps_writing_is_not_overwritten(root: Path) -> None:
    (root / ".choragen/workflows/.stagewright.lock").touch()
    calls = 0

    def change(workflow: Workflow) -> None:
        nonlocal calls
        calls += 1
        (root / FILE).write_text((root / FILE).read_text() + " ")
        workflow.status = "paused"

    assert refused(WorkflowStore(root).mutate, SAMPLE, change).code == "workspace-busy"
    assert (root / FILE).read_text() == SAMPLE_FILE.read_text() + " " * calls


def test_a_text_that_another_program_writes_between_reading_and_writing_is_kept(
    root: Path,
) -> None:
    place = root / ".choragen/workflows/notes.md"
    calls = 0

    def make() -> str:
        nonlocal calls
        calls += 1
        before = place.read_text() if place.exists() else ""
        if calls in (2, 3):  # under the lock, which editors do not know
            place.write_text(f"{before}theirs {calls}\n")
        return before + "ours\n"

    WorkflowStore(root).rewrite(place, make)
    assert place.read_text() == "theirs 2\ntheirs 3\nours\n"


def test_a_held_lock_is_waited_for_and_then_refused(
    manager: WorkflowManager, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locking, "LOCK_SECONDS", 0.1)
    with FileLock(root / ".choragen/workflows/.stagewright.lock"):
        before = contents(root)
        refusal = refused(manager.add_message, SAMPLE, "Hi")
        assert refusal.code == "workspace-busy"
        assert manager.get(SAMPLE).id == SAMPLE  # reading needs no lock
        assert contents(root) == before
    manager.add_message(SAMPLE, "Hi")


def test_writes_of_one_program_that_wait_for_each_other_are_refused_likewise(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locking, "LOCK_SECONDS", 0.1)
    store = WorkflowStore(root)
    entered, leave = threading.Event(), threading.Event()

    def change(_: Workflow) -> None:
        entered.set()
        leave.wait(10)

    (root / ".choragen/workflows/.stagewright.lock").touch()
    with ThreadPoolExecutor(1) as thread:
        first = thread.submit(store.mutate, SAMPLE, change)
        entered.wait(10)
        refusal = refused(store.mutate, SAMPLE, change)
        assert refusal.code == "workspace-busy"
        assert not first.done()
        leave.set()
        first.result()


def test_threads_of_one_process_lose_nothing(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locking, "LOCK_SECONDS", 50)  # more than any disk takes
    manager = WorkflowManager(root)

    def work(number: int) -> list[str]:
        created = manager.create("hotfix").id
        sent = [manager.add_message(SAMPLE, f"{number}.{n}")[1].content for n in range(10)]
        return [created, *sent]

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(work, range(8)))
    assert len({result[0] for result in results}) == 8
    sent = {content for result in results for content in result[1:]}
    assert sent <= {message.content for message in manager.get(SAMPLE).messages}
    assert len(index_of(root)["workflows"]) == 9  # type: ignore[arg-type]
