"""What went wrong with a chat call, in words for people. Pure: knows no SDK and opens no socket."""

from __future__ import annotations

import json
import re
import socket
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Protocol

import httpx2

from stagewright.mask import Mask
from stagewright.providers.base import ChatError, ChatErrorCode


class Endpoint(Protocol):
    """What a chat call needs of a configured provider."""

    @property
    def id(self) -> str: ...

    @property
    def name(self) -> str:
        """For people."""

    @property
    def chat_base_url(self) -> str:
        """Where the SDK's requests go: what its `base_url` option takes."""

    @property
    def key(self) -> str | None: ...

    @property
    def chat_headers(self) -> Mapping[str, str]:
        """What identifies us, in place of what the SDK would make of the key."""

    @property
    def key_variable(self) -> str | None:
        """The environment variable that the key came from."""

    @property
    def mask(self) -> Mask:
        """Hides the keys of all providers in what this one says."""


@dataclass(frozen=True, slots=True)
class Fault:
    """An error answer of a provider, read from whichever form it has. Absent texts are empty."""

    status: int | None  # HTTP; 200 for an error event within a stream
    kind: str = ""  # the API's `type`: "authentication_error"
    code: str = ""
    param: str = ""
    text: str = ""  # the provider's own sentence
    retry_after: float | None = None  # seconds
    location: str = ""  # where a redirect points to

    @property
    def words(self) -> str:
        """Everything that names the cause, to search in."""
        return f"{self.kind} {self.code} {self.param} {self.text}"


def read_fault(status: int | None, body: object, headers: Mapping[str, str]) -> Fault:
    """Read an error body: Anthropic's, OpenAI's, Google's list of one, FastAPI's, or bare text."""
    error = _error_object(body)
    text = error.get("message") or error.get("detail") or error.get("error") or ""
    raw = _mapping(error.get("metadata")).get("raw")  # OpenRouter: what the upstream provider said
    if isinstance(raw, str) and raw:
        text = f"{text}: {raw}"
    return Fault(
        status=status,
        kind=_text(error.get("type") or error.get("status")),
        code=_text(error.get("code")),
        param=_text(error.get("param")),
        text=text if isinstance(text, str) else json.dumps(text, ensure_ascii=False),
        retry_after=_retry_after(headers),
        location=headers.get("location", ""),
    )


