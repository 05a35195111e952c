"""Chat through the OpenAI SDK: Responses at OpenAI, Chat Completions at compatible servers.

The SDK makes the request, with its address and headers, and keeps the connections; what comes back
is read by us.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from functools import partial
from typing import TYPE_CHECKING

import httpx2

from stagewright.providers.base import ChatEvent, ChatRequest
from stagewright.providers.chat import completions, responses
from stagewright.providers.chat.attempts import Parameters, attempts
from stagewright.providers.chat.errors import Endpoint
from stagewright.providers.chat.fault import (
    Fault,
    lacks_endpoint,
    lacks_system_role,
    may_be_about_parameters,
)
from stagewright.providers.chat.reading import events
from stagewright.providers.chat.sdk import Patience, client, post

if TYPE_CHECKING:
    from openai import AsyncOpenAI


async def prepare(endpoint: Endpoint) -> None:
    """Load the SDK and make the endpoint's client, off the event loop."""
    await client(_make, endpoint)


def stream(
    endpoint: Endpoint, request: ChatRequest, patience: Patience | None = None
) -> AsyncGenerator[ChatEvent, None]:
    """One answer over Chat Completions. Raises ChatError. Close the iterator to hang up."""
    parameters = completions.parameters(request)
    return attempts(endpoint, parameters, _events, partial(_adjust, request), patience)


def stream_responses(
    endpoint: Endpoint, request: ChatRequest, patience: Patience | None = None
) -> AsyncGenerator[ChatEvent, None]:
    """One answer over the Responses API, or Chat Completions where a gateway has no other.

    Raises ChatError. Close the iterator to hang up.
    """
    parameters = responses.parameters(request)
    return attempts(endpoint, parameters, _events, partial(_adjust, request), patience)


_OPTIONAL = (
    "stream_options",
    "max_tokens",
    "max_completion_tokens",
    "max_output_tokens",
    "temperature",
    "store",
)


def _adjust(request: ChatRequest, parameters: Parameters, fault: Fault) -> Parameters | None:
    """What to send after a refusal that names something the server does not take."""
    if "input" in parameters and lacks_endpoint(fault):
        return completions.parameters(request)  # a gateway that knows no Responses API
    if not may_be_about_parameters(fault):
        return None
    named = [name for name in _OPTIONAL if name in parameters and name in fault.words]
    if named:
        other = {name: value for name, value in parameters.items() if name != named[0]}
        if named[0] == "max_tokens" and "max_completion_tokens" in fault.words:
            other["max_completion_tokens"] = parameters["max_tokens"]
        return other
    has_system_role = "messages" in parameters and parameters["messages"][0]["role"] == "system"
    if has_system_role and lacks_system_role(fault):
        without = completions.parameters(request, system_role=False)
        return {**parameters, "messages": without["messages"]}
    return None


async def _events(
    endpoint: Endpoint, patience: Patience, parameters: Parameters
) -> AsyncGenerator[ChatEvent, None]:
    api = await client(_make, endpoint)
    import openai  # by now it is loaded

    over_responses = "input" in parameters
    path = "/responses" if over_responses else "/chat/completions"
    reading = responses.Response() if over_responses else completions.Completion()
    async with await post(api, openai, path, parameters, endpoint, patience) as answer:
        async for event in events(endpoint, answer.response, reading):
            yield event


def _make(endpoint: Endpoint, http: httpx2.AsyncClient) -> AsyncOpenAI:
    import openai  # takes a second

    made = openai.AsyncOpenAI(
        api_key=endpoint.key or "none",
        base_url=endpoint.chat_base_url,
        max_retries=0,
        http_client=http,
    )
    made.organization = made.project = made.admin_api_key = None
    return made
