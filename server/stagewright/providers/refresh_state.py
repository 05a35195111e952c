"""How asking one provider goes: what is under way, and when it may be asked again."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from stagewright.providers.base import Provider
from stagewright.providers.presets import ProviderConfig

_FIRST_DELAY, _LONGEST_DELAY = 5.0, 300.0  # seconds from one attempt to the next after failures
_LONGEST_WAIT = 3600.0  # seconds: who tells us to wait longer is asked again after this
_PAST = datetime.min.replace(tzinfo=UTC)
_NO_TIME = timedelta(0)


@dataclass(eq=False)
class RefreshState:
    """One provider as long as its settings stay as they are."""

    config: ProviderConfig
    provider: Provider
    task: asyncio.Task[None] | None = None  # the refresh under way, or the last one
    failures: int = 0  # in a row
    not_before: datetime = _PAST  # our own patience
    told_to_wait: datetime = _PAST  # the provider's Retry-After: holds for forced refreshes too

    def must_wait(self, now: datetime, force: bool) -> bool:
        """Whether it is too early to ask again. A clock that was set back makes no wait longer."""
        told, own = self.told_to_wait - now, self.not_before - now
        return (_NO_TIME < told <= timedelta(seconds=_LONGEST_WAIT)) or (
            not force and _NO_TIME < own <= timedelta(seconds=2 * _LONGEST_DELAY)
        )

    def set_back(self, now: datetime, retry_after: float | None = None) -> None:
        """After a failure, wait twice as long as the last time, or as the provider says.

        `retry_after` is in seconds.
        """
        self.failures += 1
        delay = min(_LONGEST_DELAY, _FIRST_DELAY * 2.0 ** min(self.failures - 1, 10))
        delay *= random.uniform(0.75, 1.25)  # noqa: S311
        self.not_before = now + timedelta(seconds=delay)
        if retry_after is not None:
            self.told_to_wait = now + timedelta(seconds=min(retry_after, _LONGEST_WAIT))

    def cancel(self) -> None:
        """End what is under way: nobody wants its outcome."""
        if self.task is not None:
            self.task.cancel()

    def recover(self) -> None:
        """After a success, forget the failures."""
        self.failures, self.not_before = 0, _PAST
