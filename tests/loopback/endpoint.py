"""Providers for chat tests that lead to a loopback server, by any of the three protocols."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, get_args

from tests.loopback.chat import Protocol

from stagewright.mask import Mask
from stagewright.providers.base import ChatError, ChatEvent, ChatRequest, TextDelta, Turn
from stagewright.providers.chat import anthropic, openai
from stagewright.providers.chat.sdk import Patience
from stagewright.providers.identity import Api, identity

PROTOCOLS = get_args(Protocol)
KEY = "sk-test-0123456789-secret"
MODELS = {"anthropic": "claude-opus-5", "responses": "gpt-6", "completions": "llama3:8b"}
WHOLE = "An answer in a few words."

QUICK = Patience(stall=20, backoff=0.001)
HASTY = Patience(stall=2, backoff=0.001)  # not so hasty that a machine under load falls silent

STREAMS = {
    "anthropic": anthropic.stream,
    "responses": openai.stream_responses,
    "completions": openai.stream,
}


@dataclass(frozen=True)
class Endpoint:
    """A configured provider as far as chats need one."""

    protocol: Protocol
    server: str  # its origin
    key: str | None = KEY
    patience: Patience = QUICK
    key_variable: str | None = "TEST_API_KEY"

    @property
    def id(self) -> str:
        return self.protocol

    @property
    def chat_headers(self) -> Mapping[str, str]:
        api: Api = "anthropic" if self.protocol == "anthropic" else "openai"
        return identity(api, self.server, self.key)

    @property
    def mask(self) -> Mask:
        return Mask(frozenset((self.key,)) if self.key else frozenset())

    @property
    def name(self) -> str:
        return self.protocol.title()

    @property
    def stall_seconds(self) -> float:
        return self.patience.stall

    @property
    def chat_base_url(self) -> str:
        return self.server if self.protocol == "anthropic" else f"{self.server}/v1"

    async def prepare_chat(self) -> None:
        module = anthropic if self.protocol == "anthropic" else openai
        await module.prepare(self)

    def stream_chat(self, request: ChatRequest) -> AsyncGenerator[ChatEvent, None]:
        return STREAMS[self.protocol](self, request, self.patience)

    def ask(self, *turns: str, **options: Any) -> AsyncGenerator[ChatEvent, None]:
        """One answer to a conversation whose turns begin with the user's."""
        said = [Turn("assistant" if at % 2 else "user", text) for at, text in enumerate(turns)]
        request = ChatRequest(MODELS[self.protocol], tuple(said or [Turn("user", "Hello")]))
        return self.stream_chat(replace(request, **options))


async def outcome(
    answer: AsyncIterator[ChatEvent],
) -> tuple[str, list[ChatEvent], ChatError | None]:
    """An answer's text, its other events, and the error it ended in."""
    events: list[ChatEvent] = []
    error = None
    try:
        async for event in answer:
            events.append(event)  # noqa: PERF401  # what came before an error counts
    except ChatError as raised:
        error = raised
    text = "".join(event.text for event in events if isinstance(event, TextDelta))
    return text, [event for event in events if not isinstance(event, TextDelta)], error
