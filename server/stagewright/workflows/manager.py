"""What can be done with workflows, as Choragen means it. Runs nothing that a template names."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

from stagewright.catalog.effective import Effective, Origin
from stagewright.catalog.model import ModelReference
from stagewright.dialects.choragen.roles import Role, RoleIndex
from stagewright.dialects.document import Document
from stagewright.settings import ContextMode
from stagewright.workflows import creation, lifecycle, requests, sources, turns
from stagewright.workflows.errors import WorkflowError
from stagewright.workflows.index import Summary, title_of
from stagewright.workflows.lifecycle import Approval, Moment
from stagewright.workflows.requests import Requests
from stagewright.workflows.sources import TemplateName
from stagewright.workflows.state import Message, Workflow, timestamp
from stagewright.workflows.store import Problem, Store
from stagewright.workflows.transcript import rebuild
from stagewright.workflows.transcript_writing import render
from stagewright.workflows.turns import TurnMaterial

__all__ = ["Listing", "Problem", "Summary", "TemplateName", "TurnMaterial", "WorkflowManager"]

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Listing:
    """Workflows, newest first, and the files that could not be read."""

    workflows: tuple[Summary, ...]
    problems: tuple[Problem, ...]


def local_now() -> datetime:
    """The time now, in the local zone: a workflow's id carries the local date."""
    return datetime.now(UTC).astimezone()


def random_id() -> str:
    """A new message's id."""
    return str(uuid4())


