"""Offline knowledge, asked for in a process of its own: loading it would cost the server memory
for good, and stall its event loop."""

from __future__ import annotations

import asyncio
import json
import logging
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from stagewright.catalog.known import NAMES_THERE, Facts, completed, offline_model
from stagewright.catalog.model import Model
from stagewright.providers.store import Store, StoredKnowledge

_KEPT = timedelta(days=7)
_TIMEOUT = 20.0  # seconds
_GATHERING = 0.05  # seconds: providers answer at about the same time
_REST = timedelta(minutes=2)  # after a failure: each attempt takes a process
_NO_TIME = timedelta(0)

_log = logging.getLogger(__name__)


class Knowledge:
    """What has been asked for so far; the models that need no asking are kept on disk."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now
        self._facts: dict[tuple[str, str], Facts] = {}
        self._offline = store.read_offline(now())
        self._wanted: dict[str, set[str]] = {}
        self._asking: asyncio.Task[bool] | None = None
        self._failed_at: datetime | None = None  # UTC

    @property
    def offline(self) -> Mapping[str, tuple[Model, ...]]:
        """The models known without asking their providers, by provider; none on a first start."""
        return self._offline.models if self._offline else {}

    def completed(self, provider_id: str, models: Iterable[Model]) -> tuple[Model, ...]:
        """Models of a provider with the facts that it left out, as far as asked for."""
        today = self._now().date()
        return tuple(
            completed(provider_id, one, self._facts.get((provider_id, one.id), {}), today)
            for one in models
        )

    async def learn(self, provider_id: str, models: Iterable[Model]) -> bool:
        """Ask about the models that lack facts; whether all that is to be found is known now.

        False where nobody could be asked: what was kept of the models lacks facts.
        """
        if provider_id not in NAMES_THERE:
            return True
        # In a thread, as all that goes through thousands of models.
        new = await asyncio.to_thread(self._unknown, provider_id, models)
        if not new:
            return True
        self._wanted.setdefault(provider_id, set()).update(new)
        return await self._until(lambda: all((provider_id, one) in self._facts for one in new))

    def _unknown(self, provider_id: str, models: Iterable[Model]) -> list[str]:
        lacking = (one.id for one in models if one.context_window is None or one.price is None)
        return [one for one in lacking if (provider_id, one) not in self._facts]

    async def learn_offline(self) -> bool:
        """Put `offline` together where it is missing or old; whether it is new."""
        if not self._offline_is_due():
            return False
        return await self._until(lambda: not self._offline_is_due())

    async def close(self) -> None:
        """Stop waiting for answers."""
        if self._asking is not None:
            self._asking.cancel()
            await asyncio.gather(self._asking, return_exceptions=True)

    def _offline_is_due(self) -> bool:
        return _is_due(self._offline, self._now())

    def _is_resting(self) -> bool:
        """Whether an attempt failed a moment ago; a clock that was set back prolongs no rest."""
        return self._failed_at is not None and _NO_TIME <= self._now() - self._failed_at < _REST

    async def _until(self, known: Callable[[], bool]) -> bool:
        """Wait until something is known; questions that come up meanwhile are asked together.

        False where nobody can be asked.
        """
        while not known():
            if self._asking is None or self._asking.done():
                if self._is_resting():
                    return False
                self._asking = asyncio.create_task(self._ask_all())
            if not await asyncio.shield(self._asking):
                return False
        return True

    async def _ask_all(self) -> bool:
        """Ask what is wanted now; whether there was an answer."""
        await asyncio.sleep(_GATHERING)
        wanted, self._wanted = self._wanted, {}
        offline, now = self._offline_is_due(), self._now()
        request = {"models": {name: sorted(ids) for name, ids in wanted.items()}}
        self._failed_at = now  # unless it ends well, whatever is to happen
        answer = await asyncio.to_thread(_ask, {**request, "offline": offline})
        if answer is None:
            return False
        for provider, ids in wanted.items():
            found = answer["models"].get(provider, {})
            self._facts.update(((provider, one), found.get(one, {})) for one in ids)
        if offline:
            self._offline = _offline_of(answer, now)
            await asyncio.to_thread(self._store.write_offline, self._offline)
        self._failed_at = None
        return True


def offline_knowledge(store: Store, now: datetime) -> StoredKnowledge | None:
    """What is known without asking providers, for who can wait and has no event loop.

    What is kept on disk, put together anew where it is missing or old; None when neither is to be
    had.
    """
    kept = store.read_offline(now)
    if not _is_due(kept, now):
        return kept
    answer = _ask({"models": {}, "offline": True})
    if answer is None:
        return kept
    new = _offline_of(answer, now)
    store.write_offline(new)
    return new


def _is_due(offline: StoredKnowledge | None, now: datetime) -> bool:
    return offline is None or offline.checked_at + _KEPT < now


def _offline_of(answer: Mapping[str, Any], now: datetime) -> StoredKnowledge:
    models = {
        provider: tuple(
            offline_model(provider, name, facts, now.date()) for name, facts in each.items()
        )
        for provider, each in answer["offline"].items()
    }
    return StoredKnowledge(models, now)


def _ask(request: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The answer of `python -m stagewright.catalog.known`; None when it cannot be run."""
    try:
        ran = subprocess.run(
            # Safe path (-P): the working folder is a workspace, whose modules are not ours to run.
            [sys.executable, "-P", "-m", "stagewright.catalog.known"],
            input=json.dumps(request).encode(),
            capture_output=True,
            check=True,
            timeout=_TIMEOUT,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        answer = json.loads(ran.stdout)
        return {"models": dict(answer["models"]), "offline": dict(answer["offline"])}
    except (OSError, subprocess.SubprocessError, ValueError, TypeError, LookupError) as error:
        _log.warning("Offline knowledge of models is not available: %s", type(error).__name__)
        return None
