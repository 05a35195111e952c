"""A conversation in the terminal: what is typed, what is shown, and the commands in between."""

from __future__ import annotations

import queue
import re
import shlex
import subprocess
from collections.abc import Callable, Coroutine, Mapping
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from stagewright.catalog.effective import Effective
from stagewright.catalog.model import ModelReference
from stagewright.cli import chat_view as view
from stagewright.cli import terminal
from stagewright.cli.gates import confirmed, discard_confirmed, leave
from stagewright.cli.lines import lines
from stagewright.cli.services import Services
from stagewright.foreign import printable
from stagewright.settings import ContextMode
from stagewright.workflows.chat import Started
from stagewright.workflows.context import MODES, Context
from stagewright.workflows.errors import WorkflowError
from stagewright.workflows.lifecycle import RESUMABLE
from stagewright.workflows.manager import WorkflowManager
from stagewright.workflows.preview import render_preview
from stagewright.workflows.requests import ADHOC
from stagewright.workflows.run import (
    ChatDelta,
    ChatFailed,
    ChatFinished,
    ChatStarted,
    ChatUnsaved,
)
from stagewright.workflows.sending import check_provider, preview
from stagewright.workflows.state import Workflow
from stagewright.workflows.turns import Defaults, TurnMaterial

COMMANDS = {
    "/model": ("[MODEL | default]", "list the models, or choose the one that answers"),
    "/stage": ("", "show the stages"),
    "/request": ("[TEXT | none]", "show or set what the work is about"),
    "/context": (
        "[answers | stage | workflow | default]",
        "show or choose what the model sees of earlier stages",
    ),
    "/preview": ("[MESSAGE]", "show all that is sent to the model"),
    "/advance": ("", "go to the next stage, through this one's gate"),
    "/retry": ("", "answer the last message again"),
    "/continue": ("", "continue an answer that was cut off, broken off or stopped"),
    "/stop": ("", "stop the answer; so does Ctrl-C"),
    "/open": ("", "write the transcript, and show it in your editor or a pager"),
    "/pause": ("", "pause the workflow and leave"),
    "/discard": ("[REASON]", "end the workflow for good; its conversation is kept"),
    "/help": ("", "show this"),
    "/quit": ("", "leave; so does Ctrl-D"),
}


def _is_command(line: str) -> bool:
    """Whether a line is a command, if only one that does not exist; a path is none."""
    return re.match(r"/\w*(?:\s|$)", line.lstrip()) is not None and "\n" not in line.strip()


