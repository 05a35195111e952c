"""The lists on disk, shared by every editor window and the command line.

Reading needs nothing but the standard library: the server reads before its first completion. A
file that is damaged, of another version or from the future is as good as none. No key is in any
file: of the key, only a digest goes into a file's name, so that two accounts never share a list.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from stagewright.catalog.model import Model
from stagewright.catalog.wire import model_from_json, model_to_json
from stagewright.providers.presets import Plan

_VERSION = 1
_MAX_BYTES = 64 * 1024 * 1024
_POLL = 0.05  # seconds
_CLOCK_SLACK = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class StoredList:
    """A provider's list."""

    models: tuple[Model, ...]
    checked_at: datetime  # UTC
    complete: bool = True
    error: str | None = None  # why it is not complete
    looked_up: bool = False  # what it lacks was looked up in offline knowledge


@dataclass(frozen=True, slots=True)
class StoredKnowledge:
    """Offline knowledge, put together some time ago."""

    models: Mapping[str, tuple[Model, ...]]  # by provider
    checked_at: datetime  # UTC


@dataclass(frozen=True, slots=True)
class Store:
    """The folder that the lists lie in. It is made when first written to."""

    folder: Path

    def read(self, plan: Plan, now: datetime) -> StoredList | None:
        """The last good list of this provider, address and key."""
        written = self._read(self._path(plan), now)
        if written is None or written.get("baseUrl") != plan.base_url:
            return None
        try:
            return StoredList(
                models=tuple(map(model_from_json, written["models"])),
                checked_at=_moment(written),
                complete=written["complete"] is True,
                error=written.get("error"),
                looked_up=written["lookedUp"] is True,
            )
        except (KeyError, TypeError, ValueError):
            return None

    def write(self, plan: Plan, found: StoredList) -> None:
        """Keep a list. A disk that cannot be written to only costs the next start some time."""
        self._write(
            self._path(plan),
            {
                "provider": plan.id,
                "baseUrl": plan.base_url,
                "checkedAt": found.checked_at.isoformat(),
                "complete": found.complete,
                "error": found.error,
                "lookedUp": found.looked_up,
                "models": [model_to_json(model) for model in found.models],
            },
        )

    def read_offline(self, now: datetime) -> StoredKnowledge | None:
        """Offline knowledge by provider, and when it was put together."""
        written = self._read(self.folder / "offline.json", now)
        try:
            if written is None:
                return None
            models = {
                provider: tuple(map(model_from_json, listed))
                for provider, listed in written["models"].items()
            }
            return StoredKnowledge(models, _moment(written))
        except (KeyError, TypeError, ValueError, AttributeError):
            return None

    def write_offline(self, known: StoredKnowledge) -> None:
        """Keep offline knowledge, so that the next start has it at once."""
        models = {
            name: [model_to_json(one) for one in these] for name, these in known.models.items()
        }
        content = {"checkedAt": known.checked_at.isoformat(), "models": models}
        self._write(self.folder / "offline.json", content)

    @asynccontextmanager
    async def turn(self, plan: Plan, wait: float) -> AsyncIterator[None]:
        """Hold this list's turn among all processes; after `wait` seconds, go on without it.

        The lock is the operating system's: a process that dies gives it back.
        """
        from filelock import FileLock, Timeout

        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError:
            yield
            return
        lock = FileLock(self._path(plan).with_suffix(".lock"), mode=0o600, thread_local=False)
        until = asyncio.get_running_loop().time() + wait
        while True:
            try:
                lock.acquire(timeout=0)
                break
            except Timeout:
                if asyncio.get_running_loop().time() >= until:
                    break
                await asyncio.sleep(_POLL)
            except OSError:
                break
        try:
            yield
        finally:
            lock.release()

    def _path(self, plan: Plan) -> Path:
        identity = "\0".join((plan.id, str(plan.kind), plan.base_url, plan.key_fingerprint))
        return self.folder / f"{sha256(identity.encode()).hexdigest()[:32]}.json"

    def _read(self, path: Path, now: datetime) -> dict[str, Any] | None:
        try:
            with path.open("rb") as file:
                data = file.read(_MAX_BYTES + 1)
            written = json.loads(data)
            fits = isinstance(written, dict) and written["version"] == _VERSION
            return written if fits and _moment(written) <= now + _CLOCK_SLACK else None
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return None

    def _write(self, path: Path, content: dict[str, Any]) -> None:
        import tempfile  # brings bz2 and lzma, which reading does not need

        text = json.dumps({"version": _VERSION, **content})
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            # mkstemp makes files that only their owner can read.
            handle, temporary = tempfile.mkstemp(dir=self.folder, suffix=".tmp")
        except OSError:
            return
        try:
            with os.fdopen(handle, "w", encoding="ascii") as file:
                file.write(text)
            Path(temporary).replace(path)
        except OSError:
            Path(temporary).unlink(missing_ok=True)


def _moment(written: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(written["checkedAt"]).astimezone(UTC)
