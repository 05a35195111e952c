"""One answer from request to rest: streamed, told in time, saved while it comes and at its end."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import aclosing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from stagewright.catalog.effective import Origin
from stagewright.catalog.model import ModelReference
from stagewright.mask import NO_SECRETS
from stagewright.providers.base import (
    AskedAgain,
    ChatError,
    ChatRequest,
    Ended,
    Provider,
    ReasoningDelta,
    Resolved,
    TextDelta,
    Usage,
)
from stagewright.providers.chat.endings import NO_ANSWER, Ending, ending_of, why_cut
from stagewright.providers.chat.text import without_unopened
from stagewright.workflows.continuing import Seam
from stagewright.workflows.endings import SHUTDOWN, STOPPED, outcome
from stagewright.workflows.errors import WorkflowError
from stagewright.workflows.sending import Said
from stagewright.workflows.state import AnswerMetadata, Message, ModelPair, Tokens, timestamp

log = logging.getLogger(__name__)

DELTA_EVERY = 0.025
"""Seconds between two deltas told: the first at once, those that come faster together."""

SAVE_EVERY = 0.8
"""Seconds from the start of one save to that of the next while text comes; a save that fits into
the rest of the second has what was told on disk within it."""

SAVE_AGAIN_AFTER = (0.2, 0.5, 1.0)
"""Seconds to wait before each further attempt to save an answer's end; the last holds for all that
follow while another program keeps writing."""

CLOSING_SECONDS = 15.0
"""How long the end of the program waits for an answer's end to be saved. More than a write waits
for others."""

UNSAVED = (
    "An answer has come but is not saved yet: another program keeps writing this workspace's "
    "workflows. It is saved when that is done; leave Stagewright running until then."
)

BROKEN = "Stagewright itself failed while the answer came; its log says more."


@dataclass(frozen=True, slots=True)
class RunEvent:
    """Something happened to an answer. `message_id` is the answer's."""

    run_id: str
    workflow_id: str
    root: Path
    message_id: str


@dataclass(frozen=True, slots=True)
class ChatStarted(RunEvent):
    """The request goes out. `said` is None where what is answered was said before."""

    model: ModelReference
    origin: Origin
    said: Said | None


@dataclass(frozen=True, slots=True)
class ChatDelta(RunEvent):
    """Text to append."""

    text: str


@dataclass(frozen=True, slots=True)
class ChatUnsaved(RunEvent):
    """The answer has come but cannot be saved yet, which goes on being tried. Told once."""

    message: str


@dataclass(frozen=True, slots=True)
class ChatFinished(RunEvent):
    """The answer ended; `reason` is a sentence that says why it is not whole, where it is not.

    `message` is as saved; one without anything (stopped before there was any) is not saved.
    """

    message: Message
    ended: Ending
    reason: str | None

    @property
    def partial(self) -> bool:
        """Whether more would have come."""
        return self.ended in ("broken", "stopped")


@dataclass(frozen=True, slots=True)
class ChatFailed(RunEvent):
    """No answer came, or it could not be saved. The sentence says what to do."""

    code: str
    message: str
    retryable: bool


@dataclass(frozen=True, slots=True)
class StreamedAnswer:
    """What is settled of an answer before its first word."""

    run_id: str
    workflow_id: str
    root: Path
    message_id: str
    model: ModelReference
    origin: Origin
    role: str
    stage_index: int
    before: Message | None = None  # as saved, where this goes on with it
    instead_of: str | None = None  # the id of the answer in whose place it is given
    said: Said | None = None  # what it answers, where that is new


