"""The registry: what is shown while it asks, how often it asks, and what it keeps."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

import pytest
from tests.loopback.asking import LISTS, Clock, asking, ids, sources, standing
from tests.loopback.lists import KEYS
from tests.loopback.server import Loopback, loopback

from stagewright.catalog.catalog import Catalog, Standing
from stagewright.catalog.model import ModelReference
from stagewright.providers import network
from stagewright.providers.network import runs_here
from stagewright.providers.presets import ProviderConfig
from stagewright.settings import load

LIST = LISTS["openai"]


OPENAI, ANTHROPIC = "my-openai", "my-anthropic"


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
        server.fix()
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
    assert await runs_here(ProviderConfig("x", "X", "ollama", server.origin))
    async with loopback() as gone:
        origin = gone.origin
    assert not await runs_here(ProviderConfig("x", "X", "ollama", origin))


async def test_closing_ends_what_is_under_way(server: Loopback, tmp_path: Path) -> None:
    server.break_(LIST, "hang")
    async with asking(tmp_path, *sources(server, "openai")) as registry:
        refresh = asyncio.ensure_future(registry.refresh())
        await server.wait_for(LIST)
    await asyncio.wait([refresh])
