"""Offline knowledge comes from a process: how often that runs, and what becomes of failures."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from tests.loopback.asking import LISTS, Clock, asking, sources
from tests.loopback.server import Loopback, loopback

from stagewright.catalog.model import Model
from stagewright.providers.knowledge import Knowledge
from stagewright.providers.presets import plans
from stagewright.providers.store import Store, StoredKnowledge
from stagewright.settings import load

FIVE, OTHER = Model("gpt-5"), Model("gpt-4o")


class Interpreter:
    """Stands in for Python: notes each start, and does what it is told before it goes on."""

    def __init__(self, folder: Path, python: str) -> None:
        self.path = folder / "python"
        self._python = python
        self._starts = folder / "starts"
        self.do("")

    def do(self, script: str) -> None:
        lines = ("#!/bin/sh", f"echo >> '{self._starts}'", script, f'exec "{self._python}" "$@"')
        self.path.write_text("\n".join(lines))
        self.path.chmod(0o700)

    @property
    def starts(self) -> int:
        return len(self._starts.read_text()) if self._starts.exists() else 0


@pytest.fixture
def python(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Interpreter:
    folder = tmp_path / "bin"
    folder.mkdir()
    found = Interpreter(folder, sys.executable)
    monkeypatch.setattr(sys, "executable", str(found.path))
    return found


@pytest.fixture
async def server() -> AsyncIterator[Loopback]:
    async with loopback() as running:
        yield running


async def test_questions_about_one_provider_add_up(tmp_path: Path, python: Interpreter) -> None:
    """A list may be renewed while the earlier one is being looked up."""
    known = Knowledge(Store(tmp_path), Clock())
    both = asyncio.gather(known.learn("openai", [FIVE]), known.learn("openai", [OTHER]))
    assert await asyncio.wait_for(both, 30) == [True, True]
    assert all(model.price for model in known.completed("openai", [FIVE, OTHER]))
    starts = python.starts
    assert starts <= 2
    assert await known.learn("openai", [OTHER, FIVE])
    assert python.starts == starts


async def test_a_failure_is_no_answer_and_is_not_asked_again_at_once(
    tmp_path: Path, python: Interpreter
) -> None:
    clock, store = Clock(), Store(tmp_path / "cache")
    old = StoredKnowledge({"openai": (OTHER,)}, clock() - timedelta(days=8))
    store.write_offline(old)
    known = Knowledge(store, clock)
    python.do("exit 1")
    assert not await known.learn("openai", [FIVE])
    for _ in range(3):
        assert not await known.learn("openai", [FIVE])
        assert not await known.learn_offline()
    assert python.starts == 1
    assert known.offline == old.models, "what was known before"
    assert store.read_offline(clock()) == old

    python.do("")
    clock.forward(300)
    assert await known.learn("openai", [FIVE])
    assert known.completed("openai", [FIVE])[0].price is not None
    assert len(known.offline["openai"]) > 1, "asked for along with it"


@pytest.mark.parametrize("answer", ['{"models": {}}', '{"models": {}, "offline": 1}', "[]", "{"])
async def test_an_answer_that_cannot_be_read_is_a_failure(
    tmp_path: Path, python: Interpreter, answer: str
) -> None:
    clock = Clock()
    known = Knowledge(Store(tmp_path), clock)
    python.do(f"echo '{answer}'; exit")
    assert not await known.learn_offline()
    assert known.offline == {}
    python.do("")
    clock.forward(300)
    assert await known.learn_offline()


async def test_a_list_whose_look_up_failed_is_looked_up_with_the_next(
    server: Loopback, tmp_path: Path, python: Interpreter
) -> None:
    editor, environ = sources(server, "openai")
    editor["providers"] = {"openai": editor["providers"]["my-openai"]}
    plan = next(one for one in plans(load(editor, environ)[0], environ) if one.id == "openai")
    clock, store = Clock(), Store(tmp_path)
    python.do("exit 1")
    async with asking(tmp_path, editor, environ, clock=clock) as registry:
        for looked_up in (False, True):
            gpt = (await registry.refresh()).providers["openai"].model("gpt-5")
            kept = store.read(plan, clock())
            assert gpt is not None
            assert kept is not None
            assert (gpt.price is not None, kept.looked_up) == (looked_up, looked_up)
            python.do("")
            clock.forward(400)
    assert len(server.asked(LISTS["openai"])) == 2


async def test_nobody_waits_for_the_look_up_of_a_provider_that_is_gone(
    server: Loopback, tmp_path: Path, python: Interpreter
) -> None:
    editor, environ = sources(server, "openai")
    editor["providers"] = {"openai": editor["providers"]["my-openai"]}
    settings, _ = load({"providers": {"openai": {"enabled": False}}}, environ)
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    python.do(f"cat '{gate}'")
    async with asking(tmp_path, editor, environ) as registry:
        refresh = asyncio.ensure_future(registry.refresh(["openai"]))
        with await asyncio.to_thread(gate.open, "w"):  # held until its process has started
            registry.reconfigure(settings)
            await asyncio.wait_for(refresh, 10)