class Run:
    """An answer that is coming. Lives on the event loop; file work is done by `save`.

    `explain` puts a provider's error into the words that the user gets.
    """

    def __init__(
        self,
        answer: StreamedAnswer,
        *,
        save: Callable[[Message], Awaitable[None]],
        emit: Callable[[RunEvent], None],
        explain: Callable[[ChatError], str],
        now: datetime,
    ) -> None:
        self.answer = answer
        self._ids = (answer.run_id, answer.workflow_id, answer.root, answer.message_id)
        self._save = save
        self._emit = emit
        self._explain = explain
        self._metadata = AnswerMetadata(requestedModel=answer.model.model)
        if answer.instead_of is not None:
            self._metadata["insteadOf"] = answer.instead_of
        self._began = time.perf_counter()
        before = answer.before
        self._timestamp = before.timestamp if before else timestamp(now)
        self._mask = NO_SECRETS  # the provider's
        self._pieces = [before.content] if before else []
        self._seam = Seam(before.content) if before else None
        self._first = len(self._pieces)  # the first piece that is new
        self._told = self._saved = self._first  # pieces
        self._reasoning: list[str] = []
        self._void: list[str] = []  # reasoning of a try that failed; kept if no other brings any
        self._thought = 0  # pieces of it shown: while text comes, those before its first
        self._telling: asyncio.TimerHandle | None = None
        self._consuming: asyncio.Task[None] | None = None
        self._stopping: str | None = None
        self._closing = asyncio.Event()
        self._patience: asyncio.Timeout | None = None

    @property
    def told(self) -> str:
        """The answer as far as its deltas have been told."""
        return "".join(self._pieces[: self._told])

    @property
    def so_far(self) -> Message:
        """The answer as far as it has come. Only its content changes."""
        return self._message({**self._metadata, "partial": True})

    def stop(self, reason: str = STOPPED) -> None:
        """Hang up; what has come is kept."""
        self._stopping = self._stopping or reason
        if reason == SHUTDOWN and not self._closing.is_set():
            self._closing.set()
            if self._patience is not None:
                self._patience.reschedule(asyncio.get_running_loop().time() + CLOSING_SECONDS)
        if self._consuming is not None:
            self._consuming.cancel()

    async def go(self, provider: Provider, request: ChatRequest) -> None:
        """Have the answer; returns when its end, whichever, has been saved and told."""
        answer = self.answer
        self._emit(ChatStarted(*self._ids, answer.model, answer.origin, answer.said))
        self._mask = provider.mask
        self._consuming = asyncio.create_task(self._consume(provider, request))
        if self._stopping:
            self._consuming.cancel()
        loop = asyncio.get_running_loop()
        due = loop.time()
        try:
            while not self._consuming.done():
                due = max(due + SAVE_EVERY, loop.time())
                await asyncio.wait({self._consuming}, timeout=due - loop.time())
                if not self._consuming.done() and self._saved < len(self._pieces):
                    await self._save_so_far()
        except asyncio.CancelledError:
            # The event loop is closing; what has come is still to be saved.
            self.stop(SHUTDOWN)
            await asyncio.wait({self._consuming})
        except BaseException:
            self._consuming.cancel()
            raise
        if self._seam is not None:
            self._take(self._seam.end())
        if self._telling is not None:
            self._telling.cancel()
        self._tell()
        self._emit(await self._end(self._consuming))

    async def _consume(self, provider: Provider, request: ChatRequest) -> None:
        async with aclosing(provider.stream_chat(request)) as events:
            async for event in events:
                match event:
                    case TextDelta(text):
                        self._take(self._seam.feed(text) if self._seam else text)
                    case ReasoningDelta(text):
                        self._reasoning.append(text)
                    case AskedAgain():
                        self._void, self._reasoning = self._reasoning or self._void, []
                    case Resolved(model):
                        self._metadata["resolvedModel"] = model
                    case Usage(input_tokens, output_tokens):
                        self._metadata["usage"] = self._tokens(input_tokens, output_tokens)
                    case Ended(how, reason):
                        self._metadata["ended"] = how
                        if reason:
                            self._metadata["stopReason"] = reason

    # Telling

    def _take(self, text: str) -> None:
        if not text:
            return
        if len(self._pieces) == self._first:
            self._thought = len(self._reasoning)
            self._metadata["timings"] = {"firstDeltaMs": self._milliseconds()}
        self._pieces.append(text)
        if self._telling is None:
            self._tell()

    def _tell(self) -> None:
        """Tell what has not been told, and let what comes soon after wait to be told together."""
        self._telling = None
        text = "".join(self._pieces[self._told :])
        if text:
            self._told = len(self._pieces)
            self._emit(ChatDelta(*self._ids, text))
            self._telling = asyncio.get_running_loop().call_later(DELTA_EVERY, self._tell)

    # Saving

    def _message(self, metadata: AnswerMetadata) -> Message:
        thought = [self._before.get("reasoning"), "".join(self._reasoning[: self._thought])]
        if reasoning := "\n\n".join(part.strip() for part in thought if part and part.strip()):
            metadata = {**metadata, "reasoning": self._mask.hide_long(reasoning)}
        return Message(
            id=self.answer.message_id,
            role=self.answer.role,
            content=self._mask.hide_long("".join(self._pieces)),
            stage_index=self.answer.stage_index,
            timestamp=self._timestamp,
            metadata={**metadata, "runId": self.answer.run_id},
            model=ModelPair.of(self.answer.model),
        )

    async def _save_so_far(self) -> None:
        pieces = len(self._pieces)
        message = self._message({**self._metadata, "partial": True})
        if not message.content.strip():
            return  # an empty answer is no message
        try:
            await self._save(message)
        except (WorkflowError, OSError) as error:
            log.warning("An answer could not be saved yet: %s", error)
        else:
            self._saved = pieces

    async def _end(self, consuming: asyncio.Task[None]) -> ChatFinished | ChatFailed:
        """Save the end and say how it came to it."""
        error = None if consuming.cancelled() else consuming.exception()
        if error is not None and not isinstance(error, ChatError):
            log.error("An answer broke off", exc_info=error)
            error = ChatError("interrupted", BROKEN, retryable=True)
        hung_up = error is not None or consuming.cancelled()
        if hung_up and not self._reasoning:
            self._reasoning = self._void
        if not self._first:
            unopened, content = without_unopened("".join(self._pieces))
            self._reasoning.append(unopened)
            self._pieces = [content]
        self._thought = len(self._reasoning)
        text = "".join(self._pieces[self._first :]).strip()
        thought = not self._first and bool("".join(self._reasoning).strip())
        if error is not None and not (text or thought):
            return ChatFailed(*self._ids, error.code, self._explain(error), error.retryable)
        metadata = AnswerMetadata(**self._metadata)
        metadata["timings"] = {**metadata.get("timings", {}), "totalMs": self._milliseconds()}
        if not hung_up and not text:
            if not thought:
                sentence = _no_text(self.answer.model, metadata.get("stopReason"))
                return ChatFailed(*self._ids, "bad-answer", sentence, True)
            if metadata.get("ended") != "cut":
                metadata["ended"], metadata["stopReason"] = "cut", NO_ANSWER
        elif hung_up and "ended" not in metadata:  # else only what follows the end got lost
            metadata["partial"] = True
            metadata["ended"] = "stopped" if self._stopping == STOPPED else "broken"
            metadata["stopReason"] = self._explain(error) if error else self._stopping or SHUTDOWN
        metadata.setdefault("ended", "whole")
        message = self._message(metadata)
        if (text or thought or not hung_up) and (failure := await self._save_for_good(message)):
            return failure
        return ChatFinished(*self._ids, message, *outcome(message))

    async def _save_for_good(self, message: Message) -> ChatFailed | None:
        """Save the end, however long another program holds the files: the text is nowhere else.

        The end of this program allows for one more attempt.
        """
        self._patience = asyncio.timeout(CLOSING_SECONDS if self._closing.is_set() else None)
        try:
            async with self._patience:
                return await self._save_until_saved(message)
        except TimeoutError:
            why = "Other programs were writing the workflow the whole time."
            return self._not_saved("workspace-busy", why)
        finally:
            self._patience = None

    async def _save_until_saved(self, message: Message) -> ChatFailed | None:
        pauses = iter(SAVE_AGAIN_AFTER)
        told = False
        while True:
            last = self._closing.is_set()
            try:
                await self._save(message)
            except (WorkflowError, OSError) as error:
                code = error.code if isinstance(error, WorkflowError) else "write-failed"
                pause = next(pauses, None)
                if code == "workspace-busy":
                    pause = pause or SAVE_AGAIN_AFTER[-1]
                    if not (told or last):
                        told = True
                        self._emit(ChatUnsaved(*self._ids, UNSAVED))
                if pause is None or last or code not in ("workspace-busy", "write-failed"):
                    return self._not_saved(code, str(error))
            else:
                return None
            with suppress(TimeoutError):
                await asyncio.wait_for(self._closing.wait(), pause)

    def _not_saved(self, code: str, why: str) -> ChatFailed:
        sentence = f"The answer came but could not be saved. {why}"
        return ChatFailed(*self._ids, code, sentence, False)

    @property
    def _before(self) -> Mapping[str, Any]:
        """The metadata of what this goes on with."""
        return (self.answer.before and self.answer.before.metadata) or {}

    def _tokens(self, input_tokens: int | None, output_tokens: int | None) -> Tokens:
        """The counts, with what the first part of the same answer took."""
        spent = self._before.get("usage")
        tokens = Tokens()
        for name, count in (("inputTokens", input_tokens), ("outputTokens", output_tokens)):
            before = spent.get(name) if isinstance(spent, dict) else None
            if count is not None:
                tokens[name] = count + (before if isinstance(before, int) else 0)  # type: ignore[literal-required]
        return tokens

    def _milliseconds(self) -> int:
        return round((time.perf_counter() - self._began) * 1000)


def _no_text(model: ModelReference, reason: str | None) -> str:
    why = why_cut(reason) if ending_of(reason) == "cut" else ""
    sentence = f"{model} ended its answer without any text."
    return " ".join(filter(None, (sentence, why, "Try again, or choose another model.")))
