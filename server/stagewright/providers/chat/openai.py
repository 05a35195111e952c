"""Chat through the OpenAI SDK: Responses at OpenAI, Chat Completions at compatible servers."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, AsyncIterable, Callable
from contextlib import aclosing
from functools import partial
from typing import TYPE_CHECKING, Any

import httpx2

from stagewright.providers.base import (
    ChatError,
    ChatEvent,
    ChatRequest,
    Ended,
    Resolved,
    TextDelta,
    Usage,
)
from stagewright.providers.chat.attempts import Parameters, alternating, attempts, sendable
from stagewright.providers.chat.endings import ending_of
from stagewright.providers.chat.errors import (
    Endpoint,
    Fault,
    chat_error,
    no_end,
    no_stream,
    read_fault,
)
from stagewright.providers.chat.sdk import PATIENCE, Patience, client

if TYPE_CHECKING:
    from openai import AsyncOpenAI


async def prepare(endpoint: Endpoint) -> None:
    """Load the SDK and make the endpoint's client, off the event loop."""
    await client(_make, endpoint)


def stream(
    endpoint: Endpoint, request: ChatRequest, patience: Patience = PATIENCE
) -> AsyncGenerator[ChatEvent, None]:
    """One answer over Chat Completions. Raises ChatError. Close the iterator to hang up."""
    return _stream(endpoint, request, _completions_parameters(request), patience)


def stream_responses(
    endpoint: Endpoint, request: ChatRequest, patience: Patience = PATIENCE
) -> AsyncGenerator[ChatEvent, None]:
    """One answer over the Responses API, or Chat Completions where a gateway has no other.

    Raises ChatError. Close the iterator to hang up.
    """
    return _stream(endpoint, request, _responses_parameters(request), patience)


def _stream(
    endpoint: Endpoint, request: ChatRequest, parameters: Parameters, patience: Patience
) -> AsyncGenerator[ChatEvent, None]:
    events = partial(_events, endpoint, patience)
    return attempts(endpoint, parameters, events, partial(_adjust, request), patience)


def _responses_parameters(request: ChatRequest) -> Parameters:
    parameters: Parameters = {
        "model": request.model,
        "input": [{"role": t.role, "content": t.text} for t in alternating(request.turns)],
        "store": False,
    }
    if request.system and request.system.strip():
        parameters["instructions"] = sendable(request.system)
    if request.max_tokens is not None:
        parameters["max_output_tokens"] = request.max_tokens
    if request.temperature is not None:
        parameters["temperature"] = request.temperature
    return parameters


def _completions_parameters(request: ChatRequest, *, system_role: bool = True) -> Parameters:
    turns = [{"role": t.role, "content": t.text} for t in alternating(request.turns)]
    if request.system and request.system.strip():
        system = sendable(request.system)
        if system_role:
            turns.insert(0, {"role": "system", "content": system})
        else:
            turns[0]["content"] = f"{system}\n\n{turns[0]['content']}"
    parameters: Parameters = {
        "model": request.model,
        "messages": turns,
        "stream_options": {"include_usage": True},
    }
    if request.max_tokens is not None:
        parameters["max_tokens"] = request.max_tokens
    if request.temperature is not None:
        parameters["temperature"] = request.temperature
    return parameters


_OPTIONAL = (
    "stream_options",
    "max_tokens",
    "max_completion_tokens",
    "max_output_tokens",
    "temperature",
    "store",
)
_NO_SYSTEM_ROLE = re.compile(
    r"system.{0,60}not support|not support.{0,60}system|developer instruction is not enabled",
    re.IGNORECASE,
)


def _adjust(request: ChatRequest, parameters: Parameters, fault: Fault) -> Parameters | None:
    """What to send after a refusal that names something the server does not take."""
    if "input" in parameters and fault.status in (404, 405, 501) and not fault.code:
        return _completions_parameters(request)  # a gateway that knows no Responses API
    if fault.status not in (400, 422):
        return None
    named = [name for name in _OPTIONAL if name in parameters and name in fault.words]
    if named:
        other = {name: value for name, value in parameters.items() if name != named[0]}
        if named[0] == "max_tokens" and "max_completion_tokens" in fault.words:
            other["max_completion_tokens"] = parameters["max_tokens"]
        return other
    has_system_role = "messages" in parameters and parameters["messages"][0]["role"] == "system"
    if has_system_role and _NO_SYSTEM_ROLE.search(fault.words):
        without = _completions_parameters(request, system_role=False)
        return {**parameters, "messages": without["messages"]}
    return None


