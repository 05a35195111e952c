"""What providers said of single models that their lists lack, for as long as a list is fresh."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import partial

import httpx2
from cachetools import TTLCache

from stagewright.catalog.model import Model
from stagewright.catalog.snapshot import Status
from stagewright.providers.base import Provider, ProviderError
from stagewright.providers.presets import ProviderConfig

_AT_ONCE = 4
_KEPT = 1024
_DELAY = 30.0  # seconds until a model is asked for again after a failure

LookupKey = tuple[ProviderConfig, str]


class ModelLookups:
    """Answers, failures and questions under way; each question is asked once."""

    def __init__(self, ttl: timedelta, now: Callable[[], datetime]) -> None:
        def seconds() -> float:
            return now().timestamp()

        self._answers: TTLCache[LookupKey, Model | None] = TTLCache(
            _KEPT, ttl.total_seconds(), seconds
        )
        self._failures: TTLCache[LookupKey, bool] = TTLCache(_KEPT, _DELAY, seconds)
        self._under_way: dict[LookupKey, asyncio.Task[None]] = {}
        self._unable: set[ProviderConfig] = set()
        self._turns = asyncio.Semaphore(_AT_ONCE)

    def able(self, config: ProviderConfig) -> bool:
        """Whether this provider can be asked about one model, as far as it showed."""
        return config.asks_single and config not in self._unable

    def confirmed(self, config: ProviderConfig) -> dict[str, Model]:
        """The unlisted models that the provider has, by the names asked for."""
        return {name: model for name, model in self._of(config) if model is not None}

    def absent(self, config: ProviderConfig) -> frozenset[str]:
        """The names that the provider denied."""
        return frozenset(name for name, model in self._of(config) if model is None)

    def start(
        self,
        config: ProviderConfig,
        names: Iterable[str],
        question: Callable[[str], asyncio.Task[None]],
    ) -> list[asyncio.Task[None]]:
        """A task, which `question` makes, for each of the names that is worth asking about now."""
        tasks: list[asyncio.Task[None]] = []
        for name in names if self.able(config) else ():
            key = (config, name)
            if any(key in each for each in (self._answers, self._failures, self._under_way)):
                continue
            task = question(name)
            self._under_way[key] = task
            task.add_done_callback(partial(self._settled, key))
            tasks.append(task)
        return tasks

    def _settled(self, key: LookupKey, _: asyncio.Task[None]) -> None:
        del self._under_way[key]

    async def ask(
        self, config: ProviderConfig, provider: Provider, http: httpx2.AsyncClient, name: str
    ) -> None:
        """Ask about one model. A failure is no answer, and only delays the next question."""
        try:
            async with self._turns:
                self._answers[config, name] = await provider.get_model(http, name)
        except ProviderError as error:
            if error.status is Status.NO_LIST:
                self._unable.add(config)
            self._failures[config, name] = True

    def _of(self, config: ProviderConfig) -> list[tuple[str, Model | None]]:
        return [(name, model) for (whose, name), model in self._answers.items() if whose == config]
