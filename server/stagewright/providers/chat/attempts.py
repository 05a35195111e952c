"""What every streamed chat has in common: which turns are sent, and when to ask again."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncGenerator, Callable, Iterable
from contextlib import aclosing
from typing import Any

from stagewright.providers.base import (
    AskedAgain,
    ChatError,
    ChatEvent,
    ChatRequest,
    TextDelta,
    Turn,
)
from stagewright.providers.chat.errors import Endpoint, failure, fault_of, hopeless
from stagewright.providers.chat.fault import Fault
from stagewright.providers.chat.sdk import Patience

Parameters = dict[str, Any]
"""An SDK call's keyword arguments."""

Adjust = Callable[[Parameters, Fault], Parameters | None]
"""Other parameters to try after a refusal that names one; None when there are none."""

Events = Callable[[Endpoint, Patience, Parameters], AsyncGenerator[ChatEvent, None]]
"""One call of an API."""


def given(parameters: Parameters) -> Parameters:
    """Those that have a value: what is not asked for is left to the API."""
    return {name: value for name, value in parameters.items() if value is not None}


def system_of(request: ChatRequest) -> str | None:
    """The system prompt to send; None where there is nothing in it."""
    return sendable(request.system) if request.system and request.system.strip() else None


def sendable(text: str) -> str:
    """The text without lone surrogates, which JSON may hold and UTF-8 may not."""
    return text.encode("utf-8", "replace").decode("utf-8")


def alternating(turns: Iterable[Turn]) -> tuple[Turn, ...]:
    """The turns as every API takes them: none empty, roles in alternation, the user's first.

    Anthropic refuses empty turns; the chat templates of many local models refuse two turns of one
    role, or an answer without a question.
    """
    merged: list[Turn] = []
    for turn in turns:
        if not turn.text.strip():
            continue
        text = sendable(turn.text)
        if merged and merged[-1].role == turn.role:
            merged[-1] = Turn(turn.role, f"{merged[-1].text}\n\n{text}")
            continue
        if not merged and turn.role == "assistant":
            merged.append(Turn("user", "(The conversation begins with your message.)"))
        merged.append(Turn(turn.role, text))
    return tuple(merged)


async def attempts(
    endpoint: Endpoint,
    parameters: Parameters,
    events: Events,
    adjust: Adjust,
    patience: Patience | None = None,
) -> AsyncGenerator[ChatEvent, None]:
    """The events of one answer, asked for again as long as no text has come and it may help.

    `events` makes one call; what goes wrong with it becomes a ChatError. A refusal that names a
    parameter is answered by `adjust`, any number of times, as each takes something away; overload,
    rate limits and lost connections are retried `patience.retries` times.
    """
    patience = patience or Patience(endpoint.stall_seconds)
    retried = adjusted = 0
    while True:
        begun = False
        try:
            async with aclosing(events(endpoint, patience, parameters)) as stream:
                async for event in stream:
                    begun = begun or isinstance(event, TextDelta)
                    yield event
            return
        except Exception as error:  # SDKs raise their own and httpx2's
            found = failure(endpoint, parameters["model"], error, begun=begun, stall=patience.stall)
            if found is None:
                raise
            fault = fault_of(error)
            other = adjust(parameters, fault) if fault and not begun else None
            if other is not None and adjusted < len(parameters):
                parameters, wait = other, 0.0
                adjusted += 1
            elif (
                not hopeless(endpoint, error)
                and (delay := _delay(found, retried, patience)) is not None
            ):
                wait = delay
                retried += 1
            else:
                raise found from None
        await asyncio.sleep(wait)
        yield AskedAgain()


def _delay(found: ChatError, retried: int, patience: Patience) -> float | None:
    """Seconds to wait before asking again; None when it would not help."""
    if (
        retried >= patience.retries
        or not found.retryable
        or found.code not in ("rate-limited", "overloaded", "unreachable")
    ):
        return None
    if found.retry_after is None:
        return patience.backoff * 2.0**retried * random.uniform(0.75, 1.25)  # noqa: S311
    return found.retry_after if found.retry_after <= patience.longest_wait else None
