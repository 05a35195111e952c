"""The rules of stages and gates, on a workflow in memory: Choragen's, minus running anything.

Each function changes the workflow that it is given or raises WorkflowError; a caller that gets an
error throws its copy away.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from stagewright.catalog.model import ModelReference
from stagewright.settings import ContextMode
from stagewright.workflows.context import MODE_WORDS, superseded
from stagewright.workflows.errors import WorkflowError
from stagewright.workflows.state import (
    GATE_ACTIONS,
    Action,
    Gate,
    Message,
    ModelPair,
    Stage,
    Workflow,
)

ENDED = frozenset({"completed", "cancelled", "discarded"})
RESUMABLE = ("paused", "failed")
SETTABLE = ("active", "paused", "cancelled")
CONFIRMED_GATES = ("verification_pass", "chain_complete")
DEFAULT_GATE_PROMPT = "Approval required to proceed."
DEFAULT_DISCARD_REASON = "Discarded by the user"


@dataclass(frozen=True, slots=True)
class Moment:
    """When a change happens, and where the ids of its messages come from."""

    at: str  # as in files: ISO 8601, UTC
    new_id: Callable[[], str]


@dataclass(frozen=True, slots=True)
class Approval:
    """What the user agreed to when leaving a stage."""

    confirmed: bool = False  # that the gate's commands passed, or its chain is complete
    without_hooks: bool = False  # that the hooks are not run


def say(
    workflow: Workflow,
    moment: Moment,
    role: str,
    content: str,
    *,
    stage_index: int | None = None,
    model: ModelReference | None = None,
    metadata: Mapping[str, Any] | None = None,
) -> Message:
    """Append a message, to the current stage unless another is named."""
    optional: dict[str, Any] = {}
    if metadata is not None:
        optional["metadata"] = dict(metadata)
    if model is not None:
        optional["model"] = ModelPair.of(model)
    message = Message(
        id=moment.new_id(),
        role=role,
        content=content,
        stage_index=workflow.current_stage if stage_index is None else stage_index,
        timestamp=moment.at,
        **optional,
    )
    workflow.messages.append(message)
    workflow.updated_at = moment.at
    return message


def active_stage(workflow: Workflow) -> Stage:
    """The current stage of a workflow that may go on. Raises WorkflowError."""
    stage = workflow.stage
    if workflow.status == "active" and stage is not None:
        return stage
    if workflow.status in ENDED or stage is None:
        advice = "start a new one to go on"
    else:
        advice = "resume it to go on"
    raise WorkflowError(
        "workflow-not-active",
        f"{workflow.id} is {workflow.status}; {advice}.",
        {"status": workflow.status},
    )


def prompt_for_gate(workflow: Workflow, moment: Moment) -> None:
    """Ask for the current stage's approval in a message."""
    stage = workflow.stages[workflow.current_stage]
    prompt = DEFAULT_GATE_PROMPT if stage.gate.prompt is None else stage.gate.prompt
    say(
        workflow,
        moment,
        "system",
        f"Approval Required: {prompt}",
        metadata={"type": "gate_prompt", "gateType": stage.gate.type, "prompt": prompt},
    )


def on_entering(workflow: Workflow, moment: Moment) -> None:
    """What happens when the current stage has just been entered: its gate may ask for approval."""
    gate = workflow.stages[workflow.current_stage].gate
    if gate.type == "human_approval" and not gate.agent_triggered and not gate.satisfied:
        prompt_for_gate(workflow, moment)


def check_stage(workflow: Workflow, stage_index: int) -> None:
    """Refuse what is meant for a stage that the workflow has left. Raises WorkflowError."""
    if workflow.current_stage == stage_index:
        return
    stage = workflow.stage
    where = f"gone on to stage `{stage.name}`" if stage else "left its last stage"
    raise WorkflowError(
        "stage-changed",
        f"The workflow has {where} meanwhile, so nothing was done. Look where it stands "
        "before you go on.",
    )


def trigger_gate(workflow: Workflow, moment: Moment) -> None:
    """Ask for an agent-triggered gate's approval now."""
    stage = active_stage(workflow)
    if stage.gate.type != "human_approval" or not stage.gate.agent_triggered:
        raise WorkflowError(
            "gate-not-triggerable",
            f"The gate of `{stage.name}` is not triggered by an agent; satisfy it when it is time.",
        )
    if stage.gate.satisfied:
        raise WorkflowError(
            "gate-satisfied", f"The gate of `{stage.name}` is satisfied already; advance."
        )
    prompt_for_gate(workflow, moment)