async def _events(
    endpoint: Endpoint, patience: Patience, parameters: Parameters
) -> AsyncGenerator[ChatEvent, None]:
    api = await client(_make, endpoint)
    import openai  # by now it is loaded

    responses = "input" in parameters
    options: openai.RequestOptions = {
        "timeout": patience.timeout,
        "headers": {"Authorization": openai.Omit(), **endpoint.chat_headers},
    }

    def failed(error: object) -> ChatError:
        return chat_error(endpoint, parameters["model"], read_fault(200, error, {}))

    async with await api.post(
        "/responses" if responses else "/chat/completions",
        body={**parameters, "stream": True},
        options=options,
        cast_to=object,
        stream=True,
        stream_cls=openai.AsyncStream[object],
    ) as response:
        begun = ended = False
        read = _responses(response, failed) if responses else _completions(response)
        async with aclosing(read) as events:
            async for event in events:
                begun = True
                ended = ended or isinstance(event, Ended)
                yield event
        if not begun:
            raise no_stream(endpoint, response.response.headers.get("content-type", ""))
    if not ended:
        raise no_end(endpoint)


async def _responses(
    response: AsyncIterable[Any], failed: Callable[[object], ChatError]
) -> AsyncGenerator[ChatEvent, None]:
    refused = False
    item = None  # the output item that the last text belonged to
    async for event in response:
        match event:
            case {"type": "response.created", "response": {"model": str(resolved)}}:
                yield Resolved(resolved)
            case {
                "type": "response.output_text.delta" | "response.refusal.delta" as kind,
                "delta": str(text),
            }:
                refused = refused or kind == "response.refusal.delta"
                between = "" if item in (None, event.get("output_index")) else "\n\n"
                item = event.get("output_index")
                yield TextDelta(between + text)
            case {
                "type": "response.completed" | "response.incomplete",
                "response": {"status": str(status)} as whole,
            }:
                match whole:
                    case {"usage": {"input_tokens": int(asked), "output_tokens": int(answered)}}:
                        yield Usage(asked, answered)
                match whole:
                    case {"incomplete_details": {"reason": str(reason)}}:
                        yield Ended(ending_of(reason), reason)
                    case _:
                        yield Ended("whole", "refusal" if refused else status)
            case {"type": "response.failed", "response": {"error": error}}:
                raise failed(error)
            case {"type": "error"}:
                raise failed(event)


async def _completions(response: AsyncIterable[Any]) -> AsyncGenerator[ChatEvent, None]:
    resolved = False
    async for chunk in response:
        match chunk:
            case {"model": str(answering)} if answering and not resolved:
                resolved = True
                yield Resolved(answering)
        match chunk:
            case {"choices": [{"delta": {"content": content}}, *_]} if text := _text(content):
                yield TextDelta(text)
            case {"choices": [{"delta": {"refusal": str(text)}}, *_]} if text:
                yield TextDelta(text)
        match chunk:
            case {"choices": [{"finish_reason": str(reason)}, *_]} if reason:
                yield Ended(ending_of(reason), reason)
        match chunk:
            case {"usage": {"prompt_tokens": int(asked), "completion_tokens": int(answered)}}:
                yield Usage(asked, answered)


def _text(content: object) -> str:
    """A delta's text. Mistral's thinking models send a list of parts; thinking is no answer."""
    if isinstance(content, list):
        parts = (part for part in content if isinstance(part, dict))
        return "".join(part["text"] for part in parts if isinstance(part.get("text"), str))
    return content if isinstance(content, str) else ""


def _make(endpoint: Endpoint, http: httpx2.AsyncClient) -> AsyncOpenAI:
    import openai

    made = openai.AsyncOpenAI(
        api_key=endpoint.key or "none",
        base_url=endpoint.chat_base_url,
        max_retries=0,
        http_client=http,
    )
    made.organization = made.project = made.admin_api_key = None
    # In place of OPENAI_CUSTOM_HEADERS, which there is no public way to leave out.
    made._custom_headers = {}
    return made
