"""The registry: what is shown while it asks, how often it asks, and what it keeps."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.loopback import world
from tests.loopback.asking import LISTS, Clock, asking, ids, sources, standing
from tests.loopback.lists import KEYS
from tests.loopback.server import Loopback, loopback

from stagewright.catalog.catalog import Catalog, Standing
from stagewright.catalog.model import ModelReference
from stagewright.providers import network
from stagewright.providers.network import runs_here
from stagewright.providers.presets import Plan
from stagewright.providers.registry import Registry
from stagewright.settings import load

LIST = LISTS["openai"]
SINGLE = "^/openai/v1/models/."
OPENAI, ANTHROPIC = "my-openai", "my-anthropic"


@pytest.fixture
async def server() -> AsyncIterator[Loopback]:
    async with loopback() as running:
        yield running


async def answered(registry: Registry, provider: str, model: str, clock: Clock) -> Standing:
    """What is said of a model once its question has been answered."""
    await asyncio.gather(*registry.ask_about([ModelReference(provider, model)]))
    return standing(registry.catalog, provider, model, clock)


# Lists


async def test_before_anything_was_asked_nothing_is_said(server: Loopback, tmp_path: Path) -> None:
    clock = Clock()
    async with asking(tmp_path, *sources(server, "openai"), clock=clock) as registry:
        assert registry.catalog.providers[OPENAI].status == "loading"
        assert registry.catalog.providers["anthropic"].status == "not-configured"
        assert standing(registry.catalog, OPENAI, "gpt-5", clock) is Standing.PENDING
    assert server.requests == []


async def test_a_dead_provider_delays_none(server: Loopback, tmp_path: Path) -> None:
    changed: asyncio.Queue[Catalog] = asyncio.Queue()
    server.break_(LISTS["anthropic"], "hang")
    both = sources(server, "anthropic", "openai")
    async with asking(tmp_path, *both, on_change=changed.put_nowait) as registry:
        refresh = asyncio.ensure_future(registry.refresh())
        await server.wait_for(LISTS["anthropic"])
        first = await changed.get()
        assert first is registry.catalog
        assert first.providers[OPENAI].status == "ok"
        assert registry.catalog.providers[ANTHROPIC].status == "loading"
        assert not refresh.done()
        refresh.cancel()


async def test_who_is_being_asked_is_not_asked_twice(server: Loopback, tmp_path: Path) -> None:
    server.break_(LIST, "slow", delay=0.1)
    async with asking(tmp_path, *sources(server, "openai")) as registry:
        await asyncio.gather(*(registry.refresh(force=number % 2 == 0) for number in range(10)))
    assert len(server.asked(LIST)) == 1


async def test_a_fresh_list_costs_nothing_and_an_old_one_a_request(
    server: Loopback, tmp_path: Path
) -> None:
    clock = Clock()
    async with asking(tmp_path, *sources(server, "openai"), clock=clock) as registry:
        await registry.refresh()
        clock.forward(299)
        await registry.refresh()
        assert len(server.asked(LIST)) == 1
        clock.forward(2)
        await registry.refresh()
        assert len(server.asked(LIST)) == 2
        await registry.refresh(force=True)
        assert len(server.asked(LIST)) == 3
        await registry.refresh(["anthropic", "no-such"], force=True)
        assert len(server.asked(LIST)) == 3


async def test_a_clock_that_is_set_back_keeps_nobody_waiting(
    server: Loopback, tmp_path: Path
) -> None:
    clock = Clock()
    async with asking(tmp_path, *sources(server, "openai"), clock=clock) as registry:
        await registry.refresh()
        clock.forward(-86_400)
        await registry.refresh()
        assert len(server.asked(LIST)) == 2, "the list seemed to be from tomorrow"
        server.break_(LIST, status=429, headers={"retry-after": "120"})
        await registry.refresh(force=True)
        server.mend()
        clock.forward(-86_400)
        assert (await registry.refresh()).providers[OPENAI].status == "ok"


async def test_who_refreshes_while_facts_are_looked_up_is_answered(
    server: Loopback, tmp_path: Path
) -> None:
    editor, environ = sources(server, "openai")
    editor["providers"] = {"openai": editor["providers"][OPENAI]}
    listed = asyncio.Event()
    async with asking(
        tmp_path, editor, environ, on_change=lambda catalog: listed.set()
    ) as registry:
        first = asyncio.ensure_future(registry.refresh())
        await listed.wait()
        await asyncio.sleep(0)
        registry.mark_refused(ModelReference("openai", "gpt-5"))
        found = (await registry.refresh(force=True)).providers["openai"]
        assert found.refused == frozenset()
        gpt = found.model("gpt-5")
        assert gpt is not None
        assert gpt.price is not None, "and has the facts that the list lacks"
        await first
    assert len(server.asked(LIST)) == 2


async def test_what_was_had_is_shown_while_it_is_renewed(server: Loopback, tmp_path: Path) -> None:
    clock = Clock()
    async with asking(tmp_path, *sources(server, "openai"), clock=clock) as registry:
        good = (await registry.refresh()).providers[OPENAI]
        server.break_(LIST, "hang")
        clock.forward(400)
        refresh = asyncio.ensure_future(registry.refresh())
        await server.wait_for(LIST, 2)
        assert registry.catalog.providers[OPENAI] is good
        refresh.cancel()


async def test_cancelling_ends_the_waiting_not_the_asking(server: Loopback, tmp_path: Path) -> None:
    server.break_(LIST, "slow", delay=0.1)
    async with asking(tmp_path, *sources(server, "openai")) as registry:
        refresh = asyncio.ensure_future(registry.refresh())
        await server.wait_for(LIST)
        refresh.cancel()
        with pytest.raises(asyncio.CancelledError):
            await refresh
        assert (await registry.refresh()).providers[OPENAI].status == "ok"
    assert len(server.asked(LIST)) == 1


async def test_progress_is_told(server: Loopback, tmp_path: Path) -> None:
    said: list[str] = []
    async with asking(tmp_path, *sources(server, "openai", "gemini")) as registry:
        await registry.refresh(progress=said.append)
    assert said[0].endswith(" is done, 1 to go")
    assert said[1].endswith(" is done")


async def test_after_failures_it_waits_longer_and_longer(server: Loopback, tmp_path: Path) -> None:
    clock = Clock()
    server.break_(LIST, status=500)
    async with asking(tmp_path, *sources(server, "openai"), clock=clock) as registry:
        waits: list[int] = []
        for attempt in range(1, 9):
            waited = 0
            while len(server.asked(LIST)) < attempt:
                await registry.refresh()
                clock.forward(1)
                waited += 1
            waits.append(waited)
        assert waits[1:4] == sorted(waits[1:4]), waits
        assert 3 <= waits[1] <= 8, "5 s with jitter"
        assert 220 <= waits[-1] <= 380, "never more than 5 minutes with jitter"
        await registry.refresh(force=True)
        assert len(server.asked(LIST)) == 9, "who asks for it is not kept waiting"


async def test_the_next_start_has_the_list_at_once(server: Loopback, tmp_path: Path) -> None:
    clock = Clock()
    both = sources(server, "openai")
    async with asking(tmp_path, *both, clock=clock) as registry:
        good = (await registry.refresh()).providers[OPENAI]
    async with asking(tmp_path, *both, clock=clock) as registry:
        assert registry.catalog.providers[OPENAI] == good
        await registry.refresh()
        assert len(server.asked(LIST)) == 1
    clock.forward(400)
    async with asking(tmp_path, *both, clock=clock) as registry:
        old = registry.catalog.providers[OPENAI]
        assert (old.status, old.stale, ids(old)) == ("loading", True, ids(good))
        assert standing(registry.catalog, OPENAI, "gpt-5", clock) is Standing.USABLE
        assert standing(registry.catalog, OPENAI, "no-such", clock) is Standing.PENDING
        await registry.refresh()
        assert len(server.asked(LIST)) == 2


async def test_another_account_does_not_see_it(server: Loopback, tmp_path: Path) -> None:
    editor, environ = sources(server, "openai")
    async with asking(tmp_path, editor, environ) as registry:
        await registry.refresh()
    async with asking(tmp_path, editor, {**environ, "KEY_OF_OPENAI": "sk-other"}) as registry:
        assert registry.catalog.providers[OPENAI].models == ()


async def test_keys_go_to_their_own_provider_and_nowhere_else(
    server: Loopback, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with asking(tmp_path, *sources(server, *LISTS)) as registry:
        catalog = await registry.refresh()
        server.break_("models", status=401, body={"error": str(KEYS)})
        failed = await registry.refresh(force=True)
        said = repr((catalog.to_json(), failed.to_json(), catalog, registry.provider(OPENAI)))
    kept = "".join(file.read_text() + file.name for file in tmp_path.rglob("*.*"))
    for name, key in KEYS.items():
        assert key not in said + kept + caplog.text
        with_it = {r.path.split("/")[1] for r in server.requests if key in str(r.headers)}
        assert with_it == {name}
        assert not any(key in f"{request.path}{request.query}" for request in server.requests)


# Single models


async def test_an_unlisted_model_is_asked_for_alone(server: Loopback, tmp_path: Path) -> None:
    clock = Clock()
    async with asking(tmp_path, *sources(server, "openai", "anthropic"), clock=clock) as registry:
        await registry.refresh()
        assert standing(registry.catalog, ANTHROPIC, "claude-haiku-4-5", clock) is Standing.PENDING
        told = [
            await answered(registry, ANTHROPIC, name, clock)
            for name in ("claude-haiku-4-5", "claude-sonnet-4-5", "claude-opus-4-0", "nope")
        ]
        assert told == ["usable", "deprecated", "retired", "unavailable"]
        assert await answered(registry, OPENAI, world.OPENAI_UNLISTED[0], clock) == "usable"
        assert await answered(registry, OPENAI, "gpt-99", clock) == "unavailable"


async def test_a_question_is_asked_once_and_its_answer_kept(
    server: Loopback, tmp_path: Path
) -> None:
    clock = Clock()
    server.break_(SINGLE, "slow", delay=0.05)
    async with asking(tmp_path, *sources(server, "openai"), clock=clock) as registry:
        await registry.refresh()
        asked = [registry.ask_about([ModelReference(OPENAI, "gpt-99")] * 3) for _ in range(5)]
        assert list(map(len, asked)) == [1, 0, 0, 0, 0]
        await asked[0][0]
        assert await answered(registry, OPENAI, "gpt-99", clock) == "unavailable"
        registry.ask_about([ModelReference(OPENAI, name) for name in ("gpt-99", "gpt-5")])
        await registry.refresh(force=True)
        assert standing(registry.catalog, OPENAI, "gpt-99", clock) is Standing.UNAVAILABLE
        assert len(server.asked(SINGLE)) == 1


async def test_an_old_answer_is_asked_again_with_the_list(server: Loopback, tmp_path: Path) -> None:
    clock = Clock()
    async with asking(tmp_path, *sources(server, "openai"), clock=clock) as registry:
        await registry.refresh()
        assert await answered(registry, OPENAI, "gpt-99", clock) == "unavailable"
        clock.forward(400)
        await registry.refresh()
        assert standing(registry.catalog, OPENAI, "gpt-99", clock) is Standing.UNAVAILABLE
        assert len(server.asked(SINGLE)) == 2
        server.world.openai.append(world.openai_model("gpt-99"))
        clock.forward(400)
        await registry.refresh()
        assert standing(registry.catalog, OPENAI, "gpt-99", clock) is Standing.USABLE


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 500},
        {"status": 429},
        {"status": 401},
        {"kind": "reset"},
        {"kind": "cut"},
        {"body": "<html>"},
        {"body": {}},
    ],
)
async def test_a_failure_is_no_answer(
    server: Loopback, tmp_path: Path, fault: dict[str, object]
) -> None:
    clock = Clock()
    async with asking(tmp_path, *sources(server, "openai"), clock=clock) as registry:
        await registry.refresh()
        server.break_(SINGLE, **fault)
        assert await answered(registry, OPENAI, "gpt-99", clock) == "pending"
        server.mend()
        assert await answered(registry, OPENAI, "gpt-99", clock) == "pending"
        assert len(server.asked(SINGLE)) == 1, "not again at once"
        clock.forward(31)
        assert await answered(registry, OPENAI, "gpt-99", clock) == "unavailable"


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (404, {"detail": "Not Found"}),
        (405, {"detail": "Method Not Allowed"}),
        (404, {"message": "Cannot GET /openai/v1/models/gpt-99", "statusCode": 404}),
        (404, {"error": {"message": "Invalid URL (GET /v1/models/gpt-99)"}}),
    ],
)
async def test_a_server_without_that_path_cannot_be_asked(
    server: Loopback, tmp_path: Path, status: int, body: dict[str, object]
) -> None:
    clock = Clock()
    async with asking(tmp_path, *sources(server, "openai"), clock=clock) as registry:
        await registry.refresh()
        server.break_(SINGLE, status=status, body=body)
        assert await answered(registry, OPENAI, "gpt-99", clock) == "unlisted"
        assert await answered(registry, OPENAI, "gpt-98", clock) == "unlisted"
        assert len(server.asked(SINGLE)) == 1


async def test_nobody_is_asked_about_one_model_without_a_list(
    server: Loopback, tmp_path: Path
) -> None:
    clock = Clock()
    server.break_(LIST, status=500)
    async with asking(tmp_path, *sources(server, "openai"), clock=clock) as registry:
        await registry.refresh()
        assert await answered(registry, OPENAI, "gpt-99", clock) == "unverified"
        assert await answered(registry, "no-such", "gpt-99", clock) == "unknown-provider"
        assert server.asked(SINGLE) == []


async def test_a_refused_model_stays_refused_until_the_next_refresh(
    server: Loopback, tmp_path: Path
) -> None:
    clock = Clock()
    changes: list[Catalog] = []
    both = sources(server, "openai")
    async with asking(tmp_path, *both, clock=clock, on_change=changes.append) as registry:
        await registry.refresh()
        changes.clear()
        registry.mark_refused(ModelReference(OPENAI, "gpt-5"))
        assert standing(registry.catalog, OPENAI, "gpt-5", clock) is Standing.UNAVAILABLE
        assert changes == [registry.catalog]
        assert "gpt-5" not in [model.id for _, model in registry.catalog.usable(OPENAI)]
        server.break_(LIST, status=500)
        await registry.refresh(force=True)
        assert standing(registry.catalog, OPENAI, "gpt-5", clock) is Standing.UNAVAILABLE
        server.mend()
        await registry.refresh(force=True)
        assert standing(registry.catalog, OPENAI, "gpt-5", clock) is Standing.USABLE


# Settings


async def test_other_settings_keep_what_they_do_not_touch(server: Loopback, tmp_path: Path) -> None:
    editor, environ = sources(server, "openai", "anthropic")
    async with asking(tmp_path, editor, environ) as registry:
        before = await registry.refresh()
        del editor["providers"][ANTHROPIC]
        editor["providers"]["my-gemini"] = sources(server, "gemini")[0]["providers"]["my-gemini"]
        registry.reconfigure(load(editor, environ, tmp_path / "none")[0])
        now = registry.catalog.providers
        assert now[OPENAI] is before.providers[OPENAI]
        assert ANTHROPIC not in now
        assert registry.provider(ANTHROPIC) is None
        assert now["my-gemini"].status == "loading"
        assert (await registry.refresh()).providers["my-gemini"].status == "ok"
    assert len(server.asked(LIST)) == 1


async def test_an_answer_for_old_settings_is_dropped(server: Loopback, tmp_path: Path) -> None:
    editor, environ = sources(server, "openai")
    server.break_(LIST, "slow", delay=0.1)
    async with asking(tmp_path, editor, environ) as registry:
        refresh = asyncio.ensure_future(registry.refresh())
        await server.wait_for(LIST)
        editor["providers"][OPENAI]["enabled"] = False
        registry.reconfigure(load(editor, environ, tmp_path / "none")[0])
        await refresh
        now = registry.catalog.providers[OPENAI]
        assert (now.status, now.models) == ("not-configured", ())
        assert now.error == "my-openai is turned off in the settings."


async def test_what_runs_here_is_found_by_its_port(
    server: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(network, "_PROBE_SECONDS", 50)  # more than any machine sleeps
    assert await runs_here(Plan("x", "X", "ollama", server.origin))
    async with loopback() as gone:
        origin = gone.origin
    assert not await runs_here(Plan("x", "X", "ollama", origin))


async def test_closing_ends_what_is_under_way(server: Loopback, tmp_path: Path) -> None:
    server.break_(LIST, "hang")
    async with asking(tmp_path, *sources(server, "openai")) as registry:
        refresh = asyncio.ensure_future(registry.refresh())
        await server.wait_for(LIST)
    await asyncio.wait([refresh])
