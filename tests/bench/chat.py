"""Chats under measurement: first words beside the bare SDKs', fifty at once, stopping."""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tests.bench import fifty
from tests.bench.table import Row, show
from tests.loopback.endpoint import KEY, MODELS, Endpoint
from tests.loopback.process import LoopbackProcess, loopback_process

from stagewright.catalog.catalog import Catalog
from stagewright.catalog.model import ModelReference
from stagewright.providers.base import TextDelta
from stagewright.workflows.chat import Chats
from stagewright.workflows.manager import WorkflowManager
from stagewright.workflows.run import ChatDelta, ChatFailed, ChatFinished, RunEvent

PAIRS = 40
CHATS = 50
DELTAS = 60  # of each of the fifty chats, one every 50 ms

Measured = Callable[[], Awaitable[float]]


def measure() -> dict[str, float]:
    """Milliseconds, medians where not said otherwise; all from one run.

    `<protocol>.bare`, `.provider`, `.chat`: from the call to the first text, by the SDK alone, by
    our provider, and by a chat (whose message is saved to disk before). `fifty.*`: deltas and told
    deltas per second, and how late the event loop was meanwhile. `stop`: from stop to told end.
    """
    with tempfile.TemporaryDirectory() as folder, loopback_process() as providers:
        return asyncio.run(_measure(Path(folder), providers))


async def _measure(root: Path, providers: LoopbackProcess) -> dict[str, float]:
    figures: dict[str, float] = {}
    endpoints = {
        "anthropic": Endpoint("anthropic", providers.origin),
        "responses": Endpoint("responses", providers.origin),
    }
    async with _chats(root, endpoints) as (chats, events):
        manager = WorkflowManager(root)

        async def told(model: ModelReference, kinds: tuple[type[RunEvent], ...]) -> float:
            """Send one message; the time until the first event of these kinds."""
            workflow = await asyncio.to_thread(manager.create, "standard")
            began = time.perf_counter()
            started = await chats.start_run(root, manager, workflow.id, "Hello", model=model)
            while True:
                event = await events.get()
                if event.run_id == started.run_id and isinstance(event, kinds):
                    return (time.perf_counter() - began) * 1000

        for protocol, endpoint in endpoints.items():
            model = ModelReference(protocol, MODELS[endpoint.protocol])
            bare = await asyncio.to_thread(_bare, endpoint)
            ways: dict[str, Measured] = {
                "bare": bare,
                "provider": lambda endpoint=endpoint: _provider(endpoint),  # type: ignore[misc]
                "chat": lambda model=model: told(model, (ChatDelta,)),  # type: ignore[misc]
            }
            times: dict[str, list[float]] = {way: [] for way in ways}
            for _ in range(PAIRS + 3):
                for way, run in ways.items():
                    times[way].append(await run())
            for way, taken in times.items():
                figures[f"{protocol}.{way}"] = statistics.median(taken[3:])  # the first ones import

        figures |= await _stop(root, manager, chats, events, providers)
        figures |= await _fifty(root, manager, chats, events, providers)
    return figures


@asynccontextmanager
async def _chats(
    root: Path, endpoints: dict[str, Endpoint]
) -> AsyncIterator[tuple[Chats, asyncio.Queue[RunEvent]]]:
    events: asyncio.Queue[RunEvent] = asyncio.Queue()
    chats = Chats(
        provider=endpoints.get,  # type: ignore[arg-type]
        catalog=lambda: Catalog({}),
        on_event=events.put_nowait,
        on_refused=lambda model: None,
    )
    try:
        yield chats, events
    finally:
        await chats.close()


