"""What went wrong with a chat call, in words for people. Pure: knows no SDK and opens no socket."""

from __future__ import annotations

import json
import ssl
from collections.abc import Mapping
from typing import Protocol

import httpx2

from stagewright.mask import Mask
from stagewright.providers.base import ChatError
from stagewright.providers.chat.fault import Fault, Refused, classify, no_credit, read_fault
from stagewright.providers.chat.sse import NotJson, TooLong
from stagewright.providers.network import caused, why_unreachable


class Endpoint(Protocol):
    """What a chat call needs of a configured provider."""

    @property
    def name(self) -> str:
        """For people."""

    @property
    def mask(self) -> Mask:
        """Hides the keys of all providers in what this one says."""

    @property
    def chat_base_url(self) -> str:
        """Where the SDK's requests go: what its `base_url` option takes."""

    @property
    def stall_seconds(self) -> float:
        """Seconds of silence after which a chat is given up."""

    @property
    def key(self) -> str | None: ...

    @property
    def chat_headers(self) -> Mapping[str, str]:
        """What identifies us, in place of what the SDK would make of the key."""

    @property
    def key_variable(self) -> str | None:
        """The environment variable that the key came from."""


def chat_error(endpoint: Endpoint, model: str, fault: Fault) -> ChatError:
    """The error to show for a provider's error answer."""
    code, retryable = classify(fault)
    name, origin = endpoint.name, _origin(endpoint)
    said = says(name, endpoint.mask, fault)
    status = f" ({fault.status})" if fault.status not in (None, 200) else ""
    key = f"the key in {endpoint.key_variable}" if endpoint.key_variable else "the key"
    match code:
        case "auth-failed" if endpoint.key is None:
            message = f"{name} requires an API key{status}, but none is set."
            if endpoint.key_variable:
                message += f" Set {endpoint.key_variable} and restart Stagewright."
        case "auth-failed":
            message = (
                f"{name} refused {key}{status}. Check that it is complete and current, then "
                f"restart Stagewright.{said}"
            )
        case "forbidden" if no_credit(fault):
            message = f"The account behind {key} has no credit left at {name}{status}.{said}"
        case "forbidden":
            why = said or " It is a matter of permission or region."
            message = f"{name} does not let {key} use `{model}`{status}.{why}"
        case "model-unavailable":
            message = f"{name} has no model `{model}` for this key{status}.{said}"
        case "rate-limited":
            message = (
                f"Rate limit reached{status}: {name} limits how often it may be asked. "
                f"{_when(fault)}{said}"
            )
        case "overloaded":
            message = f"{name} is overloaded or failing{status}. {_when(fault)}{said}"
        case "context-too-long":
            message = (
                f"The conversation is too long for `{model}`{status}. Choose a model with a larger "
                f"context window, or start a new stage or workflow.{said}"
            )
        case "bad-answer":
            message = f"{name} answered with an error that says nothing more{status}.{said}"
        case _ if fault.location:
            message = (
                f"{origin} redirects to another address{status}; a conversation is not sent after "
                f"a redirect. Set the provider's base URL to where it really is."
            )
        case _ if fault.status in (404, 405) and "model" not in fault.text:
            message = f"{origin} offers no chat here{status}. Check the provider's base URL.{said}"
        case _:
            message = f"{name} refused the request{status}.{said}"
    return ChatError(code, message, retryable=retryable, retry_after=fault.retry_after)


def failure(
    endpoint: Endpoint, model: str, error: Exception, *, begun: bool, stall: float
) -> ChatError | None:
    """The error to show for what an SDK call raised; None when it is nobody's but our own.

    `begun` says that text had come; `stall` is how long silence was tolerated, in seconds.
    """
    if isinstance(error, ChatError):
        found = error
    elif fault := fault_of(error):
        found = chat_error(endpoint, model, fault)
    elif isinstance(error, TooLong):
        message = f"{endpoint.name} sent {error}, which exceeds the limit."
        found = ChatError("bad-answer", message)
    elif caused(error, httpx2.HTTPError, OSError):
        found = _connection_error(endpoint, error, begun, stall)
    elif isinstance(error, NotJson):
        found = ChatError(
            "bad-answer", f"{endpoint.name} sent something unreadable.", retryable=True
        )
    else:
        return None
    if not begun:
        return found
    return ChatError("interrupted", _kept(str(found)), retryable=True)


