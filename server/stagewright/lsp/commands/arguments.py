"""Shapes of the arguments of commands.

What each means stands in `server/docs/lsp-extensions.md`; a test holds the two together.
"""

from __future__ import annotations

from enum import Enum
from typing import Literal

import attrs

from stagewright.catalog.model import ModelReference
from stagewright.settings import ContextMode


class Ask(Enum):
    """What was left open: the user is asked."""

    USER = "user"


@attrs.frozen(kw_only=True)
class Nothing:
    """Nothing has to be said."""


@attrs.frozen(kw_only=True)
class ProviderArgument:
    """Which provider; all of them when absent."""

    provider: str | None = None


# Files


@attrs.frozen(kw_only=True)
class InFile:
    """A file, open or saved; a transcript must be open."""

    uri: str


@attrs.frozen(kw_only=True)
class SetModel(InFile):
    """A stage, by name or index, and the model it shall have; None removes its default.

    Without `model` the user is asked.
    """

    stage: str | int
    model: ModelReference | Ask | None = Ask.USER


@attrs.frozen(kw_only=True)
class Position:
    """A place in a document, as LSP counts it in the encoding that was agreed on."""

    line: int
    character: int


@attrs.frozen(kw_only=True)
class ModelAt(InFile):
    """A place at which a model may be named."""

    position: Position


@attrs.frozen(kw_only=True)
class SetModelAt(ModelAt):
    """The same, and the model that is to be named there; without it the user is asked."""

    model: ModelReference | Ask = Ask.USER


@attrs.frozen(kw_only=True)
class ReplaceModel:
    """Every use of one model becomes another's; `dry_run` only says what that would change."""

    from_: ModelReference
    to: ModelReference
    dry_run: bool = False


@attrs.frozen(kw_only=True)
class TakeInventory:
    """The files that are read, by URI; all of the workspace where none are named."""

    uris: list[str] | None = None


@attrs.frozen(kw_only=True)
class ExportInventory:
    """How an inventory is written."""

    format: Literal["json", "csv"]


# Workflows and chats


@attrs.frozen(kw_only=True)
class InFolder:
    """The workspace folder that is meant."""

    root: str | None = None


@attrs.frozen(kw_only=True)
class StartChat(InFolder):
    """A template, by URI or name; the stage to begin at, by name or index; whether to show it."""

    uri: str | None = None
    template: str | None = None
    stage: str | int | None = None
    request_id: str | None = None
    open: bool = False


@attrs.frozen(kw_only=True)
class ListWorkflows(InFolder):
    """Filters; absent ones let everything pass."""

    status: str | None = None
    template: str | None = None
    request_id: str | None = None


@attrs.frozen(kw_only=True)
class Run:
    """A chat's run."""

    run_id: str


@attrs.frozen(kw_only=True)
class WorkflowArgument(InFolder):
    """One workflow."""

    workflow_id: str


@attrs.frozen(kw_only=True)
class Send(WorkflowArgument):
    """A message, and the model it asks for if not the one in effect."""

    content: str
    model: ModelReference | None = None


@attrs.frozen(kw_only=True)
class Edit(Send):
    """A message of the user's in the current stage, and what is said in its place."""

    message_id: str


@attrs.frozen(kw_only=True)
class Retry(WorkflowArgument):
    """A workflow whose newest message is to be answered once more, and by which model."""

    model: ModelReference | None = None


@attrs.frozen(kw_only=True)
class Preview(WorkflowArgument):
    """A workflow, and a message of it for what was sent then, or what is going to be said next."""

    message_id: str | None = None
    content: str | None = None


@attrs.frozen(kw_only=True)
class SetContext(WorkflowArgument):
    """What the chat's models see of earlier stages; None goes back to the setting."""

    context: ContextMode | None


@attrs.frozen(kw_only=True)
class SetRequest(WorkflowArgument):
    """What a workflow is about; None says that it is about no request."""

    request_id: str | None


@attrs.frozen(kw_only=True)
class SetChatModel(WorkflowArgument):
    """The model for the rest of the stage; None goes back to the stage's default."""

    model: ModelReference | None


@attrs.frozen(kw_only=True)
class TriggerGate(WorkflowArgument):
    """One workflow, and the stage that is meant."""

    stage: int | None = None


@attrs.frozen(kw_only=True)
class Advance(TriggerGate):
    """Go on to the next stage, with what the user confirms."""

    confirmed: bool = False
    without_hooks: bool = False


@attrs.frozen(kw_only=True)
class SatisfyGate(Advance):
    """The chosen option's action, and what the user confirms."""

    action: str | None = None
    reason: str | None = None


@attrs.frozen(kw_only=True)
class Discard(WorkflowArgument):
    """End a workflow, for a reason; one of ours where none is given."""

    reason: str | None = None


@attrs.frozen(kw_only=True)
class SetStatus(WorkflowArgument):
    """Pause, resume or cancel."""

    status: str


# Open transcripts


@attrs.frozen(kw_only=True)
class SetTranscriptStatus(InFile):
    """Pause, resume or cancel the workflow of an open transcript."""

    status: str


@attrs.frozen(kw_only=True)
class SetTranscriptContext(InFile):
    """What the models see of earlier stages, in an open transcript; None: as the setting says."""

    context: ContextMode | None


@attrs.frozen(kw_only=True)
class SwitchModel(InFile):
    """The model for the rest of an open transcript's stage; None goes back to the stage's default.

    Without `model` the user is asked.
    """

    model: ModelReference | Ask | None = Ask.USER


@attrs.frozen(kw_only=True)
class AdvanceInTranscript(InFile):
    """Go on to the next stage in an open transcript."""

    confirmed: bool = False
    without_hooks: bool = False
    stage: int | None = None


@attrs.frozen(kw_only=True)
class ApproveGate(AdvanceInTranscript):
    """The chosen option's action, in an open transcript, and what the user confirms."""

    action: str | None = None
