"""A conversation in the terminal: what is typed, what is shown, and the commands in between.

The event loop runs in a thread of its own, so that models are fetched and answers arrive while this
thread waits for the user.
"""

from __future__ import annotations

import asyncio
import queue
import re
import shlex
import subprocess
from collections.abc import Callable, Coroutine, Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from threading import Thread
from typing import Any, TypeVar

from rich.console import Console
from rich.text import Text

from stagewright.catalog.effective import Effective
from stagewright.catalog.model import ModelReference
from stagewright.cli import chat_view as view
from stagewright.cli import terminal
from stagewright.cli.lines import lines
from stagewright.foreign import one_line, printable
from stagewright.providers.registry import Registry
from stagewright.settings import Settings
from stagewright.templates.roles import RoleIndex
from stagewright.workflows.chat import Chats, Started
from stagewright.workflows.errors import WorkflowError
from stagewright.workflows.lifecycle import DEFAULT_GATE_PROMPT
from stagewright.workflows.manager import WorkflowManager
from stagewright.workflows.run import (
    ChatDelta,
    ChatFailed,
    ChatFinished,
    ChatStarted,
    ChatUnsaved,
    RunEvent,
)
from stagewright.workflows.state import Workflow

T = TypeVar("T")

COMMANDS = {
    "/model": ("[MODEL | default]", "show the models, or choose which one answers"),
    "/stage": ("", "show the stages"),
    "/advance": ("", "leave this stage for the next, through its gate"),
    "/retry": ("", "have the last message answered once more"),
    "/continue": ("", "go on with an answer that was cut short, broke off or was stopped"),
    "/stop": ("", "end the answer that is coming; so does Ctrl-C"),
    "/open": ("", "write the transcript, and show it in your editor or a pager"),
    "/pause": ("", "set the workflow aside, and leave"),
    "/discard": ("REASON", "end the workflow"),
    "/help": ("", "show this"),
    "/quit": ("", "leave; so does Ctrl-D"),
}

RESUMABLE = ("paused", "failed")

LOOK_UP_WITHIN = 5.0
"""Seconds that a provider has to say whether it offers a model. The choice stands in any case."""


