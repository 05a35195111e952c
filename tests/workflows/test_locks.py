"""A folder that another program holds: waiting takes no thread, and everything else goes on."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from filelock import FileLock
from tests.hostile import like_others, open_again
from tests.workflows.workspace import INDEX, SAMPLE, choragen_folder, manager_of

from stagewright.workflows import locking
from stagewright.workflows.errors import WorkflowError
from stagewright.workflows.manager import WorkflowManager

LOCK = ".choragen/workflows/.stagewright.lock"


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    """One thread for all: whoever waited in it would hold up everybody."""
    with ThreadPoolExecutor(1) as executor:
        yield executor


def say(manager: WorkflowManager, text: str) -> Callable[[], object]:
    return lambda: manager.add_message(SAMPLE, text)


async def test_a_locked_folder_holds_up_only_itself(
    tmp_path: Path, threads: ThreadPoolExecutor
) -> None:
    locked, free = tmp_path / "locked", tmp_path / "free"
    choragen_folder(locked)
    choragen_folder(free)
    busy, idle = manager_of(locked), manager_of(free)
    with FileLock(locked / LOCK):
        waiting = [
            asyncio.create_task(busy.in_turn(say(busy, f"{number}"), threads))
            for number in range(20)
        ]
        await asyncio.sleep(0)
        await idle.in_turn(say(idle, "Hi"), threads)
        loop = asyncio.get_running_loop()
        assert (await loop.run_in_executor(threads, busy.get, SAMPLE)).id == SAMPLE
        assert await loop.run_in_executor(threads, lambda: len(busy.list().workflows)) == 1
        assert not any(task.done() for task in waiting)
    await asyncio.gather(*waiting)
    said = [message.content for message in busy.get(SAMPLE).messages[-20:]]
    assert said == [f"{number}" for number in range(20)], "in the order in which they came"
    assert idle.get(SAMPLE).messages[-1].content == "Hi"


async def test_waiting_ends_with_a_refusal_for_all_who_wait(
    manager: WorkflowManager,
    root: Path,
    threads: ThreadPoolExecutor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(locking, "LOCK_SECONDS", 0.1)
    before = manager.get(SAMPLE)
    with FileLock(root / LOCK):
        refused = await asyncio.gather(
            *(manager.in_turn(say(manager, "Hi"), threads) for _ in range(3)),
            return_exceptions=True,
        )
    assert [getattr(one, "code", one) for one in refused] == ["workspace-busy"] * 3
    assert manager.get(SAMPLE) == before


async def test_who_stops_waiting_leaves_the_lock_to_others(
    manager: WorkflowManager, root: Path, threads: ThreadPoolExecutor
) -> None:
    with FileLock(root / LOCK):
        given_up = asyncio.create_task(manager.in_turn(say(manager, "No"), threads))
        behind = asyncio.create_task(manager.in_turn(say(manager, "Yes"), threads))
        await asyncio.sleep(0.02)
        given_up.cancel()
    await behind
    assert given_up.cancelled()
    assert manager.get(SAMPLE).messages[-1].content == "Yes"


async def test_work_that_fails_gives_the_lock_back(
    manager: WorkflowManager, threads: ThreadPoolExecutor
) -> None:
    def fail() -> object:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await manager.in_turn(fail, threads)
    await manager.in_turn(say(manager, "Hi"), threads)
    manager.add_message(SAMPLE, "and without waiting in turn")


async def test_threads_and_turns_exclude_each_other(
    manager: WorkflowManager, threads: ThreadPoolExecutor
) -> None:
    inside, free = threading.Event(), threading.Event()

    def work() -> None:
        inside.set()
        free.wait(20)
        manager.add_message(SAMPLE, "first")

    turn = asyncio.create_task(manager.in_turn(work, threads))
    await asyncio.to_thread(inside.wait, 50)
    other = asyncio.create_task(asyncio.to_thread(manager.add_message, SAMPLE, "second"))
    free.set()
    await asyncio.gather(turn, other)
    assert [message.content for message in manager.get(SAMPLE).messages[-2:]] == ["first", "second"]


def test_reading_never_waits_and_puts_right_later_what_a_crash_left(root: Path) -> None:
    right = (root / INDEX).read_bytes()
    (root / INDEX).write_bytes(right.replace(b'"active"', b'"paused"'))
    manager = manager_of(root)
    with FileLock(root / LOCK):
        assert manager.get(SAMPLE).id == SAMPLE
        assert len(manager.list().workflows) == 1
        assert (root / INDEX).read_bytes() != right
    assert manager.get(SAMPLE).id == SAMPLE
    assert (root / INDEX).read_bytes() == right


@pytest.mark.parametrize(
    ("state", "why"),
    [
        ("a folder", "Is a directory"),
        ("a link", "Too many levels of symbolic links"),
        ("shut", "Permission denied"),
    ],
)
def test_a_lock_that_cannot_be_had_is_told_at_once(
    manager: WorkflowManager, root: Path, state: str, why: str
) -> None:
    outside = root / "precious"
    outside.write_text("precious")
    lock = root / LOCK
    lock.parent.mkdir(exist_ok=True)
    match state:
        case "a folder":
            lock.mkdir()
        case "a link":
            lock.symlink_to(outside)
        case "shut":
            lock.touch(mode=0)
    with like_others(), pytest.raises(WorkflowError) as refused:
        manager.add_message(SAMPLE, "Hi")
    assert (refused.value.code, why in refused.value.message) == ("write-failed", True)
    assert manager.get(SAMPLE).id == SAMPLE
    assert outside.read_text() == "precious"


def test_a_folder_that_may_only_be_read_is_read(manager: WorkflowManager, root: Path) -> None:
    (root / ".choragen/workflows").chmod(0o500)
    with like_others():
        assert len(manager.list().workflows) == 1
        with pytest.raises(WorkflowError) as refused:
            manager.add_message(SAMPLE, "Hi")
    assert refused.value.code == "write-failed"
    open_again(root)


def test_the_lock_of_a_program_that_died_is_free(manager: WorkflowManager, root: Path) -> None:
    (root / LOCK).touch()
    child = os.fork()
    if child == 0:
        FileLock(root / LOCK, thread_local=False).acquire()
        os._exit(0)
    os.waitpid(child, 0)
    manager.add_message(SAMPLE, "Hi")
    assert manager.get(SAMPLE).messages[-1].content == "Hi"
