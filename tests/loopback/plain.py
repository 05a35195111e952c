"""A loopback server that answers each request as a test's function says."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.loopback.wire import Reply, Request, listening, read_request, send

Answer = Callable[[Request], Reply]


@dataclass
class Plain:
    """The server: where it is, and what it was asked."""

    answer: Answer
    port: int = 0
    requests: list[Request] = field(default_factory=list)

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def handle(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, hung_up: asyncio.Event
    ) -> None:
        while (request := await read_request(reader, hung_up)) is not None:
            self.requests.append(request)
            await send(writer, self.answer(request))


@asynccontextmanager
async def plain(answer: Answer, host: str = "127.0.0.1") -> AsyncIterator[Plain]:
    """Run it on this event loop."""
    server = Plain(answer)
    async with listening(server.handle, host=host) as server.port:
        yield server


def events(*data: dict[str, Any]) -> Reply:
    """A stream of events, in the form that both Anthropic's and OpenAI's APIs have."""
    lines = (f"event: {one.get('type', 'message')}\ndata: {json.dumps(one)}\n\n" for one in data)
    return Reply("".join(lines), headers={"content-type": "text/event-stream"})


def messages(text: str) -> Reply:
    """An answer of the Messages API."""
    return events(
        {"type": "message_start", "message": {"model": "m"}},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": text}},
        {"type": "message_delta", "delta": {"stop_reason": "end_turn"}},
        {"type": "message_stop"},
    )


def responses(text: str) -> Reply:
    """An answer of the Responses API."""
    return events(
        {"type": "response.created", "response": {"model": "m"}},
        {"type": "response.output_text.delta", "output_index": 0, "delta": text},
        {"type": "response.completed", "response": {"status": "completed"}},
    )


def completions(text: str) -> Reply:
    """An answer of Chat Completions."""
    return events(
        {"model": "m", "choices": [{"delta": {"content": text}}]},
        {"choices": [{"delta": {}, "finish_reason": "stop"}]},
    )


def listed(*ids: str, entries: Iterable[dict[str, Any]] = (), **body: Any) -> Reply:
    """A list of models as OpenAI's and Anthropic's APIs give it."""
    return Reply({"object": "list", "data": [*({"id": one} for one in ids), *entries], **body})
