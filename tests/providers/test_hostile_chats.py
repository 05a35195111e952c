"""Whatever a server sends: what came is kept, why it ended is said, and the next message works."""

from __future__ import annotations

import gzip
import json
import tracemalloc
import zlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from tests.loopback import plain as answers
from tests.loopback.chat import Protocol
from tests.loopback.endpoint import KEY, PROTOCOLS, QUICK, Endpoint, outcome
from tests.loopback.plain import Plain, plain
from tests.loopback.wire import Reply, Request

from stagewright.providers.base import Ended, Resolved
from stagewright.providers.bounded import ERROR_BODY
from stagewright.providers.chat.sdk import close_clients

SSE = {"content-type": "text/event-stream"}


JSON = {"content-type": "application/json"}


GZIP = {"content-encoding": "gzip"}


MODEL = "\x1b[31mm" + KEY + "m" * 5000
"""What a server says that its model is called."""


def half(protocol: Protocol) -> bytes:
    """A stream up to the middle of its text."""
    data: dict[Protocol, list[dict[str, Any]]] = {
        "anthropic": [
            {"type": "message_start", "message": {"model": MODEL}},
            {"type": "content_block_delta", "delta": {"type": "text_delta", "text": "Half an"}},
        ],
        "responses": [
            {"type": "response.created", "response": {"model": MODEL}},
            {"type": "response.output_text.delta", "output_index": 0, "delta": "Half an"},
        ],
        "completions": [{"model": MODEL, "choices": [{"delta": {"content": "Half an"}}]}],
    }
    return b"".join(event(one) for one in data[protocol])


def more(protocol: Protocol, text: str) -> dict[str, Any]:
    """An event that brings more text."""
    return {
        "anthropic": {"type": "content_block_delta", "delta": {"text": text}},
        "responses": {"type": "response.output_text.delta", "output_index": 0, "delta": text},
        "completions": {"choices": [{"delta": {"content": text}}]},
    }[protocol]


def event(data: object, name: str = "") -> bytes:
    text = data if isinstance(data, str) else json.dumps(data)
    return (f"event: {name}\n" if name else "").encode() + f"data: {text}\n\n".encode()


@dataclass(frozen=True)
class Case:
    """What is sent, and what is to come of it."""

    body: Callable[[Protocol], bytes]
    code: str
    says: str
    text: str = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: SSE)


def error(code: object, message: str = "No.", **more: object) -> Callable[[Protocol], bytes]:
    return lambda _: json.dumps({"error": {"code": code, "message": message, **more}}).encode()


def within(data: object, name: str = "") -> Callable[[Protocol], bytes]:
    """An error behind the first half of an answer."""
    return lambda protocol: half(protocol) + event(data, name)


