"""The index of workflows: kept true, made anew, left alone when unreadable; and listing."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from tests.workflows.workspace import (
    FILE,
    INDEX,
    SAMPLE,
    SAMPLE_FILE,
    contents,
    index_of,
    manager_of,
)

from stagewright.workflows.manager import WorkflowManager


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


def test_the_index_follows_every_write_and_keeps_what_it_does_not_know(
    manager: WorkflowManager, root: Path
) -> None:
    index = index_of(root)
    index["later"] = [1]
    index["workflows"][SAMPLE]["colour"] = "red"
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
    assert set(index_of(root)["workflows"]) == {SAMPLE, first.id, second.id}
    assert index_of(root)["lastDate"] == "20261124"
    assert index_of(root)["lastSequence"] == 2
