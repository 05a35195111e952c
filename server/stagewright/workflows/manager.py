"""What can be done with workflows, as Choragen means it. Runs nothing that a template names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from stagewright.catalog.effective import Effective
from stagewright.catalog.model import ModelReference
from stagewright.providers.base import Turn
from stagewright.templates.roles import RoleIndex
from stagewright.templates.template import Document
from stagewright.workflows.state import Message, Workflow


@dataclass(frozen=True, slots=True)
class TurnMaterial:
    """What a request for the current stage's next answer is made of."""

    workflow_id: str
    stage_index: int
    stage_name: str
    stage_type: str
    answer_role: str  # the `role` of the answer's message
    system: str | None  # the role's system prompt
    turns: tuple[Turn, ...]  # the substituted `initPrompt` first, then human messages and answers
    temperature: float | None  # the role's
    max_tokens: int | None  # the role's


@dataclass(frozen=True, slots=True)
class Problem:
    """A file that cannot be read; it was left as it is."""

    path: Path
    message: str


@dataclass(frozen=True, slots=True)
class Summary:
    """One line of a list of workflows."""

    id: str
    request_id: str
    status: str
    template: str
    current_stage: int
    stage_name: str | None  # None once every stage is done
    updated_at: str
    message_count: int


@dataclass(frozen=True, slots=True)
class Listing:
    """Workflows, newest first, and the files that could not be read."""

    workflows: tuple[Summary, ...]
    problems: tuple[Problem, ...]


def local_now() -> datetime:
    """The time now, in the local zone: a workflow's id carries the local date."""
    return datetime.now(UTC).astimezone()


class WorkflowManager:
    """The workflows of one workspace folder.

    Every method is synchronous and short, and may be called from any thread. Each reads the file,
    changes it and writes it under a lock that all processes share; what it returns is the caller's
    own copy. Refusals raise WorkflowError and write nothing.
    """

    def __init__(
        self,
        root: Path,
        *,
        clock: Callable[[], datetime] = local_now,
        new_id: Callable[[], str] = lambda: str(uuid4()),
    ) -> None: ...

    def create(
        self,
        template: str | Document,
        *,
        stage: str | int | None = None,
        request_id: str | None = None,
    ) -> Workflow:
        """A new workflow from a template's or built-in's name, or from an open document."""
        raise NotImplementedError

    def get(self, workflow_id: str) -> Workflow:
        raise NotImplementedError

    def list(
        self,
        *,
        status: str | None = None,
        template: str | None = None,
        request_id: str | None = None,
    ) -> Listing:
        raise NotImplementedError

    def add_message(
        self,
        workflow_id: str,
        role: str,
        content: str,
        *,
        model: ModelReference | None = None,
        metadata: Mapping[str, Any] | None = None,
    ) -> tuple[Workflow, Message]:
        raise NotImplementedError

    def append_human(
        self, workflow_id: str, content: str, model: ModelReference | None = None
    ) -> tuple[Workflow, Message]:
        """Save what the user says in the current stage of an active workflow."""
        raise NotImplementedError

    def save_answer(self, workflow_id: str, message: Message) -> Workflow:
        """Save an answer as far as it has come: added when new, else replaced by its id.

        Call it at least once a second while the answer streams, with `metadata["partial"]` true,
        and once at its end. Works in every status of the workflow: what was shown is kept.
        """
        raise NotImplementedError

    def turn_material(self, workflow_id: str, roles: RoleIndex | None = None) -> TurnMaterial:
        raise NotImplementedError

    def get_current_model(
        self,
        workflow_id: str,
        *,
        roles: RoleIndex | None = None,
        setting: ModelReference | None = None,
    ) -> Effective:
        raise NotImplementedError

    def set_model(self, workflow_id: str, model: ModelReference | None) -> tuple[Workflow, Message]:
        """Switch the current stage's model; None goes back to the stage's default."""
        raise NotImplementedError

    def trigger_gate(self, workflow_id: str) -> Workflow:
        raise NotImplementedError

    def satisfy_gate(
        self,
        workflow_id: str,
        *,
        action: str | None = None,
        reason: str | None = None,
        confirmed: bool = False,
        without_hooks: bool = False,
        by: str = "human",
    ) -> Workflow:
        raise NotImplementedError

    def advance(
        self,
        workflow_id: str,
        *,
        confirmed: bool = False,
        without_hooks: bool = False,
        by: str = "human",
    ) -> Workflow:
        raise NotImplementedError

    def discard(self, workflow_id: str, reason: str) -> Workflow:
        raise NotImplementedError

    def set_status(self, workflow_id: str, status: str) -> Workflow:
        raise NotImplementedError

    def path(self, workflow_id: str) -> Path:
        raise NotImplementedError

    def transcript_path(self, workflow_id: str) -> Path:
        raise NotImplementedError