CASES = {
    # no chat at all
    "nothing": Case(lambda _: b"", "bad-answer", "sent a stream without an answer"),
    "a page": Case(lambda _: b"<html><body>Sign in</body></html>", "bad-answer",
                   "answered with text/html in place of", headers={"content-type": "text/html"}),
    "a content type with a key": Case(lambda _: b"x", "bad-answer", "answered with x/… in",
                                      headers={"content-type": f"x/{KEY}"}),
    "a long content type": Case(lambda _: b"x", "bad-answer", "answered with zzz",
                                headers={"content-type": "z" * 5000}),
    "some other JSON": Case(lambda _: b'{"hello": "you"}', "bad-answer", "in place of",
                            headers=JSON),
    "bytes": Case(lambda _: bytes(range(256)) * 100, "bad-answer", "without an answer"),
    "an empty object": Case(lambda _: b"{}", "bad-answer", "in place of", headers=JSON),
    "a number": Case(lambda _: event("7"), "bad-answer", "without an answer"),
    "signs of life alone": Case(lambda _: b"data:\n\n" * 1000, "bad-answer", "without an answer"),
    "comments alone": Case(lambda _: b": hello\n\n" * 1000, "bad-answer", "without an answer"),
    # too much, or too deep
    "a line without end": Case(lambda p: half(p) + b"data: " + b"z" * (5 << 20), "interrupted",
                               "an event of more than 4 MiB, which exceeds the limit", "Half an"),
    "lines without end": Case(lambda p: half(p) + b"data: %b\n" % (b"z" * 1000) * 4500,
                              "interrupted", "sent an event of more than 4 MiB", "Half an"),
    "JSON without end": Case(lambda _: b'{\n"a":\n' + b" " * (5 << 20), "bad-answer",
                             "sent an event of more than 4 MiB", headers=JSON),
    "an event nested deep": Case(within('{"a":' * 100_000), "interrupted",
                                 "sent something unreadable", "Half an"),
    "JSON nested deep": Case(lambda _: b"[" * 200_000, "bad-answer", "sent something unreadable",
                             headers=JSON),
    "an event that is not JSON": Case(within('{"type": "mess'), "interrupted",
                                      "sent something unreadable", "Half an"),
    # compression
    "a compressed line without end": Case(
        lambda p: gzip.compress(half(p) + b"data: " + b"z" * (8 << 20)), "interrupted",
        "sent an event of more than 4 MiB", "Half an", headers=SSE | GZIP),
    "compressed twice": Case(
        lambda p: gzip.compress(gzip.compress(half(p) + b"data: " + b"z" * (8 << 20))),
        "interrupted", "sent an event of more than 4 MiB", "Half an",
        headers=SSE | {"content-encoding": "gzip, gzip"}),
    "compressed many times": Case(lambda p: half(p), "bad-answer", "sent something unreadable",
                                  headers=SSE | {"content-encoding": "gzip, gzip, gzip"}),
    "not compressed as it says": Case(lambda p: half(p), "bad-answer",
                                      "sent something unreadable", headers=SSE | GZIP),
    "an encoding that nobody asked for": Case(lambda p: half(p), "bad-answer",
                                              "sent something unreadable",
                                              headers=SSE | {"content-encoding": "br"}),
    "half a compressed answer": Case(lambda p: gzip.compress(half(p))[:-9], "interrupted",
                                     "without a stop reason", "Half an", headers=SSE | GZIP),
    "deflated without its frame": Case(lambda p: zlib.compress(half(p))[2:-4], "interrupted",
                                       "without a stop reason", "Half an",
                                       headers=SSE | {"content-encoding": "deflate"}),
    # errors in place of an answer
    "an error of megabytes": Case(error(None, "model " * 850_000), "bad-request", "model model",
                                  status=400, headers=JSON),
    "a compressed error of megabytes": Case(
        lambda p: gzip.compress(error(None, "model " * 850_000)(p)), "bad-request", "model model",
        status=400, headers=JSON | GZIP),
    "an error nested deep": Case(lambda _: b'{"error":' * 9000, "bad-request",
                                 "refused the request (400)", status=400, headers=JSON),
    "an error with keys": Case(error(None, f"Bad key {KEY}, base64 or sk-abcdefghijk"),
                               "bad-request", "Bad key …", status=400, headers=JSON),
    "an error of odd types": Case(
        lambda _: b'{"error": {"message": {"a": [1]}, "type": 7, "code": [], "param": {}}}',
        "bad-request", "refused the request (400)", status=400, headers=JSON),
    "an error that is a list": Case(lambda _: b'[{"error": {"message": "No."}}]', "bad-request",
                                    'says: "No."', status=400, headers=JSON),
    "an error without a body": Case(lambda _: b"", "overloaded", "overloaded or failing (503)",
                                    status=503, headers={"retry-after": "99"}),
    "an error that is a page": Case(lambda _: b"<html>busy</html>", "overloaded",
                                    "overloaded or failing (502)", status=502,
                                    headers={"content-type": "text/html", "retry-after": "99"}),
    # the status in the body
    "a limit in the body": Case(error(429, "Slow down."), "rate-limited",
                                "Rate limit reached (429)", headers=JSON),
    "a limit in the stream": Case(lambda _: event({"error": {"code": 429, "message": "Slow."}}),
                                  "rate-limited", "Rate limit reached (429)"),
    "a limit as text": Case(error("429", "Slow down."), "rate-limited", "Rate limit reached (429)",
                            headers=JSON),
    "no credit in the stream": Case(lambda _: event({"error": {"code": 402, "message": "Pay."}}),
                                    "forbidden", "no credit left"),
    "a wrong key in the stream": Case(lambda _: event({"error": {"code": 401, "message": "Who?"}}),
                                      "auth-failed", 'says: "Who?"'),
    "a failure in the stream": Case(
        lambda _: event({"error": {"code": 502, "message": "Provider returned error",
                                   "metadata": {"raw": "upstream down"}}}),
        "overloaded", 'says: "Provider returned error: upstream down"'),
    "a code that is no status": Case(error(1302, "Too many."), "bad-request", 'says: "Too many."',
                                     headers=JSON),
    "an odd code": Case(error([], "No."), "bad-request", 'says: "No."', headers=JSON),
    # errors in the middle
    "an error event": Case(within({"type": "error", "error": {"type": "overloaded_error",
                                   "message": "Overloaded"}}, "error"), "interrupted",
                           "is overloaded or failing", "Half an"),
    "an error event without a type": Case(within({"message": "Overloaded"}, "error"),
                                          "interrupted", "Overloaded", "Half an"),
    "an error event of text": Case(within("Overloaded", "error"), "interrupted", "Overloaded",
                                   "Half an"),
    "an error that is text": Case(within({"error": "Overloaded"}), "interrupted", "Overloaded",
                                  "Half an"),
    "an error of vLLM": Case(within({"object": "error", "message": "Overloaded", "code": 503}),
                             "interrupted", "overloaded or failing (503)", "Half an"),
    "an error without an event": Case(
        lambda p: half(p) + b'{"error": {"message": "Overloaded"}}\n', "interrupted", "Overloaded",
        "Half an"),
    "a long error": Case(within({"error": {"message": "so " * 100_000}}), "interrupted", "so so",
                         "Half an"),
    # the end
    "no end": Case(half, "interrupted", "without a stop reason", "Half an"),
    "half a character": Case(lambda p: half(p) + event(more(p, "\ud83d")), "interrupted",
                             "without a stop reason", "Half an\ufffd"),
    "two halves of a character": Case(
        lambda p: half(p) + event(more(p, "\ud83d")) + event(more(p, "\ude00")), "interrupted",
        "without a stop reason", "Half an😀"),
    "a huge number": Case(lambda p: half(p) + event('{"usage": {"output_tokens": 1e400}}'),
                          "interrupted", "without a stop reason", "Half an"),
}  # fmt: skip


