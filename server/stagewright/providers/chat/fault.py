"""What a provider's error answer says, in whichever form it comes; and what it means. Pure.

Status, body and error within a stream are read by one function. What follows from it (asking again,
asking otherwise, which words are shown) is decided by what is said: servers differ in the status.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from stagewright.providers.base import ChatErrorCode
from stagewright.providers.lists.fields import mapping

_TEXT = 2000
"""Characters of a provider's sentence that are kept, and searched by patterns."""

_NAME = 100
"""Characters that are kept of what should be a short name."""


@dataclass(frozen=True, slots=True)
class Fault:
    """An error answer of a provider, read from whichever form it has. Absent texts are empty.

    All texts are bounded.
    """

    status: int | None  # of HTTP, or the numeric code of the body; 200 for others within a stream
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


class Refused(Exception):
    """A provider answered with an error in the place of an answer, or in its middle."""

    def __init__(self, fault: Fault) -> None:
        super().__init__()
        self.fault = fault


def read_fault(status: int | None, body: object, headers: Mapping[str, str]) -> Fault:
    """Read an error body: Anthropic's, OpenAI's, Google's list of one, FastAPI's, or bare text."""
    error = _error_object(body)
    said = [error[name] for name in _SENTENCES if error.get(name)]
    text = next((one for one in said if isinstance(one, str)), said[0] if said else "")
    raw = mapping(error.get("metadata")).get("raw")  # OpenRouter: what the upstream provider said
    if isinstance(raw, str) and raw:
        text = f"{_text(text)}: {raw}"
    if not isinstance(text, str):
        text = _violations(text) or json.dumps(text, ensure_ascii=False)
    return Fault(
        status=_numeric_status(error, mapping(body)) or status,
        kind=_text(error.get("type") or error.get("status"))[:_NAME],
        code=_text(error.get("code"))[:_NAME],
        param=_text(error.get("param"))[:_NAME],
        text=text[:_TEXT],
        retry_after=_retry_after(headers),
        location=headers.get("location", "")[:_TEXT],
    )


def error_within(data: Mapping[str, Any]) -> object:
    """The error that an event of a stream is or holds; None where it is part of an answer."""
    kind = data.get("type")
    if data.get("error") or data.get("errors") or mapping(data.get("base_resp")).get("status_code"):
        return data
    choices = data.get("choices")
    for choice in choices if isinstance(choices, list) else ():
        if error := mapping(choice).get("error"):  # OpenRouter's
            return {"error": error}
    if kind == "error" or data.get("object") == "error" or str(kind).endswith(".error"):
        return data
    if kind == "response.failed":
        return {"error": mapping(data.get("response")).get("error") or {}}
    bare = isinstance(data.get("message") or data.get("detail") or data.get("error_msg"), str)
    return data if bare and kind is None and "choices" not in data else None


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
    r"|insufficient (balance|credits|funds)|budget.{0,20}exceeded|exceeded.?budget",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"access_denied|not allowed|not permitted|permission|scope|access denied|not authorized to"
    r"|(no|not have) access|can only access|region|country|restricted to|not include"
    r"|not enabled for|suspended",
    re.IGNORECASE,
)
_RATE = re.compile(r"rate_limit|RESOURCE_EXHAUSTED|too many requests", re.IGNORECASE)
_OVERLOAD = re.compile(
    r"overloaded|api_error|server_error|timeout_error|UNAVAILABLE|internal error", re.IGNORECASE
)


_NO_ENDPOINT = re.compile(
    r"unknown.{0,20}(url|path|endpoint|route)|unexpected endpoint|not implemented|no route"
    r"|cannot post|invalid url|unsupported (endpoint|path|api|operation|url)"
    r"|(responses|endpoint|api).{0,60}(not|n't) (supported|available|enabled|implemented|found)"
    r"|endpoint.{0,60}(not|n't) exist|(operation|endpoint|path) is unsupported"
    r"|(not|n't) support.{0,60}responses|responses.{0,20}only available|chat/completions"
    r"|\bmessages\W{0,3}(is a |field )?required|required\W{0,3}messages\b",
    re.IGNORECASE,
)
_ROUTE = re.compile(
    r"/responses\b|\bresponses\.write\b|\b(route|path|endpoint|url)\b.{0,60}\bresponses\b"
    r"|\bresponses\b.{0,20}\b(api|route|path|endpoint)\b",
    re.IGNORECASE,
)
"""What names the route that Responses are asked at."""
_NO_SYSTEM_ROLE = re.compile(
    r"(system|developer).{0,80}(not|n't) (be )?(support|allowed|enabled|accepted|used|one of)"
    r"|(not|n't) (support|accept|allow).{0,60}system|roles must alternate"
    r"|(only|should be|must be) .?user.{1,8}assistant|role.{0,20}(must|should) be one of"
    r"|(invalid|unsupported|unknown|unexpected).{0,20}role|role.{0,20}not (a )?valid"
    r"|system.{0,20}not a valid role",
    re.IGNORECASE,
)


