"""Streamed chats through the real SDKs against a loopback server, by all three protocols."""

from __future__ import annotations

import asyncio
import logging
import subprocess
import sys

import pytest
from tests.loopback.asking import provider_called
from tests.loopback.chat import Call, Protocol, Script, frames
from tests.loopback.endpoint import KEY, MODELS, PROTOCOLS, WHOLE, Endpoint, outcome
from tests.loopback.server import Loopback

from stagewright.providers.base import (
    ChatRequest,
    Ended,
    ReasoningDelta,
    Resolved,
    Turn,
    Usage,
)
from stagewright.providers.chat.attempts import alternating
from stagewright.providers.lists.remote import Remote
from stagewright.settings import load

all_protocols = pytest.mark.parametrize("protocol", PROTOCOLS)


# What comes back


@all_protocols
async def test_an_answer_names_its_model_its_tokens_and_its_end(
    server: Loopback, protocol: Protocol
) -> None:
    server.then(Script(model="the-model-that-answers", thinking="Let me think."))
    text, events, error = await outcome(Endpoint(protocol, server.origin).ask("Hello"))
    word = {"anthropic": "end_turn", "responses": "completed", "completions": "stop"}[protocol]
    assert (text, error) == (WHOLE, None)
    assert set(events) == {
        Resolved("the-model-that-answers"),
        ReasoningDelta("Let me think."),
        Usage(11, 7),
        Ended("whole", word),
    }
    assert events[-1] == Ended("whole", word)


@pytest.mark.parametrize(
    ("protocol", "word"),
    [
        ("anthropic", "max_tokens"),
        ("responses", "max_output_tokens"),
        ("completions", "content_filter"),
    ],
)
async def test_an_answer_cut_short_by_the_provider_says_so_in_its_word(
    server: Loopback, protocol: Protocol, word: str
) -> None:
    server.then(Script(stop=word))
    text, events, error = await outcome(Endpoint(protocol, server.origin).ask())
    assert (text, error) == (WHOLE, None)
    assert Ended("cut", word) in events


@pytest.mark.parametrize("protocol", ["responses", "completions"])
async def test_a_refusal_is_an_answer(server: Loopback, protocol: Protocol) -> None:
    server.then(Script(refusal=True, text="I cannot help with that."))
    text, _, error = await outcome(Endpoint(protocol, server.origin).ask())
    assert (text, error) == ("I cannot help with that.", None)


@all_protocols
async def test_bytes_may_come_one_by_one(server: Loopback, protocol: Protocol) -> None:
    server.then(Script(text="Grüße, 世界 🌍!", piece=1, chunk=1))
    text, _, error = await outcome(Endpoint(protocol, server.origin).ask())
    assert (text, error) == ("Grüße, 世界 🌍!", None)


@all_protocols
async def test_five_megabytes_come_whole(server: Loopback, protocol: Protocol) -> None:
    long = "A line of text, again and again.\n" * 160_000
    server.then(Script(text=long, piece=4096))
    text, _, error = await outcome(Endpoint(protocol, server.origin).ask())
    assert error is None
    assert text == long


# What is sent


@all_protocols
async def test_the_conversation_is_sent_as_plain_turns(
    server: Loopback, protocol: Protocol
) -> None:
    answer = Endpoint(protocol, server.origin).ask("One", "Two", "Three", system="Be brief.")
    await outcome(answer)
    assert server.calls[0].asked == {
        "model": MODELS[protocol],
        "system": "Be brief.",
        "turns": [["user", "One"], ["assistant", "Two"], ["user", "Three"]],
    }


def test_turns_alternate_and_none_is_empty() -> None:
    turns = [Turn("assistant", "Hi"), Turn("user", " \n"), Turn("user", "A"), Turn("user", "B")]
    assert [turn.role for turn in alternating(turns)] == ["user", "assistant", "user"]
    assert alternating(turns)[1:] == (Turn("assistant", "Hi"), Turn("user", "A\n\nB"))


@all_protocols
async def test_any_text_at_all_can_be_sent(server: Loopback, protocol: Protocol) -> None:
    text, _, error = await outcome(Endpoint(protocol, server.origin).ask("a\ud800b\0c\u2028d"))
    assert (text, error) == (WHOLE, None)
    assert server.calls[0].asked["turns"] == [["user", "a?b\0c\u2028d"]]


async def test_only_what_is_wanted_is_sent_along(server: Loopback) -> None:
    for protocol in PROTOCOLS:
        await outcome(Endpoint(protocol, server.origin).ask())
    anthropic, responses, completions = (
        set(call.body) - {"model", "messages", "input"} for call in server.calls
    )
    assert anthropic == {"max_tokens", "stream"}
    assert responses == {"store", "stream"}
    assert completions == {"stream_options", "stream"}
    assert server.calls[1].body["store"] is False


