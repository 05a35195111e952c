"""A new workflow from a template: what is copied, what is refused, and how it begins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from typing import Any

from stagewright.workflows import jsontext
from stagewright.workflows.errors import WorkflowError
from stagewright.workflows.lifecycle import Moment, mark_satisfied, on_entering
from stagewright.workflows.state import Stage, Workflow, timestamp

STAGE_TYPES = (
    "request",
    "design",
    "review",
    "implementation",
    "verification",
    "ideation",
    "reflection",
)
GATE_TYPES = (
    "auto",
    "human_approval",
    "chain_complete",
    "verification_pass",
    "post_commit",
    "session_handoff",
)
TASK_TRANSITIONS = ("start", "complete", "approve")
ACTION_KEYS = {
    "command": ("command",),
    "task_transition": ("taskTransition",),
    "file_move": ("fileMove",),
    "custom": ("handler",),
    "spawn_agent": ("role", "context"),
    "post_message": ("target", "content", "metadata"),
    "emit_event": ("eventType", "payload"),
}

_GATE_TEXTS = ("prompt", "chainId", "satisfiedBy")
_GATE_FLAGS = ("agentTriggered", "auditEnabled", "satisfied")
_OPTION_KEYS = ("label", "action")

Values = Mapping[str, Any]
"""A template as plain values (`templates.values`), or a built-in one."""


@cache
def builtin_templates() -> Mapping[str, Values]:
    """Choragen's own templates by name, as values."""
    found = files("stagewright.workflows").joinpath("builtin-templates.json").read_bytes()
    templates: Mapping[str, Values] = jsontext.loads(found)
    return templates


def new_workflow(
    values: Values, workflow_id: str, request_id: str, first: int, moment: Moment
) -> Workflow:
    """The workflow of a checked template, begun at the stage of index `first`."""
    workflow = Workflow(
        id=workflow_id,
        request_id=request_id,
        template=values["name"],
        current_stage=first,
        status="active",
        stages=[_stage(stage) for stage in values["stages"]],
        messages=[],
        created_at=moment.at,
        updated_at=moment.at,
        blocking_feedback_ids=[],
    )
    for index, stage in enumerate(workflow.stages):
        if index < first:
            stage.status = "skipped"
        elif index == first:
            stage.status = "active"
            stage.started_at = moment.at
        if stage.gate.type == "auto" and not stage.gate.satisfied:
            mark_satisfied(stage, moment, "system")
    on_entering(workflow, moment)
    return workflow


def stage_index(values: Values, stage: str | int | None) -> int:
    """The index of the stage to begin at: by name, by index, or the first. Raises WorkflowError."""
    names = [each["name"] for each in values["stages"]]
    if stage is None:
        return 0
    # To Python True is 1, but nobody means the second stage by it.
    if isinstance(stage, int) and not isinstance(stage, bool) and 0 <= stage < len(names):
        return stage
    if isinstance(stage, str) and stage in names:
        return names.index(stage)
    raise WorkflowError(
        "stage-unknown",
        f"Template '{values['name']}' has no stage '{stage}'; it has {', '.join(names)}.",
        {"stages": names},
    )


def check(values: Values, where: str) -> None:
    """Refuse what Choragen refuses; `where` names the template. Raises WorkflowError."""
    _need(_text(values.get("name")), where, "has no name")
    stages = values.get("stages")
    _need(isinstance(stages, Sequence) and stages, where, "has no stages")
    for number, stage in enumerate(stages or (), start=1):
        place = f"{where}, stage {number}"
        _need(isinstance(stage, Mapping), place, "is not a mapping")
        _need(_text(stage.get("name")), place, "has no name")
        _check_stage(stage, f"{place} ('{stage['name']}')")


def _check_stage(stage: Values, place: str) -> None:
    _one_of(stage.get("type"), STAGE_TYPES, place, "type")
    gate = stage.get("gate")
    if gate is not None:
        _need(isinstance(gate, Mapping), place, "has a gate that is not a mapping")
        _check_gate(gate, f"{place}, gate")
    model = stage.get("defaultModel")
    if model is not None:
        pair: list[Any] = (
            [model.get("provider"), model.get("model")] if isinstance(model, Mapping) else [""]
        )
        named = all(_text(part) and part.strip() for part in pair)
        _need(named, place, "has a defaultModel without both a provider and a model")
    hooks = stage.get("hooks")
    if hooks is not None:
        _need(isinstance(hooks, Mapping), place, "has hooks that are not a mapping")
        for name in ("onEnter", "onExit"):
            actions = hooks.get(name)
            if actions is None:
                continue
            _need(isinstance(actions, list), f"{place}, {name}", "is not a list")
            for number, action in enumerate(actions, start=1):
                _check_action(action, f"{place}, {name} action {number}")