def _bare(endpoint: Endpoint) -> Measured:
    """The SDK as its own documentation uses it."""
    import anthropic
    import openai

    model: Any = MODELS[endpoint.protocol]
    if endpoint.protocol == "anthropic":
        claude = anthropic.AsyncAnthropic(api_key=KEY, base_url=endpoint.chat_base_url)
        said: Any = [{"role": "user", "content": "Hello"}]

        async def messages() -> float:
            began, first = time.perf_counter(), 0.0
            async for event in await claude.messages.create(
                model=model, max_tokens=8192, messages=said, stream=True
            ):
                if event.type == "content_block_delta" and not first:
                    first = time.perf_counter() - began
            return first * 1000

        return messages
    gpt = openai.AsyncOpenAI(api_key=KEY, base_url=endpoint.chat_base_url)

    async def responses() -> float:
        began, first = time.perf_counter(), 0.0
        async for event in await gpt.responses.create(model=model, input="Hello", stream=True):
            if event.type == "response.output_text.delta" and not first:
                first = time.perf_counter() - began
        return first * 1000

    return responses


async def _provider(endpoint: Endpoint) -> float:
    began, first = time.perf_counter(), 0.0
    async for event in endpoint.ask("Hello"):
        if isinstance(event, TextDelta) and not first:
            first = time.perf_counter() - began
    return first * 1000


async def _stop(
    root: Path,
    manager: WorkflowManager,
    chats: Chats,
    events: asyncio.Queue[RunEvent],
    providers: LoopbackProcess,
) -> dict[str, float]:
    times = []
    await asyncio.to_thread(providers.control, chat={"fault": "stall"})
    for _ in range(10):
        workflow = await asyncio.to_thread(manager.create, "standard")
        model = ModelReference("anthropic", MODELS["anthropic"])
        started = await chats.start_run(root, manager, workflow.id, "Hello", model=model)
        began = 0.0
        while not isinstance(event := await events.get(), (ChatFinished, ChatFailed)):
            if isinstance(event, ChatDelta) and not began:
                began = time.perf_counter()
                chats.stop(started.run_id)
        times.append((time.perf_counter() - began) * 1000)
    return {"stop": statistics.median(times)}


async def _fifty(
    root: Path,
    manager: WorkflowManager,
    chats: Chats,
    events: asyncio.Queue[RunEvent],
    providers: LoopbackProcess,
) -> dict[str, float]:
    script = {"text": "word " * DELTAS, "piece": 5, "delay": 0.05}
    await asyncio.to_thread(providers.control, chat=script)
    workflows = [await asyncio.to_thread(manager.create, "standard") for _ in range(CHATS)]
    late: list[float] = []
    watching = asyncio.create_task(_watch(late))
    began = time.perf_counter()
    for at, workflow in enumerate(workflows):
        protocol = ("anthropic", "responses")[at % 2]
        model = ModelReference(protocol, MODELS[protocol])  # type: ignore[index]
        await chats.start_run(root, manager, workflow.id, "Hello", model=model)
    ended = told = 0
    while ended < CHATS:
        event = await events.get()
        told += isinstance(event, ChatDelta)
        if isinstance(event, (ChatFinished, ChatFailed)):
            assert isinstance(event, ChatFinished), event
            assert event.message.content == "word " * DELTAS
            ended += 1
    seconds = time.perf_counter() - began
    watching.cancel()
    return {
        "fifty.deltas_per_second": CHATS * DELTAS / seconds,
        "fifty.told_per_second": told / seconds,
        "fifty.loop_late_median": statistics.median(late),
        "fifty.loop_late_p99": statistics.quantiles(late, n=100)[98],
    }


async def _watch(late: list[float]) -> None:
    """Note how much later than asked for the event loop comes round, in milliseconds."""
    while True:
        began = time.perf_counter()
        await asyncio.sleep(0.005)
        late.append((time.perf_counter() - began - 0.005) * 1000)


def main() -> bool:
    """Measure and print; whether every aim was reached."""
    figures = measure()
    rows = []
    for protocol in ("anthropic", "responses"):
        bare = figures[f"{protocol}.bare"]
        for way, what in (("provider", "first text"), ("chat", "first text, message saved")):
            later = figures[f"{protocol}.{way}"] - bare
            rows.append(Row(f"{what}, {protocol}", "ms", bare + later, bare))
            if way == "provider":
                rows.append(Row(f"  later than the SDK, {protocol}", "ms", later, None, 10, False))
    rows.append(Row("stop to saved end", "ms", figures["stop"], None, 200, False))
    rows += fifty.rows()
    return show("Chats, beside the bare SDKs", "bare SDK", rows)