def chat_error(endpoint: Endpoint, model: str, fault: Fault) -> ChatError:
    """The error to show for a provider's error answer."""
    code, retryable = _classify(fault)
    name, origin = endpoint.name, _origin(endpoint)
    said = f" {name} says: {words}" if (words := endpoint.mask.line(fault.text)) else ""
    status = f" ({fault.status})" if fault.status not in (None, 200) else ""
    key = f"the key in {endpoint.key_variable}" if endpoint.key_variable else "the key"
    match code:
        case "auth-failed" if endpoint.key is None:
            message = f"{name} wants a key{status} and none is set."
            if endpoint.key_variable:
                message += f" Set {endpoint.key_variable} and restart Stagewright."
        case "auth-failed":
            # The provider's own sentence may quote the key.
            message = (
                f"{name} refused {key}{status}. "
                "Check that it is complete and current, then restart Stagewright."
            )
        case "forbidden" if _NO_CREDIT.search(fault.words) or fault.status == 402:
            message = f"The account behind {key} has no credit left at {name}{status}.{said}"
        case "forbidden":
            message = (
                f"{name} does not let {key} use '{model}'{status}: "
                f"a matter of permission or region.{said}"
            )
        case "model-unavailable":
            message = f"{name} has no model '{model}' for this key{status}.{said}"
        case "rate-limited":
            message = f"{name} limits how often it may be asked{status}. {_when(fault)}{said}"
        case "overloaded":
            message = f"{name} is overloaded or failing{status}. {_when(fault)}{said}"
        case "context-too-long":
            message = (
                f"The conversation is too long for '{model}'{status}. Choose a model with a larger "
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
    fault = fault_of(error)
    if isinstance(error, ChatError):
        found = error
    elif fault:
        found = chat_error(endpoint, model, fault)
    elif any(isinstance(cause, (httpx2.HTTPError, OSError)) for cause in causes(error)):
        found = _connection_error(endpoint, tuple(causes(error)), begun, stall)
    elif isinstance(error, ValueError):  # half a JSON text, or bytes that are not UTF-8
        found = ChatError(
            "bad-answer", f"{endpoint.name} sent something unreadable. Try again.", retryable=True
        )
    else:
        return None
    if not begun:
        return found
    return ChatError("interrupted", f"The answer broke off. {found}", retryable=True)


def fault_of(error: Exception) -> Fault | None:
    """What an SDK's error says that the provider answered, if it answered."""
    response = getattr(error, "response", None)
    body = getattr(error, "body", None)
    if not isinstance(response, httpx2.Response):
        # An error event within a stream: the OpenAI SDK raises these without the response.
        return read_fault(200, body, {}) if body is not None else None
    return read_fault(response.status_code, body, response.headers)


def hopeless(endpoint: Endpoint, error: Exception) -> bool:
    """Whether asking again at once is no use: it would take as long again, or nobody is there."""
    kinds: tuple[type[BaseException], ...] = (httpx2.TimeoutException,)
    if _is_local(_origin(endpoint)):
        kinds += (ConnectionRefusedError,)
    return any(isinstance(cause, kinds) for cause in causes(error))


def no_stream(endpoint: Endpoint, content_type: str) -> ChatError:
    """The error to show when what came is not a chat stream at all."""
    found = endpoint.mask.line(content_type.partition(";")[0], 60) or "nothing"
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


def _connection_error(
    endpoint: Endpoint, chain: tuple[BaseException, ...], begun: bool, stall: float
) -> ChatError:
    origin = _origin(endpoint)

    def among(*kinds: type[BaseException]) -> bool:
        return any(isinstance(cause, kinds) for cause in chain)

    if among(socket.gaierror):
        message = f"The host of {origin} was not found. Check the network and the base URL."
    elif among(ssl.SSLCertVerificationError):
        message = f"The certificate of {origin} cannot be verified. Check the base URL and proxy."
        return ChatError("unreachable", message)
    elif among(ssl.SSLError):
        message = f"No secure connection to {origin} came about. Check its address and your proxy."
    elif among(ConnectionRefusedError) and _is_local(origin):
        message = f"{endpoint.name} is not running at {origin}. Start it, or correct its base URL."
    elif among(ConnectionRefusedError):
        message = f"{origin} refused the connection. Check the provider's base URL and your proxy."
    elif among(httpx2.ConnectTimeout, httpx2.PoolTimeout):
        message = f"{origin} cannot be reached in time. Check the network and your proxy."
    elif among(httpx2.TimeoutException):
        more = " more" if begun else ""
        message = f"{endpoint.name} sent nothing{more} for {stall:g} s. Try again or another model."
    elif among(httpx2.ProxyError):
        message = f"The proxy on the way to {origin} refused. Check HTTPS_PROXY and NO_PROXY."
    elif begun:
        message = f"The connection to {origin} was lost."
    else:
        message = f"{origin} closed the connection without an answer. Try again."
    return ChatError("unreachable", message, retryable=True)


_CONTEXT = re.compile(
    r"context_length_exceeded|context_window_exceeded|exceed_context_size|string_above_max_length"
    r"|(context|prompt) (length|window|size|limit)|request_too_large"
    r"|prompt (is|too) (too )?(long|large)|too large for model|token count.{0,40}exceeds"
    r"|maximum prompt length",
    re.IGNORECASE,
)
_NO_MODEL_CODES = frozenset(
    {"model_not_found", "model_not_available", "model_decommissioned", "invalid_model"}
)
_NO_MODEL = re.compile(
    r"models?\b.{0,200}?\b(not found|does not exist|not exist|not a valid model|"
    r"has been (decommissioned|retired|deprecated)|no longer (available|supported|exists))"
    r"|\b(invalid|unknown|no such) model\b|not a valid model id|no endpoints found for"
    r"|unable to access model",
    re.IGNORECASE | re.DOTALL,
)
_WRONG_KEY = re.compile(
    r"authentication_error|invalid_api_key|API_KEY_INVALID|api key (not valid|expired)"
    r"|(incorrect|invalid) api key",
    re.IGNORECASE,
)
_NO_CREDIT = re.compile(
    r"insufficient_quota|billing_(error|hard_limit|not_active)|credit balance"
    r"|insufficient (balance|credits|funds)",
    re.IGNORECASE,
)
_RATE = re.compile(r"rate_limit|RESOURCE_EXHAUSTED|too many requests", re.IGNORECASE)
_OVERLOAD = re.compile(
    r"overloaded|api_error|server_error|timeout_error|UNAVAILABLE|internal error", re.IGNORECASE
)


def _classify(fault: Fault) -> tuple[ChatErrorCode, bool]:
    """The contract's code, and whether the same request may succeed later.

    A missing model comes first: some gateways report it with 400, 401 or 403.
    """
    status = fault.status or 200
    answered = status < 500 and status != 429
    if answered and (
        fault.code in _NO_MODEL_CODES
        or fault.kind in _NO_MODEL_CODES
        or (fault.kind == "not_found_error" and fault.text.startswith("model:"))
        or _NO_MODEL.search(fault.text)
    ):
        return "model-unavailable", False
    if status == 402 or (status < 500 and _NO_CREDIT.search(fault.words)):
        return "forbidden", False
    if status == 401 or (answered and _WRONG_KEY.search(fault.words)):
        return "auth-failed", False
    if status == 429 or (answered and _RATE.search(fault.words)):
        return "rate-limited", True
    if answered and (_CONTEXT.search(fault.words) or status == 413):
        return "context-too-long", False
    if status == 403 or "permission" in fault.kind.lower():
        return "forbidden", False
    if status in (408, 409, 425) or status >= 500 or _OVERLOAD.search(fault.words):
        return "overloaded", True
    return ("bad-request", False) if status >= 300 or fault.text else ("bad-answer", True)


def _error_object(body: object) -> Mapping[str, Any]:
    if isinstance(body, list) and body:
        body = body[0]
    if not isinstance(body, Mapping):
        # A gateway's HTML page helps nobody.
        return {} if not isinstance(body, str) or "<" in body[:50] else {"message": body}
    inner = body.get("error")
    return inner if isinstance(inner, Mapping) else body


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _text(value: object) -> str:
    return "" if value is None else str(value)


_LONGEST_WAIT = 7 * 24 * 3600.0  # seconds; whoever names more has named nothing


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait, from `retry-after-ms` or `retry-after` (seconds or an HTTP date)."""
    try:
        if milliseconds := headers.get("retry-after-ms"):
            seconds = float(milliseconds) / 1000
        elif not (value := headers.get("retry-after")):
            return None
        elif value.replace(".", "", 1).isdigit():
            seconds = float(value)
        else:
            seconds = (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds()
    except (ValueError, TypeError, OverflowError):
        return None
    return min(max(0.0, seconds), _LONGEST_WAIT)


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


def causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error, what caused it, and the members of groups on the way."""
    while error is not None:
        yield error
        if isinstance(error, BaseExceptionGroup):
            for member in error.exceptions:
                yield from causes(member)
        error = error.__cause__ or error.__context__
