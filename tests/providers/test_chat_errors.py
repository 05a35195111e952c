"""Every form of error answer ends in the right code and a sentence without secrets."""

from __future__ import annotations

import re
import socket
import ssl
from pathlib import Path
from typing import get_args

import httpx2
import pytest
from tests.loopback.endpoint import KEY, Endpoint

from stagewright.providers.base import ChatErrorCode
from stagewright.providers.chat.errors import chat_error, failure
from stagewright.providers.chat.fault import lacks_endpoint, lacks_system_role, read_fault
from stagewright.providers.network import UnusableProxy

ENDPOINT = Endpoint("completions", "https://api.example.com")


def openai(message: str, code: str | None = None, kind: str = "invalid_request_error") -> object:
    return {"error": {"message": message, "type": kind, "param": None, "code": code}}


def anthropic(kind: str, message: str) -> object:
    return {"type": "error", "error": {"type": kind, "message": message}}


ANSWERS = [
    # wrong keys
    (401, anthropic("authentication_error", f"invalid x-api-key {KEY}"), "auth-failed"),
    (401, openai(f"Incorrect API key provided: {KEY}", "invalid_api_key"), "auth-failed"),
    (400, [{"error": {"code": 400, "message": "API key not valid.", "status": "INVALID_ARGUMENT",
                      "details": [{"reason": "API_KEY_INVALID"}]}}], "auth-failed"),
    (400, {"code": "invalid-argument", "error": f"Incorrect API key: {KEY}"}, "auth-failed"),
    # permission, region, money
    (403, anthropic("permission_error", "Not allowed."), "forbidden"),
    (403, openai("Country not supported", "unsupported_country_region_territory"), "forbidden"),
    (402, openai("Insufficient Balance"), "forbidden"),
    (429, openai("You exceeded your quota.", "insufficient_quota"), "forbidden"),
    (400, anthropic("invalid_request_error", "Your credit balance is too low."), "forbidden"),
    (401, openai("This API key is restricted to project p."), "forbidden"),
    (401, openai("Your plan does not include m."), "forbidden"),
    (401, openai("The key is not enabled for this model."), "forbidden"),
    (400, openai("Budget has been exceeded! Cost: 2", None, "budget_exceeded"), "forbidden"),
    # no such model
    (400, {"success": False, "errors": [{"message": "No such model m", "code": 5007}]},
     "model-unavailable"),
    (404, anthropic("not_found_error", "model: claude-9"), "model-unavailable"),
    (404, openai("The model `m` does not exist or you do not have access to it.",
                 "model_not_found"), "model-unavailable"),
    (400, openai("The requested model 'm' does not exist.", "model_not_found"),
     "model-unavailable"),
    (403, openai("Project `p` does not have access to model `m`", "model_not_found"),
     "model-unavailable"),
    (401, openai("m has been retired", "model_not_found"), "model-unavailable"),
    (404, [{"error": {"code": 404, "message": "models/m is not found for API version v1main",
                      "status": "NOT_FOUND"}}], "model-unavailable"),
    (404, openai('model "m" not found, try pulling it first', None, "api_error"),
     "model-unavailable"),
    (400, openai("The model `m` has been decommissioned", "model_decommissioned"),
     "model-unavailable"),
    (400, {"error": {"message": "m is not a valid model ID", "code": 400}}, "model-unavailable"),
    (404, {"error": {"message": "No endpoints found for m.", "code": 404}}, "model-unavailable"),
    (404, {"object": "error", "message": "The model `m` does not exist.", "code": 404},
     "model-unavailable"),
    (400, {"object": "error", "message": "Invalid model: m", "type": "invalid_model"},
     "model-unavailable"),
    (400, openai("Model Not Exist"), "model-unavailable"),
    (404, {"code": "Not found", "error": "The model m does not exist"}, "model-unavailable"),
    # not about the model's existence
    (400, anthropic("invalid_request_error", "model: String should have at least 1 character"),
     "bad-request"),
    (400, openai("This model does not support image input."), "bad-request"),
    (404, openai("This is not a chat model and thus not supported"), "bad-request"),
    (404, {"detail": "Not Found"}, "bad-request"),
    (422, {"detail": [{"loc": ["body", "foo"], "msg": "Extra inputs"}]}, "bad-request"),
    # too often, too much at once
    (429, anthropic("rate_limit_error", "Too many requests"), "rate-limited"),
    (429, [{"error": {"message": "You exceeded your current quota, please check your billing.",
                      "status": "RESOURCE_EXHAUSTED"}}], "rate-limited"),
    (429, {"error": {"message": "Provider returned error", "metadata": {"raw": "busy upstream"}}},
     "rate-limited"),
    (529, anthropic("overloaded_error", "Overloaded"), "overloaded"),
    (500, anthropic("api_error", "Internal server error"), "overloaded"),
    (503, "<html><body>Service Unavailable</body></html>", "overloaded"),
    (200, anthropic("overloaded_error", "Overloaded"), "overloaded"),
    (200, {"code": "server_error", "message": "It failed."}, "overloaded"),
    (200, {"code": "rate_limit_exceeded", "message": "Slow down."}, "rate-limited"),
    # too long
    (400, anthropic("invalid_request_error", "prompt is too long: 208310 tokens > 200000 maximum"),
     "context-too-long"),
    (413, anthropic("request_too_large", "Request exceeds the maximum size"), "context-too-long"),
    (400, openai("This model's maximum context length is 8192 tokens.", "context_length_exceeded"),
     "context-too-long"),
    (200, {"code": "context_length_exceeded", "message": "Your input exceeds the context window."},
     "context-too-long"),
    (400, [{"error": {"message": "The input token count (9) exceeds the maximum number of tokens "
                                 "allowed (8).", "status": "INVALID_ARGUMENT"}}],
     "context-too-long"),
    (400, openai("the request exceeds the available context size", None,
                 "exceed_context_size_error"), "context-too-long"),
]  # fmt: skip


