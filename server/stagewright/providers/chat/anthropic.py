"""Chat over Anthropic's Messages API, through its SDK, which makes the request; we read."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import httpx2

from stagewright.providers.base import ChatEvent, ChatRequest, Usage
from stagewright.providers.chat.attempts import Parameters, alternating, attempts, given, system_of
from stagewright.providers.chat.errors import Endpoint
from stagewright.providers.chat.fault import Fault, may_be_about_parameters
from stagewright.providers.chat.reading import (
    Reading,
    count,
    events,
    mappings,
    reason_of,
    text_of,
)
from stagewright.providers.chat.sdk import Patience, client, post
from stagewright.providers.lists.fields import mapping

if TYPE_CHECKING:
    from anthropic import AsyncAnthropic

_OUTPUT_UNKNOWN = 8192  # tokens; every model since Claude 3.5 can give as many
_OUTPUT_BOUND = 32_000  # tokens; far beyond any stage's answer


async def prepare(endpoint: Endpoint) -> None:
    """Load the SDK and make the endpoint's client, off the event loop."""
    await client(_make, endpoint)


def stream(
    endpoint: Endpoint, request: ChatRequest, patience: Patience | None = None
) -> AsyncGenerator[ChatEvent, None]:
    """One answer, streamed. Raises ChatError. Close the iterator to close the connection."""
    return attempts(endpoint, _parameters(request), _events, _adjust, patience)


def _parameters(request: ChatRequest) -> Parameters:
    return given(
        {
            "model": request.model,
            "max_tokens": _max_tokens(request.max_tokens, request.output_limit),
            "messages": [{"role": t.role, "content": t.text} for t in alternating(request.turns)],
            "system": system_of(request),
            "temperature": request.temperature,
        }
    )


def _max_tokens(asked: int | None, limit: int | None) -> int:
    """The API requires a bound: the one asked for, else what the model can give, within reason."""
    if limit is None:
        return asked or _OUTPUT_UNKNOWN
    return min(asked or _OUTPUT_BOUND, limit)


_OVER_LIMIT = re.compile(r"max_tokens: \d+ > (\d+)")
_OVER_WINDOW = re.compile(r"(\d+) \+ (\d+) > (\d+)")


def _adjust(parameters: Parameters, fault: Fault) -> Parameters | None:
    """What to send after a refusal that names a limit or a parameter, in the API's words."""
    if not may_be_about_parameters(fault):
        return None
    if over := _OVER_LIMIT.search(fault.text):
        return _with_fewer(parameters, int(over[1]))
    if over := _OVER_WINDOW.search(fault.text):
        return _with_fewer(parameters, int(over[3]) - int(over[1]))
    if "temperature" in fault.words and "temperature" in parameters:
        return {name: value for name, value in parameters.items() if name != "temperature"}
    return None


def _with_fewer(parameters: Parameters, tokens: int) -> Parameters | None:
    """Fewer answer tokens, unless too few remain for an answer worth having."""
    fewer = 256 <= tokens < parameters["max_tokens"]
    return {**parameters, "max_tokens": tokens} if fewer else None


async def _events(
    endpoint: Endpoint, patience: Patience, parameters: Parameters
) -> AsyncGenerator[ChatEvent, None]:
    api = await client(_make, endpoint)
    import anthropic  # by now it is loaded

    async with await post(api, anthropic, "/v1/messages", parameters, endpoint, patience) as answer:
        async for event in events(endpoint, answer.response, MessageReading()):
            yield event


class MessageReading(Reading):
    """One answer: blocks of text and of thinking, by deltas or whole."""

    def __init__(self) -> None:
        super().__init__()
        self._counts: dict[str, int] = {}

    def read(self, data: Mapping[str, Any]) -> Iterator[ChatEvent]:
        """What an event, or a whole message, tells."""
        message = data if data.get("type") == "message" else mapping(data.get("message"))
        yield from self.resolve(message.get("model"))
        self._counts |= _counts(message)
        if data.get("type") != "message_start":
            blocks = mappings(message.get("content"))
            if not self._said:
                yield from self.think("".join(text_of(each.get("thinking")) for each in blocks))
            yield from self.say_whole("".join(text_of(each.get("text")) for each in blocks))
        for part in (mapping(data.get("content_block")), mapping(data.get("delta"))):
            yield from self.think(text_of(part.get("thinking")))
            if data.get("type") != "content_block_stop":
                yield from self.say(text_of(part.get("text")))
        self._counts |= _counts(data)
        stop = mapping(data.get("delta")).get("stop_reason") or message.get("stop_reason")
        if reason := reason_of(stop):
            self.reason = reason
            yield Usage(_input_tokens(self._counts), self._counts.get("output_tokens"))
        if data.get("type") in ("message_stop", "message"):
            self.over = True


def _counts(data: Mapping[str, Any]) -> dict[str, int]:
    found = {name: count(value) for name, value in mapping(data.get("usage")).items()}
    return {name: value for name, value in found.items() if value is not None}


def _input_tokens(counts: Mapping[str, int]) -> int | None:
    """All input, cached or not: the API counts the three apart."""
    names = ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")
    found = [counts[name] for name in names if name in counts]
    return sum(found) if found else None


def _make(endpoint: Endpoint, http: httpx2.AsyncClient) -> AsyncAnthropic:
    import anthropic  # takes a second

    return anthropic.AsyncAnthropic(
        api_key=endpoint.key or "",
        base_url=endpoint.chat_base_url,
        max_retries=0,
        open_telemetry=False,
        http_client=http,
    )