def lacks_endpoint(fault: Fault) -> bool:
    """Whether the server says that it does not know what it was asked at, whatever the status.

    A 404 for a model says so; any other is one for the address. A key that may not ask there may
    ask elsewhere, if it is the route that is denied.
    """
    if _names_model(fault) or fault.status in (402, 429):
        return False
    if fault.status in (401, 403):
        denied = fault.status == 403 or _DENIED.search(fault.words) is not None
        return denied and _ROUTE.search(fault.text) is not None
    return fault.status in (404, 405, 501) or _NO_ENDPOINT.search(fault.text) is not None


def lacks_system_role(fault: Fault) -> bool:
    """Whether the model's chat template takes no system prompt: told with 400, 422 or 500."""
    return may_be_about_parameters(fault) and _NO_SYSTEM_ROLE.search(fault.words) is not None


def may_be_about_parameters(fault: Fault) -> bool:
    """Whether a name that is said may be that of a parameter which is not taken."""
    return fault.status not in (401, 402, 403, 429)


def no_credit(fault: Fault) -> bool:
    """Whether the account has no money left."""
    status = fault.status or 200
    return status == 402 or (status < 500 and _NO_CREDIT.search(fault.words) is not None)


def _names_model(fault: Fault) -> bool:
    return (
        fault.code in _NO_MODEL_CODES
        or fault.kind in _NO_MODEL_CODES
        or (fault.kind == "not_found_error" and fault.text.startswith("model:"))
        or _NO_MODEL.search(fault.text) is not None
    )


def classify(fault: Fault) -> tuple[ChatErrorCode, bool]:
    """The contract's code, and whether the same request may succeed later.

    A missing model comes first: some gateways report it with 400, 401 or 403.
    """
    status = fault.status or 200
    answered = status < 500 and status != 429
    if answered and _names_model(fault):
        return "model-unavailable", False
    if no_credit(fault):
        return "forbidden", False
    if status == 401 and _DENIED.search(fault.words):
        return "forbidden", False  # the key is right, and may not do this
    if status == 401 or (answered and _WRONG_KEY.search(fault.words)):
        return "auth-failed", False
    if status == 429 or (answered and _RATE.search(fault.words)):
        return "rate-limited", True
    if answered and (_CONTEXT.search(fault.words) or status == 413):
        return "context-too-long", False
    if status == 403 or "permission" in fault.kind.lower():
        return "forbidden", False
    if (
        status in (408, 409, 425)
        or (status >= 500 and status != 501)
        or _OVERLOAD.search(fault.words)
    ):
        return "overloaded", True
    return ("bad-request", False) if status >= 300 or fault.text else ("bad-answer", True)


_MESSAGE = re.compile(r'"message"\s{0,4}:\s{0,4}"((?:[^"\\]|\\.){1,300})')


def _error_object(body: object) -> Mapping[str, Any]:
    if isinstance(body, list) and body:
        body = body[0]
    if isinstance(body, str):
        if "<" in body[:50]:
            return {}  # a gateway's HTML page helps nobody
        cut = _MESSAGE.search(body[:_TEXT])  # of JSON that is too long to be read whole
        return {"message": cut[1] if cut else body}
    if not isinstance(body, Mapping):
        return {}
    while inner := _inner(body):
        body = inner
    return body


_WRAPPERS = ("error", "errors", "fault", "base_resp")
"""What error objects stand in: OpenAI's, Cloudflare's, Apigee's, MiniMax's."""

_SENTENCES = (
    "message", "detail", "error", "msg", "Message", "errorMessage", "error_message", "error_msg",
    "faultstring", "status_msg", "title",
)  # fmt: skip
"""What servers call the sentence of an error, the usual names first."""


def _inner(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """The error object within one, or the first of several; empty where there is none."""
    for name in _WRAPPERS:
        inner = body.get(name)
        if isinstance(inner, list) and inner:
            inner = inner[0]
        if isinstance(inner, Mapping) and inner:
            return inner
    return {}


_MOST_VIOLATIONS = 5


def _violations(found: object) -> str:
    """FastAPI's list of what is wrong with a request: "messages: Field required; ...", or nothing.

    Each names where it is, from `body` on, and says what is wrong there.
    """
    sentences = []
    for one in found[:_MOST_VIOLATIONS] if isinstance(found, list) else ():
        place, said = mapping(one).get("loc"), _text(mapping(one).get("msg"))
        names = [str(name) for name in place if name != "body"] if isinstance(place, list) else []
        sentences.append(": ".join(filter(None, (".".join(names), said))))
    return "; ".join(filter(None, sentences))


def _text(value: object) -> str:
    return str(value) if isinstance(value, str | int | float) else ""


def _numeric_status(*objects: Mapping[str, Any]) -> int | None:
    """The HTTP status that gateways put into a body for want of a header."""
    for found in objects:
        for name in ("code", "status", "status_code", "statusCode", "http_code"):
            value = found.get(name)
            if isinstance(value, str | int) and str(value).strip() in _STATUSES:
                return int(value)
    return None


_STATUSES = frozenset(map(str, range(400, 600)))


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
