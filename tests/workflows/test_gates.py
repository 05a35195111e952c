"""Gates, stages and the ends of a workflow, rule by rule."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.workflows.workspace import SAMPLE, contents, manager_of, template

from stagewright.workflows.errors import WorkflowError
from stagewright.workflows.manager import WorkflowManager
from stagewright.workflows.state import Workflow


def begin(
    root: Path, gate: str, rest: str = "", following: str = ""
) -> tuple[WorkflowManager, str]:
    """A workflow whose first stage has this gate, and a plain second stage behind it."""
    text = f"name: t\nstages:\n  - name: one\n    type: design\n    gate: {gate}\n{rest}"
    text += f"  - name: two\n    type: review\n{following}"
    manager = manager_of(root)
    return manager, manager.create(template(text)).id


def refused(call: Callable[[], Any]) -> WorkflowError:
    with pytest.raises(WorkflowError) as refusal:
        call()
    return refusal.value


APPROVAL = "{type: human_approval, prompt: Good?}"
TRIGGERED = "{type: human_approval, agentTriggered: true, prompt: Now?}"
COMMANDS = "{type: verification_pass, commands: [make, make test]}"
CHAIN = "{type: chain_complete, chainId: CHAIN-9}"


# Satisfying


@pytest.mark.parametrize("gate", [APPROVAL, TRIGGERED, "{type: post_commit}"])
def test_satisfying_marks_the_gate_and_the_stage(tmp_path: Path, gate: str) -> None:
    manager, workflow_id = begin(tmp_path, gate)
    workflow = manager.satisfy_gate(workflow_id)
    assert workflow.stages[0].status == "awaiting_gate"
    assert workflow.stages[0].gate.satisfied
    assert workflow.stages[0].gate.satisfied_by == "human"
    assert workflow.stages[0].gate.satisfied_at == workflow.updated_at
    assert (workflow.current_stage, workflow.status) == (0, "active")


def test_satisfying_twice_changes_nothing(tmp_path: Path) -> None:
    manager, workflow_id = begin(tmp_path, APPROVAL)
    gate = manager.satisfy_gate(workflow_id).stages[0].gate.to_json()
    before = contents(tmp_path)
    assert manager.satisfy_gate(workflow_id).stages[0].gate.to_json() == gate
    assert contents(tmp_path) == before


@pytest.mark.parametrize(
    ("gate", "confirm", "sentence"),
    [
        (COMMANDS, ["make", "make test"], "Stagewright runs no commands. Run these and confirm"),
        (CHAIN, ["CHAIN-9"], "Confirm that this one is complete: CHAIN-9."),
    ],
)
@pytest.mark.parametrize("way", ["satisfy_gate", "advance"])
def test_what_a_gate_waits_for_is_shown_and_confirmed_never_run(
    tmp_path: Path, gate: str, confirm: list[str], sentence: str, way: str
) -> None:
    manager, workflow_id = begin(tmp_path, gate)
    act = getattr(manager, way)
    before = contents(tmp_path)
    refusal = refused(lambda: act(workflow_id))
    assert refusal.code == "confirmation-needed"
    assert refusal.data["confirm"] == confirm
    assert sentence in refusal.message
    assert contents(tmp_path) == before

    workflow = act(workflow_id, confirmed=True)
    assert workflow.stages[0].gate.satisfied_by == "human"
    assert workflow.current_stage == (1 if way == "advance" else 0)


def test_a_chain_gate_without_a_chain_of_its_own_waits_for_the_stages(tmp_path: Path) -> None:
    manager, workflow_id = begin(tmp_path, "{type: chain_complete}", "    chainId: CHAIN-2\n")
    refusal = refused(lambda: manager.satisfy_gate(workflow_id))
    assert refusal.data["confirm"] == ["CHAIN-2"]


# The gate's options


def test_the_option_advance_satisfies_and_advances_in_one_step(manager: WorkflowManager) -> None:
    workflow = manager.satisfy_gate(SAMPLE, action="advance")
    assert workflow.stages[0].gate.satisfied
    assert [stage.status for stage in workflow.stages] == ["completed", "active", "pending"]


@pytest.mark.parametrize("reason", [None, "", " \n"])
def test_a_discard_without_a_reason_says_whose_it_was(
    manager: WorkflowManager, reason: str | None
) -> None:
    workflow = manager.satisfy_gate(SAMPLE, action="discard", reason=reason)
    assert (workflow.status, workflow.messages[-1].content) == (
        "discarded",
        "Discarded by the user",
    )


def test_the_option_discard_keeps_its_reason(manager: WorkflowManager) -> None:
    workflow = manager.satisfy_gate(SAMPLE, action="discard", reason="  Too early. ")
    assert workflow.status == "discarded"
    assert not workflow.stages[0].gate.satisfied
    last = workflow.messages[-1]
    assert (last.role, last.content, last.stage_index) == ("system", "Too early.", 0)
    assert last.metadata == {"type": "discard_reason"}


@pytest.mark.parametrize(
    ("options", "action", "usable"),
    [
        ("", "ship", ["advance", "discard"]),
        (", options: [{label: Yes, action: advance}]", "discard", ["advance"]),
        (", options: [{label: Later, action: snooze}]", "snooze", []),
    ],
)
def test_an_answer_that_the_gate_does_not_offer_is_refused(
    tmp_path: Path, options: str, action: str, usable: list[str]
) -> None:
    manager, workflow_id = begin(tmp_path, APPROVAL.removesuffix("}") + options + "}")
    before = contents(tmp_path)
    refusal = refused(lambda: manager.satisfy_gate(workflow_id, action=action, reason="x"))
    assert refusal.code == "action-unknown"
    assert refusal.data == {"actions": usable}
    assert contents(tmp_path) == before


# Prompts


def test_triggering_an_agents_gate_asks_for_its_approval(manager: WorkflowManager) -> None:
    last = manager.trigger_gate(SAMPLE).messages[-1]
    prompt = "Continue to request creation, or discard this idea?"
    assert (last.role, last.content) == ("system", f"Approval Required: {prompt}")
    assert last.metadata == {"type": "gate_prompt", "gateType": "human_approval", "prompt": prompt}


@pytest.mark.parametrize(
    ("gate", "code"),
    [
        (APPROVAL, "gate-not-triggerable"),
        ("{type: auto}", "gate-not-triggerable"),
        (TRIGGERED.removesuffix("}") + ", satisfied: true}", "gate-satisfied"),
    ],
)
def test_only_an_open_agent_triggered_approval_can_be_triggered(
    tmp_path: Path, gate: str, code: str
) -> None:
    manager, workflow_id = begin(tmp_path, gate)
    before = contents(tmp_path)
    assert refused(lambda: manager.trigger_gate(workflow_id)).code == code
    assert contents(tmp_path) == before


# Advancing


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
    index = json.loads((tmp_path / ".choragen/workflow-index.json").read_bytes())
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


# Ends


def in_status(root: Path, status: str) -> WorkflowManager:
    path = root / f".choragen/workflows/{SAMPLE}.json"
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
