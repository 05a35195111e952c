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
from stagewright.providers.presets import Plan

_AT_ONCE = 4
_KEPT = 1024
_DELAY = 30.0  # seconds until a model is asked for again after a failure

Key = tuple[Plan, str]


class Singles:
    """Answers, failures and questions under way; each question is asked once."""

    def __init__(self, ttl: timedelta, now: Callable[[], datetime]) -> None:
        def seconds() -> float:
            return now().timestamp()

        self._answers: TTLCache[Key, Model | None] = TTLCache(_KEPT, ttl.total_seconds(), seconds)
        self._failures: TTLCache[Key, bool] = TTLCache(_KEPT, _DELAY, seconds)
        self._under_way: dict[Key, asyncio.Task[None]] = {}
        self._unable: set[Plan] = set()
        self._turns = asyncio.Semaphore(_AT_ONCE)

    def able(self, plan: Plan) -> bool:
        """Whether this provider can be asked about one model, as far as it showed."""
        return plan.asks_single and plan not in self._unable

    def confirmed(self, plan: Plan) -> dict[str, Model]:
        """The unlisted models that the provider has, by the names asked for."""
        return {name: model for name, model in self._of(plan) if model is not None}

    def absent(self, plan: Plan) -> frozenset[str]:
        """The names that the provider denied."""
        return frozenset(name for name, model in self._of(plan) if model is None)

    def start(
        self, plan: Plan, names: Iterable[str], question: Callable[[str], asyncio.Task[None]]
    ) -> list[asyncio.Task[None]]:
        """A task, which `question` makes, for each of the names that is worth asking about now."""
        tasks: list[asyncio.Task[None]] = []
        for name in names if self.able(plan) else ():
            key = (plan, name)
            if any(key in each for each in (self._answers, self._failures, self._under_way)):
                continue
            task = question(name)
            self._under_way[key] = task
            task.add_done_callback(partial(self._settled, key))
            tasks.append(task)
        return tasks

    def _settled(self, key: Key, _: asyncio.Task[None]) -> None:
        del self._under_way[key]

    async def ask(
        self, plan: Plan, provider: Provider, http: httpx2.AsyncClient, name: str
    ) -> None:
        """Ask about one model. A failure is no answer, and only delays the next question."""
        try:
            async with self._turns:
                self._answers[plan, name] = await provider.get_model(http, name)
        except ProviderError as error:
            if error.status is Status.NO_LIST:
                self._unable.add(plan)
            self._failures[plan, name] = True

    def _of(self, plan: Plan) -> list[tuple[str, Model | None]]:
        return [(name, model) for (whose, name), model in self._answers.items() if whose == plan]
