"""Chats: which answers are coming, how each is begun, and stopping."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

from stagewright.catalog.catalog import Catalog
from stagewright.catalog.effective import Effective, Origin
from stagewright.catalog.model import ModelReference, Source
from stagewright.providers.base import ChatError, Provider, Turn
from stagewright.providers.chat.sdk import close_clients
from stagewright.workflows.context import Context
from stagewright.workflows.continuing import request_to_continue, to_continue
from stagewright.workflows.endings import SHUTDOWN
from stagewright.workflows.errors import WorkflowError
from stagewright.workflows.manager import WorkflowManager
from stagewright.workflows.run import (
    BROKEN,
    ChatFailed,
    ChatFinished,
    Run,
    RunEvent,
    StreamedAnswer,
)
from stagewright.workflows.sending import (
    Outgoing,
    Said,
    answered,
    just_said,
    outgoing,
    said_already,
    turns_to_answer,
)
from stagewright.workflows.state import Message
from stagewright.workflows.turns import NO_DEFAULTS, Defaults, TurnMaterial

log = logging.getLogger(__name__)

T = TypeVar("T")

FILE_THREADS = 4
"""Threads for file work; none of them waits for another program."""


@dataclass(frozen=True, slots=True)
class Started:
    """A message that was saved and sent."""

    run_id: str
    message_id: str | None  # the human message's; None when an earlier one is answered again
    answer_id: str
    effective: Effective
    context: Context  # what is seen of earlier stages


@dataclass(frozen=True, slots=True)
class Running:
    """An answer that is coming, as far as it has been told."""

    run_id: str
    message_id: str
    model: ModelReference
    origin: Origin
    text: str
    message: Message


class Chats:
    """The answers that are coming, at most one for each workflow. Lives on the event loop."""

    def __init__(
        self,
        *,
        provider: Callable[[str], Provider | None],
        catalog: Callable[[], Catalog],
        on_event: Callable[[RunEvent], None],
        on_refused: Callable[[ModelReference], None],
    ) -> None:
        """`provider` gives a configured provider by its id or one of its other names, `on_refused`
        takes note of a model that its provider denied."""
        self._provider = provider
        self._catalog = catalog
        self._on_event = on_event
        self._on_refused = on_refused
        self._threads = ThreadPoolExecutor(FILE_THREADS, thread_name_prefix="stagewright-chat")
        self._runs: dict[tuple[Path, str], Run | None] = {}  # None: about to start
        self._starting: set[asyncio.Task[Started]] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed = False

    async def prepare(self, model: ModelReference) -> None:
        """Load what a model's chats need, ahead of a first message: an SDK takes about a second."""
        if provider := self._provider(model.provider):
            await provider.prepare_chat()

    async def start_run(
        self,
        root: Path,
        manager: WorkflowManager,
        workflow_id: str,
        content: str | None,
        *,
        model: ModelReference | None = None,
        defaults: Defaults = NO_DEFAULTS,
        instead_of: str | None = None,
    ) -> Started:
        """Save a message and have it answered; returns as soon as it is saved.

        `content` None asks for one more answer to what was said last, answered or not; so does the
        last message once more that has no answer, which is not saved twice. `instead_of` is a human
        message of this stage that this one replaces; what followed it counts no more. Raises
        WorkflowError, with nothing written, when it cannot be sent: `run-in-progress`, `no-model`,
        `not-configured`, `provider-unknown`, `context-too-long`, `stage-changed`, `shutting-down`,
        and the manager's own. Where it is cancelled, what has been saved is answered all the same.
        """
        read = partial(manager.next_turn, workflow_id, defaults, model=model, instead_of=instead_of)

        async def start() -> Started:
            effective, material = await self._in_thread(read)
            before = said_already(material, content) if instead_of is None else None
            new = content if before is None else None
            ready = self._outgoing(effective, material, turns_to_answer(material, new))
            message_id, said = before.id if before else None, None
            if new is not None:
                self._check_open()
                append = partial(
                    manager.add_message,
                    workflow_id,
                    new,
                    model,
                    stage_index=material.stage_index,
                    instead_of=instead_of,
                )
                workflow, message = await manager.in_turn(append, self._threads)
                message_id, said = message.id, just_said(workflow, message, material)
            again = answered(material) if new is None else None
            run = self._new_run(root, manager, effective, material, instead_of=again, said=said)
            return self._go(run, ready, effective, message_id)

        return await self._begin((root, workflow_id), start)

    async def continue_run(
        self,
        root: Path,
        manager: WorkflowManager,
        workflow_id: str,
        *,
        defaults: Defaults = NO_DEFAULTS,
    ) -> Started:
        """Go on with the stage's last answer, by the model that began it, in the same message.

        Raises WorkflowError `nothing-to-continue` where the last message is no answer, or is a
        whole one; else as `start_run`.
        """

        async def go_on() -> Started:
            read = partial(manager.next_turn, workflow_id, defaults)
            effective, material = await self._in_thread(read)
            before = to_continue(material.last_answer)
            model = before.model.reference if before.model else None
            if model is not None and model != effective.model:
                effective = Effective(model, Origin.MESSAGE)
            turns = material.turns
            if before.content.strip():
                turns += (Turn("user", request_to_continue(before.content)),)
            ready = self._outgoing(effective, material, turns)
            again = (before.metadata or {}).get("insteadOf")
            run = self._new_run(root, manager, effective, material, before=before, instead_of=again)
            return self._go(run, ready, effective, None)

        return await self._begin((root, workflow_id), go_on)

    async def _begin(
        self, key: tuple[Path, str], start: Callable[[], Coroutine[Any, Any, Started]]
    ) -> Started:
        if key in self._runs:
            raise WorkflowError(
                "run-in-progress", "An answer is still coming here. Wait for its end, or stop it."
            )
        self._runs[key] = None

        async def begin() -> Started:
            try:
                self._check_open()
                return await start()
            except BaseException:
                del self._runs[key]
                raise

        starting = asyncio.create_task(begin())
        self._starting.add(starting)
        starting.add_done_callback(self._starting.discard)
        return await asyncio.shield(starting)

    def _go(
        self, run: Run, ready: Outgoing, effective: Effective, message_id: str | None
    ) -> Started:
        answer = run.answer
        task = asyncio.create_task(run.go(ready.provider, ready.request))
        self._runs[answer.root, answer.workflow_id] = run
        self._tasks.add(task)
        task.add_done_callback(partial(self._done, run))
        return Started(answer.run_id, message_id, answer.message_id, effective, ready.context)

    def running(self, root: Path, workflow_id: str) -> Running | None:
        """The answer that is coming in a workflow."""
        run = self._runs.get((root, workflow_id))
        if run is None:
            return None
        answer = run.answer
        return Running(
            answer.run_id, answer.message_id, answer.model, answer.origin, run.told, run.so_far
        )

    def stop(self, run_id: str) -> None:
        """End an answer; what has come is kept, and told as finished in part.

        Raises WorkflowError `run-unknown`.
        """
        run = next(
            (run for run in self._runs.values() if run and run.answer.run_id == run_id), None
        )
        if run is None:
            raise WorkflowError("run-unknown", "This answer is not coming any more.")
        run.stop()

    async def close(self) -> None:
        """Stop everything, save what came, and close the connections to the providers."""
        self._closed = True
        self._stop_all()
        await asyncio.gather(*self._starting, return_exceptions=True)
        self._stop_all()  # those, too, whose message was being saved
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await close_clients()
        self._threads.shutdown(wait=False)

    def _stop_all(self) -> None:
        for run in self._runs.values():
            if run is not None:
                run.stop(SHUTDOWN)

    # Starting

    def _check_open(self) -> None:
        if self._closed:
            raise WorkflowError("shutting-down", "Stagewright is shutting down: nothing was sent.")

    def _outgoing(
        self, effective: Effective, material: TurnMaterial, turns: tuple[Turn, ...]
    ) -> Outgoing:
        reference = effective.model
        provider = self._provider(reference.provider) if reference else None
        return outgoing(reference, provider, material, turns, self._catalog())

    def _new_run(
        self,
        root: Path,
        manager: WorkflowManager,
        effective: Effective,
        material: TurnMaterial,
        before: Message | None = None,
        instead_of: str | None = None,
        said: Said | None = None,
    ) -> Run:
        assert effective.model is not None
        answer = StreamedAnswer(
            run_id=str(uuid4()),
            workflow_id=material.workflow_id,
            root=root,
            message_id=before.id if before else str(uuid4()),
            model=effective.model,
            origin=effective.origin,
            role=material.answer_role,
            stage_index=material.stage_index,
            before=before,
            instead_of=instead_of,
            said=said,
        )

        async def save(message: Message) -> None:
            saving = partial(manager.save_answer, material.workflow_id, message)
            await manager.in_turn(saving, self._threads)

        return Run(
            answer,
            save=save,
            emit=self._emit,
            explain=partial(self._explain, effective.model),
            now=datetime.now(UTC),
        )

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    # Ending

    def _emit(self, event: RunEvent) -> None:
        if isinstance(event, (ChatFinished, ChatFailed)):
            # Whoever hears of the end may send at once.
            self._runs.pop((event.root, event.workflow_id), None)
        self._on_event(event)

    def _done(self, run: Run, task: asyncio.Task[None]) -> None:
        """A run tells its own end, unless it has an error."""
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("A chat ended badly", exc_info=error)
            answer = run.answer
            ids = (answer.run_id, answer.workflow_id, answer.root, answer.message_id)
            self._emit(ChatFailed(*ids, "interrupted", BROKEN, True))

    def _explain(self, reference: ModelReference, error: ChatError) -> str:
        """The error in words; where the provider denies the model, with those that it offers."""
        if error.code != "model-unavailable":
            return str(error)
        self._on_refused(reference)
        catalog = self._catalog()
        near = [found.model for found in catalog.nearest(reference)]
        live = [m.id for _, m in catalog.usable(reference.provider) if m.source is Source.LIVE]
        usable = [m for m in dict.fromkeys([*near, *live]) if m != reference.model][:3]
        if not usable:
            return f"{error} Choose another model."
        return f"{error} Usable there: {', '.join(usable)}."
