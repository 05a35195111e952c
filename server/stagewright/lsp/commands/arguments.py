"""Shapes of the arguments of commands.

What each means stands in `server/docs/lsp-extensions.md`; a test holds the two together.
"""

from __future__ import annotations

from enum import Enum
from typing import Literal

import attrs

from stagewright.catalog.model import ModelReference
from stagewright.settings import ContextMode


@attrs.frozen
class Nothing:
    """Nothing has to be said."""


@attrs.frozen
class ProviderArgument:
    """Which provider; all of them when absent."""

    provider: str | None = None


@attrs.frozen
class Template:
    """A template, open or saved."""

    uri: str


class Ask(Enum):
    """What was left open: the user is asked."""

    USER = "user"


@attrs.frozen
class SetModel:
    """A stage, by name or index, and the model it shall have; None removes its default.

    Without `model` the user is asked.
    """

    uri: str
    stage: str | int
    model: ModelReference | Ask | None = Ask.USER


@attrs.frozen
class Position:
    """A place in a document, as LSP counts it in the encoding that was agreed on."""

    line: int
    character: int


@attrs.frozen
class ModelAt:
    """A place at which a model may be named."""

    uri: str
    position: Position


@attrs.frozen
class SetModelAt:
    """The same, and the model that is to be named there; without it the user is asked."""

    uri: str
    position: Position
    model: ModelReference | Ask = Ask.USER


@attrs.frozen
class ReplaceModel:
    """Every use of one model becomes another's; `dry_run` only says what that would change."""

    from_: ModelReference
    to: ModelReference
    dry_run: bool = False


@attrs.frozen
class StartChat:
    """A template, by URI or name; the stage to begin at, by name or index; whether to show it."""

    uri: str | None = None
    template: str | None = None
    stage: str | int | None = None
    request_id: str | None = None
    open: bool = False
    root: str | None = None


@attrs.frozen
class Send:
    """A message, and the model it asks for if not the one in effect."""

    workflow_id: str
    content: str
    model: ModelReference | None = None
    root: str | None = None


@attrs.frozen
class Edit:
    """A message of the user's in the current stage, and what is said in its place."""

    workflow_id: str
    message_id: str
    content: str
    model: ModelReference | None = None
    root: str | None = None


@attrs.frozen
class Preview:
    """A workflow, and a message of it for what was sent then, or what is going to be said next."""

    workflow_id: str
    message_id: str | None = None
    content: str | None = None
    root: str | None = None


@attrs.frozen
class SetContext:
    """What the chat's models see of earlier stages; None goes back to the setting."""

    workflow_id: str
    context: ContextMode | None
    root: str | None = None


@attrs.frozen
class SetRequest:
    """What a workflow is about; None says that it is about no request."""

    workflow_id: str
    request_id: str | None
    root: str | None = None


@attrs.frozen
class TakeInventory:
    """The files that are read, by URI; all of the workspace where none are named."""

    uris: list[str] | None = None


@attrs.frozen
class ExportInventory:
    """How an inventory is written."""

    format: Literal["json", "csv"]


@attrs.frozen
class ListRequests:
    """The workspace folder whose requests are meant."""

    root: str | None = None


@attrs.frozen
class Retry:
    """A workflow whose newest message is to be answered once more, and by which model."""

    workflow_id: str
    model: ModelReference | None = None
    root: str | None = None


@attrs.frozen
class Run:
    """A chat's run."""

    run_id: str


@attrs.frozen
class SetChatModel:
    """The model for the rest of the stage; None goes back to the stage's default."""

    workflow_id: str
    model: ModelReference | None
    root: str | None = None


@attrs.frozen
class WorkflowArgument:
    """One workflow."""

    workflow_id: str
    root: str | None = None


@attrs.frozen
class ListWorkflows:
    """Filters; absent ones let everything pass."""

    status: str | None = None
    template: str | None = None
    request_id: str | None = None
    root: str | None = None


@attrs.frozen
class TriggerGate:
    """One workflow, and the stage that is meant."""

    workflow_id: str
    stage: int | None = None
    root: str | None = None


@attrs.frozen
class SatisfyGate:
    """The chosen option's action, and what the user confirms."""

    workflow_id: str
    action: str | None = None
    reason: str | None = None
    confirmed: bool = False
    without_hooks: bool = False
    stage: int | None = None
    root: str | None = None


@attrs.frozen
class Advance:
    """Go on to the next stage."""

    workflow_id: str
    confirmed: bool = False
    without_hooks: bool = False
    stage: int | None = None
    root: str | None = None


@attrs.frozen
class Discard:
    """End a workflow, for a reason; one of ours where none is given."""

    workflow_id: str
    reason: str | None = None
    root: str | None = None


@attrs.frozen
class SetStatus:
    """Pause, resume or cancel."""

    workflow_id: str
    status: str
    root: str | None = None


@attrs.frozen
class InTranscript:
    """An open transcript."""

    uri: str


@attrs.frozen
class SetTranscriptStatus:
    """Pause, resume or cancel the workflow of an open transcript."""

    uri: str
    status: str


@attrs.frozen
class SetTranscriptContext:
    """What the models see of earlier stages, in an open transcript; None: as the setting says."""

    uri: str
    context: ContextMode | None


@attrs.frozen
class SwitchModel:
    """The model for the rest of an open transcript's stage; None goes back to the stage's default.

    Without `model` the user is asked.
    """

    uri: str
    model: ModelReference | Ask | None = Ask.USER


@attrs.frozen
class ApproveGate:
    """The chosen option's action, in an open transcript, and what the user confirms."""

    uri: str
    action: str | None = None
    confirmed: bool = False
    without_hooks: bool = False
    stage: int | None = None


@attrs.frozen
class AdvanceInTranscript:
    """Go on to the next stage in an open transcript."""

    uri: str
    confirmed: bool = False
    without_hooks: bool = False
    stage: int | None = None