def mark_satisfied(stage: Stage, moment: Moment, by: str) -> None:
    """Record that a gate is satisfied, and by whom."""
    stage.gate.satisfied = True
    stage.gate.satisfied_by = by
    stage.gate.satisfied_at = moment.at
    if stage.status == "active":
        stage.status = "awaiting_gate"


def satisfy(workflow: Workflow, moment: Moment, approval: Approval) -> None:
    """Satisfy the current stage's gate; a satisfied one stays as it is."""
    stage = active_stage(workflow)
    if stage.gate.satisfied:
        return
    if stage.gate.type in CONFIRMED_GATES and not approval.confirmed:
        raise _confirmation_needed(stage)
    mark_satisfied(stage, moment, "human")
    workflow.updated_at = moment.at


def answer_gate(
    workflow: Workflow,
    moment: Moment,
    approval: Approval,
    action: str,
    *,
    reason: str | None,
    blockers: Sequence[str],
) -> None:
    """Take one of the gate's options: `advance` satisfies and advances, `discard` discards."""
    stage = active_stage(workflow)
    usable = [option.action for option in stage.gate.usable_options]
    usable = usable if stage.gate.options else list(GATE_ACTIONS)
    if action not in usable:
        raise WorkflowError(
            "action-unknown",
            f"The gate of `{stage.name}` cannot be answered with `{action}`; choose"
            f" {' or '.join(usable) or 'to satisfy it without an action'}.",
            {"actions": usable},
        )
    if action == "discard":
        discard(workflow, moment, reason)
        return
    satisfy(workflow, moment, approval)
    advance(workflow, moment, approval, blockers=blockers)


def advance(
    workflow: Workflow, moment: Moment, approval: Approval, *, blockers: Sequence[str]
) -> None:
    """Close the current stage and open the next, or complete the workflow."""
    stage = active_stage(workflow)
    if blockers:
        raise WorkflowError(
            "blockers-unresolved",
            f"{workflow.id} has unresolved blockers: {', '.join(blockers)}. Resolve or dismiss them"
            " first.",
            {"blockers": list(blockers)},
        )
    if not stage.gate.satisfied:
        _satisfy_on_advance(stage, moment, approval)
    skipped = hooks_on_leaving(workflow)
    if skipped and not approval.without_hooks:
        raise WorkflowError(
            "hooks-present",
            "Choragen would run hooks here and Stagewright runs none: "
            + "; ".join(hook.text for hook in skipped)
            + ". Run them yourself if you need them, and confirm to go on without.",
            {"hooks": [hook.to_json() for hook in skipped]},
        )
    for hook in skipped:
        say(
            workflow,
            moment,
            "system",
            f"Not run: {hook.text}",
            stage_index=hook.stage_index,
            metadata={"type": "hooks_skipped", **hook.to_json()},
        )
    stage.status = "completed"
    stage.completed_at = moment.at
    workflow.blocking_feedback_ids = []
    workflow.current_stage += 1
    workflow.updated_at = moment.at
    following = workflow.stage
    if following is None:
        workflow.status = "completed"
        return
    following.status = "active"
    following.started_at = moment.at
    if following.gate.type == "auto" and not following.gate.satisfied:
        mark_satisfied(following, moment, "system")
    on_entering(workflow, moment)


def discard(workflow: Workflow, moment: Moment, reason: str | None) -> None:
    """End a workflow that is not wanted any more, and keep the reason."""
    if workflow.status in ENDED:
        active_stage(workflow)
    said = (reason or "").strip() or DEFAULT_DISCARD_REASON
    say(workflow, moment, "system", said, metadata={"type": "discard_reason"})
    workflow.status = "discarded"


def set_status(workflow: Workflow, moment: Moment, status: str) -> None:
    """Pause, resume or cancel."""
    if status not in SETTABLE:
        raise WorkflowError(
            "status-unknown",
            f"A workflow's status cannot be set to `{status}`; set it to active, paused or"
            " cancelled.",
        )
    if workflow.status in ENDED or workflow.stage is None:
        active_stage(workflow)
    if workflow.status != status:
        workflow.status = status
        workflow.updated_at = moment.at


def switch_model(workflow: Workflow, moment: Moment, model: ModelReference | None) -> Message:
    """Record which model is to go on with the current stage; None goes back to its default."""
    stage = active_stage(workflow)
    default = stage.default_model.reference if stage.default_model else None
    chosen = model or default
    metadata: dict[str, Any] = {"type": "model_switch"}
    if chosen is None:
        metadata["reset"] = True
    content = f"Model: {chosen}" if chosen else "Model: back to the default"
    return say(workflow, moment, "system", content, model=chosen, metadata=metadata)


