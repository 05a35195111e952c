"""Advancing to the next stage: what stops it, and what is meant for the one before."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.workflows.gated import APPROVAL, TRIGGERED, begin
from tests.workflows.workspace import SAMPLE, contents, index_of, refused

from stagewright.workflows.manager import WorkflowManager


def test_an_unsatisfied_approval_stops_advancing(manager: WorkflowManager, root: Path) -> None:
    before = contents(root)
    for confirmed in (False, True):
        refusal = refused(lambda: manager.advance(SAMPLE, confirmed=confirmed))  # noqa: B023
        assert refusal.code == "gate-unsatisfied"
        assert "`exploration` is not satisfied; approve it before advancing" in refusal.message
    assert contents(root) == before


@pytest.mark.parametrize("gate", ["{type: auto}", "{type: post_commit}", "{type: session_handoff}"])
def test_gates_that_choragen_satisfies_itself_do_not_stop_advancing(
    tmp_path: Path, gate: str
) -> None:
    manager, workflow_id = begin(tmp_path, gate)
    workflow = manager.advance(workflow_id)
    assert workflow.stages[0].gate.satisfied_by == "system"
    assert workflow.current_stage == 1


def test_advancing_closes_a_stage_opens_the_next_and_asks_for_its_approval(
    manager: WorkflowManager,
) -> None:
    manager.satisfy_gate(SAMPLE)
    workflow = manager.advance(SAMPLE)
    now = workflow.updated_at
    first, second, _ = workflow.stages
    assert (workflow.current_stage, workflow.status) == (1, "active")
    assert (first.status, first.completed_at) == ("completed", now)
    assert (second.status, second.started_at) == ("active", now)
    last = workflow.messages[-1]
    assert (last.content, last.stage_index) == (
        "Approval Required: Approve these request proposals?",
        1,
    )


def test_advancing_over_the_last_stage_completes_the_workflow(tmp_path: Path) -> None:
    manager, workflow_id = begin(tmp_path, "{type: auto}")
    manager.advance(workflow_id)
    workflow = manager.advance(workflow_id)
    assert (workflow.status, workflow.current_stage) == ("completed", 2)
    assert [stage.status for stage in workflow.stages] == ["completed", "completed"]
    index = index_of(tmp_path)
    assert index["workflows"][workflow_id]["status"] == "completed"


HOOKS = """\
    hooks:
      onExit:
        - {type: command, command: make clean}
        - {type: file_move, fileMove: {from: a/*.md, to: b/}}
"""
ENTER = """\
    hooks:
      onEnter: [{type: custom, handler: greet}]
      onExit: [{type: command, command: x}]
"""


def test_hooks_are_listed_and_never_passed_over_silently(tmp_path: Path) -> None:
    manager, workflow_id = begin(tmp_path, "{type: auto}", HOOKS, ENTER)
    before = contents(tmp_path)
    refusal = refused(lambda: manager.advance(workflow_id))
    assert refusal.code == "hooks-present"
    assert (
        "on leaving `one`: run `make clean`, move a/*.md to b/;"
        " on entering `two`: custom greet. Run them yourself" in refusal.message
    )
    leaving, entering = refusal.data["hooks"]
    assert leaving == {
        "hook": "onExit",
        "stageName": "one",
        "actions": [
            {"type": "command", "command": "make clean", "blocking": True},
            {"type": "file_move", "fileMove": {"from": "a/*.md", "to": "b/"}, "blocking": True},
        ],
    }
    assert (entering["hook"], entering["stageName"]) == ("onEnter", "two")
    assert contents(tmp_path) == before

    workflow = manager.advance(workflow_id, without_hooks=True)
    recorded = workflow.messages[-2:]
    assert [message.stage_index for message in recorded] == [0, 1]
    assert recorded[0].content == "Not run: on leaving `one`: run `make clean`, move a/*.md to b/"
    assert [message.metadata for message in recorded] == [
        {"type": "hooks_skipped", **leaving},
        {"type": "hooks_skipped", **entering},
    ]


def test_choragens_own_workflow_runs_to_its_end(manager: WorkflowManager) -> None:
    manager.satisfy_gate(SAMPLE, action="advance")
    manager.satisfy_gate(SAMPLE, action="advance")
    assert refused(lambda: manager.advance(SAMPLE)).code == "hooks-present"
    workflow = manager.advance(SAMPLE, without_hooks=True)
    assert (workflow.status, workflow.current_stage) == ("completed", 3)


def feedback(root: Path, name: str, **fields: str) -> Path:
    path = root / f".choragen/workflows/{SAMPLE}/feedback/{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"id": name, "type": "blocker", "status": "pending", **fields}))
    return path


@pytest.mark.parametrize("status", ["pending", "acknowledged"])
def test_an_unresolved_blocker_stops_advancing(
    manager: WorkflowManager, root: Path, status: str
) -> None:
    path = feedback(root, "FB-002", status=status)
    feedback(root, "FB-003", type="idea")
    feedback(root, "FB-004", status="dismissed")
    feedback(root, "feedback-index")
    before = contents(root)
    refusal = refused(lambda: manager.satisfy_gate(SAMPLE, action="advance"))
    assert (refusal.code, refusal.data) == ("blockers-unresolved", {"blockers": ["FB-002"]})
    assert contents(root) == before

    feedback(root, "FB-002", status="resolved")
    assert manager.satisfy_gate(SAMPLE, action="advance").current_stage == 1
    assert path.exists()


def test_feedback_that_cannot_be_read_may_be_a_blocker(
    manager: WorkflowManager, root: Path
) -> None:
    feedback(root, "FB-002").write_text("{")
    refusal = refused(lambda: manager.satisfy_gate(SAMPLE, action="advance"))
    assert refusal.code == "blockers-unresolved"
    assert f".choragen/workflows/{SAMPLE}/feedback/FB-002.json cannot be read" in refusal.message


def test_advancing_clears_what_choragen_noted_as_blocking(
    manager: WorkflowManager, root: Path
) -> None:
    path = manager.path(SAMPLE)
    path.write_bytes(
        path.read_bytes().replace(
            b'"blockingFeedbackIds": []', b'"blockingFeedbackIds": [\n    "FB-001"\n  ]'
        )
    )
    assert manager.satisfy_gate(SAMPLE, action="advance").blocking_feedback_ids == []


LEFT_MEANWHILE: dict[str, Callable[[WorkflowManager, str], object]] = {
    "add_message": lambda m, workflow: m.add_message(workflow, "Hello?", stage_index=0),
    "trigger_gate": lambda m, workflow: m.trigger_gate(workflow, stage_index=0),
    "satisfy_gate": lambda m, workflow: m.satisfy_gate(workflow, stage_index=0),
    "answer": lambda m, workflow: m.satisfy_gate(workflow, action="advance", stage_index=0),
    "advance": lambda m, workflow: m.advance(workflow, stage_index=0),
}


@pytest.mark.parametrize("name", LEFT_MEANWHILE)
def test_what_is_meant_for_a_stage_does_nothing_in_the_next(tmp_path: Path, name: str) -> None:
    """A button is pressed twice, or somebody else advances before a question is answered."""
    manager, workflow = begin(tmp_path, APPROVAL, following=f"    gate: {TRIGGERED}\n")
    manager.satisfy_gate(workflow, action="advance", stage_index=0)
    before = contents(tmp_path)
    refusal = refused(lambda: LEFT_MEANWHILE[name](manager, workflow))
    assert refusal.code == "stage-changed"
    assert "gone on to stage `two`" in refusal.message
    assert contents(tmp_path) == before
