"""A workflow's status: paused, resumed and ended, and what it takes then."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.workflows.workspace import FILE, SAMPLE, contents, manager_of, refused

from stagewright.workflows.manager import WorkflowManager
from stagewright.workflows.state import Workflow


def in_status(root: Path, status: str) -> WorkflowManager:
    path = root / FILE
    head, _, tail = path.read_bytes().partition(b'"status": "active"')
    path.write_bytes(head + f'"status": "{status}"'.encode() + tail)
    manager = manager_of(root)
    manager.repair()
    return manager


REFUSED_UNLESS_ACTIVE: dict[str, Callable[[WorkflowManager], object]] = {
    "add_message": lambda manager: manager.add_message(SAMPLE, "Hello?"),
    "set_model": lambda manager: manager.set_model(SAMPLE, None),
    "trigger_gate": lambda manager: manager.trigger_gate(SAMPLE),
    "satisfy_gate": lambda manager: manager.satisfy_gate(SAMPLE),
    "advance": lambda manager: manager.advance(SAMPLE),
    "answer": lambda manager: manager.satisfy_gate(SAMPLE, action="discard", reason="x"),
}


@pytest.mark.parametrize("name", REFUSED_UNLESS_ACTIVE)
@pytest.mark.parametrize("status", ["paused", "failed", "completed", "cancelled", "discarded"])
def test_a_workflow_that_is_not_active_takes_nothing(root: Path, status: str, name: str) -> None:
    manager = in_status(root, status)
    before = contents(root)
    refusal = refused(lambda: REFUSED_UNLESS_ACTIVE[name](manager))
    assert refusal.code == "workflow-not-active"
    assert refusal.data == {"status": status}
    advice = "resume it" if status in ("paused", "failed") else "start a new one"
    assert f"{SAMPLE} is {status}; {advice} to go on." == refusal.message
    assert contents(root) == before


@pytest.mark.parametrize(
    ("before", "after", "allowed"),
    [
        ("active", "paused", True),
        ("active", "cancelled", True),
        ("paused", "active", True),
        ("paused", "cancelled", True),
        ("failed", "active", True),
        ("completed", "active", False),
        ("cancelled", "active", False),
        ("discarded", "paused", False),
    ],
)
def test_pausing_resuming_and_cancelling(
    root: Path, before: str, after: str, allowed: bool
) -> None:
    manager = in_status(root, before)
    if allowed:
        assert manager.set_status(SAMPLE, after).status == after
        assert [each.status for each in manager.list().workflows] == [after]
    else:
        refusal = refused(lambda: manager.set_status(SAMPLE, after))
        assert refusal.code == "workflow-not-active"


def test_a_paused_workflow_can_be_discarded_an_ended_one_cannot(root: Path) -> None:
    manager = in_status(root, "paused")
    assert manager.discard(SAMPLE, "No longer needed.").status == "discarded"
    assert refused(lambda: manager.discard(SAMPLE, "Again.")).code == "workflow-not-active"


def test_setting_the_same_status_writes_nothing(manager: WorkflowManager, root: Path) -> None:
    manager.set_status(SAMPLE, "paused")
    before = contents(root)
    assert manager.set_status(SAMPLE, "paused").status == "paused"
    assert contents(root) == before


def test_only_the_three_statuses_can_be_set(manager: WorkflowManager, root: Path) -> None:
    before = contents(root)
    for status in ("completed", "discarded", "running", ""):
        refusal = refused(lambda: manager.set_status(SAMPLE, status))  # noqa: B023
        assert refusal.code == "status-unknown"
    assert contents(root) == before


def test_all_else_in_the_file_stays_as_it_was(manager: WorkflowManager) -> None:
    before: Workflow = manager.get(SAMPLE)
    after = manager.set_status(SAMPLE, "paused")
    changed = {"status": "paused", "updatedAt": after.updated_at}
    assert after.to_json() == {**before.to_json(), **changed}