WHOLE = {
    "anthropic": answers.messages,
    "responses": answers.responses,
    "completions": answers.completions,
}


@pytest.fixture
async def server() -> AsyncIterator[Plain]:
    async with plain(lambda _: Reply()) as running:
        yield running
    await close_clients()


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("name", CASES)
async def test_a_hostile_answer_is_told_and_what_came_is_kept(
    server: Plain, name: str, protocol: Protocol
) -> None:
    case = CASES[name]
    reply = Reply(case.body(protocol), case.status, case.headers)
    server.answer = lambda _: reply
    endpoint = Endpoint(protocol, server.origin, patience=QUICK)
    text, events, failed = await outcome(endpoint.ask())
    assert text == case.text
    assert failed
    assert (failed.code, case.says in str(failed)) == (case.code, True), str(failed)
    assert len(str(failed)) < 700
    assert str(failed).isprintable()
    models = [each.model for each in events if isinstance(each, Resolved)]
    assert all(len(model) <= 200 and model.isprintable() for model in models)
    assert KEY not in f"{failed} {models}"

    server.answer = lambda _: WHOLE[protocol]("A whole answer.")
    text, events, failed = await outcome(endpoint.ask())
    assert (text, failed) == ("A whole answer.", None)
    assert isinstance(events[-1], Ended)


@pytest.mark.parametrize("protocol", PROTOCOLS)
async def test_a_reason_is_bounded_and_masked(server: Plain, protocol: Protocol) -> None:
    reason = f"because {KEY} \x1b[31m" + "z" * 5000
    end = {
        "anthropic": {"type": "message_delta", "delta": {"stop_reason": reason}},
        "responses": {"type": "response.completed", "response": {"status": reason}},
        "completions": {"choices": [{"delta": {}, "finish_reason": reason}]},
    }[protocol]
    server.answer = lambda _: Reply(half(protocol) + event(end), headers=SSE)
    _, events, failed = await outcome(Endpoint(protocol, server.origin).ask())
    assert failed is None
    assert isinstance(events[-1], Ended)
    assert events[-1].reason
    assert len(events[-1].reason) <= 60
    assert KEY not in events[-1].reason


@pytest.mark.parametrize("bomb", ["a line", "an error"])
async def test_a_bomb_takes_no_more_than_its_bound(server: Plain, bomb: str) -> None:
    def body() -> bytes:
        packer = zlib.compressobj(wbits=31)
        return b"".join(
            (
                packer.compress(b"data: "),
                *(packer.compress(b"z" * (1 << 20)) for _ in range(64)),
                packer.flush(),
            )
        )

    reply = Reply(body(), 200 if bomb == "a line" else 400, SSE | GZIP)
    server.answer = lambda _: reply
    endpoint = Endpoint("completions", server.origin)
    await endpoint.prepare_chat()
    tracemalloc.start()
    _, _, failed = await outcome(endpoint.ask())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert failed
    assert peak < 40 << 20


async def test_the_body_of_an_error_is_read_no_further_than_its_bound(server: Plain) -> None:
    text = "x" * ERROR_BODY + "the end"
    server.answer = lambda _: Reply(text.encode(), 418, {"content-type": "text/plain"})
    _, _, failed = await outcome(Endpoint("completions", server.origin).ask())
    assert failed
    assert "the end" not in str(failed)


