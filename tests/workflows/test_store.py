"""Files on disk: what is written, what is never written, and what others do to them meanwhile."""

from __future__ import annotations

import json
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from filelock import FileLock
from tests.workflows.workspace import SAMPLE, SAMPLE_FILE, contents, manager_of

from stagewright.workflows import locking, settled
from stagewright.workflows.errors import WorkflowError
from stagewright.workflows.manager import WorkflowManager
from stagewright.workflows.state import Workflow
from stagewright.workflows.store import WorkflowStore

INDEX = ".choragen/workflow-index.json"
FILE = f".choragen/workflows/{SAMPLE}.json"


def refused(act: object, *args: object) -> WorkflowError:
    with pytest.raises(WorkflowError) as refusal:
        act(*args)  # type: ignore[operator]
    return refusal.value


def index_of(root: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads((root / INDEX).read_bytes())
    return found


# Ids and places


@pytest.mark.parametrize(
    "workflow_id",
    [
        "",
        "WF-1",
        "WF-20261122-01",
        "wf-20261122-001",
        "WF-２０２６１１２２-001",
        "WF-20261122-001.json",
        "WF-20261122-001\n",
        "WF-20261122-001/../x",
        "../WF-20261122-001",
        "/etc/passwd",
    ],
)
def test_only_an_id_is_an_id(manager: WorkflowManager, root: Path, workflow_id: str) -> None:
    before = contents(root)
    for act in (manager.get, manager.path, manager.transcript_path, manager.advance):
        assert refused(act, workflow_id).code == "workflow-unknown"
    assert refused(manager.add_message, workflow_id, "Hi").code == "workflow-unknown"
    assert contents(root) == before


def test_a_workflow_that_is_not_there_is_unknown(tmp_path: Path) -> None:
    manager = manager_of(tmp_path)
    for act in (manager.get, manager.advance, manager.turn_material):
        refusal = refused(act, SAMPLE)
        assert refusal.code == "workflow-unknown"
        assert "list the workflows to see which there are" in refusal.message
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("linked", [".choragen", ".choragen/workflows", FILE])
def test_links_out_of_the_workspace_are_refused(
    root: Path, tmp_path_factory: pytest.TempPathFactory, linked: str
) -> None:
    outside = tmp_path_factory.mktemp("outside") / "target"
    (root / linked).rename(outside)
    (root / linked).symlink_to(outside)
    outside_before = contents(outside) if outside.is_dir() else outside.read_bytes()
    manager = manager_of(root)
    for refusal in (refused(manager.get, SAMPLE), refused(manager.add_message, SAMPLE, "Hi")):
        assert refusal.code == "outside-workspace"
        assert "leads out of the workspace" in refusal.message
    if linked != FILE:
        assert refused(manager.create, "hotfix").code == "outside-workspace"
    assert (contents(outside) if outside.is_dir() else outside.read_bytes()) == outside_before


def test_an_index_that_leads_out_of_the_workspace_is_not_written(
    root: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside") / "index.json"
    (root / INDEX).rename(outside)
    (root / INDEX).symlink_to(outside)
    before = outside.read_bytes()
    manager = manager_of(root)
    manager.add_message(SAMPLE, "Hi")
    assert outside.read_bytes() == before
    assert "leads out of the workspace" in manager.list().problems[0].message


def test_a_link_inside_the_workspace_stays_a_link(manager: WorkflowManager, root: Path) -> None:
    real = root / "elsewhere.json"
    (root / FILE).rename(real)
    (root / FILE).symlink_to(real)
    manager.add_message(SAMPLE, "Hi")
    assert (root / FILE).is_symlink()
    assert json.loads(real.read_bytes())["messages"][-1]["content"] == "Hi"


# What is written


def test_a_write_adds_what_was_asked_for_and_nothing_else(
    manager: WorkflowManager, root: Path
) -> None:
    before = json.loads((root / FILE).read_bytes())
    workflow, message = manager.add_message(SAMPLE, "Grüße — 🙂\n")
    after = json.loads((root / FILE).read_bytes())
    assert after == {
        **before,
        "messages": [*before["messages"], message.to_json()],
        "updatedAt": workflow.updated_at,
    }
    assert list(after) == list(before)
    assert "Grüße — 🙂" in (root / FILE).read_text("utf-8")
    assert set(contents(root / ".choragen/workflows")) == {f"{SAMPLE}.json", ".stagewright.lock"}


def test_permissions_stay(manager: WorkflowManager, root: Path) -> None:
    (root / FILE).chmod(0o640)
    manager.add_message(SAMPLE, "Hi")
    assert (root / FILE).stat().st_mode & 0o777 == 0o640


def test_the_index_follows_every_write_and_keeps_what_it_does_not_know(
    manager: WorkflowManager, root: Path
) -> None:
    index = index_of(root)
    index["later"] = [1]
    index["workflows"][SAMPLE]["colour"] = "red"  # type: ignore[index]
    (root / INDEX).write_text(json.dumps(index))
    workflow = manager.set_status(SAMPLE, "paused")
    assert index_of(root) == {
        "lastSequence": 1,
        "lastDate": "20261122",
        "workflows": {
            SAMPLE: {
                "id": SAMPLE,
                "requestId": "CR-20251214-001",
                "status": "paused",
                "template": "ideation",
                "currentStage": 0,
                "updatedAt": workflow.updated_at,
                "colour": "red",
            }
        },
        "later": [1],
    }


@pytest.mark.parametrize("left", [None, b""])
def test_a_lost_index_is_made_anew_from_the_files(
    manager: WorkflowManager, root: Path, left: bytes | None
) -> None:
    """An empty one is what a loss of power leaves."""
    before = (root / INDEX).read_bytes()
    (root / INDEX).unlink()
    if left is not None:
        (root / INDEX).write_bytes(left)
    manager.repair()
    assert (root / INDEX).read_bytes() == before


def test_repair_puts_right_a_stale_index_and_removes_leftovers(
    manager: WorkflowManager, root: Path
) -> None:
    right = (root / INDEX).read_bytes()
    (root / INDEX).write_bytes(
        right.replace(b'"active"', b'"paused"').replace(
            b'"workflows": {', b'"workflows": {"WF-20261122-009": {"id": "WF-20261122-009"},'
        )
    )
    for folder in (".choragen", ".choragen/workflows"):
        (root / folder / ".x.json.1234.stagewright-tmp").write_text("half")
        (root / folder / "mine.tmp").write_text("not ours")
    manager.repair()
    assert (root / INDEX).read_bytes() == right
    left = contents(root / ".choragen")
    assert not any("stagewright-tmp" in name for name in left)
    assert {"mine.tmp", "workflows/mine.tmp"} <= set(left)


def test_the_first_look_after_a_crash_puts_things_right(root: Path) -> None:
    right = (root / INDEX).read_bytes()
    (root / INDEX).write_bytes(right.replace(b'"active"', b'"paused"'))
    (root / ".choragen/workflows/.x.json.1234.stagewright-tmp").write_text("half")
    manager_of(root).get(SAMPLE)
    assert (root / INDEX).read_bytes() == right
    assert not list(root.rglob("*stagewright-tmp"))


def test_an_index_that_is_right_keeps_its_form(manager: WorkflowManager, root: Path) -> None:
    compact = json.dumps(index_of(root)) + "\n"
    (root / INDEX).write_text(compact)
    before = contents(root)
    manager.list()
    manager.repair()
    assert contents(root) == before


def test_repair_where_there_is_nothing_writes_nothing(tmp_path: Path) -> None:
    manager_of(tmp_path).repair()
    assert list(tmp_path.iterdir()) == []


# Listing


def test_listing_filters_and_puts_the_newest_first(manager: WorkflowManager) -> None:
    first = manager.create("hotfix", request_id="CR-1")
    second = manager.create("standard", request_id="CR-1")
    manager.set_status(first.id, "paused")
    assert [each.id for each in manager.list().workflows] == [first.id, second.id, SAMPLE]
    assert [each.id for each in manager.list(status="paused").workflows] == [first.id]
    assert [each.id for each in manager.list(template="standard").workflows] == [second.id]
    assert [each.id for each in manager.list(request_id="CR-1").workflows] == [first.id, second.id]
    assert manager.list(status="failed").workflows == ()
    summary = manager.list(template="ideation").workflows[0]
    assert (summary.stage_name, summary.message_count) == ("exploration", 2)


def test_listing_needs_no_index_and_sees_what_others_wrote(
    manager: WorkflowManager, root: Path
) -> None:
    assert len(manager.list().workflows) == 1
    (root / INDEX).unlink()
    text = SAMPLE_FILE.read_text()
    other = "WF-20261122-007"
    (root / f".choragen/workflows/{other}.json").write_text(text.replace(SAMPLE, other))
    (root / FILE).write_text(text.replace('"status": "active"', '"status": "paused"', 1))
    assert {each.id: each.status for each in manager.list().workflows} == {
        SAMPLE: "paused",
        other: "active",
    }


# What cannot be read


BROKEN = {
    "empty": b"",
    "cut off": SAMPLE_FILE.read_bytes()[:500],
    "not UTF-8": b'{"id": "\xff"}',
    "another shape": b'{"id": []}',
    "another's id": SAMPLE_FILE.read_bytes().replace(SAMPLE.encode(), b"WF-20261122-002"),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_an_unreadable_workflow_is_reported_and_left_alone(root: Path, kind: str) -> None:
    (root / FILE).write_bytes(BROKEN[kind])
    os.utime(root / FILE, (0, 0))
    manager = manager_of(root)
    other = manager.create("hotfix")
    manager.add_message(other.id, "Others go on")
    before = contents(root)

    for act in (manager.get, manager.advance, manager.get_current_model, manager.turn_material):
        refusal = refused(act, SAMPLE)
        assert refusal.code == "workflow-unreadable"
        assert f"{FILE} cannot be read as a workflow (" in refusal.message
        assert "left as it is" in refusal.message
    assert refused(manager.add_message, SAMPLE, "Hi").code == "workflow-unreadable"
    listing = manager.list()
    assert [each.id for each in listing.workflows] == [other.id]
    assert [problem.path for problem in listing.problems] == [root / FILE]
    assert contents(root) == before
    assert SAMPLE in index_of(root)["workflows"]  # type: ignore[operator]


@pytest.mark.parametrize("kind", ["folder", "pipe", "too large"])
def test_what_is_no_file_of_bearable_size_is_not_even_opened(
    root: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if kind == "too large":
        monkeypatch.setattr(settled, "MAX_BYTES", 100)
    else:
        (root / FILE).unlink()
        (root / FILE).mkdir() if kind == "folder" else os.mkfifo(root / FILE)
    assert refused(manager_of(root).get, SAMPLE).code == "workflow-unreadable"


@pytest.mark.parametrize("data", [b"{", b"[]", b'{"lastSequence": "1"}', b"\xff"])
def test_an_unreadable_index_is_left_alone_and_all_goes_on(root: Path, data: bytes) -> None:
    (root / INDEX).write_bytes(data)
    os.utime(root / INDEX, (0, 0))
    manager = manager_of(root)
    first = manager.create("hotfix")
    second = manager.create("hotfix")
    manager.add_message(SAMPLE, "Hi")
    manager.repair()
    assert (first.id, second.id) == ("WF-20261124-001", "WF-20261124-002")
    assert (root / INDEX).read_bytes() == data
    listing = manager.list()
    assert len(listing.workflows) == 3
    (problem,) = listing.problems
    assert problem.path == root / INDEX
    assert "fix it, or move it away to have it rebuilt" in problem.message

    (root / INDEX).unlink()
    manager.add_message(SAMPLE, "Hi again")
    assert set(index_of(root)["workflows"]) == {SAMPLE, first.id, second.id}  # type: ignore[call-overload]
    assert index_of(root)["lastDate"] == "20261124"
    assert index_of(root)["lastSequence"] == 2


def test_a_file_nested_too_deeply_is_refused(manager: WorkflowManager, root: Path) -> None:
    deep = b"[" * 5000 + b"]" * 5000
    data = (root / FILE).read_bytes()
    (root / FILE).write_bytes(data.replace(b'"timestamp"', b'"deep": ' + deep + b', "timestamp"'))
    before = contents(root)
    assert refused(manager.add_message, SAMPLE, "Hi").code == "workflow-unreadable"
    assert before[FILE] == (root / FILE).read_bytes()


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


# What others do meanwhile


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


def test_a_folder_that_cannot_be_written_is_said_so(tmp_path: Path) -> None:
    (tmp_path / ".choragen").write_text("a file where the folder would be")
    refusal = refused(manager_of(tmp_path).create, "hotfix")
    assert refusal.code == "write-failed"
    assert ".choragen/workflows cannot be written (" in refusal.message


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
