"""Choragen's workflow files as typed values that keep what they do not know."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Literal, Self, TypedDict, TypeVar

from pydantic import (
    BaseModel,
    ConfigDict,
    ModelWrapValidatorHandler,
    PrivateAttr,
    SerializerFunctionWrapHandler,
    ValidationError,
    model_serializer,
    model_validator,
)
from pydantic.alias_generators import to_camel

from stagewright.catalog.model import ModelReference
from stagewright.workflows import jsontext

Speaker = Literal["human", "control", "impl", "system"]
"""What files of today say. The models below take any string, so that a file of a later version
loads and is written back as it was."""


class Record(BaseModel):
    """An object of a file: what was absent stays absent, null stays null, keys keep their order.

    Unknown fields are kept; fields set anew come after those that were there.
    """

    model_config = ConfigDict(
        extra="allow", strict=True, alias_generator=to_camel, validate_by_name=True
    )

    _keys: tuple[str, ...] = PrivateAttr(default=())

    @model_validator(mode="wrap")
    @classmethod
    def _remember_order(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        record = handler(data)
        if isinstance(data, dict):
            unknown = record.model_extra or {}
            fields = cls.model_fields
            record._keys = tuple(
                fields[key].alias or key if key in fields and key not in unknown else key
                for key in data
            )
        return record

    @model_serializer(mode="wrap")
    def _in_order(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        values: dict[str, Any] = handler(self)
        return {key: values[key] for key in (*self._keys, *values) if key in values}

    def to_json(self) -> dict[str, Any]:
        """The object as JSON data, with exactly the keys that it has."""
        return self.model_dump(by_alias=True, exclude_unset=True)


class ModelPair(Record):
    """`{provider, model}` in a file."""

    provider: str
    model: str

    @classmethod
    def of(cls, reference: ModelReference) -> ModelPair:
        """The pair to be written."""
        return cls(provider=reference.provider, model=reference.model)

    @property
    def reference(self) -> ModelReference | None:
        """The pair as a reference; None where either side is empty."""
        return ModelReference(self.provider, self.model) if self.provider and self.model else None


GATE_ACTIONS = ("advance", "discard")
"""What the options of gates do that can be taken here."""


class GateOption(Record):
    """One answer to a gate. Actions in use: `advance`, `discard`."""

    label: str
    action: str


class Gate(Record):
    """What must happen before a stage is left."""

    type: str
    prompt: str | None = None
    chain_id: str | None = None
    agent_triggered: bool | None = None
    audit_enabled: bool | None = None
    options: list[GateOption] | None = None
    commands: list[str] | None = None
    satisfied: bool = False
    satisfied_by: str | None = None
    satisfied_at: str | None = None

    @property
    def usable_options(self) -> list[GateOption]:
        """The options with which it can be answered here."""
        return [option for option in self.options or () if option.action in GATE_ACTIONS]


class Action(Record):
    """One action of a hook. Kept and shown, never carried out."""

    type: str
    blocking: bool | None = None


class Hooks(Record):
    """Actions bound to entering and leaving a stage."""

    on_enter: list[Action] | None = None
    on_exit: list[Action] | None = None


class Stage(Record):
    """One stage: what its template says of it, and how far it is."""

    name: str
    type: str
    role_id: str | None = None
    status: str
    init_prompt: str | None = None
    chain_id: str | None = None
    session_id: str | None = None
    gate: Gate
    hooks: Hooks | None = None
    default_model: ModelPair | None = None
    started_at: str | None = None
    completed_at: str | None = None


class Message(Record):
    """One message. `model` is what generated an answer, or what a human message asks for."""

    id: str
    role: str
    content: str
    stage_index: int
    timestamp: str
    metadata: dict[str, Any] | None = None
    model: ModelPair | None = None


class Workflow(Record):
    """One workflow file. `current_stage` is the number of stages once it is completed."""

    id: str
    request_id: str
    template: str
    current_stage: int
    status: str
    stages: list[Stage]
    messages: list[Message]
    created_at: str
    updated_at: str
    blocking_feedback_ids: list[str] | None = None

    @model_validator(mode="after")
    def _check_current_stage(self) -> Self:
        if not 0 <= self.current_stage <= len(self.stages):
            raise ValueError(f"there is no stage {self.current_stage}")
        return self

    @property
    def stage(self) -> Stage | None:
        """The current stage; None once every stage is done."""
        return self.stages[self.current_stage] if self.current_stage < len(self.stages) else None

    def message(self, message_id: str) -> Message | None:
        """The message of this id."""
        return next((m for m in self.messages if m.id == message_id), None)


class Index(Record):
    """`workflow-index.json`: the last number given out, on which local date, and what there is."""

    last_sequence: int
    last_date: str  # YYYYMMDD
    workflows: dict[str, dict[str, Any]]  # by id: what the index repeats of each workflow


class Tokens(TypedDict, total=False):
    """`usage` of an answer, as the API counts."""

    inputTokens: int
    outputTokens: int


class Timings(TypedDict, total=False):
    """`timings` of an answer, in whole milliseconds since the request went out."""

    firstDeltaMs: int
    totalMs: int


class AnswerMetadata(TypedDict, total=False):
    """What Stagewright adds to an answer's `metadata`."""

    requestedModel: str  # the model id that was asked for
    resolvedModel: str  # the model id that the API says answered
    usage: Tokens
    ended: str  # `whole`, `cut`, `broken` or `stopped`; absent while it streams
    stopReason: str  # the API's word, `stopped`, `shutdown`, or a sentence about what broke off
    reasoning: str  # thinking that came with the answer: shown, never sent
    runId: str
    partial: bool  # true while it streams, and for good when it was stopped or broke off
    timings: Timings
    insteadOf: str  # the id of the answer in whose place this one was given


def answer_role(stage: Stage) -> Speaker:
    """The role of answers given in a stage."""
    return "impl" if stage.type == "implementation" else "control"


def timestamp(moment: datetime) -> str:
    """ISO 8601 in UTC with milliseconds and `Z`."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


AnyRecord = TypeVar("AnyRecord", bound=Record)


def read(kind: type[AnyRecord], data: bytes) -> AnyRecord:
    """A file's bytes as what they are to hold. Raises ValueError, with words for people."""
    try:
        return kind.model_validate(jsontext.loads(data), by_alias=True, by_name=False)
    except ValidationError as error:
        first = error.errors()[0]
        place = "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in first["loc"])
        at = f"at {place.lstrip('.')}: " if place else ""
        raise ValueError(f"{at}{first['msg']}") from error


def write(record: Record) -> bytes:
    """A file's bytes, as Choragen writes them."""
    return jsontext.dumps(record.to_json())
