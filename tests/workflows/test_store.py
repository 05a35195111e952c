"""Workflow files: which are looked at, what a write changes, and what it leaves."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from tests.workflows.workspace import (
    FILE,
    SAMPLE,
    SAMPLE_FILE,
    contents,
    index_of,
    manager_of,
    refused,
)

from stagewright.workflows import settled
from stagewright.workflows.manager import WorkflowManager

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


def test_a_file_nested_too_deeply_is_refused(manager: WorkflowManager, root: Path) -> None:
    deep = b"[" * 5000 + b"]" * 5000
    data = (root / FILE).read_bytes()
    (root / FILE).write_bytes(data.replace(b'"timestamp"', b'"deep": ' + deep + b', "timestamp"'))
    before = contents(root)
    assert refused(manager.add_message, SAMPLE, "Hi").code == "workflow-unreadable"
    assert before[FILE] == (root / FILE).read_bytes()


def test_a_folder_that_cannot_be_written_is_said_so(tmp_path: Path) -> None:
    (tmp_path / ".choragen").write_text("a file where the folder would be")
    refusal = refused(manager_of(tmp_path).create, "hotfix")
    assert refusal.code == "write-failed"
    assert ".choragen/workflows cannot be written (" in refusal.message
