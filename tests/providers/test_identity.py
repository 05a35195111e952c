"""Lists, single models and chats say by the same headers whose they are, and never an empty one."""

from __future__ import annotations

import pytest
from tests.loopback.asking import provider_called
from tests.loopback.plain import completions, listed, messages, plain, responses
from tests.loopback.wire import Reply, Request

from stagewright.providers.base import ChatRequest, Provider, TextDelta, Turn
from stagewright.providers.chat.sdk import close_clients
from stagewright.providers.identity import Api, identity
from stagewright.providers.network import new_client
from stagewright.settings import Kind, ProviderSettings, Settings

KEY = "k-1"
BEARER = f"Bearer {KEY}"
REFUSED = Reply({"type": "error", "error": {"type": "authentication_error", "message": "?"}}, 401)
HEADERS = ("authorization", "x-api-key", "api-key", "x-goog-api-key")
EVERY = {"X-Api-Key": KEY, "Api-Key": KEY, "Authorization": BEARER}


@pytest.mark.parametrize(
    ("api", "base_url", "headers"),
    [
        ("anthropic", "https://api.anthropic.com", {"X-Api-Key": KEY}),
        ("anthropic", "https://api.anthropic.com:443/", {"X-Api-Key": KEY}),
        (
            "anthropic",
            "https://gateway.example.com/anthropic",
            {"X-Api-Key": KEY, "Authorization": f"Bearer {KEY}"},
        ),
        (
            "anthropic",
            "https://api.anthropic.com.example.com",
            {"X-Api-Key": KEY, "Authorization": f"Bearer {KEY}"},
        ),
        ("gemini", "https://generativelanguage.googleapis.com", {"X-Goog-Api-Key": KEY}),
        ("gemini-chat", "https://generativelanguage.googleapis.com", {"Authorization": BEARER}),
        ("gemini", "https://gate.example.com", {"X-Goog-Api-Key": KEY, "Authorization": BEARER}),
        (
            "gemini-chat",
            "https://gate.example.com",
            {"X-Goog-Api-Key": KEY, "Authorization": BEARER},
        ),
        ("openai", "https://api.openai.com/v1", {"Authorization": f"Bearer {KEY}"}),
        ("openai", "https://api.groq.com/openai/v1", {"Authorization": BEARER}),
        ("openai", "https://openrouter.ai/api/v1", {"Authorization": BEARER}),
        ("openai", "https://gate.example.com/v1", EVERY),
        ("openai", "https://api.openai.com.example.com/v1", EVERY),
        ("openai", "http://127.0.0.1:4000/v1", EVERY),
    ],
)
def test_headers(api: Api, base_url: str, headers: dict[str, str]) -> None:
    assert identity(api, base_url, KEY) == headers
    assert identity(api, base_url, None) == identity(api, base_url, "") == {}


def provider(kind: Kind, base_url: str, key: str | None) -> Provider:
    """The configured provider `acme`; with a variable for its key only where there is one."""
    settings = ProviderSettings(kind=kind, base_url=base_url, api_key_env="K" if key else None)
    environ = {"K": key} if key else {}
    return provider_called("acme", Settings(providers={"acme": settings}), environ)


async def said(provider: Provider) -> str:
    """What a chat answers."""
    request = ChatRequest("m", (Turn("user", "Hello"),))
    try:
        got = [one async for one in provider.stream_chat(request)]
    finally:
        await close_clients()
    return "".join(one.text for one in got if isinstance(one, TextDelta))


def answer(request: Request) -> Reply:
    """A server that speaks all of the APIs."""
    if request.method == "POST" and request.path.endswith("/api/show"):
        return Reply({"capabilities": ["completion"]})
    if request.method == "POST":
        speaks = {"messages": messages, "responses": responses, "completions": completions}
        return speaks[request.path.rpartition("/")[2]]("hi")
    if request.path.endswith("/api/tags"):
        return Reply({"models": [{"name": "m"}]})
    if request.path.endswith("/v1beta/models"):
        model = {"name": "models/m", "supportedGenerationMethods": ["generateContent"]}
        return Reply({"models": [model]})
    if request.path.endswith("/models"):
        return listed("m", has_more=False)
    return Reply({"id": "m", "name": "models/m"})


@pytest.mark.parametrize(
    ("kind", "header", "value"),
    [
        ("anthropic", "x-api-key", KEY),
        ("anthropic", "authorization", BEARER),
        ("gemini", "x-goog-api-key", KEY),
        ("gemini", "authorization", BEARER),
        ("openai-compatible", "x-api-key", KEY),
        ("openai-compatible", "api-key", KEY),
        ("openai-compatible", "authorization", BEARER),
        ("openai", "api-key", KEY),
    ],
)
async def test_a_gateway_that_reads_one_header(kind: Kind, header: str, value: str) -> None:

    def only(request: Request) -> Reply:
        return answer(request) if request.headers.get(header) == value else REFUSED

    async with plain(only) as server, new_client() as http:
        acme = provider(kind, server.origin, KEY)
        assert [one.id for one in (await acme.list_models(http)).models] == ["m"]
        assert await acme.get_model(http, "m") is not None
        assert await said(acme) == "hi"


@pytest.mark.parametrize("key", [KEY, None], ids=["with a key", "without"])
@pytest.mark.parametrize("kind", ["anthropic", "openai", "openai-compatible", "ollama", "gemini"])
async def test_what_is_sent(kind: Kind, key: str | None) -> None:
    async with plain(answer) as server, new_client() as http:
        acme = provider(kind, server.origin, key)
        assert [one.id for one in (await acme.list_models(http)).models] == ["m"]
        assert await acme.get_model(http, "m") is not None
        assert await said(acme) == "hi"
        sent = [
            {name: value for name, value in one.headers.items() if name in HEADERS}
            for one in server.requests
        ]
    if key is None:
        assert sent == [{}] * len(sent)
    else:
        assert sent == [sent[0]] * len(sent)
        assert set(sent[0].values()) <= {KEY, f"Bearer {KEY}"}


@pytest.mark.parametrize("value", ["", "  ", "\t"])
async def test_a_variable_with_nothing_in_it(value: str) -> None:
    async with plain(answer) as server, new_client() as http:
        settings = Settings(
            providers={"acme": ProviderSettings(kind="anthropic", base_url=server.origin)}
        )
        acme = provider_called("acme", settings, {"ANTHROPIC_API_KEY": value})
        await acme.list_models(http)
        assert await said(acme) == "hi"
        assert not any(name in one.headers for one in server.requests for name in HEADERS)
