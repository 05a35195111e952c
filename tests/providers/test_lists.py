"""What is read from each API's list: every page, every fact, and nothing that was not said."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest
from anthropic.types import ModelInfo
from openai.types import Model as OpenAIModel
from tests.loopback import world
from tests.loopback.asking import LISTS, asking, ids, sources
from tests.loopback.server import Loopback

from stagewright.catalog.catalog import ProviderSnapshot
from stagewright.catalog.model import Capability, Lifecycle, Model, Price
from stagewright.catalog.wire import provider_to_json
from stagewright.providers.configured import provider_of
from stagewright.providers.lists import anthropic, compatible, gemini, ollama, openai
from stagewright.providers.network import new_client
from stagewright.providers.presets import PRESETS, ProviderConfig
from stagewright.settings import Settings


async def listed(server: Loopback, folder: Path, kind: str) -> ProviderSnapshot:
    async with asking(folder, *sources(server, kind)) as registry:
        return (await registry.refresh()).providers[f"my-{kind}"]


async def test_anthropic_every_page_with_the_retired(server: Loopback, tmp_path: Path) -> None:
    found = await listed(server, tmp_path, "anthropic")
    assert len(found.models) == 46
    assert found.complete
    assert {world.THIRD_PAGE, world.RETIRED} <= set(ids(found))
    assert len(server.requests) == 3
    assert found.model(world.DEPRECATED) == Model(
        id="claude-sonnet-4-5-20250929",
        name="Claude Sonnet 4.5",
        lifecycle=Lifecycle.DEPRECATED,
        created=datetime(2025, 9, 29, tzinfo=UTC),
        deprecated_at=date(2026, 5, 1),
        retires_at=date(2026, 11, 30),
        successors=("claude-sonnet-5-5",),  # the newest active one of its line
        context_window=200_000,
        max_output=64_000,
        capabilities=frozenset(
            {Capability.CHAT, Capability.TOOLS, Capability.VISION, Capability.THINKING}
        ),
    )


async def test_an_anthropic_gateway_that_refuses_the_lifecycle_parameter(
    server: Loopback, tmp_path: Path
) -> None:
    server.break_("^/anthropic", status=400, times=1)
    found = await listed(server, tmp_path, "anthropic")
    assert len(found.models) == 45
    assert [bool(r.parameter("lifecycle[]")) for r in server.requests] == [True, *[False] * 3]


async def test_openai(server: Loopback, tmp_path: Path) -> None:
    found = await listed(server, tmp_path, "openai")
    turbo = found.model("gpt-4-turbo")
    assert turbo is not None
    assert (turbo.lifecycle, turbo.retires_at) == (Lifecycle.DEPRECATED, date(2026, 12, 15))
    assert turbo.created == datetime.fromtimestamp(1_712_000_000, UTC)
    assert found.model("gpt-5") is not None
    # At other origins ids tell little: only what can be nothing else does not chat.
    assert sorted(model.id for model in found.models if not model.chat) == [
        "gpt-4o-mini-tts", "gpt-4o-transcribe", "gpt-4o-transcribe-diarize", "gpt-image-2",
        "gpt-realtime", "omni-moderation-latest", "sora-2", "text-embedding-3-small", "whisper-1",
    ]  # fmt: skip


@pytest.mark.parametrize("base_url", [PRESETS["openai"].base_url, "https://API.openai.com:443/v1"])
async def test_openai_itself_names_what_is_not_chat(base_url: str) -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        assert str(request.url) == "https://api.openai.com/v1/models"
        return httpx2.Response(200, json={"data": world.openai_models()})

    config = ProviderConfig("openai", "OpenAI", "openai", base_url, "key")
    async with httpx2.AsyncClient(transport=httpx2.MockTransport(answer)) as http:
        found = await provider_of(config, Settings()).list_models(http)
    assert sorted(model.id for model in found.models if model.chat) == [
        "gpt-4-turbo", "gpt-4o", "gpt-5", "gpt-5.4-mini", "gpt-5.5", "gpt-6-luna", "gpt-6.1-sol",
        "gpt-audio", "o3",
    ]  # fmt: skip
    assert openai.read_openai({"id": "ft:gpt-4o-mini-tts:acme::x"}) is not None


async def test_gemini(server: Loopback, tmp_path: Path) -> None:
    found = await listed(server, tmp_path, "gemini")
    assert len(found.models) == 64
    assert found.model("gemini-3-pro") == Model(
        id="gemini-3-pro",
        name="Gemini 3 Pro",
        context_window=1_048_576,
        max_output=65_536,
        capabilities=frozenset({Capability.CHAT}),
    )
    not_chat = {model.id for model in found.models if not model.chat}
    assert not_chat == {"gemini-2.5-flash-preview-tts", "gemini-embedding-001"}
    assert all("key" not in str(request.query).lower() for request in server.requests)


async def test_ollama(server: Loopback, tmp_path: Path) -> None:
    found = await listed(server, tmp_path, "ollama")
    assert found.model("llama3.2:8b") == Model(
        id="llama3.2:8b",
        context_window=131_072,
        capabilities=frozenset({Capability.CHAT, Capability.TOOLS, Capability.VISION}),
    )
    old = found.model("old-server-model")
    assert old is not None
    assert (old.chat, old.context_window, old.aliases) == (True, 32_768, ("old-server-model",))
    embed = found.model("nomic-embed-text")
    assert embed is not None
    assert not embed.chat


async def test_ollama_lists_what_it_cannot_show(server: Loopback, tmp_path: Path) -> None:
    server.break_("/api/show", status=500)
    found = await listed(server, tmp_path, "ollama")
    assert (found.status, found.complete, len(found.models)) == ("ok", True, 3)


@pytest.mark.parametrize("arrangement", [{}, {"compatible_page": 2}, {"compatible_bare": True}])
async def test_compatible(server: Loopback, tmp_path: Path, arrangement: dict[str, object]) -> None:
    for name, value in arrangement.items():
        setattr(server.world, name, value)
    found = await listed(server, tmp_path, "openai-compatible")
    assert (found.complete, found.asks_single) == (True, False)
    assert found.model("bare-model") == Model("bare-model")
    assert found.model("anthropic/claude-opus-5.5-20260901") == Model(
        id="anthropic/claude-opus-5.5",
        name="Claude Opus 5.5",
        lifecycle=Lifecycle.DEPRECATED,
        created=datetime.fromtimestamp(1_788_000_000, UTC),
        retires_at=date(2027, 1, 31),
        context_window=1_000_000,
        max_output=64_000,
        capabilities=frozenset(
            {Capability.CHAT, Capability.TOOLS, Capability.VISION, Capability.THINKING}
        ),
        aliases=("anthropic/claude-opus-5.5-20260901",),
        price=Price(4, 20),
    )
    older = found.model("mistral-older")
    assert older is not None
    assert (older.successors, older.retires_at) == (("mistral-new",), date(2026, 12, 31))
    embed = found.model("mistral-embed")
    assert embed is not None
    assert not embed.chat


COHERE = [
    {"name": "command-x", "endpoints": ["generate", "chat"], "context_length": 256000},
    {"name": "embed-x", "endpoints": ["embed", "classify"], "context_length": 512.0},
    {"name": "rerank-x", "endpoints": ["rerank"], "is_deprecated": True},
]


async def test_cohere(server: Loopback, tmp_path: Path) -> None:
    server.break_(LISTS["openai-compatible"], body={"models": COHERE, "next_page_token": ""})
    found = await listed(server, tmp_path, "openai-compatible")
    assert (found.status, found.complete) == ("ok", True)
    assert {one.id: (one.chat, one.context_window, one.lifecycle) for one in found.models} == {
        "command-x": (True, 256_000, Lifecycle.UNKNOWN),
        "embed-x": (False, 512, Lifecycle.UNKNOWN),
        "rerank-x": (False, None, Lifecycle.DEPRECATED),
    }


EXAMPLES = ("openai/x", "claude-x", "bedrock/us.anthropic.x:0", "gpt-x", "claude-")


PATTERNS = {
    "*": EXAMPLES,
    "openai/*": ("openai/x",),
    "claude-*": ("claude-x", "claude-"),
    "bedrock/us.anthropic.*": ("bedrock/us.anthropic.x:0",),
    "*-x": ("claude-x", "gpt-x"),
    "bed*anthropic*:0": ("bedrock/us.anthropic.x:0",),
}


@pytest.mark.parametrize("kind", ["anthropic", "openai", "openai-compatible"])
@pytest.mark.parametrize("pattern", PATTERNS)
async def test_a_pattern_is_matched_and_no_model(
    server: Loopback, tmp_path: Path, pattern: str, kind: str
) -> None:
    getattr(server.world, kind.removeprefix("openai-")).append(
        {"id": pattern, "lifecycle": "active"}
    )
    found = await listed(server, tmp_path, kind)
    assert (found.status, found.complete, found.patterns) == ("ok", True, (pattern,))
    assert pattern not in ids(found)
    assert provider_to_json(found)["complete"] is False, "there are models that it does not name"
    assert tuple(filter(found.covered, EXAMPLES)) == PATTERNS[pattern]


UNREADABLE: dict[str, Any] = {
    "anthropic": {"data": [{"id": "one"}, {"id": "one"}, {"id": "a\nb"}]},
    "openai": {"data": [{"id": "one"}, {"id": "one"}, None]},
    "gemini": {"models": [{"name": "models/one"}, {"name": "models/one"}, {"name": "models/"}]},
    "ollama": {"models": [{"name": "one"}, {"name": "one"}, {"name": 1}]},
    "openai-compatible": [{"id": "one"}, {"id": "one"}, {"id": ""}],
}


@pytest.mark.parametrize("kind", UNREADABLE)
async def test_what_stands_twice_counts_once_and_what_has_no_name_leaves_a_gap(
    server: Loopback, tmp_path: Path, kind: str
) -> None:
    server.break_(LISTS[kind], body=UNREADABLE[kind])
    found = await listed(server, tmp_path, kind)
    assert (found.status, ids(found), found.complete) == ("ok", ["one"], False)
    assert found.error == f"An entry of my-{kind}'s list cannot be read."


NONSENSE: list[Any] = [None, 0, -1, 1e300, True, "", "x", [], [1], {}, {"x": 1}, float("nan")]


@pytest.mark.parametrize("value", NONSENSE)
def test_facts_of_wrong_types_are_no_facts(value: Any) -> None:
    for read, examples in (
        (anthropic.read_model, world.anthropic_models()),
        (gemini.read_model, world.gemini_models()),
        (compatible.read_model, world.compatible_models()),
        (openai.read_openai, world.openai_models()),
        (lambda entry: ollama.read_model("x", entry), list(world.ollama_models().values())),
    ):
        for example in examples[:8]:
            for key in example:
                model = read({**example, key: value})
                assert model is None or isinstance(model.id, str)
                if model is not None and key not in ("id", "name", "lifecycle"):
                    assert hash(model) is not None
    everywhere = compatible.read_model(dict.fromkeys(world.compatible_models()[1], value))
    assert everywhere is None or everywhere.id == "x"


def test_anthropics_own_type_is_read() -> None:
    entry = world.anthropic_model(
        "claude-x", lifecycle="deprecated", retires="2027-01-01T00:00:00Z"
    )
    info = ModelInfo.construct(**entry)
    model = anthropic.read_model(info.to_dict(mode="json"))
    assert model is not None
    assert (model.id, model.retires_at) == ("claude-x", date(2027, 1, 1))
    for fact in ("display_name", "created_at", "lifecycle", "max_input_tokens", "capabilities"):
        assert fact in ModelInfo.model_fields


def test_openais_own_type_is_read() -> None:
    listed = OpenAIModel(
        id="gpt-x", created=1_788_000_000, object="model", owned_by="x", shutdown_date="2027-01-01"
    )
    model = openai.read_openai(listed.to_dict(mode="json"))
    assert model is not None
    assert (model.id, model.lifecycle, model.retires_at) == (
        "gpt-x",
        Lifecycle.DEPRECATED,
        date(2027, 1, 1),
    )


ONE_MODEL = {
    "anthropic": ("claude-haiku-4-5", world.THIRD_PAGE),
    "openai": (world.OPENAI_UNLISTED[0], world.OPENAI_UNLISTED[0]),
    "gemini": ("gemini-3-pro", "gemini-3-pro"),
    "ollama": ("llama3.2:8b", "llama3.2:8b"),
}


@pytest.mark.parametrize("kind", ONE_MODEL)
async def test_one_model(server: Loopback, tmp_path: Path, kind: str) -> None:
    name, resolved = ONE_MODEL[kind]
    async with asking(tmp_path, *sources(server, kind)) as registry, new_client() as http:
        provider = registry.provider(f"my-{kind}")
        assert provider is not None
        assert registry.catalog.providers[f"my-{kind}"].asks_single
        found = await provider.get_model(http, name)
        assert found is not None
        assert found.id == resolved
        for absent in (
            "no-such-model",
            "no/such/model",
            "../models",
            "..",
            "a b\n",
            "x" * 5000,
            "ü?#",
        ):
            assert await provider.get_model(http, absent) is None
    for request in server.requests:
        assert request.path.startswith(f"/{kind}/"), "no name leads out of the API"


def test_the_key_is_in_no_repr() -> None:
    config = ProviderConfig("x", "X", "openai", "http://x", "sk-secret")
    assert "sk-secret" not in repr(provider_of(config, Settings()))
    assert "sk-secret" not in repr(replace(config, name="Y"))
