"""Gates, rule by rule: how each is satisfied, what it offers, and who is asked."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.workflows.gated import APPROVAL, CHAIN, COMMANDS, TRIGGERED, begin
from tests.workflows.workspace import SAMPLE, contents, refused

from stagewright.workflows.manager import WorkflowManager

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
