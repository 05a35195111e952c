"""Leaving a stage in the terminal: what its gate and its hooks ask is asked here, in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from rich.console import Console

from stagewright.cli import chat_view as view
from stagewright.workflows.errors import WorkflowError
from stagewright.workflows.lifecycle import DEFAULT_GATE_PROMPT, waits_for
from stagewright.workflows.manager import WorkflowManager
from stagewright.workflows.state import GateOption, Stage, Workflow

_ASKING_NOTHING = ("auto", "post_commit", "session_handoff")


Ask = Callable[[str], str | None]
"""Reads an answer behind a prompt; None where there is none."""


def leave(out: Console, ask: Ask, manager: WorkflowManager, workflow_id: str) -> Workflow | None:
    """Leave the current stage through its gate; None where the user would rather not.

    Approval and advance are one step: whoever declines a later question has changed nothing.
    Raises WorkflowError.
    """
    workflow = manager.get(workflow_id)
    stage = workflow.stage
    is_approved = without_hooks = False
    step: Callable[..., Workflow] = manager.advance
    gate = None if stage is None or workflow.status != "active" else stage.gate
    if stage and gate and not gate.satisfied and gate.type not in _ASKING_NOTHING:
        chosen = _through_gate(out, ask, stage)
        if chosen is None:
            return None
        if chosen == "discard":
            if not discard_confirmed(out, ask, workflow):
                return None
            return manager.satisfy_gate(workflow_id, action="discard")
        step, is_approved = partial(manager.satisfy_gate, action="advance"), True
    while True:
        try:
            return step(workflow_id, confirmed=is_approved, without_hooks=without_hooks)
        except WorkflowError as error:
            if error.code != "hooks-present":
                raise
            if not confirmed(out, ask, f"{error.message} Go on?"):
                return None
            without_hooks = True


def discard_confirmed(out: Console, ask: Ask, workflow: Workflow) -> bool:
    """Whether the user wants to end a workflow for good."""
    what = f"Discard {workflow.id}? Its conversation is kept, but it cannot be continued."
    return confirmed(out, ask, f"{what} This cannot be undone.")


def _through_gate(out: Console, ask: Ask, stage: Stage) -> str | None:
    """The action that the user takes at a gate that asks for something."""
    gate = stage.gate
    awaited = waits_for(gate, stage)
    if gate.type == "verification_pass":
        view.say(out, "Stagewright runs no commands. Run these yourself:", "yellow")
        for command in awaited:
            view.say(out, f"  {command}")
        question = gate.prompt or "Did all of these commands succeed?"
    elif gate.type == "chain_complete":
        view.say(out, f"Stagewright does not watch task chains: {', '.join(awaited)}.", "yellow")
        question = gate.prompt or "Is it complete?"
    else:
        question = gate.prompt or DEFAULT_GATE_PROMPT
    if options := gate.usable_options:
        return _choice(out, ask, question, options)
    approve = f"{question} Approve?" if not awaited else question
    return "advance" if confirmed(out, ask, approve) else None


def _choice(out: Console, ask: Ask, question: str, options: Sequence[GateOption]) -> str | None:
    """The action of the option that is chosen, by its number or its label."""
    view.say(out, question, "yellow")
    for number, option in enumerate(options, start=1):
        view.say(out, f"  {number}  {option.label}")
    said = (ask("[number, Enter for none] › ") or "").strip()
    if said.lower() in ("y", "yes"):
        return next((one.action for one in options if one.action == "advance"), None)
    for number, option in enumerate(options, start=1):
        if said == str(number) or said.casefold() == option.label.strip().casefold():
            return option.action
    if said:
        view.note(out, "Nothing was chosen: the stage stays open.")
    return None


def confirmed(out: Console, ask: Ask, question: str) -> bool:
    """Whether the user says yes to a question."""
    view.say(out, question, "yellow")
    return (ask("[y/N] › ") or "").strip().lower() in ("y", "yes")