@pytest.mark.parametrize(
    "says",
    [
        "This model doesn't support system messages",
        "System prompts aren't supported by this model",
        "role 'system' is not valid",
        "messages[0].role: 'system' is not one of ['user', 'assistant']",
        "Input should be 'user' or 'assistant'",
        "Only 'user' and 'assistant' roles are allowed",
        "Only user, assistant and tool roles are supported!",
        "System messages cannot be used with this model",
        "role must be one of user, assistant",
    ],
)
@pytest.mark.parametrize("status", [400, 422, 500, 200])
def test_a_model_that_takes_no_system_role_says_so_in_many_ways(status: int, says: str) -> None:
    assert lacks_system_role(read_fault(status, openai(says), {}))
    assert not lacks_system_role(read_fault(401, openai(says), {}))


def test_whoever_takes_a_system_role_is_not_taken_to_refuse_it() -> None:
    says = "Only user, system and assistant roles are supported!"
    assert not lacks_system_role(read_fault(400, openai(says), {}))


@pytest.mark.parametrize(
    "says",
    [
        "Responses API isn't supported",
        "This endpoint doesn't exist",
        "The requested operation is unsupported.",
        "The Responses API is only available to some.",
        "'messages' is a required property",
        "messages: Field required",
        "Field required: messages",
    ],
)
@pytest.mark.parametrize("status", [400, 422, 500, 200])
def test_a_gateway_without_responses_says_so_in_many_ways(status: int, says: str) -> None:
    assert lacks_endpoint(read_fault(status, openai(says), {}))
    assert not lacks_endpoint(read_fault(401, openai(says), {}))


@pytest.mark.parametrize(
    ("status", "says", "lacks"),
    [
        (403, "Virtual key is not allowed to call this route: /v1/responses", True),
        (401, "Key not allowed to call this route. Tried to call route: /responses", True),
        (401, "Insufficient permissions. Missing scopes: api.responses.write", True),
        (403, "The Responses API is not enabled for your project", True),
        (403, "Forbidden: endpoint 'responses'", True),
        (401, "Invalid API key for /v1/responses", False),
        (401, "Responses API isn't supported", False),
        (403, "Your account may not use this", False),
        (403, "Country, region, or territory not supported", False),
        (403, "The model responses-1 does not exist or you do not have access to it", False),
        (402, "No credit for /v1/responses", False),
        (429, "Too many requests to /v1/responses", False),
    ],
)
def test_a_key_that_may_not_ask_for_responses_may_ask_elsewhere(
    status: int, says: str, lacks: bool
) -> None:
    assert lacks_endpoint(read_fault(status, openai(says), {})) is lacks


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"errors": [{"message": "first"}, {"message": "second"}]}, "first"),
        ({"error": [{"message": "first"}]}, "first"),
        ({"error": {"error": {"message": "deep"}}}, "deep"),
        ({"fault": {"faultstring": "It failed", "detail": {"errorcode": "x"}}}, "It failed"),
        ({"Message": "No access"}, "No access"),
        ({"code": "x", "msg": "No"}, "No"),
        ({"errorMessage": "No"}, "No"),
        ({"title": "Bad", "detail": "Very bad", "status": 400}, "Very bad"),
        (
            {"detail": [{"loc": ["body", "messages"], "msg": "Field required", "type": "missing"}]},
            "messages: Field required",
        ),
        (
            {"detail": [{"loc": ["body", "messages", 0, "role"], "msg": "Bad"}, {"msg": "And"}]},
            "messages.0.role: Bad; And",
        ),
        ({"detail": [{"loc": "body", "msg": ["x"]}, 7]}, '[{"loc": "body", "msg": ["x"]}, 7]'),
        ({"detail": [{"loc": [], "msg": "n"}] * 9}, "; ".join("n" * 5)),
    ],
)
def test_the_servers_words_are_found(body: object, says: str) -> None:
    assert read_fault(400, body, {}).text == says


