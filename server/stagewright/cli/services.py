"""What a conversation in the terminal needs beside the terminal: models and chats, in a thread.

The event loop runs in a thread of its own, so that models are fetched and answers arrive while the
main thread waits for the user.
"""

from __future__ import annotations

import asyncio
import queue
from collections.abc import Coroutine, Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from threading import Thread
from typing import Any, TypeVar

from stagewright.catalog.catalog import Catalog
from stagewright.catalog.model import ModelReference
from stagewright.providers.registry import Registry
from stagewright.settings import Settings
from stagewright.workflows.chat import Chats
from stagewright.workflows.run import RunEvent

T = TypeVar("T")

LOOK_UP_WITHIN = 5.0
"""Seconds that a provider has to say whether it offers a model. The choice stands in any case."""


@dataclass(frozen=True, slots=True)
class Services:
    """What lives on the event loop, and the way to it."""

    registry: Registry
    chats: Chats
    events: queue.SimpleQueue[RunEvent]
    loop: asyncio.AbstractEventLoop

    @property
    def catalog(self) -> Catalog:
        """The models as known now."""
        return self.registry.catalog

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine there and wait for what it gives."""
        return self.begin(work).result()

    def begin(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        """Run a coroutine there meanwhile."""
        return asyncio.run_coroutine_threadsafe(work, self.loop)

    def look_up(self, reference: ModelReference) -> Catalog:
        """What is known of a model once its provider has been asked, as long as one may wait."""

        async def ask() -> None:
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_UP_WITHIN):
                    await self.registry.learn([reference])

        self.do(ask())
        return self.catalog


@contextmanager
def services(settings: Settings, environ: Mapping[str, str]) -> Iterator[Services]:
    """An event loop in a thread of its own, with models being fetched on it."""
    ready: Future[Services] = Future()
    closing = asyncio.Event()
    thread = Thread(target=asyncio.run, args=(_live(settings, environ, ready, closing),))
    thread.start()
    running = ready.result()
    try:
        yield running
    finally:
        running.loop.call_soon_threadsafe(closing.set)
        thread.join()


async def _live(
    settings: Settings,
    environ: Mapping[str, str],
    ready: Future[Services],
    closing: asyncio.Event,
) -> None:
    try:
        registry = Registry(settings, environ)
        events: queue.SimpleQueue[RunEvent] = queue.SimpleQueue()
        chats = Chats(
            provider=registry.provider,
            catalog=lambda: registry.catalog,
            on_event=events.put,
            on_refused=registry.mark_refused,
        )
    except BaseException as error:
        ready.set_exception(error)
        raise
    refreshing = asyncio.create_task(registry.refresh())
    ready.set_result(Services(registry, chats, events, asyncio.get_running_loop()))
    await closing.wait()
    refreshing.cancel()
    await chats.close()
    await registry.close()