@dataclass(frozen=True, slots=True)
class Services:
    """What lives on the event loop, and the way to it."""

    registry: Registry
    chats: Chats
    events: queue.SimpleQueue[RunEvent]
    loop: asyncio.AbstractEventLoop

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine there and wait for what it gives."""
        return self.begin(work).result()

    def begin(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        """Run a coroutine there meanwhile."""
        return asyncio.run_coroutine_threadsafe(work, self.loop)


@contextmanager
def services(settings: Settings, environ: Mapping[str, str]) -> Iterator[Services]:
    """An event loop in a thread of its own, with models being fetched on it."""
    ready: Future[Services] = Future()
    closing = asyncio.Event()
    thread = Thread(target=asyncio.run, args=(_live(settings, environ, ready, closing),))
    thread.start()
    running = ready.result()
    try:
        yield running
    finally:
        running.loop.call_soon_threadsafe(closing.set)
        thread.join()


async def _live(
    settings: Settings,
    environ: Mapping[str, str],
    ready: Future[Services],
    closing: asyncio.Event,
) -> None:
    try:
        registry = Registry(settings, environ)
        events: queue.SimpleQueue[RunEvent] = queue.SimpleQueue()
        chats = Chats(
            provider=registry.provider,
            catalog=lambda: registry.catalog,
            on_event=events.put,
            on_refused=registry.mark_refused,
        )
    except BaseException as error:
        ready.set_exception(error)
        raise
    refreshing = asyncio.create_task(registry.refresh())
    ready.set_result(Services(registry, chats, events, asyncio.get_running_loop()))
    await closing.wait()
    refreshing.cancel()
    await chats.close()
    await registry.close()


async def _look_up(registry: Registry, reference: ModelReference) -> None:
    """Ask the provider about a model, as long as somebody who typed its name may wait."""
    with suppress(TimeoutError):
        async with asyncio.timeout(LOOK_UP_WITHIN):
            await registry.refresh([reference.provider])
            if questions := registry.ask_about([reference]):
                await asyncio.wait(questions)


def _is_command(line: str) -> bool:
    """Whether a line is a command, if only one that does not exist; a path is none."""
    return re.match(r"/\w*(?:\s|$)", line.lstrip()) is not None and "\n" not in line.strip()


@dataclass
class Conversation:
    """What is shown and done for each line that is typed."""

    root: Path
    manager: WorkflowManager
    workflow_id: str
    roles: RoleIndex | None
    settings: Settings
    environ: Mapping[str, str]
    services: Services
    out: Console = field(default_factory=terminal.console)

    def __post_init__(self) -> None:
        self._lines = lines(self._complete)

    def run(self) -> None:
        """Read lines and do what they say until there are no more or the workflow ends."""
        try:
            workflow = self._resumed(self.manager.get(self.workflow_id))
            self._enter(workflow)
            view.show_recent(self.out, workflow)
            view.note(self.out, "/help lists the commands.")
            while workflow.stage and workflow.status == "active" and terminal.is_read():
                try:
                    prompt = f"{one_line(workflow.stage.name)} › "
                    line = self._lines.message(prompt, _is_command)
                    if line is None or line.strip() == "/quit":
                        self._say_how_to_go_on()
                        return
                    self._handle(line.strip())
                except KeyboardInterrupt:
                    self.out.print()
                    view.note(self.out, "Ctrl-D or /quit leaves.")
                workflow = self.manager.get(self.workflow_id)
            view.note(self.out, f"{workflow.id} is {workflow.status}.")
            if workflow.status in RESUMABLE:
                self._say_how_to_go_on()
        except WorkflowError as error:
            view.problem(self.out, error.message)

    def _resumed(self, workflow: Workflow) -> Workflow:
        """One that was paused or has failed goes on if the user says so."""
        if workflow.status in RESUMABLE and self._confirm(
            f"{workflow.id} is {workflow.status}. Resume it?"
        ):
            return self.manager.set_status(workflow.id, "active")
        return workflow

    def _say_how_to_go_on(self) -> None:
        view.note(self.out, f"Go on with: stagewright chat --workflow {self.workflow_id}")

    def _handle(self, line: str) -> None:
        try:
            self._do(line)
        except WorkflowError as error:
            view.problem(self.out, error.message)

    def _do(self, line: str) -> None:
        command, _, rest = line.partition(" ") if _is_command(line) else (line, "", "")
        match command:
            case "":
                pass
            case "/model":
                self._model(rest.strip())
            case "/stage":
                view.show_stages(self.out, self.manager.get(self.workflow_id))
            case "/advance":
                self._advance()
            case "/retry":
                self._say(None)
            case "/continue":
                self._continue()
            case "/stop":
                view.note(self.out, "No answer is coming.")
            case "/open":
                self._open()
            case "/pause":
                self.manager.set_status(self.workflow_id, "paused")
            case "/discard":
                self.manager.discard(self.workflow_id, rest)
            case "/help":
                view.show_commands(self.out, COMMANDS)
            case _ if _is_command(line):
                view.problem(self.out, f"There is no command {command}; /help lists them.")
            case _:
                self._say(line)

    # Talking

    def _enter(self, workflow: Workflow) -> None:
        """Show the current stage, and make ready for its model while the user still types."""
        effective = self._effective()
        view.show_stage(self.out, workflow, effective)
        if effective.model is not None:
            self.services.begin(self.services.chats.prepare(effective.model))

    def _say(self, content: str | None) -> None:
        self._hear(
            self.services.chats.start_run(
                self.root,
                self.manager,
                self.workflow_id,
                content,
                roles=self.roles,
                setting=self.settings.chat.default_model,
                context=self.settings.chat.context,
            )
        )

    def _continue(self) -> None:
        self._hear(
            self.services.chats.continue_run(
                self.root,
                self.manager,
                self.workflow_id,
                roles=self.roles,
                setting=self.settings.chat.default_model,
                context=self.settings.chat.context,
            )
        )

    def _hear(self, starting: Coroutine[Any, Any, Started]) -> None:
        """Show an answer from its beginning to its end."""
        started = self.services.do(starting)
        text = view.Streamed(self.out)
        ended = False
        while not ended:
            try:
                ended = self._follow(started.run_id, text)
            except KeyboardInterrupt:
                self._stop(started.run_id)

    def _follow(self, run_id: str, text: view.Streamed) -> bool:
        """Show the next thing that happens to an answer; whether that was its end."""
        if (self._lines.meanwhile() or "").strip() == "/stop" or not terminal.is_read():
            self._stop(run_id)
        try:
            # A bounded wait: only between two of them can Windows deliver Ctrl-C.
            event = self.services.events.get(timeout=0.1)
        except queue.Empty:
            return False
        if event.run_id != run_id:
            return False
        match event:
            case ChatStarted(model=model, origin=origin):
                self.out.print(view.badge(model, origin))
            case ChatDelta(text=more):
                text.write(more)
            case ChatUnsaved(message=sentence):
                text.end()
                view.note(self.out, sentence)
            case ChatFinished(message=message, reason=why):
                text.end()
                view.show_reasoning(self.out, message)
                if why is not None:
                    view.problem(self.out, f"{why} Type /continue to go on with it.")
                view.note(self.out, view.summary(message))
                return True
            case ChatFailed(message=sentence, retryable=retryable):
                again = " Type /retry to try again." if retryable else ""
                view.problem(self.out, sentence + again)
                return True
        return False

    def _stop(self, run_id: str) -> None:
        async def stop() -> None:
            with suppress(WorkflowError):  # it has ended by itself
                self.services.chats.stop(run_id)

        self.services.do(stop())

    # Commands

    def _model(self, wanted: str) -> None:
        if not wanted:
            view.show_effective(self.out, self._effective())
            view.show_models(self.out, self.services.registry.catalog)
            return
        reference = None
        if wanted != "default":
            try:
                reference = ModelReference.parse(wanted)
            except ValueError as error:
                view.problem(self.out, str(error))
                return
        self.manager.set_model(self.workflow_id, reference)
        view.show_effective(self.out, self._effective())
        if reference is None:
            return
        self.services.do(_look_up(self.services.registry, reference))
        if doubt := view.doubt(self.services.registry.catalog, reference):
            view.note(self.out, doubt)

    def _advance(self) -> None:
        """Leave the stage; what its gate and hooks ask is asked here.

        Approval and advance are one step: whoever declines a later question has changed nothing.
        """
        confirmed = without_hooks = False
        leave: Callable[..., Workflow] = self.manager.advance
        while True:
            try:
                workflow = leave(self.workflow_id, confirmed=confirmed, without_hooks=without_hooks)
            except WorkflowError as error:
                match error.code:
                    case "gate-unsatisfied":
                        prompt = error.data["gate"].get("prompt") or DEFAULT_GATE_PROMPT
                        if not self._confirm(f"{prompt} Approve?"):
                            return
                        leave = partial(self.manager.satisfy_gate, action="advance")
                    case "confirmation-needed" if self._confirm(f"{error.message} Confirm?"):
                        confirmed = True
                    case "hooks-present" if self._confirm(f"{error.message} Go on?"):
                        without_hooks = True
                    case "confirmation-needed" | "hooks-present":
                        return
                    case _:
                        raise
            else:
                self._enter(workflow)
                return

    def _confirm(self, question: str) -> bool:
        self.out.print(Text(printable(question), style="yellow"))
        try:
            answer = self._lines.read("[y/N] › ")
        except KeyboardInterrupt:
            self.out.print()
            answer = None
        return (answer or "").strip().lower() in ("y", "yes")

    def _open(self) -> None:
        """Write the transcript and show it: in the user's own editor, else in a pager."""
        path = self.manager.write_transcript(self.workflow_id, self._effective())
        view.note(self.out, str(path))
        if not self.out.is_terminal:
            return
        if editor := self.environ.get("VISUAL") or self.environ.get("EDITOR"):
            try:
                subprocess.run([*shlex.split(editor), str(path)], check=False)  # noqa: S603
            except (OSError, ValueError) as error:
                view.problem(self.out, f"'{editor}' cannot be started: {error}.")
            return
        with self.out.pager():
            self.out.print(
                Text(printable(self.manager.transcript(self.workflow_id))), soft_wrap=True
            )

    def _effective(self) -> Effective:
        return self.manager.get_current_model(
            self.workflow_id, roles=self.roles, setting=self.settings.chat.default_model
        )

    def _complete(self, line: str) -> list[str]:
        command, space, typed = line.partition(" ")
        if not space:
            return [f"{one} " for one in COMMANDS if one.startswith(command)] if command else []
        if command != "/model":
            return []
        names = [
            f"{provider}/{model.id}" for provider, model in self.services.registry.catalog.usable()
        ]
        return [one for one in names if one.startswith(typed)] or [
            one for one in names if typed in one
        ]