ODD = {
    "the status and a code of the gateway": (404, {"error": {"code": 404, "message": "Not Found"}}),
    "vLLM": (404, {"object": "error", "message": "Not Found", "code": 404}),
    "Azure": (404, {"error": {"code": "404", "message": "Resource not found"}}),
    "an unknown address": (404, {"error": {"message": "Unknown request URL: POST /v1/responses."}}),
    "LM Studio": (200, {"error": "Unexpected endpoint or method. (POST /v1/responses)"}),
    "not implemented": (501, {"error": {"message": "not implemented", "code": 501}}),
    "no such method": (405, {"detail": "Method Not Allowed"}),
    "in words alone": (400, {"error": {"message": "The responses API is not supported here."}}),
    "as its own failure": (500, {"error": {"message": "Unsupported endpoint: /responses"}}),
    "FastAPI, of another body": (
        422,
        {"detail": [{"loc": ["body", "messages"], "msg": "Field required", "type": "missing"}]},
    ),
    "a page": (404, "<html>Not Found</html>"),
    "where to go": (400, {"error": {"message": "Use /v1/chat/completions for this model."}}),
}


@pytest.mark.parametrize("name", ODD)
async def test_a_server_without_responses_is_asked_for_completions(
    server: Plain, name: str
) -> None:
    status, body = ODD[name]

    def answer(request: Request) -> Reply:
        if request.path.endswith("/responses"):
            return Reply(body, status)
        return answers.completions("Hi.")

    server.answer = answer
    text, _, failed = await outcome(Endpoint("responses", server.origin).ask())
    assert (text, failed) == ("Hi.", None)
    assert [request.path for request in server.requests] == [
        "/v1/responses",
        "/v1/chat/completions",
    ]


ABOUT_THE_MODEL = [
    (404, {"error": {"code": "model_not_found", "message": "The model `m` does not exist."}}),
    (404, {"error": {"message": 'model "m" not found, try pulling it first'}}),
    (404, {"error": {"code": 404, "message": "No endpoints found for m."}}),
    (429, {"error": {"message": "The endpoint is not available now."}}),
    (401, {"error": {"message": "Unknown request URL or key."}}),
]


@pytest.mark.parametrize(("status", "body"), ABOUT_THE_MODEL)
async def test_a_refusal_of_the_model_is_none_of_the_address(
    server: Plain, status: int, body: object
) -> None:
    server.answer = lambda _: Reply(body, status, {"retry-after": "99"})
    await outcome(Endpoint("responses", server.origin).ask())
    assert {request.path for request in server.requests} == {"/v1/responses"}


SYSTEM = [
    (400, "System role not supported"),
    (422, "Only user and assistant roles are supported!"),
    (500, "Error: Jinja Exception: System role not supported"),
    (500, "Conversation roles must alternate user/assistant/user/assistant/..."),
    (400, "Developer instruction is not enabled for models/gemma-3"),
    (200, "system messages are not supported by this model"),
]


@pytest.mark.parametrize(("status", "message"), SYSTEM)
async def test_a_model_without_a_system_role_is_asked_without(
    server: Plain, status: int, message: str
) -> None:
    def answer(request: Request) -> Reply:
        if request.json()["messages"][0]["role"] == "system":
            return Reply({"error": {"code": status, "message": message}}, status)
        return answers.completions("Hi.")

    server.answer = answer
    endpoint = Endpoint("completions", server.origin)
    text, _, failed = await outcome(endpoint.ask("Hello", system="Be brief."))
    assert (text, failed) == ("Hi.", None)
    assert server.requests[-1].json()["messages"] == [
        {"role": "user", "content": "Be brief.\n\nHello"}
    ]


DENIED = [
    "key not allowed to access model. This key can only access models=['gpt-5'].",
    "You have insufficient permissions for this operation. Missing scopes: model.request",
    "Your project does not have access to this model.",
    "This model is not available in your region.",
]


@pytest.mark.parametrize("message", DENIED)
@pytest.mark.parametrize("protocol", PROTOCOLS)
async def test_a_key_that_may_not_use_a_model_is_no_wrong_key(
    server: Plain, protocol: Protocol, message: str
) -> None:
    server.answer = lambda _: Reply({"error": {"message": message, "code": "401"}}, 401)
    _, _, failed = await outcome(Endpoint(protocol, server.origin).ask())
    assert failed
    assert failed.code == "forbidden"
    assert "does not let the key in TEST_API_KEY use" in str(failed)
    assert message[:40] in str(failed)
