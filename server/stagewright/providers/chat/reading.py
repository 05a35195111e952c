"""Reading one answer: its events in order, whichever the API, and how it ended."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, Iterable, Iterator, Mapping
from contextlib import aclosing, suppress
from typing import Any

import httpx2

from stagewright.mask import Hiding
from stagewright.providers.base import (
    ChatEvent,
    Ended,
    ReasoningDelta,
    Resolved,
    TextDelta,
    Usage,
)
from stagewright.providers.chat.endings import ending_of
from stagewright.providers.chat.errors import Endpoint, no_end, no_stream
from stagewright.providers.chat.fault import Refused, error_within, read_fault
from stagewright.providers.chat.sse import Event, EventReader
from stagewright.providers.chat.text import AnswerText

_AFTER_REASON = 5.0
"""Seconds of silence behind a stop reason that end the answer: some count tokens then, and some
never close."""

_GOES_ON = ("tool_calls", "function_call", "tool_use")
"""Stop reasons behind which gateways that run tools themselves go on, as late as they like."""

_AFTER_END = 0.1
"""Seconds to read what follows the end, so that the connection can be used again."""

_MOST_TOKENS = 10**12
_LONGEST_NAME = 200
_LONGEST_REASON = 60


class Reading(ABC):
    """What has been read of one answer; each API has its own `read`. Pure."""

    def __init__(self) -> None:
        self.begun = False  # something came that belongs to this API
        self.over = False  # the protocol's own end came
        self.reason: str | None = None  # the API's word; text that comes after takes it back
        self._resolved = False
        self._refused = False
        self._said: list[str] = []
        self._length = 0

    def take(self, event: Event) -> Iterator[ChatEvent]:
        """What an event tells. Raises NotJson, and Refused for an error within the stream."""
        if event.is_end:
            self.begun = self.over = True
            return
        if event.is_heartbeat:
            self.begun = True
            return
        data = event.json()
        if (error := error_within(data)) is not None:
            raise Refused(read_fault(200, error, {}))
        self.begun = self.begun or any(key in data for key in ("type", "choices", "object"))
        yield from self.read(data)

    @abstractmethod
    def read(self, data: Mapping[str, Any]) -> Iterator[ChatEvent]:
        """What an event of this API tells."""

    def ended(self) -> Ended | None:
        """How the answer ended; None while it has not."""
        if self.reason is None and not self.over:
            return None
        if self._refused:  # a refusal in place of an answer is one
            return Ended("cut" if self._said else "whole", "refusal")
        return Ended(ending_of(self.reason), self.reason)

    def say(self, text: str) -> Iterator[ChatEvent]:
        """More text of the answer."""
        if text:
            self.reason = None
            self._said.append(text)
            self._length += len(text)
            yield TextDelta(text)

    def refuse(self, text: str) -> Iterator[ChatEvent]:
        """More text of a refusal, which some APIs send apart."""
        if text:
            self._refused = True
            yield TextDelta(text)

    def think(self, text: str) -> Iterator[ChatEvent]:
        """More reasoning."""
        if text:
            yield ReasoningDelta(text)

    def say_whole(self, text: str) -> Iterator[ChatEvent]:
        """The whole text, of which all, a part or nothing has been said."""
        if len(text) > self._length:
            said = "".join(self._said)
            if text.startswith(said):
                yield from self.say(text[len(said) :])

    def resolve(self, model: object) -> Iterator[ChatEvent]:
        """The model that says it answers."""
        if isinstance(model, str) and model and not self._resolved:
            self._resolved = True
            yield Resolved(model)


def mappings(value: object) -> list[Mapping[str, Any]]:
    """The objects of a JSON array."""
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def count(value: object) -> int | None:
    """A number of tokens; None in place of anything that cannot be one."""
    return value if type(value) is int and 0 <= value < _MOST_TOKENS else None


def usage(asked: object, answered: object) -> Iterator[ChatEvent]:
    """The tokens, where both are told."""
    found = Usage(count(asked), count(answered))
    if found.input_tokens is not None and found.output_tokens is not None:
        yield found


def reason_of(value: object) -> str:
    """A stop reason, or an empty text where there is none yet; some servers say so in words."""
    reason = text_of(value)
    return "" if reason.lower() in ("null", "none") else reason


def text_of(value: object) -> str:
    """A JSON string, or an empty one in place of anything else."""
    return value if isinstance(value, str) else ""


async def events(
    endpoint: Endpoint, response: httpx2.Response, reading: Reading
) -> AsyncGenerator[ChatEvent, None]:
    """The events of one answer; the last is Ended. What went wrong is raised behind what came.

    Raises ChatError, NotJson, TooLong, Refused, and httpx2's errors.
    """
    told = AnswerText()
    text_hiding, reasoning_hiding = Hiding(endpoint.mask), Hiding(endpoint.mask)

    def shown(deltas: Iterable[ChatEvent]) -> Iterator[ChatEvent]:
        for delta in deltas:
            match delta:
                case TextDelta(text) if more := text_hiding.feed(text):
                    yield TextDelta(more)
                case ReasoningDelta(text) if more := reasoning_hiding.feed(text):
                    yield ReasoningDelta(more)

    def rest() -> Iterator[ChatEvent]:
        yield from shown(told.end())
        if more := reasoning_hiding.end():
            yield ReasoningDelta(more)
        if more := text_hiding.end():
            yield TextDelta(more)

    try:
        async with aclosing(_read(response, reading)) as read:
            async for event in read:
                match event:
                    case TextDelta(text):
                        for delta in shown(told.text(text)):
                            yield delta
                    case ReasoningDelta(text):
                        for delta in shown(told.reasoning(text)):
                            yield delta
                    case Resolved(model):
                        yield Resolved(endpoint.mask.line(model, _LONGEST_NAME))
                    case _:
                        yield event
    except Exception:
        for delta in rest():
            yield delta
        if reading.ended() is None:
            raise
        # Only what follows the end got lost.
    else:
        for delta in rest():
            yield delta
    if not reading.begun:
        raise no_stream(endpoint, response.headers.get("content-type", ""))
    ended = reading.ended()
    if ended is None:
        raise no_end(endpoint)
    reason = ended.reason and endpoint.mask.line(ended.reason, _LONGEST_REASON)
    yield Ended(ended.how, reason)


async def _read(response: httpx2.Response, reading: Reading) -> AsyncGenerator[ChatEvent, None]:
    reader = EventReader()
    pieces = response.aiter_bytes()
    while not reading.over:
        done = reading.reason and reading.reason not in _GOES_ON
        async with asyncio.timeout(_AFTER_REASON if done else None):
            piece = await anext(pieces, None)
        for event in reader.end() if piece is None else reader.feed(piece):
            for told in reading.take(event):
                yield told
            if reading.over:
                break
        if piece is None:
            return
    with suppress(TimeoutError, httpx2.HTTPError):
        async with asyncio.timeout(_AFTER_END):
            async for _ in pieces:
                pass