class WorkflowManager:
    """The workflows of one workspace folder.

    Every method is synchronous and short, and may be called from any thread. Each change reads the
    file, changes what it says and writes it under a lock that all processes share; what is returned
    is the caller's own copy. Refusals raise WorkflowError and write nothing.
    """

    def __init__(
        self,
        root: Path,
        *,
        clock: Callable[[], datetime] = local_now,
        new_id: Callable[[], str] = random_id,
    ) -> None:
        """`clock` tells the time with the zone whose date goes into ids."""
        self._store = Store(root)
        self._clock = clock
        self._new_id = new_id

    # Reading

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
        return sources.transcript(self._store, self.transcript_path(workflow_id)) or ""

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
            titles = requests.titles(self.requests())
            newest_first = [
                replace(each, title=titles.get(each.request_id, each.title))
                for each in newest_first
            ]
        return Listing(tuple(newest_first), tuple(problems))

    async def in_turn(self, work: Callable[[], Result], threads: Executor) -> Result:
        """What `work` gives, which may change workflows, done by one of `threads` when nobody else
        writes here. Waiting for that takes no thread, unlike a change made directly."""
        return await self._store.in_turn(work, threads)

    def repair(self) -> None:
        """Put right what a crash left; done by itself before anything else is done."""
        self._store.repair()

    def get_current_model(
        self,
        workflow_id: str,
        *,
        roles: RoleIndex | None = None,
        setting: ModelReference | None = None,
    ) -> Effective:
        """The model that the current stage uses, and why; none once every stage is done."""
        workflow = self.get(workflow_id)
        role = self._role(workflow, workflow.current_stage, roles)
        return turns.current_model(workflow, role=role, setting=setting)

    def get_default_model(
        self,
        workflow_id: str,
        *,
        roles: RoleIndex | None = None,
        setting: ModelReference | None = None,
    ) -> Effective:
        """The model that the current stage would use had none been chosen in the chat."""
        workflow = self.get(workflow_id)
        role = self._role(workflow, workflow.current_stage, roles)
        return turns.default_model(workflow, role=role, setting=setting)

    def turn_material(
        self,
        workflow_id: str,
        roles: RoleIndex | None = None,
        *,
        stage_index: int | None = None,
        message_id: str | None = None,
        context: ContextMode = "answers",
    ) -> TurnMaterial:
        """What the next answer is asked with, in the current stage unless another is named; or what
        an answer of this `message_id` was asked with. `context` is the setting."""
        workflow = self.get(workflow_id)
        index = workflow.current_stage if stage_index is None else stage_index
        if message_id is not None:
            message = _said(workflow, message_id)
            workflow, index = turns.as_of(workflow, message), message.stage_index
        return self._material(workflow, index, roles, context)

    def next_turn(
        self,
        workflow_id: str,
        *,
        model: ModelReference | None = None,
        roles: RoleIndex | None = None,
        setting: ModelReference | None = None,
        context: ContextMode = "answers",
        instead_of: str | None = None,
    ) -> tuple[Effective, TurnMaterial]:
        """By which model the current stage's next answer is given and what it is asked with, of
        one state of an active workflow. `model` is one that is asked for with a message, `context`
        the setting, `instead_of` the message that the next one stands in the place of."""
        workflow = self.get(workflow_id)
        lifecycle.active_stage(workflow)
        if instead_of is not None:
            lifecycle.check_replaceable(workflow, instead_of)
            place = next(n for n, one in enumerate(workflow.messages) if one.id == instead_of)
            workflow.messages = workflow.messages[:place]
        role = self._role(workflow, workflow.current_stage, roles)
        effective = (
            Effective(model, Origin.MESSAGE)
            if model
            else turns.current_model(workflow, role=role, setting=setting)
        )
        return effective, self._material(workflow, workflow.current_stage, roles, context)

    def _material(
        self, workflow: Workflow, index: int, roles: RoleIndex | None, context: ContextMode
    ) -> TurnMaterial:
        if index >= len(workflow.stages):
            lifecycle.active_stage(workflow)
        role = self._role(workflow, index, roles)
        system = sources.system_prompt(self._store, role) if role else None
        title = self.request_title(workflow)
        return turns.material(workflow, index, role, system, setting=context, request_title=title)

    @property
    def templates_folder(self) -> Path:
        """Where this workspace's templates lie."""
        return self._store.root / sources.TEMPLATES_FOLDER

    def templates(self) -> Sequence[TemplateName]:
        """The templates that a workflow can be begun with: the workspace's, then those built in."""
        return sources.template_names(self._store)

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

    def write_transcript(
        self,
        workflow_id: str,
        effective: Effective,
        *,
        growing: str | None = None,
        context: ContextMode = "answers",
    ) -> Path:
        """Make the workflow's transcript anew, keeping what a person left in it; returns its path.

        For documents that no editor has open. `growing` is the id of an answer that still comes,
        `context` the setting.
        """
        path = self.transcript_path(workflow_id)

        def make() -> str | None:
            workflow = self.get(workflow_id)
            before = sources.transcript(self._store, path)
            if before is None:
                return render(workflow, effective, growing=growing, context=context)
            text = rebuild(workflow, effective, before, growing=growing, context=context)
            return text if text != before else None

        self._store.rewrite(path, make)
        return path

    def write_preview(self, workflow_id: str, text: str) -> Path:
        """Put what a stage sends beside its transcript, for a person to read; returns its path."""
        path = self.path(workflow_id).with_suffix(".preview.md")
        self._store.rewrite(path, lambda: text)
        return path

    # Starting and talking

    def create(
        self,
        template: str | Document,
        *,
        stage: str | int | None = None,
        request_id: str | None = None,
    ) -> Workflow:
        """A new workflow, begun at the first or the named stage.

        `template` is the name of a template in the workspace or of a built-in one, or an open
        document, which need not be saved. `request_id` is the id or title of what it is about.
        """
        request = requests.clean(request_id)
        values, first = self._checked(template, stage)
        now = self._clock()
        moment = self._moment(now)
        return self._store.create(
            f"{now:%Y%m%d}",
            lambda workflow_id: creation.new_workflow(values, workflow_id, request, first, moment),
        )

    def check_template(self, template: str | Document, stage: str | int | None = None) -> None:
        """Refuse what `create` refuses, with nothing written. Raises WorkflowError."""
        self._checked(template, stage)

    def _checked(
        self, template: str | Document, stage: str | int | None
    ) -> tuple[creation.Values, int]:
        """A template's values and the index of the stage to begin at."""
        if isinstance(template, str):
            values = sources.named_template(self._store, template)
        else:
            values = sources.checked_values(template, "The template")
        return values, creation.stage_index(values, stage)

    def add_message(
        self,
        workflow_id: str,
        role: str,
        content: str,
        *,
        model: ModelReference | None = None,
        metadata: Mapping[str, Any] | None = None,
        stage_index: int | None = None,
        instead_of: str | None = None,
    ) -> tuple[Workflow, Message]:
        """Append a message to the current stage of an active workflow.

        Here and below, `stage_index` names the stage that is meant: where the workflow has gone on
        meanwhile, WorkflowError `stage-changed` is raised and nothing is written.
        """
        if not content.strip():
            raise WorkflowError("message-empty", "Write something before sending.")
        _check_model(model)
        if instead_of is not None:
            metadata = {**(metadata or {}), "insteadOf": instead_of}

        def append(workflow: Workflow, moment: Moment) -> Message:
            lifecycle.active_stage(workflow)
            if instead_of is not None:
                lifecycle.check_replaceable(workflow, instead_of)
            return lifecycle.say(workflow, moment, role, content, model=model, metadata=metadata)

        return self._change(workflow_id, append, stage_index)

    def append_human(
        self,
        workflow_id: str,
        content: str,
        model: ModelReference | None = None,
        *,
        stage_index: int | None = None,
        instead_of: str | None = None,
    ) -> tuple[Workflow, Message]:
        """Append what the user says, in the stage that it is meant for; `model` is the one asked
        for with it. A message that it stands `instead_of` stays in the file and counts no more, nor
        does what followed it."""
        return self.add_message(
            workflow_id,
            "human",
            content,
            model=model,
            stage_index=stage_index,
            instead_of=instead_of,
        )

    def save_answer(self, workflow_id: str, message: Message) -> Workflow:
        """Save an answer as far as it has come: added when new, else in the place of its id.

        To be called at least once a second while the answer streams, with `metadata["partial"]`
        true, and at its end. Allowed in every status of the workflow: what was shown is kept.
        """
        workflow, _ = self._store.mutate(
            workflow_id, lambda workflow: turns.put_answer(workflow, message, self._moment().at)
        )
        return workflow

    def set_model(self, workflow_id: str, model: ModelReference | None) -> tuple[Workflow, Message]:
        """Switch the model of the current stage; None goes back to the stage's default."""
        _check_model(model)
        return self._change(
            workflow_id, lambda workflow, moment: lifecycle.switch_model(workflow, moment, model)
        )

    def set_context(self, workflow_id: str, mode: ContextMode | None) -> tuple[Workflow, Message]:
        """Choose what this chat's models see of earlier stages; None goes back to the setting."""
        return self._change(
            workflow_id, lambda workflow, moment: lifecycle.switch_context(workflow, moment, mode)
        )

    def set_request(self, workflow_id: str, request_id: str | None) -> Workflow:
        """Say what a workflow is about; None says that it is about no request."""
        request = requests.clean(request_id)
        return self._change(
            workflow_id, lambda workflow, moment: lifecycle.set_request(workflow, moment, request)
        )[0]

    # Gates and stages

    def trigger_gate(self, workflow_id: str, *, stage_index: int | None = None) -> Workflow:
        """Ask for the approval of the current stage's agent-triggered gate."""
        return self._change(workflow_id, lifecycle.trigger_gate, stage_index)[0]

    def satisfy_gate(
        self,
        workflow_id: str,
        *,
        action: str | None = None,
        reason: str | None = None,
        confirmed: bool = False,
        without_hooks: bool = False,
        by: str = "human",
        stage_index: int | None = None,
    ) -> Workflow:
        """Satisfy the current stage's gate, or take one of its options as `action`.

        `advance` satisfies and advances; `discard` discards the workflow, for `reason`. `confirmed`
        says that what the gate waits for has happened, `by` who says so.
        """
        approval = Approval(by, confirmed, without_hooks)

        def satisfy(workflow: Workflow, moment: Moment) -> None:
            if action is None:
                lifecycle.satisfy(workflow, moment, approval)
            else:
                blockers = sources.unresolved_blockers(self._store, workflow_id)
                lifecycle.answer_gate(
                    workflow, moment, approval, action, reason=reason, blockers=blockers
                )

        return self._change(workflow_id, satisfy, stage_index)[0]

    def advance(
        self,
        workflow_id: str,
        *,
        confirmed: bool = False,
        without_hooks: bool = False,
        by: str = "human",
        stage_index: int | None = None,
    ) -> Workflow:
        """Close the current stage and open the next, or complete the workflow.

        `without_hooks` agrees to hooks not being run; the rest is as for `satisfy_gate`.
        """
        approval = Approval(by, confirmed, without_hooks)

        def advance(workflow: Workflow, moment: Moment) -> None:
            blockers = sources.unresolved_blockers(self._store, workflow_id)
            lifecycle.advance(workflow, moment, approval, blockers=blockers)

        return self._change(workflow_id, advance, stage_index)[0]

    def discard(self, workflow_id: str, reason: str | None = None) -> Workflow:
        """End a workflow that is not wanted any more; the reason is kept, one of ours if none."""
        return self._change(
            workflow_id, lambda workflow, moment: lifecycle.discard(workflow, moment, reason)
        )[0]

    def set_status(self, workflow_id: str, status: str) -> Workflow:
        """Pause (`paused`), resume (`active`) or cancel (`cancelled`)."""
        return self._change(
            workflow_id, lambda workflow, moment: lifecycle.set_status(workflow, moment, status)
        )[0]

    def _change(
        self,
        workflow_id: str,
        change: Callable[[Workflow, Moment], Result],
        stage_index: int | None = None,
    ) -> tuple[Workflow, Result]:
        def change_that_stage(workflow: Workflow) -> Result:
            if stage_index is not None:
                lifecycle.check_stage(workflow, stage_index)
            return change(workflow, self._moment())

        return self._store.mutate(workflow_id, change_that_stage)

    def _moment(self, now: datetime | None = None) -> Moment:
        return Moment(timestamp(now or self._clock()), self._new_id)

    def _role(self, workflow: Workflow, index: int, roles: RoleIndex | None) -> Role | None:
        """A stage's role. Where Choragen left the id out, the template's same stage tells it."""
        if roles is None or index >= len(workflow.stages):
            return None
        stage = workflow.stages[index]
        role_id = stage.role_id
        if role_id is None:
            try:
                stages = sources.named_template(self._store, workflow.template)["stages"]
            except WorkflowError:
                return None  # the template is gone or broken, which the stage can do without
            if index < len(stages) and stages[index]["name"] == stage.name:
                role_id = stages[index].get("roleId")
        return roles.roles.get(role_id) if role_id else None


def _said(workflow: Workflow, message_id: str) -> Message:
    message = workflow.message(message_id)
    if message is None or not 0 <= message.stage_index < len(workflow.stages):
        raise WorkflowError("message-unknown", f"{workflow.id} has no message '{message_id}'.")
    return message


def _check_model(model: ModelReference | None) -> None:
    if model is not None and not (model.provider.strip() and model.model.strip()):
        raise WorkflowError(
            "model-reference", "A model needs both a provider and a model id; name both."
        )