def _kept(message: str) -> str:
    """A message, and what became of the text that had come."""
    if ". " in message or not message.endswith("."):  # several sentences, or a quotation
        return f"{message} The partial answer is kept."
    return f"{message[:-1]}; the partial answer is kept."


def fault_of(error: Exception) -> Fault | None:
    """What the provider answered, if it did: within a stream, or in place of one."""
    if isinstance(error, Refused):
        return error.fault
    response = getattr(error, "response", None)  # of an SDK's error; its body is bounded
    if not isinstance(response, httpx2.Response):
        return None
    text = response.text
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        body = text
    return read_fault(response.status_code, body, response.headers)


def hopeless(endpoint: Endpoint, error: Exception) -> bool:
    """Whether asking again at once is no use: it would take as long again, or nobody is there."""
    nobody = caused(error, ConnectionRefusedError) and _is_local(_origin(endpoint))
    return nobody or caused(error, httpx2.TimeoutException)


def no_stream(endpoint: Endpoint, content_type: str) -> ChatError:
    """The error to show when what came is not a chat stream at all."""
    found = endpoint.mask.line(content_type.partition(";")[0], 60) or "nothing"
    if found.lower() == "text/event-stream":
        message = f"{endpoint.name} sent a stream without an answer."
        return ChatError("bad-answer", message, retryable=True)
    return ChatError(
        "bad-answer",
        f"{_origin(endpoint)} answered with {found} in place of a chat stream. "
        "Check the provider's base URL.",
        retryable=True,
    )


def no_end(endpoint: Endpoint) -> ChatError:
    """The error to show when a stream ended in order but never said that the answer was whole."""
    return ChatError(
        "bad-answer", f"{endpoint.name} ended the answer without a stop reason.", retryable=True
    )


def _connection_error(endpoint: Endpoint, error: Exception, begun: bool, stall: float) -> ChatError:
    origin = _origin(endpoint)
    why = why_unreachable(endpoint.name, origin, error, is_local=_is_local(origin))
    if caused(error, httpx2.ConnectTimeout, httpx2.PoolTimeout):
        message = f"{origin} cannot be reached in time. Check the network and your proxy."
    elif caused(error, httpx2.TimeoutException):
        more, todo = (" more", "") if begun else ("", " Raise it, or try another model.")
        message = (
            f"{endpoint.name} sent nothing{more} for {stall:g} s, the limit that "
            f"chat.timeoutSeconds sets.{todo}"
        )
    elif caused(error, httpx2.DecodingError):
        message = f"{endpoint.name} sent something unreadable."
        return ChatError("bad-answer", message, retryable=True)
    elif why is not None:
        retryable = not caused(error, ssl.SSLCertVerificationError)
        return ChatError("unreachable", why, retryable=retryable)
    elif begun:
        message = "Connection lost."
    else:
        message = f"{origin} closed the connection without an answer. Try again."
    return ChatError("unreachable", message, retryable=True)


def says(name: str, mask: Mask, fault: Fault) -> str:
    """The provider's own words, quoted, without secrets: a sentence behind a blank, or nothing."""
    words = mask.line(fault.text)
    if not words:
        return ""
    return f' {name} says: "{words}"' + ("" if words.endswith((".", "!", "?")) else ".")


def _when(fault: Fault) -> str:
    if fault.retry_after is None:
        return "Try again in a moment."
    return f"Try again in {max(1, round(fault.retry_after))} s."


def _origin(endpoint: Endpoint) -> str:
    url = httpx2.URL(endpoint.chat_base_url)
    port = f":{url.port}" if url.port else ""
    return f"{url.scheme}://{url.host}{port}"


def _is_local(origin: str) -> bool:
    return httpx2.URL(origin).host in ("localhost", "127.0.0.1", "::1")