def switch_context(workflow: Workflow, moment: Moment, mode: ContextMode | None) -> Message:
    """Record what the chat's models see of earlier stages from now on; None: as the setting says.

    A message, as a switch of the model is one: it holds in every program that goes on with the
    workflow, and the file stays Choragen's.
    """
    active_stage(workflow)
    metadata = {"type": "context_switch", **({"context": mode} if mode else {"reset": True})}
    what = MODE_WORDS[mode] if mode else "as the settings say"
    return say(workflow, moment, "system", f"Context: {what}", metadata=metadata)


def set_request(workflow: Workflow, moment: Moment, request_id: str) -> None:
    """Say what a workflow that may go on is about."""
    if workflow.status in ENDED:
        active_stage(workflow)
    if workflow.request_id != request_id:
        workflow.request_id = request_id
        workflow.updated_at = moment.at


def check_replaceable(workflow: Workflow, message_id: str) -> None:
    """Refuse to say anew what is no message of the user's that counts. Raises WorkflowError."""
    message = workflow.message(message_id)
    if message is None or message.role != "human" or message_id in superseded(workflow):
        raise WorkflowError("message-unknown", f"{workflow.id} has no such message of yours.")
    if message.stage_index != workflow.current_stage:
        raise WorkflowError(
            "stage-changed", "That message belongs to another stage: send it again in this one."
        )


@dataclass(frozen=True, slots=True)
class SkippedHook:
    """Actions that Choragen would run on the way from one stage to the next."""

    stage_index: int
    stage_name: str
    hook: str  # onEnter or onExit
    actions: tuple[Action, ...]

    @property
    def text(self) -> str:
        """For people."""
        when = "on leaving" if self.hook == "onExit" else "on entering"
        what = ", ".join(_described(action) for action in self.actions)
        return f"{when} `{self.stage_name}`: {what}"

    def to_json(self) -> dict[str, Any]:
        """As clients see it and the workflow's record keeps it."""
        actions = [action.to_json() for action in self.actions]
        return {"hook": self.hook, "stageName": self.stage_name, "actions": actions}


def hooks_on_leaving(workflow: Workflow) -> list[SkippedHook]:
    """The hooks between the current stage and the next."""
    here = workflow.current_stage
    stages = list(enumerate(workflow.stages))[here : here + 2]
    return [
        SkippedHook(index, stage.name, name, tuple(actions))
        for (index, stage), name in zip(stages, ("onExit", "onEnter"), strict=False)
        if (actions := _actions(stage, name))
    ]


def waits_for(gate: Gate, stage: Stage) -> list[str]:
    """What the user is asked to confirm: the commands to pass, or the chain to be complete."""
    if gate.type == "verification_pass":
        return list(gate.commands or ())
    if gate.type == "chain_complete":
        return [gate.chain_id or stage.chain_id or "the stage's task chain"]
    return []


def _satisfy_on_advance(stage: Stage, moment: Moment, approval: Approval) -> None:
    match stage.gate.type:
        case "auto" | "post_commit" | "session_handoff":
            mark_satisfied(stage, moment, "system")
        case "verification_pass" | "chain_complete" if approval.confirmed:
            mark_satisfied(stage, moment, "human")
        case "verification_pass" | "chain_complete":
            raise _confirmation_needed(stage)
        case _:
            raise WorkflowError(
                "gate-unsatisfied",
                f"The gate of `{stage.name}` is not satisfied; approve it before advancing.",
                {"gate": stage.gate.to_json()},
            )


def _confirmation_needed(stage: Stage) -> WorkflowError:
    confirm = waits_for(stage.gate, stage)
    if stage.gate.type == "verification_pass":
        ask = "Stagewright runs no commands. Run these and confirm that they pass: "
    else:
        ask = "Stagewright does not watch task chains. Confirm that this one is complete: "
    return WorkflowError(
        "confirmation-needed",
        f"{ask}{', '.join(confirm)}.",
        {"confirm": confirm, "gate": stage.gate.to_json()},
    )


def _actions(stage: Stage, hook: str) -> list[Action]:
    if stage.hooks is None:
        return []
    return (stage.hooks.on_exit if hook == "onExit" else stage.hooks.on_enter) or []


def _described(action: Action) -> str:
    match action.to_json():
        case {"command": str(command)}:
            return f"run `{command}`"
        case {"fileMove": {"from": str(source), "to": str(target)}}:
            return f"move {source} to {target}"
        case {"taskTransition": str(transition)}:
            return f"task transition {transition}"
        case {"handler": str(name)} | {"role": str(name)} | {"eventType": str(name)}:
            return f"{action.type} {name}"
        case _:
            return action.type
