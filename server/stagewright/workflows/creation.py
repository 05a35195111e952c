"""A new workflow from a template: what is kept of it, and how it begins."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from math import isfinite
from typing import Any, assert_never

from stagewright.dialects.choragen.schema import ACTION, GATE, STAGE
from stagewright.dialects.choragen.shapes import Kind, Shape
from stagewright.workflows import jsontext
from stagewright.workflows.errors import WorkflowError
from stagewright.workflows.lifecycle import Moment, mark_satisfied, on_entering
from stagewright.workflows.state import Stage, Workflow, timestamp

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
        f"Template `{values['name']}` has no stage `{stage}`; it has {', '.join(names)}.",
        {"stages": names},
    )


def kept(value: Any, shape: Shape) -> Any:
    """What a workflow keeps of a template's value: all that the schema knows, in the forms that
    Choragen writes. None where that is nothing."""
    match shape.kind:
        case _ if value is None:
            return None
        case Kind.MAPPING:
            return _kept_keys(value, shape) or None if isinstance(value, Mapping) else None
        case Kind.LIST:
            items = [kept(item, shape.items) for item in value] if shape.items else value
            return items or None
        case Kind.BOOLEAN:
            return _flag(value) is True
        case Kind.NUMBER:
            return _number(value)
        case Kind.DATE:
            return _moment(value)
        case Kind.TEXT:
            return value or None
        case Kind.ANY:
            return value
        case never:
            assert_never(never)


def _kept_keys(values: Values, shape: Shape) -> dict[str, Any]:
    found = {
        name: one
        for name, value in values.items()
        if (key := shape.key(name)) and (one := kept(value, key.shape)) is not None
    }
    if shape is GATE:
        return {"type": "auto", **found, "satisfied": found.get("satisfied", False)}
    if shape is ACTION:
        return {**found, "blocking": _flag(values.get("blocking")) is not False}
    return found


def _stage(values: Values) -> Stage:
    """A stage that has not begun; its keys in the order in which Choragen writes them."""
    found = {"status": "pending", "gate": kept({}, GATE), **_kept_keys(values, STAGE)}
    order = [field.alias or name for name, field in Stage.model_fields.items()]
    return Stage.model_validate({key: found[key] for key in (*order, *found) if key in found})


def _flag(value: Any) -> bool | None:
    """A boolean as Choragen reads one; None for anything else."""
    return {"true": True, "false": False}.get(str(value).strip().lower())


def _number(value: Any) -> int | float | None:
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    if not isfinite(number):
        return None
    return int(number) if number.is_integer() else number


def _moment(value: Any) -> str | None:
    """A date as Choragen writes one; None for what is none."""
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    # As in JavaScript: a date alone is UTC, a time without an offset is local.
    is_day = len(value) == len("2026-01-31")
    return timestamp(moment.replace(tzinfo=UTC) if is_day else moment.astimezone())