@dataclass
class Conversation:
    """What is shown and done for each line that is typed."""

    root: Path
    manager: WorkflowManager
    workflow_id: str
    defaults: Defaults
    environ: Mapping[str, str]
    services: Services
    out: Console = field(default_factory=terminal.console)

    def __post_init__(self) -> None:
        self._lines = lines(self._complete)
        self._answered = False  # the last message
        self._unanswered = False  # any

    def run(self) -> bool:
        """Read lines and do what they say until there are no more or the workflow ends.

        False where a message that came through a pipe had no answer: nobody saw that it failed.
        """
        try:
            workflow = self._resumed(self.manager.get(self.workflow_id))
            self._enter(workflow)
            view.show_recent(self.out, workflow)
            if self._lines.typed:
                view.note(self.out, "/help lists the commands.")
            while workflow.stage and workflow.status == "active" and terminal.is_read():
                try:
                    prompt = view.prompt(self.out, workflow.stage.name)
                    line = self._lines.message(prompt, _is_command)
                    if line is None or line.strip() == "/quit":
                        self._say_how_to_go_on()
                        break
                    self._handle(line.strip())
                except KeyboardInterrupt:
                    self.out.print()
                    view.note(self.out, "Ctrl-D or /quit leaves.")
                workflow = self.manager.get(self.workflow_id)
            else:
                view.note(self.out, f"{workflow.id} is {workflow.status}.")
                if workflow.status in RESUMABLE:
                    self._say_how_to_go_on()
        except WorkflowError as error:
            view.problem(self.out, error.message)
            return False
        return self._lines.typed or not self._unanswered

    def _resumed(self, workflow: Workflow) -> Workflow:
        """One that was paused or has failed goes on if the user says so."""
        question = f"{workflow.id} is {workflow.status}. Resume it?"
        if workflow.status in RESUMABLE and confirmed(self.out, self._ask, question):
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
                if (left := leave(self.out, self._ask, self.manager, self.workflow_id)) is not None:
                    self._enter(left)
            case "/request":
                self._request(rest.strip())
            case "/context":
                self._context(rest.strip())
            case "/preview":
                self._preview(rest.strip())
            case "/retry":
                self._hear(self.services.chats.start_run, None, again=True)
            case "/continue":
                self._hear(self.services.chats.continue_run, again=True)
            case "/stop":
                view.note(self.out, "No answer is coming.")
            case "/open":
                self._open()
            case "/pause":
                self.manager.set_status(self.workflow_id, "paused")
            case "/discard":
                self._discard(rest.strip())
            case "/help":
                view.show_commands(self.out, COMMANDS)
            case _ if _is_command(line):
                view.problem(self.out, f"Unknown command {command}. /help lists the commands.")
            case _:
                self._hear(self.services.chats.start_run, line, again=False)

    # Talking

    def _enter(self, workflow: Workflow) -> None:
        """Show the current stage, and make ready for its model while the user still types."""
        effective = self._effective()
        title = self.manager.title(workflow)
        view.show_stage(self.out, workflow, title, effective, self._seen(effective))
        if effective.model is not None:
            self.services.begin(self.services.chats.prepare(effective.model))

    def _hear(
        self,
        start: Callable[..., Coroutine[Any, Any, Started]],
        *content: str | None,
        again: bool,
    ) -> None:
        """Show an answer from its beginning to its end; `again`: to what was said before."""
        starting = start(
            self.root, self.manager, self.workflow_id, *content, defaults=self.defaults
        )
        earlier = self._unanswered and not again
        # Where there is nothing to answer again, what was said has its answer as before.
        self._unanswered = self._unanswered or not again
        started = self.services.do(starting)
        self._unanswered = True
        for sentence in started.context.notes:
            view.note(self.out, sentence)
        text = view.answer_stream(self.out)
        ended = self._answered = False
        try:
            while not ended:
                try:
                    ended = self._follow(started.run_id, text)
                except KeyboardInterrupt:
                    self._stop(started.run_id)
        finally:
            text.end()
        self._unanswered = earlier or not self._answered

    def _follow(self, run_id: str, text: view.AnswerStream) -> bool:
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
            case ChatFinished(message=message, ended=how, reason=why):
                text.end()
                view.show_reasoning(self.out, message)
                if why is not None:
                    view.problem(self.out, f"{why} Type /continue to go on with it.")
                view.note(self.out, view.summary(message))
                self._answered = how != "broken"
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
            view.show_models(self.out, self.services.catalog)
            return
        reference = None
        if wanted != "default":
            try:
                reference = ModelReference.parse(wanted)
            except ValueError as error:
                view.problem(self.out, str(error))
                return
            check_provider(self.services.catalog, reference)
        self.manager.set_model(self.workflow_id, reference)
        view.show_effective(self.out, self._effective())
        if reference is not None:
            catalog = self.services.look_up(reference)
            view.note(self.out, view.doubt(catalog, reference) or "")

    def _request(self, said: str) -> None:
        if said:
            self.manager.set_request(self.workflow_id, None if said == "none" else said)
        workflow = self.manager.get(self.workflow_id)
        told = self.manager.title(workflow) if workflow.request_id != ADHOC else "no request"
        shown = dict.fromkeys([workflow.request_id.replace(ADHOC, ""), told])
        view.note(self.out, f"About: {' · '.join(filter(None, shown))}")

    def _context(self, said: str) -> None:
        if said and said not in (*MODES, "default"):
            view.problem(
                self.out, f"Unknown context `{said}`: choose {', '.join(MODES)} or default."
            )
            return
        if said:
            mode: ContextMode | None = next((one for one in MODES if one == said), None)
            self.manager.set_context(self.workflow_id, mode)
        view.show_context(self.out, self._seen(self._effective()))

    def _seen(self, effective: Effective) -> Context:
        """What is seen of earlier stages."""
        try:
            material = self._material()
        except WorkflowError:
            return Context()  # every stage is done, or sending will say what cannot be read
        return preview(material, self.services.catalog, effective.model, None).context

    def _material(self) -> TurnMaterial:
        return self.manager.turn_material(self.workflow_id, self.defaults)

    def _preview(self, content: str) -> None:
        """Show what is sent."""
        effective, material = self._effective(), self._material()
        sent = preview(material, self.services.catalog, effective.model, content or None)
        self._show_document(render_preview(material, sent, effective))

    def _show_document(self, text: str) -> None:
        """Show a long text: in a pager at a terminal."""
        with self.out.pager() if self.out.is_terminal else nullcontext():
            self.out.print(Text(printable(text)), soft_wrap=True)

    def _discard(self, reason: str) -> None:
        workflow = self.manager.get(self.workflow_id)
        if reason or discard_confirmed(self.out, self._ask, workflow):
            self.manager.discard(self.workflow_id, reason)

    def _ask(self, prompt: str) -> str | None:
        try:
            return self._lines.read(prompt)
        except KeyboardInterrupt:
            self.out.print()
            return None

    def _open(self) -> None:
        """Write the transcript and show it: in the user's own editor, else in a pager."""
        path = self.manager.write_transcript(self.workflow_id, self._effective)
        view.note(self.out, str(path))
        if not self.out.is_terminal:
            return
        if editor := self.environ.get("VISUAL") or self.environ.get("EDITOR"):
            try:
                subprocess.run([*shlex.split(editor), str(path)], check=False)  # noqa: S603
            except (OSError, ValueError) as error:
                view.problem(self.out, f"`{editor}` cannot be started: {error}.")
            return
        self._show_document(self.manager.transcript(self.workflow_id))

    def _effective(self, workflow: Workflow | None = None) -> Effective:
        return self.manager.get_current_model(workflow or self.workflow_id, self.defaults)

    def _complete(self, line: str) -> list[str]:
        command, space, typed = line.partition(" ")
        if not space:
            return [f"{one} " for one in COMMANDS if one.startswith(command)] if command else []
        if command == "/context":
            return [one for one in (*MODES, "default") if one.startswith(typed)]
        if command != "/model":
            return []
        names = [f"{provider}/{model.id}" for provider, model in self.services.catalog.usable()]
        return [one for one in names if one.startswith(typed)] or [
            one for one in names if typed in one
        ]
