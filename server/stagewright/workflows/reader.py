"""What can be asked of the workflows of a folder. Nothing here writes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from stagewright.catalog.effective import Effective, Origin
from stagewright.catalog.model import ModelReference
from stagewright.dialects.choragen import TEMPLATES_FOLDER
from stagewright.dialects.choragen.roles import Role, RoleIndex
from stagewright.workflows import lifecycle, requests, turns, workspace_files
from stagewright.workflows.errors import WorkflowError
from stagewright.workflows.index import Summary, title_of
from stagewright.workflows.requests import Requests
from stagewright.workflows.state import Message, Workflow
from stagewright.workflows.store import Problem, WorkflowStore
from stagewright.workflows.turns import NO_DEFAULTS, Defaults, TurnMaterial
from stagewright.workflows.workspace_files import TemplateName


@dataclass(frozen=True, slots=True)
class Listing:
    """Workflows, newest first, and the files that could not be read."""

    workflows: tuple[Summary, ...]
    problems: tuple[Problem, ...]

    def to_json(self) -> dict[str, Any]:
        """As programs see it."""
        problems = [{"path": str(one.path), "message": one.message} for one in self.problems]
        return {"workflows": [one.to_json() for one in self.workflows], "problems": problems}


class WorkflowReader:
    """The workflows of one workspace folder, as their files say now.

    Every method is synchronous and short, and may be called from any thread; what is returned is
    the caller's own copy. Where a workflow is asked about, it may be one that has been read, or the
    id of one that is to be read. Refusals raise WorkflowError.
    """

    def __init__(self, root: Path) -> None:
        self._store = WorkflowStore(root)

    def path(self, workflow_id: str) -> Path:
        """Where the workflow's file is."""
        return self._store.path(workflow_id)

    def transcript_path(self, workflow_id: str) -> Path:
        """Where the workflow's transcript is or would be."""
        return self.path(workflow_id).with_suffix(".chat.md")

    def get(self, workflow_id: str) -> Workflow:
        """The workflow as its file says now."""
        return self._store.read(workflow_id)

    def transcript(self, workflow_id: str) -> str:
        """The text of the workflow's transcript, empty where there is none."""
        return workspace_files.transcript(self._store, self.transcript_path(workflow_id)) or ""

    def list(
        self,
        *,
        status: str | None = None,
        template: str | None = None,
        request_id: str | None = None,
    ) -> Listing:
        """The workflows that fit every filter given, newest first, and what cannot be read."""
        workflows, problems = self._store.scan()
        fitting = (
            each
            for each in workflows
            if status in (None, each.status)
            and template in (None, each.template)
            and request_id in (None, each.request_id)
        )
        newest_first = sorted(fitting, key=lambda each: (each.updated_at, each.id), reverse=True)
        if any(each.request_id != requests.ADHOC for each in newest_first):
            titles = self.requests().titles
            newest_first = [
                replace(each, title=titles.get(each.request_id, each.title))
                for each in newest_first
            ]
        return Listing(tuple(newest_first), tuple(problems))

    def _read(self, workflow: Workflow | str) -> Workflow:
        """A workflow that has been read, or the one of an id, as its file says now."""
        return self.get(workflow) if isinstance(workflow, str) else workflow

    def get_current_model(
        self, workflow: Workflow | str, defaults: Defaults = NO_DEFAULTS
    ) -> Effective:
        """The model that the current stage uses, and why; none once every stage is done."""
        return self.get_models(workflow, defaults)[0]

    def get_models(
        self, workflow: Workflow | str, defaults: Defaults = NO_DEFAULTS
    ) -> tuple[Effective, Effective]:
        """The same, and the model that it would use had none been chosen in the chat."""
        workflow = self._read(workflow)
        role = self._role(workflow, workflow.current_stage, defaults.roles)
        default = turns.default_model(workflow, role=role, setting=defaults.model)
        return turns.current_model(workflow, default), default

    def turn_material(
        self,
        workflow: Workflow | str,
        defaults: Defaults = NO_DEFAULTS,
        *,
        message_id: str | None = None,
    ) -> TurnMaterial:
        """What the current stage's next answer is asked with, or what an answer of this
        `message_id` was asked with."""
        workflow = self._read(workflow)
        index = workflow.current_stage
        if message_id is not None:
            message = _said(workflow, message_id)
            workflow, index = turns.as_of(workflow, message), message.stage_index
        return self._material(workflow, index, defaults)

    def next_turn(
        self,
        workflow_id: str,
        defaults: Defaults = NO_DEFAULTS,
        *,
        model: ModelReference | None = None,
        instead_of: str | None = None,
    ) -> tuple[Effective, TurnMaterial]:
        """By which model the current stage's next answer is given and what it is asked with, of
        one state of an active workflow. `model` is one that is asked for with a message,
        `instead_of` the message that the next one stands in the place of."""
        workflow = self.get(workflow_id)
        lifecycle.active_stage(workflow)
        if instead_of is not None:
            lifecycle.check_replaceable(workflow, instead_of)
            place = next(n for n, one in enumerate(workflow.messages) if one.id == instead_of)
            workflow.messages = workflow.messages[:place]
        effective = (
            Effective(model, Origin.MESSAGE)
            if model
            else self.get_current_model(workflow, defaults)
        )
        return effective, self._material(workflow, workflow.current_stage, defaults)

    def _material(self, workflow: Workflow, index: int, defaults: Defaults) -> TurnMaterial:
        if index >= len(workflow.stages):
            lifecycle.active_stage(workflow)
        role = self._role(workflow, index, defaults.roles)
        system = workspace_files.system_prompt(self._store, role) if role else None
        title = self.request_title(workflow)
        return turns.material(
            workflow, index, role, system, setting=defaults.context, request_title=title
        )

    @property
    def templates_folder(self) -> Path:
        """Where this workspace's templates lie."""
        return self._store.root / TEMPLATES_FOLDER

    def templates(self) -> Sequence[TemplateName]:
        """The templates that a workflow can be begun with: the workspace's, then those built in."""
        return workspace_files.template_names(self._store)

    def requests(self) -> Requests:
        """The requests that a workflow of this workspace can be about."""
        return requests.find(self._store.root)

    def title(self, workflow: Workflow) -> str:
        """A workflow's title for people."""
        return title_of(workflow, self.request_title(workflow))

    def request_title(self, workflow: Workflow) -> str:
        """The title of a workflow's request, where a file tells it; else empty."""
        if workflow.request_id == requests.ADHOC:
            return ""
        return self.requests().title(workflow.request_id)

    def _role(self, workflow: Workflow, index: int, roles: RoleIndex | None) -> Role | None:
        """A stage's role. Where Choragen left the id out, the template's same stage tells it."""
        if roles is None or index >= len(workflow.stages):
            return None
        stage = workflow.stages[index]
        role_id = stage.role_id
        if role_id is None:
            try:
                stages = workspace_files.named_template(self._store, workflow.template)["stages"]
            except WorkflowError:
                return None  # the template is gone or broken, which the stage can do without
            if index < len(stages) and stages[index]["name"] == stage.name:
                role_id = stages[index].get("roleId")
        return roles.roles.get(role_id) if role_id else None


def _said(workflow: Workflow, message_id: str) -> Message:
    message = workflow.message(message_id)
    if message is None or not 0 <= message.stage_index < len(workflow.stages):
        raise WorkflowError("message-unknown", f"{workflow.id} has no message `{message_id}`.")
    return message
