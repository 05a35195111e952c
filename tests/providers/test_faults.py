"""Every fault at every kind of provider: its status, what is kept, and what is never claimed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from tests.loopback.asking import LISTS, Clock, asking, ids, sources, standing
from tests.loopback.lists import KEYS
from tests.loopback.server import Loopback, loopback

from stagewright.analysis import phrases
from stagewright.catalog.catalog import Catalog, Standing
from stagewright.providers.registry import Registry
from stagewright.providers.store import ListStore
from stagewright.settings import load

KINDS = tuple(LISTS)


PAGED = ("anthropic", "gemini", "openai-compatible")


WITNESS = {"anthropic": "openai"}  # whose list must stay as it is; of the others, Anthropic's


@pytest.fixture
async def server() -> AsyncIterator[Loopback]:
    async with loopback() as running:
        running.world.gemini_page = 25
        running.world.compatible_page = 2
        yield running


SOON = {"timeoutSeconds": 0.8}


LONG = 50  # seconds: more than any machine sleeps


FAULTS: dict[str, tuple[str, dict[str, Any], dict[str, float]]] = {
    # name: status, what happens to requests for the list, settings while it does
    "403": ("forbidden", {"status": 403, "body": {}}, {}),
    "402": ("forbidden", {"status": 402, "body": "<html>"}, {}),
    "404": ("no-list", {"status": 404, "body": {}}, {}),
    "405": ("no-list", {"status": 405, "body": "nope"}, {}),
    "400": ("bad-answer", {"status": 400, "body": {}}, {}),
    "429": ("rate-limited", {"status": 429, "body": {}}, {}),
    "529": ("rate-limited", {"status": 529, "body": {}}, {}),
    "500": ("bad-answer", {"status": 500, "body": "<html>oops</html>"}, {}),
    "503": ("bad-answer", {"status": 503, "body": {}}, {}),
    "reset before an answer": ("unreachable", {"kind": "reset"}, {}),
    "hang before headers": ("unreachable", {"kind": "hang"}, SOON),
    "drip-fed body": ("unreachable", {"kind": "drip", "delay": 0.05}, SOON),
    "body cut short": ("bad-answer", {"kind": "cut"}, {}),
    "HTML instead of JSON": ("bad-answer", {"body": "<html>Sign in</html>"}, {}),
    "nothing": ("bad-answer", {"body": ""}, {}),
    "half JSON": ("bad-answer", {"body": '{"data": [{"id"'}, {}),
    "not UTF-8": ("bad-answer", {"body": b"\xff\xfe"}, {}),
    "deep nesting": ("bad-answer", {"body": "[" * 200_000}, {}),
    "null": ("bad-answer", {"body": None}, {}),
    "a number": ("bad-answer", {"body": 3}, {}),
    "no list in it": ("bad-answer", {"body": {"object": "list"}}, {}),
    "a text for the list": ("bad-answer", {"body": {"data": "x", "models": "x"}}, {}),
    "numbers for models": ("bad-answer", {"body": {"data": [1, 2], "models": [1, 2]}}, {}),
    "models without names": ("bad-answer", {"body": {"data": [{}], "models": [{}]}}, {}),
    "wrong types of names": (
        "bad-answer",
        {"body": {"data": [{"id": 1}, {"id": None}], "models": [{"name": ["x"]}]}},
        {},
    ),
    "redirect to another origin": (
        "bad-answer",
        {"status": 307, "headers": {"location": "http://127.0.0.1:1/v1/models"}},
        {},
    ),
    "redirect without end": ("bad-answer", {"status": 302, "headers": {"location": "?"}}, {}),
    "redirect to nowhere": ("bad-answer", {"status": 302}, {}),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("fault", FAULTS)
async def test_fault(server: Loopback, tmp_path: Path, kind: str, fault: str) -> None:
    status, happens, models = FAULTS[fault]
    me, witness = f"my-{kind}", WITNESS.get(kind, "anthropic")
    clock = Clock()
    both = sources(server, kind, witness, timeoutSeconds=LONG)
    patience = models.get("timeoutSeconds", LONG)
    async with asking(tmp_path, *both, clock=clock) as registry:
        provider = registry.provider(me)
        object.__setattr__(provider, "timeout", patience)
        server.break_(LISTS[kind], **happens)
        catalog = await registry.refresh()
        cold = catalog.providers[me]
        assert (cold.status, cold.stale, cold.models) == (status, False, ())
        assert len(list(tmp_path.glob("*.jsonl"))) == 1, "the witness"
        check_claims(catalog, me, clock)

        server.fix()
        object.__setattr__(provider, "timeout", LONG)
        clock.forward(10_000)
        good = (await registry.refresh()).providers[me]
        assert (good.status, good.error) == ("ok", None)

        object.__setattr__(provider, "timeout", patience)
        server.break_(LISTS[kind], **happens)
        clock.forward(10_000)
        catalog = await registry.refresh()
        now = catalog.providers[me]
        assert (now.status, now.stale) == (status, True)
        assert ids(now) == ids(good), "the last good list is kept"
        assert now.checked_at == good.checked_at, "and its age is told"
        assert catalog.providers[f"my-{witness}"].status == "ok"
        check_claims(catalog, me, clock)


def check_claims(catalog: Catalog, provider: str, clock: Clock) -> None:
    """A failure says what happened, without a key, and claims nothing of any model."""
    for model in ("no-such-model", "gpt-5", "llama3.2:8b"):
        assert standing(catalog, provider, model, clock) is Standing.UNVERIFIED
    error = catalog.providers[provider].error
    assert error
    assert error.endswith(".")
    assert not any(key in error for key in KEYS.values())


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "ollama"])
async def test_wrong_key(server: Loopback, tmp_path: Path, kind: str) -> None:
    editor, environ = sources(server, kind)
    variable = editor["providers"][f"my-{kind}"]["apiKeyEnv"]
    async with asking(tmp_path, editor, {**environ, variable: "sk-wrong-7777"}) as registry:
        now = (await registry.refresh()).providers[f"my-{kind}"]
    assert now.status == "auth-failed"
    assert variable in (now.error or "")
    assert "sk-wrong" not in (now.error or "")


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "ollama"])
async def test_no_key_a_wrong_key_and_an_empty_list_are_told_apart(
    server: Loopback, tmp_path: Path, kind: str
) -> None:
    async def now(environ: dict[str, str]) -> tuple[str, str]:
        settings, _ = load(editor, environ, tmp_path / "none.toml")
        store = ListStore(tmp_path)
        registry = Registry(settings, environ, store=store, now=Clock())
        catalog = await registry.refresh()
        await registry.close()
        found = catalog.providers[f"my-{kind}"]
        return found.status, phrases.status(found)

    editor, environ = sources(server, kind)
    variable = editor["providers"][f"my-{kind}"]["apiKeyEnv"]
    assert await now({}) == ("not-configured", f"no key: set {variable}")
    assert server.requests == []
    assert await now({variable: "wrong"}) == ("auth-failed", f"key refused: check {variable}")
    server.break_(LISTS[kind], body={"data": [], "models": [], "has_more": False})
    assert await now(environ) == ("bad-answer", "no usable answer")


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "120"}, 120),
        ({"retry-after": "Sun, 22 Nov 2099 12:02:00 GMT"}, 3600),
        ({"retry-after-ms": "90000"}, 90),
        ({"retry-after": "soon"}, None),
    ],
)
@pytest.mark.parametrize("kind", KINDS)
async def test_retry_after(
    server: Loopback,
    tmp_path: Path,
    kind: str,
    headers: dict[str, str],
    seconds: float | None,
) -> None:
    server.break_(LISTS[kind], status=429, headers=headers)
    clock = Clock()
    async with asking(tmp_path, *sources(server, kind), clock=clock) as registry:
        await registry.refresh()
        await registry.refresh(force=True)
        assert len(server.asked(LISTS[kind])) == (1 if seconds else 2)
        if seconds:
            clock.forward(seconds - 1)
            await registry.refresh(force=True)
            assert len(server.asked(LISTS[kind])) == 1
            clock.forward(2)
            await registry.refresh(force=True)
            assert len(server.asked(LISTS[kind])) == 2


@pytest.mark.parametrize(
    ("status", "says"),
    [
        (429, "Rate limit reached (429) at my-openai."),
        (500, "my-openai is failing (500)."),
        (503, "my-openai is failing (503)."),
    ],
)
async def test_a_failure_of_the_provider_is_told_in_plain_words(
    server: Loopback, tmp_path: Path, status: int, says: str
) -> None:
    server.break_(LISTS["openai"], status=status)
    async with asking(tmp_path, *sources(server, "openai")) as registry:
        now = (await registry.refresh()).providers["my-openai"]
    assert now.error == says


REFUSALS = {
    # status of HTTP, body: what becomes of the provider, and what is said
    "a wrong key": (
        401,
        {"error": {"message": "Key expired yesterday", "code": "invalid_api_key"}},
        "auth-failed",
        "my-openai refused the key in KEY_OF_OPENAI (401). Check that it is complete and current. "
        'my-openai says: "Key expired yesterday".',
    ),
    "a key that may not": (
        401,
        {"error": {"message": "This key is not allowed to list models"}},
        "forbidden",
        "my-openai does not let the key in KEY_OF_OPENAI list models (401). "
        'my-openai says: "This key is not allowed to list models".',
    ),
    "a project without the API": (
        403,
        {"error": {"code": 403, "message": "Enable the API in your project."}},
        "forbidden",
        "my-openai does not let the key in KEY_OF_OPENAI list models (403). "
        'my-openai says: "Enable the API in your project."',
    ),
    "a web page": (
        403,
        "<html>No</html>",
        "forbidden",
        "my-openai does not let the key in KEY_OF_OPENAI list models (403). It is a matter of "
        "permission, region or credit.",
    ),
    "a status in the body of another": (
        500,
        {"error": {"message": "Slow down", "code": "429"}},
        "rate-limited",
        'Rate limit reached (429) at my-openai. my-openai says: "Slow down".',
    ),
    "an error that came as an answer": (
        200,
        {"error": {"message": "No such user", "code": 401}},
        "auth-failed",
        "my-openai refused the key in KEY_OF_OPENAI (401). Check that it is complete and current. "
        'my-openai says: "No such user".',
    ),
    "an error without a status": (
        200,
        {"error": "Unexpected endpoint"},
        "bad-answer",
        'my-openai refused to list its models. my-openai says: "Unexpected endpoint".',
    ),
    "bare text": (
        503,
        "no healthy upstream",
        "bad-answer",
        'my-openai is failing (503). my-openai says: "no healthy upstream".',
    ),
}


@pytest.mark.parametrize("case", REFUSALS)
async def test_a_refusal_keeps_the_providers_words(
    server: Loopback, tmp_path: Path, case: str
) -> None:
    status, body, becomes, says = REFUSALS[case]
    server.break_(LISTS["openai"], status=status, body=body)
    async with asking(tmp_path, *sources(server, "openai")) as registry:
        now = (await registry.refresh()).providers["my-openai"]
    assert (now.status, now.error) == (becomes, says)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "ollama"])
async def test_an_empty_list_is_no_list(server: Loopback, tmp_path: Path, kind: str) -> None:
    clock = Clock()
    async with asking(tmp_path, *sources(server, kind), clock=clock) as registry:
        await registry.refresh()
        good = registry.catalog.providers[f"my-{kind}"]
        server.break_(LISTS[kind], body={"data": [], "models": [], "has_more": False})
        catalog = await registry.refresh(force=True)
        now = catalog.providers[f"my-{kind}"]
        assert (now.status, now.stale, ids(now)) == ("bad-answer", True, ids(good))
        assert standing(catalog, f"my-{kind}", "no-such-model", clock) is Standing.UNVERIFIED


async def test_an_ollama_without_models_says_so(server: Loopback, tmp_path: Path) -> None:
    server.world.ollama = {}
    clock = Clock()
    async with asking(tmp_path, *sources(server, "ollama"), clock=clock) as registry:
        catalog = await registry.refresh()
        now = catalog.providers["my-ollama"]
        assert (now.status, now.complete) == ("ok", False)
        assert "ollama pull" in (now.error or "")
        assert standing(catalog, "my-ollama", "llama3", clock) is Standing.UNVERIFIED


@pytest.mark.parametrize("kind", PAGED)
async def test_the_third_page_fails(server: Loopback, tmp_path: Path, kind: str) -> None:
    server.break_(LISTS[kind], status=500, skip=2)
    clock = Clock()
    async with asking(tmp_path, *sources(server, kind), clock=clock) as registry:
        catalog = await registry.refresh()
        now = catalog.providers[f"my-{kind}"]
        assert (now.status, now.complete, now.stale) == ("incomplete", False, False)
        assert now.error is not None
        assert now.error.startswith("Page 3")
        first_two = ids(now)
        assert first_two
        assert standing(catalog, f"my-{kind}", "no-such-model", clock) is Standing.UNVERIFIED
        assert standing(catalog, f"my-{kind}", first_two[0], clock) is not Standing.UNVERIFIED

        server.fix()
        clock.forward(10_000)
        whole = ids((await registry.refresh()).providers[f"my-{kind}"])
        assert set(first_two) < set(whole)
        server.break_(LISTS[kind], status=500, skip=2)
        later = (await registry.refresh(force=True)).providers[f"my-{kind}"]
        assert (later.status, later.stale, ids(later)) == ("incomplete", True, whole)


@pytest.mark.parametrize("kind", PAGED)
async def test_pages_that_go_in_circles(server: Loopback, tmp_path: Path, kind: str) -> None:
    server.break_(LISTS[kind], "loop")
    clock = Clock()
    async with asking(tmp_path, *sources(server, kind), clock=clock) as registry:
        catalog = await registry.refresh()
        now = catalog.providers[f"my-{kind}"]
        assert (now.status, now.complete) == ("incomplete", False)
        assert "in circles" in (now.error or "")
        assert standing(catalog, f"my-{kind}", "no-such-model", clock) is Standing.UNVERIFIED
        assert len(server.asked(LISTS[kind])) <= 3


@pytest.mark.parametrize("kind", KINDS)
async def test_20_000_models(server: Loopback, tmp_path: Path, kind: str) -> None:
    names = [f"vendor-{number % 40}/model-{number}" for number in range(20_000)]
    server.world.anthropic = [{"id": name, "lifecycle": "active"} for name in names]
    server.world.openai = [{"id": name} for name in names]
    server.world.compatible = server.world.openai
    server.world.compatible_page = None
    server.world.gemini = [
        {"name": f"models/{name}", "supportedGenerationMethods": ["generateContent"]}
        for name in names
    ]
    server.world.anthropic_page = server.world.gemini_page = 1000
    server.world.ollama = {name: {} for name in names[:200]}  # each is asked for alone
    async with asking(tmp_path, *sources(server, kind, timeoutSeconds=LONG)) as registry:
        now = (await registry.refresh()).providers[f"my-{kind}"]
        assert (now.status, now.complete) == ("ok", True), now.error
        assert len(now.models) == (200 if kind == "ollama" else 20_000)
