"""Models that a list lacks are asked for alone."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from tests.loopback import world
from tests.loopback.asking import LISTS, Clock, asking, sources, standing
from tests.loopback.server import Loopback

from stagewright.catalog.catalog import Catalog, Standing
from stagewright.catalog.model import ModelReference
from stagewright.providers.registry import Registry

OPENAI, ANTHROPIC = "my-openai", "my-anthropic"
SINGLE = "^/openai/v1/models/."


async def answered(registry: Registry, provider: str, model: str, clock: Clock) -> Standing:
    """What is said of a model once its question has been answered."""
    await asyncio.gather(*registry.ask_about([ModelReference(provider, model)]))
    return standing(registry.catalog, provider, model, clock)


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
        server.fix()
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
    server.break_(LISTS["openai"], status=500)
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
        server.break_(LISTS["openai"], status=500)
        await registry.refresh(force=True)
        assert standing(registry.catalog, OPENAI, "gpt-5", clock) is Standing.UNAVAILABLE
        server.fix()
        await registry.refresh(force=True)
        assert standing(registry.catalog, OPENAI, "gpt-5", clock) is Standing.USABLE
