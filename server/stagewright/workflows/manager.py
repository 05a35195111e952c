"""What can be done with workflows, as Choragen means it. Runs nothing that a template names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar
from uuid import uuid4

from stagewright.catalog.effective import Effective
from stagewright.catalog.model import ModelReference
from stagewright.dialects.document import Document
from stagewright.settings import ContextMode
from stagewright.workflows import creation, lifecycle, requests, turns, workspace_files
from stagewright.workflows.errors import WorkflowError
from stagewright.workflows.lifecycle import Approval, Moment
from stagewright.workflows.reader import WorkflowReader
from stagewright.workflows.state import Message, Workflow, timestamp
from stagewright.workflows.transcript import rebuild
from stagewright.workflows.transcript_writing import render

P = ParamSpec("P")
Result = TypeVar("Result")


class WorkflowManager(WorkflowReader):
    """The workflows of one workspace folder, and every change of them.

    Each change reads the file, changes what it says and writes it under a lock that all processes
    share. Refusals raise WorkflowError and write nothing.
    """

    def __init__(
        self,
        root: Path,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC).astimezone(),
        new_id: Callable[[], str] = lambda: str(uuid4()),
    ) -> None:
        """`clock` tells the time with the zone whose date goes into ids: the local one."""
        super().__init__(root)
        self._clock = clock
        self._new_id = new_id

    async def in_turn(self, work: Callable[[], Result], threads: Executor) -> Result:
        """What `work` gives, which may change workflows, done by one of `threads` when nobody else
        writes here. Waiting for that takes no thread, unlike a change made directly."""
        return await self._store.in_turn(work, threads)

    def repair(self) -> None:
        """Put right what a crash left; done by itself before anything else is done."""
        self._store.repair()

    def write_transcript(
        self,
        workflow_id: str,
        effective: Callable[[Workflow], Effective],
        *,
        growing: str | None = None,
        context: ContextMode = "answers",
    ) -> Path:
        """Make the workflow's transcript anew, keeping what a person left in it; returns its path.

        For documents that no editor has open. `effective` tells the model of its stage, `growing`
        is the id of an answer that still comes, `context` the setting.
        """
        path = self.transcript_path(workflow_id)

        def make() -> str | None:
            workflow = self.get(workflow_id)
            model = effective(workflow)
            before = workspace_files.transcript(self._store, path)
            if before is None:
                return render(workflow, model, growing=growing, context=context)
            text = rebuild(workflow, model, before, growing=growing, context=context)
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
            values = workspace_files.named_template(self._store, template)
        else:
            values = workspace_files.checked_values(template, "The template")
        return values, creation.stage_index(values, stage)

    def add_message(
        self,
        workflow_id: str,
        content: str,
        model: ModelReference | None = None,
        *,
        role: str = "human",
        metadata: Mapping[str, Any] | None = None,
        stage_index: int | None = None,
        instead_of: str | None = None,
    ) -> tuple[Workflow, Message]:
        """Append what the user says to the current stage of an active workflow; `model` is the one
        asked for with it. A message that it stands `instead_of` stays in the file and counts no
        more, nor does what followed it.

        Here and below, `stage_index` names the stage that is meant: where the workflow has gone on
        meanwhile, WorkflowError `stage-changed` is raised and nothing is written.
        """
        if not content.strip():
            raise WorkflowError("message-empty", "Write a message before sending.")
        _check_model(model)
        if instead_of is not None:
            metadata = {**(metadata or {}), "insteadOf": instead_of}

        def append(workflow: Workflow, moment: Moment) -> Message:
            lifecycle.active_stage(workflow)
            if instead_of is not None:
                lifecycle.check_replaceable(workflow, instead_of)
            return lifecycle.say(workflow, moment, role, content, model=model, metadata=metadata)

        return self._change(workflow_id, stage_index, append)

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
        return self._change(workflow_id, None, lifecycle.switch_model, model)

    def set_context(self, workflow_id: str, mode: ContextMode | None) -> tuple[Workflow, Message]:
        """Choose what this chat's models see of earlier stages; None goes back to the setting."""
        return self._change(workflow_id, None, lifecycle.switch_context, mode)

    def set_request(self, workflow_id: str, request_id: str | None) -> Workflow:
        """Say what a workflow is about; None says that it is about no request."""
        request = requests.clean(request_id)
        return self._change(workflow_id, None, lifecycle.set_request, request)[0]

    # Gates and stages

    def trigger_gate(self, workflow_id: str, *, stage_index: int | None = None) -> Workflow:
        """Ask for the approval of the current stage's agent-triggered gate."""
        return self._change(workflow_id, stage_index, lifecycle.trigger_gate)[0]

    def satisfy_gate(
        self,
        workflow_id: str,
        *,
        action: str | None = None,
        reason: str | None = None,
        confirmed: bool = False,
        without_hooks: bool = False,
        stage_index: int | None = None,
    ) -> Workflow:
        """Satisfy the current stage's gate, or take one of its options as `action`.

        `advance` satisfies and advances; `discard` discards the workflow, for `reason`. `confirmed`
        says that what the gate waits for has happened.
        """
        approval = Approval(confirmed, without_hooks)

        def satisfy(workflow: Workflow, moment: Moment) -> None:
            if action is None:
                lifecycle.satisfy(workflow, moment, approval)
            else:
                blockers = workspace_files.unresolved_blockers(self._store, workflow_id)
                lifecycle.answer_gate(
                    workflow, moment, approval, action, reason=reason, blockers=blockers
                )

        return self._change(workflow_id, stage_index, satisfy)[0]

    def advance(
        self,
        workflow_id: str,
        *,
        confirmed: bool = False,
        without_hooks: bool = False,
        stage_index: int | None = None,
    ) -> Workflow:
        """Close the current stage and open the next, or complete the workflow.

        `without_hooks` agrees to hooks not being run; the rest is as for `satisfy_gate`.
        """
        approval = Approval(confirmed, without_hooks)

        def advance(workflow: Workflow, moment: Moment) -> None:
            blockers = workspace_files.unresolved_blockers(self._store, workflow_id)
            lifecycle.advance(workflow, moment, approval, blockers=blockers)

        return self._change(workflow_id, stage_index, advance)[0]

    def discard(self, workflow_id: str, reason: str | None = None) -> Workflow:
        """End a workflow that is not wanted any more; the reason is kept, one of ours if none."""
        return self._change(workflow_id, None, lifecycle.discard, reason)[0]

    def set_status(self, workflow_id: str, status: str) -> Workflow:
        """Pause (`paused`), resume (`active`) or cancel (`cancelled`)."""
        return self._change(workflow_id, None, lifecycle.set_status, status)[0]

    def _change(
        self,
        workflow_id: str,
        stage_index: int | None,
        change: Callable[Concatenate[Workflow, Moment, P], Result],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> tuple[Workflow, Result]:
        def change_that_stage(workflow: Workflow) -> Result:
            if stage_index is not None:
                lifecycle.check_stage(workflow, stage_index)
            return change(workflow, self._moment(), *args, **kwargs)

        return self._store.mutate(workflow_id, change_that_stage)

    def _moment(self, now: datetime | None = None) -> Moment:
        return Moment(timestamp(now or self._clock()), self._new_id)


def _check_model(model: ModelReference | None) -> None:
    if model is not None and not (model.provider.strip() and model.model.strip()):
        raise WorkflowError("model-reference", "A model needs both a provider and a model id.")