@pytest.mark.parametrize(("status", "body", "code"), ANSWERS)
def test_an_error_answer_has_its_code(status: int, body: object, code: str) -> None:
    error = chat_error(ENDPOINT, "m", read_fault(status, body, {}))
    assert error.code == code
    assert error.retryable == (code in ("rate-limited", "overloaded"))
    assert KEY not in str(error)
    assert str(error)[-1] in ".)!" or "says:" in str(error)


def test_sentences_say_what_to_do() -> None:
    def said(status: int, body: object) -> str:
        return str(chat_error(ENDPOINT, "m", read_fault(status, body, {"retry-after": "7"})))

    assert said(401, openai(f"Incorrect API key: {KEY}")) == (
        "Completions refused the key in TEST_API_KEY (401). Check that it is complete and current, "
        'then restart Stagewright. Completions says: "Incorrect API key: …".'
    )
    assert said(404, openai("The model `m` does not exist")) == (
        "Completions has no model `m` for this key (404). "
        'Completions says: "The model `m` does not exist".'
    )
    assert said(429, openai("Slow down")) == (
        "Rate limit reached (429): Completions limits how often it may be asked. Try again in 7 s. "
        'Completions says: "Slow down".'
    )
    assert said(503, "<html>busy</html>") == (
        "Completions is overloaded or failing (503). Try again in 7 s."
    )


def test_a_model_that_is_not_for_chat_is_not_taken_for_a_wrong_address() -> None:
    body = openai("This is not a chat model. Did you mean to use v1/completions?")
    assert str(chat_error(ENDPOINT, "m", read_fault(404, body, {}))) == (
        "Completions refused the request (404). "
        'Completions says: "This is not a chat model. Did you mean to use v1/completions?"'
    )


def test_a_server_that_wants_a_key_and_got_none_says_which_to_set() -> None:
    without = Endpoint("completions", "https://api.example.com", key=None)
    error = chat_error(without, "m", read_fault(401, openai("No auth credentials"), {}))
    assert str(error) == (
        "Completions requires an API key (401), but none is set. "
        "Set TEST_API_KEY and restart Stagewright."
    )


def test_what_the_provider_says_is_bounded_and_without_keys() -> None:
    text = f"Bad\n request with {KEY} and sk-proj-abcdefghijk: " + "long " * 200
    said = str(chat_error(ENDPOINT, "m", read_fault(400, openai(text), {})))
    assert "Bad request with … and …: long" in said
    assert len(said) < 400


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after": "7", "retry-after-ms": "250"}, 0.25),
        ({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}, 0.0),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "-5"}, None),
        ({"retry-after": "9" * 400}, 604_800.0),
        ({"retry-after-ms": "inf"}, 604_800.0),
        ({"retry-after-ms": "nan"}, 0.0),
        ({"retry-after": "Fri, 31 Dec 9999 23:59:59 GMT"}, 604_800.0),
    ],
)
def test_retry_after_in_all_its_forms(headers: dict[str, str], seconds: float | None) -> None:
    assert read_fault(429, {}, headers).retry_after == seconds


def caused_by(cause: Exception) -> Exception:
    """An SDK's connection error as it comes: a chain of causes."""
    error = httpx2.ConnectError("failed")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("cause", "says", "retryable"),
    [
        (
            socket.gaierror(-2, "unknown"),
            "The host of https://api.example.com was",
            True,
        ),
        (ssl.SSLCertVerificationError("self-signed"), "cannot be verified", False),
        (ssl.SSLError("eof"), "No secure connection to https://api.example.com", True),
        (ConnectionRefusedError(111, "refused"), "https://api.example.com refused", True),
        (
            ExceptionGroup("all failed", [ConnectionRefusedError(111, "refused")]),
            "https://api.example.com refused",
            True,
        ),
        (httpx2.ConnectTimeout("late"), "cannot be reached in time", True),
        (httpx2.ProxyError("407"), "The proxy on the way to", True),
        (
            UnusableProxy("the proxy in HTTPS_PROXY does not answer."),
            "https://api.example.com cannot be reached: the proxy in HTTPS_PROXY does not",
            True,
        ),
    ],
)
def test_a_connection_that_never_came_about(cause: Exception, says: str, retryable: bool) -> None:
    error = failure(ENDPOINT, "m", caused_by(cause), begun=False, stall=300)
    assert error
    assert (error.code, error.retryable) == ("unreachable", retryable)
    assert says in str(error)


def test_an_error_of_our_own_is_not_blamed_on_the_provider() -> None:
    assert failure(ENDPOINT, "m", TypeError("a bug"), begun=False, stall=300) is None


def test_the_page_for_clients_names_every_code() -> None:
    page = (Path(__file__).parents[2] / "server/docs/lsp-extensions.md").read_text("utf-8")
    section = page.partition("### `stagewright/chat/failed`")[2].partition("###")[0]
    named = section.partition("`code` is ")[2].partition(";")[0]
    assert set(re.findall(r"`([a-z-]+)`", named)) == set(get_args(ChatErrorCode))