def _check_gate(gate: Values, place: str) -> None:
    kind = gate.get("type")
    if kind is not None:
        _one_of(kind, GATE_TYPES, place, "type")
    commands = gate.get("commands")
    if commands is not None:
        listed = isinstance(commands, list) and all(_text(command) for command in commands)
        _need(listed, place, "has commands that are not a list of texts")
    _need(kind != "verification_pass" or commands, place, "needs commands to verify with")
    options = gate.get("options")
    if options is not None:
        _need(isinstance(options, list), place, "has options that are not a list")
        for number, option in enumerate(options, start=1):
            whole = isinstance(option, Mapping) and all(map(_text, map(option.get, _OPTION_KEYS)))
            _need(whole, f"{place}, option {number}", "needs both a label and an action")


def _check_action(action: Any, place: str) -> None:
    _need(isinstance(action, Mapping), place, "is not a mapping")
    kind = action.get("type")
    _one_of(kind, ACTION_KEYS, place, "type")
    if kind == "command":
        _need(_text(action.get("command")), place, "needs a command")
    if kind == "task_transition":
        _one_of(action.get("taskTransition"), TASK_TRANSITIONS, place, "taskTransition")
    if kind == "file_move":
        move = action.get("fileMove")
        whole = isinstance(move, Mapping) and _text(move.get("from")) and _text(move.get("to"))
        _need(whole, place, "needs fileMove with both from and to")


def _stage(values: Values) -> Stage:
    def texts(*keys: str) -> dict[str, str]:
        return {key: values[key] for key in keys if _text(values.get(key))}

    stage: dict[str, Any] = {
        **texts("name", "type", "roleId"),
        "status": "pending",
        **texts("initPrompt", "chainId", "sessionId"),
        "gate": _gate(values.get("gate") or {}),
    }
    if hooks := _hooks(values.get("hooks") or {}):
        stage["hooks"] = hooks
    if model := values.get("defaultModel"):
        stage["defaultModel"] = {"provider": model["provider"], "model": model["model"]}
    return Stage.model_validate(stage)


def _gate(values: Values) -> dict[str, Any]:
    gate: dict[str, Any] = {"type": values.get("type") or "auto"}
    for key, value in values.items():
        if key in _GATE_FLAGS:
            gate[key] = _flag(value) is True
        elif key in _GATE_TEXTS and _text(value):
            gate[key] = value
        elif key == "satisfiedAt" and (moment := _moment(value)):
            gate[key] = timestamp(moment)
        elif key == "commands" and value:
            gate[key] = list(value)
        elif key == "options" and value:
            gate[key] = [{name: option[name] for name in _OPTION_KEYS} for option in value]
    gate.setdefault("satisfied", False)
    return gate


def _hooks(values: Values) -> dict[str, Any]:
    return {
        name: [_action(action) for action in values[name]]
        for name in ("onEnter", "onExit")
        if values.get(name)
    }


def _action(values: Values) -> dict[str, Any]:
    keys = ("type", "blocking", *ACTION_KEYS[values["type"]])
    action = {key: value for key, value in values.items() if key in keys and value is not None}
    blocking = _flag(values.get("blocking"))
    return {**action, "blocking": True if blocking is None else blocking}


def _flag(value: Any) -> bool | None:
    """A boolean as Choragen reads one; None for anything else."""
    return {"true": True, "false": False}.get(str(value).strip().lower())


def _moment(value: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    # As in JavaScript: a date alone is UTC, a time without an offset is local.
    return moment.replace(tzinfo=UTC) if len(value) == len("2026-01-31") else moment.astimezone()


def _text(value: Any) -> bool:
    return isinstance(value, str) and value != ""


def _one_of(value: Any, allowed: Sequence[str] | Mapping[str, Any], place: str, key: str) -> None:
    wrong = f"has the {key} '{value}'" if value is not None else f"has no {key}"
    _need(isinstance(value, str) and value in allowed, place, f"{wrong}; use {', '.join(allowed)}")


def _need(condition: object, place: str, what: str) -> None:
    if not condition:
        raise WorkflowError("template-invalid", f"{place} {what}.")