@pytest.mark.parametrize(
    ("asked", "limit", "sent"),
    [
        (None, None, 8192),
        (None, 64_000, 32_000),
        (None, 4096, 4096),
        (1000, 64_000, 1000),
        (99_999, 64_000, 64_000),
    ],
)
async def test_anthropic_gets_a_bound_within_what_the_model_can_give(
    server: Loopback, asked: int | None, limit: int | None, sent: int
) -> None:
    answer = Endpoint("anthropic", server.origin).ask(max_tokens=asked, output_limit=limit)
    await outcome(answer)
    assert server.calls[0].body["max_tokens"] == sent


@all_protocols
async def test_the_environment_adds_nothing(
    server: Loopback, protocol: Protocol, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("ANTHROPIC_AUTH_TOKEN", "OPENAI_ADMIN_KEY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID"):
        monkeypatch.setenv(name, "from-the-environment")
    for name in ("ANTHROPIC_CUSTOM_HEADERS", "OPENAI_CUSTOM_HEADERS"):
        monkeypatch.setenv(name, "x-extra: from-the-environment")
    await outcome(Endpoint(protocol, server.origin).ask())
    assert "from-the-environment" not in str(server.calls[0].headers)
    assert server.calls[0].headers["authorization"] == f"Bearer {KEY}"


@all_protocols
async def test_a_proxy_is_not_asked_for_this_machine(
    server: Loopback,
    protocol: Protocol,
    monkeypatch: pytest.MonkeyPatch,
    unused_tcp_port: int,
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{unused_tcp_port}")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    assert (await outcome(Endpoint(protocol, server.origin).ask()))[0] == WHOLE


async def test_a_server_without_keys_gets_none(
    server: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-for-openai-alone")
    text, _, _ = await outcome(Endpoint("completions", server.origin, key=None).ask())
    assert text == WHOLE
    assert "authorization" not in server.calls[0].headers


async def test_a_redirect_is_not_followed(server: Loopback) -> None:
    elsewhere = {"location": f"{server.origin}/elsewhere"}
    server.then(Script(status=307, headers=elsewhere, body=""))
    _, _, error = await outcome(Endpoint("completions", server.origin).ask())
    assert error
    assert "redirects" in str(error)
    assert len(server.calls) == 1


# What a server refuses


REFUSALS = {
    "a reasoning model's temperature": (
        "responses",
        {"message": "Unsupported parameter: 'temperature'.", "param": "temperature"},
        {"temperature": 0.2},
        lambda body: "temperature" not in body,
    ),
    "the old name of the bound": (
        "completions",
        {
            "message": "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.",
            "param": "max_tokens",
        },
        {"max_tokens": 500},
        lambda body: body.get("max_completion_tokens") == 500 and "max_tokens" not in body,
    ),
    "the count of tokens": (
        "completions",
        {"message": "Extra inputs are not permitted: body.stream_options"},
        {},
        lambda body: "stream_options" not in body,
    ),
    "a system prompt": (
        "completions",
        {"message": "System role not supported"},
        {"system": "Be brief."},
        lambda body: body["messages"] == [{"role": "user", "content": "Be brief.\n\nHello"}],
    ),
    "more than the model can give": (
        "anthropic",
        {"message": "max_tokens: 8192 > 4096, which is the maximum allowed number of output"},
        {},
        lambda body: body["max_tokens"] == 4096,
    ),
    "more than the window has left": (
        "anthropic",
        {"message": "input length and `max_tokens` exceed context limit: 195000 + 8192 > 200000"},
        {},
        lambda body: body["max_tokens"] == 5000,
    ),
    "a temperature at Anthropic": (
        "anthropic",
        {"message": "temperature: Extra inputs are not permitted"},
        {"temperature": 0.2},
        lambda body: "temperature" not in body,
    ),
}


@pytest.mark.parametrize("name", REFUSALS)
async def test_what_a_model_refuses_is_left_out_at_the_second_try(
    server: Loopback, name: str
) -> None:
    protocol, error, options, fits = REFUSALS[name]
    server.then(Script(status=400, body={"error": {"type": "invalid_request_error", **error}}))
    text, _, failed = await outcome(Endpoint(protocol, server.origin).ask("Hello", **options))
    assert (text, failed) == (WHOLE, None)
    first, second = (call.body for call in server.calls)
    assert not fits(first)
    assert fits(second)


async def test_a_gateway_without_responses_is_asked_for_completions(server: Loopback) -> None:
    server.then(Script(status=404, body={"detail": "Not Found"}))
    text, _, error = await outcome(Endpoint("responses", server.origin).ask())
    assert (text, error) == (WHOLE, None)
    assert [call.path for call in server.calls] == ["/v1/responses", "/v1/chat/completions"]


async def test_a_server_that_refuses_everything_is_not_asked_forever(server: Loopback) -> None:
    server.default = Script(
        status=400, body={"error": {"message": "temperature max_tokens stream_options system"}}
    )
    options = {"temperature": 1.0, "max_tokens": 5, "system": "Be brief."}
    _, _, error = await outcome(Endpoint("completions", server.origin).ask("Hello", **options))
    assert error
    assert error.code == "bad-request"
    assert len(server.calls) == 4


async def test_every_provider_asks_at_its_own_address_with_its_own_key(server: Loopback) -> None:
    expected = {
        "anthropic": ("/anthropic/v1/messages", "ANTHROPIC_API_KEY"),
        "openai": ("/openai/v1/responses", "OPENAI_API_KEY"),
        "gemini": ("/gemini/v1beta/openai/chat/completions", "GEMINI_API_KEY"),
        "ollama": ("/ollama/v1/chat/completions", "OLLAMA_API_KEY"),
        "openrouter": ("/openrouter/v1/chat/completions", "OPENROUTER_API_KEY"),
        "my-own": ("/my-own/v1/chat/completions", "MY_KEY"),
    }
    version = {"openai": "/v1", "openrouter": "/v1", "my-own": "/v1"}
    given = {
        name: {"baseUrl": f"{server.origin}/{name}{version.get(name, '')}"} for name in expected
    }
    given["my-own"] |= {"kind": "openai-compatible", "apiKeyEnv": "MY_KEY"}
    environ = {variable: f"key-of-{name}" for name, (_, variable) in expected.items()}
    settings, problems = load({"providers": given}, environ)
    assert problems == []
    turns = (Turn("user", "Hello"),)
    for name in expected:
        text, _, _ = await outcome(
            provider_called(name, settings, environ).stream_chat(ChatRequest("m", turns))
        )
        assert text == WHOLE
    asked = [(call.path, call.headers["authorization"]) for call in server.calls]
    assert asked == [(path, f"Bearer key-of-{name}") for name, (path, _) in expected.items()]


@pytest.mark.parametrize(
    ("address", "setting", "seconds"),
    [
        ("http://127.0.0.1:8080/v1", None, 1800),
        ("http://localhost:8080/v1", None, 1800),
        ("http://[::1]:8080/v1", None, 1800),
        ("https://api.example.com/v1", None, 300),
        ("https://api.example.com/v1", 900, 900),
        ("http://127.0.0.1:8080/v1", 20, 20),
    ],
)
def test_patience_is_the_setting_or_longer_for_this_machine(
    address: str, setting: float | None, seconds: float
) -> None:
    given = {"providers": {"mine": {"baseUrl": address}}, "chat": {"timeoutSeconds": setting}}
    settings, problems = load(given, {})
    assert problems == []
    provider = provider_called("mine", settings, {})
    assert isinstance(provider, Remote)
    assert provider.stall_seconds == seconds


@pytest.mark.parametrize("setting", [0, -5, 100_000, "long"])
def test_a_patience_that_is_none_is_told_and_left_out(setting: object) -> None:
    settings, problems = load({"chat": {"timeoutSeconds": setting}}, {})
    assert [problem.key for problem in problems] == ["chat.timeoutSeconds"]
    assert settings.chat.timeout_seconds is None


# Around it


def test_the_modules_import_no_sdk() -> None:
    program = (
        "import sys; import stagewright.providers.chat.anthropic, stagewright.workflows.chat;"
        "import stagewright.providers.chat.openai, stagewright.providers.chat.rehearsal;"
        "print({'anthropic', 'openai', 'genai_prices'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (done.stdout, done.returncode) == ("set()\n", 0)


@all_protocols
async def test_no_key_and_no_conversation_is_logged(
    server: Loopback, protocol: Protocol, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    provider = Endpoint(protocol, server.origin)
    await outcome(provider.ask("What I said in confidence"))
    server.then(Script(fault="broken", text="What it said in confidence"))
    await outcome(provider.ask("What I said in confidence"))
    assert "confidence" not in caplog.text
    assert KEY not in caplog.text


def test_the_loopback_server_speaks_as_the_apis_do() -> None:
    """Each event fits the SDK's own type of it."""
    from anthropic.types import RawMessageStreamEvent
    from openai.types.chat import ChatCompletionChunk
    from openai.types.responses import ResponseStreamEvent
    from pydantic import TypeAdapter

    kinds = {
        "anthropic": ("/v1/messages", RawMessageStreamEvent),
        "responses": ("/v1/responses", ResponseStreamEvent),
        "completions": ("/v1/chat/completions", ChatCompletionChunk),
    }
    for path, kind in kinds.values():
        adapter = TypeAdapter(kind)
        call = Call(path, {}, {"model": "m"}, asyncio.Event())
        for frame, _ in frames(call, Script(thinking="Hm.")):
            data = frame.decode().partition("data: ")[2].strip()
            if data and data != "[DONE]" and '"type": "ping"' not in data:
                adapter.validate_json(data)


async def test_a_request_is_sent_for_the_model_as_it_is_written(server: Loopback) -> None:
    turns = (Turn("user", "Hello"),)
    for model in ("llama3:8b", "ft:gpt-4o:acme::a1b2", "meta/llama-3.1:free"):
        await outcome(Endpoint("completions", server.origin).stream_chat(ChatRequest(model, turns)))
    assert [call.body["model"] for call in server.calls] == [
        "llama3:8b",
        "ft:gpt-4o:acme::a1b2",
        "meta/llama-3.1:free",
    ]
