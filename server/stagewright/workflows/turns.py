"""What is asked of a model in a stage: which model, with which prompt, about which messages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Literal, NamedTuple

from stagewright.catalog.effective import Effective, Origin, effective
from stagewright.catalog.model import Model, ModelReference
from stagewright.dialects.choragen.roles import Role, RoleIndex
from stagewright.dialects.choragen.schema import VARIABLES
from stagewright.providers.base import Turn
from stagewright.settings import ContextMode
from stagewright.workflows import context, requests
from stagewright.workflows.context import Context, Part, superseded
from stagewright.workflows.state import AnswerMetadata, Message, Stage, Workflow, answer_role

_VARIABLE = re.compile(r"\{\{(" + "|".join(one.name for one in VARIABLES) + r")\}\}")
_OWN_METADATA = AnswerMetadata.__annotations__.keys()

TurnSource = Literal["request", "context", "prompt", "message"]
"""Where a turn comes from: the workflow's request, an earlier stage, the stage's `initPrompt`, or a
message of the stage."""


class Defaults(NamedTuple):
    """What counts in a stage where its workflow says nothing: the roles, and the settings."""

    roles: RoleIndex | None = None
    model: ModelReference | None = None
    context: ContextMode = "answers"


NO_DEFAULTS = Defaults()


@dataclass(frozen=True, slots=True)
class TurnMaterial:
    """What a request for a stage's next answer is made of."""

    workflow_id: str
    stage_index: int
    stage_name: str
    answer_role: str  # the `role` of the answer's message
    system: str | None  # the role's system prompt
    request: str | None  # a sentence that names the request, where the prompt does not
    request_title: str  # empty where no file tells one
    earlier: tuple[Part, ...]  # what earlier stages contribute
    mode: ContextMode
    mode_chosen: bool  # in this chat, not by the setting
    prompt: str | None  # the substituted `initPrompt`
    turns: tuple[Turn, ...]  # the prompt first, then human messages and answers
    said: tuple[Message, ...]  # the messages among the turns
    temperature: float | None  # the role's
    max_tokens: int | None  # the role's
    last_answer: Message | None  # where the stage's last message is one


@dataclass(frozen=True, slots=True)
class Sent:
    """All turns that go out, with where each comes from, and what is seen of earlier stages."""

    turns: tuple[Turn, ...]
    sources: tuple[TurnSource, ...]
    context: Context


def material(
    workflow: Workflow,
    stage_index: int,
    role: Role | None,
    system: str | None,
    *,
    setting: ContextMode = "answers",
    request_title: str = "",
) -> TurnMaterial:
    """The material of one stage of a workflow as it is now."""
    stage = workflow.stages[stage_index]
    prompt = init_prompt(workflow, stage, request_title)
    mode, chosen = context.mode_of(workflow, setting)
    said = context.said_in(workflow, stage_index)
    turns = [Turn("user", prompt)] if prompt else []
    turns += [
        Turn("user" if message.role == "human" else "assistant", message.content)
        for message in said
    ]
    return TurnMaterial(
        workflow_id=workflow.id,
        stage_index=stage_index,
        stage_name=stage.name,
        answer_role=answer_role(stage),
        system=system,
        request=_request(workflow, stage, request_title) if mode != "stage" else None,
        request_title=request_title,
        earlier=context.parts(workflow, stage_index, mode),
        mode=mode,
        mode_chosen=chosen,
        prompt=prompt or None,
        turns=tuple(turns),
        said=tuple(said),
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


def compose(material: TurnMaterial, turns: tuple[Turn, ...], facts: Model | None) -> Sent:
    """What goes out: the request, earlier stages as far as they fit, and then `turns`, which are
    the material's and what is said now. `facts` are of the model that is asked."""
    request = (Turn("user", material.request),) if material.request else ()
    others = [material.system or "", *(turn.text for turn in (*request, *turns))]
    room = context.room_for(facts, others, material.max_tokens)
    ahead = context.fit(material.earlier, material.mode, material.mode_chosen, room)
    sources: list[TurnSource] = ["request"] * len(request)
    sources += ["context"] * len(ahead.turns)
    sources += ["prompt"] if material.prompt else []
    every = (*request, *ahead.turns, *turns)
    sources += ["message"] * (len(every) - len(sources))
    return Sent(every, tuple(sources), ahead)


def init_prompt(workflow: Workflow, stage: Stage, request_title: str = "") -> str:
    """The stage's prompt with its variables filled in; unknown variables stay as they are."""
    values: Mapping[str, str] = {
        "requestId": requests.subject(workflow.request_id, request_title),
        "workflowId": workflow.id,
        "chainId": stage.chain_id or "",
        "stageName": stage.name,
        "stageType": stage.type,
    }
    return _VARIABLE.sub(lambda found: values[found[1]], (stage.init_prompt or "").strip())


def _request(workflow: Workflow, stage: Stage, title: str) -> str | None:
    """A sentence about the request, unless there is none or the stage's prompt names it."""
    if workflow.request_id == requests.ADHOC or "{{requestId}}" in (stage.init_prompt or ""):
        return None
    return f"This work is about: {requests.subject(workflow.request_id, title)}"


def as_of(workflow: Workflow, message: Message) -> Workflow:
    """A workflow as it was when an answer was asked for; for a human message, with that message.

    Of a copy: what was said later is not in it.
    """
    copy = workflow.model_copy(deep=True)
    places = {one.id: n for n, one in enumerate(copy.messages)}
    end = places[message.id]
    if message.role == "human":
        end += 1
    elif isinstance(other := (message.metadata or {}).get("insteadOf"), str):
        end = places.get(other, end)
    copy.messages = copy.messages[:end]
    return copy


def current_model(workflow: Workflow, default: Effective) -> Effective:
    """The model that the current stage uses, none once every stage is done; `default` without what
    was chosen in it."""
    named = _last_named(workflow, workflow.current_stage) if workflow.stage else None
    # An answer by the model that answers anyway was no choice: nothing changed where it comes from.
    return default if named in (None, default.model) else Effective(named, Origin.MESSAGE)


def default_model(
    workflow: Workflow, *, role: Role | None = None, setting: ModelReference | None = None
) -> Effective:
    """The model that the current stage would use had none been chosen in its messages. `role` is
    the stage's.

    Where no stage so far has one of its own, what was chosen in an earlier one holds on: nobody
    wants to choose again at each stage of a template that names no models.
    """
    stage = workflow.stage
    if stage is None:
        return effective()
    stages = range(workflow.current_stage - 1, -1, -1)
    defaults = (workflow.stages[index].default_model for index in stages)
    chosen = (_last_named(workflow, index, chosen=True) for index in stages)
    return effective(
        stage=stage.default_model.reference if stage.default_model else None,
        role=role.model if role else None,
        earlier=chain((one.reference if one else None for one in defaults), chosen),
        setting=setting,
    )


def _last_named(
    workflow: Workflow, stage_index: int, *, chosen: bool = False
) -> ModelReference | None:
    """The model of a stage's newest message that has one, unless it was reset since.

    `chosen`: of those by which the user chose one; an answer names whichever gave it.
    """
    left = superseded(workflow)
    for message in reversed(workflow.messages):
        if message.stage_index != stage_index or message.id in left:
            continue
        if chosen and message.role not in ("human", "system"):
            continue
        if message.model is not None and (reference := message.model.reference):
            return reference
        match message.metadata:
            case {"type": "model_switch", "reset": True}:
                return None
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
