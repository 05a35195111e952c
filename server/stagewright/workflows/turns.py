"""What is asked of a model in a stage: which model, with which prompt, about which messages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from stagewright.catalog.effective import Effective, effective
from stagewright.catalog.model import ModelReference
from stagewright.providers.base import Turn
from stagewright.templates.roles import Role
from stagewright.workflows.state import AnswerMetadata, Message, Stage, Workflow, answer_role

_VARIABLE = re.compile(r"\{\{(requestId|workflowId|chainId|stageName|stageType)\}\}")
_OWN_METADATA = AnswerMetadata.__annotations__.keys()


@dataclass(frozen=True, slots=True)
class TurnMaterial:
    """What a request for a stage's next answer is made of."""

    workflow_id: str
    stage_index: int
    stage_name: str
    stage_type: str
    answer_role: str  # the `role` of the answer's message
    system: str | None  # the role's system prompt
    turns: tuple[Turn, ...]  # the substituted `initPrompt` first, then human messages and answers
    temperature: float | None  # the role's
    max_tokens: int | None  # the role's
    last_answer: Message | None  # where the stage's last message is one


def material(
    workflow: Workflow, stage_index: int, role: Role | None, system: str | None
) -> TurnMaterial:
    """The material of one stage of a workflow as it is now."""
    stage = workflow.stages[stage_index]
    prompt = init_prompt(workflow, stage)
    turns = [Turn("user", prompt)] if prompt else []
    turns += filter(None, (_turn(m) for m in workflow.messages if m.stage_index == stage_index))
    return TurnMaterial(
        workflow_id=workflow.id,
        stage_index=stage_index,
        stage_name=stage.name,
        stage_type=stage.type,
        answer_role=answer_role(stage),
        system=system,
        turns=tuple(turns),
        temperature=role.temperature if role else None,
        max_tokens=role.max_tokens if role else None,
        last_answer=last_answer(workflow, stage_index),
    )


def last_answer(workflow: Workflow, stage_index: int) -> Message | None:
    """The stage's last message, if it is an answer; what the system says does not count."""
    for message in reversed(workflow.messages):
        if message.stage_index == stage_index and message.role != "system":
            return message if message.role in ("control", "impl") else None
    return None


def init_prompt(workflow: Workflow, stage: Stage) -> str:
    """The stage's prompt with its variables filled in; unknown variables stay as they are."""
    values: Mapping[str, str] = {
        "requestId": workflow.request_id,
        "workflowId": workflow.id,
        "chainId": stage.chain_id or "",
        "stageName": stage.name,
        "stageType": stage.type,
    }
    return _VARIABLE.sub(lambda found: values[found[1]], (stage.init_prompt or "").strip())


def current_model(
    workflow: Workflow, *, role: Role | None = None, setting: ModelReference | None = None
) -> Effective:
    """The model that the current stage uses, none once every stage is done.

    `role` is the current stage's.
    """
    stage = workflow.stage
    if stage is None:
        return effective()
    earlier = reversed(workflow.stages[: workflow.current_stage])
    return effective(
        message=_last_named(workflow),
        stage=stage.default_model.reference if stage.default_model else None,
        role=role.model if role else None,
        earlier=(s.default_model.reference if s.default_model else None for s in earlier),
        setting=setting,
    )


def _last_named(workflow: Workflow) -> ModelReference | None:
    """The model of the current stage's newest message that has one, unless it was reset since."""
    for message in reversed(workflow.messages):
        if message.stage_index != workflow.current_stage:
            continue
        if message.model is not None and (reference := message.model.reference):
            return reference
        match message.metadata:
            case {"type": "model_switch", "reset": True}:
                return None
    return None


def _turn(message: Message) -> Turn | None:
    match message.role:
        case "human":
            return Turn("user", message.content) if message.content else None
        case "control" | "impl":
            return Turn("assistant", message.content) if message.content else None
        case _:
            return None


def put_answer(workflow: Workflow, answer: Message, at: str) -> None:
    """Put an answer, partial or whole, into a workflow that others may have changed meanwhile.

    A new answer stands where its timestamp belongs: what was said after it began stays after it,
    so that a model switched to meanwhile is not undone. In a known one, what others added stays.
    """
    known = workflow.message(answer.id)
    if known is None:
        place = len(workflow.messages)
        while place and workflow.messages[place - 1].timestamp > answer.timestamp:
            place -= 1
        workflow.messages.insert(place, answer)
    else:
        theirs = {k: v for k, v in (known.metadata or {}).items() if k not in _OWN_METADATA}
        known.content = answer.content
        if metadata := {**theirs, **(answer.metadata or {})}:
            known.metadata = metadata
        if answer.model is not None:
            known.model = answer.model
    if not (answer.metadata or {}).get("partial"):
        workflow.updated_at = at
