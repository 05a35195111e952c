"""The lists on disk, shared by every editor window and the command line.

A file has a line about the list and then a line for each model, in JSON. Reading needs nothing but
the standard library: the server reads before its first completion. A file that is damaged, of
another version or from the future is as good as none. No key is in any file: only a digest of it
goes into the file's name, so that two accounts never share a list.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from stagewright.catalog.model import Model
from stagewright.catalog.wire import model_from_json, model_to_json
from stagewright.files import UnreadableFile, names, read_bytes, write_private
from stagewright.providers.presets import ProviderConfig

_VERSION = 1
_MAX_BYTES = 64 * 1024 * 1024
_POLL = 0.05  # seconds
_KEPT = 30 * 24 * 3600.0  # seconds from the last writing of a list
_OURS = (".jsonl", ".tmp", ".stagewright-tmp")
_DAMAGE = (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError)
_log = logging.getLogger(__name__)
CLOCK_SLACK = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class StoredList:
    """A provider's list."""

    models: tuple[Model, ...]
    checked_at: datetime  # UTC
    complete: bool = True
    error: str | None = None  # why it is not complete
    patterns: tuple[str, ...] = ()  # what fits one is passed on without being listed


@dataclass(frozen=True, slots=True)
class ListStore:
    """The folder that the lists lie in. It is made when first written to."""

    folder: Path

    def read(self, config: ProviderConfig, now: datetime) -> StoredList | None:
        """The last good list of this provider, address and key."""
        found = _read(self._path(config), now)
        if found is None or found[0].get("baseUrl") != config.base_url:
            return None
        head, lines = found
        try:
            return StoredList(
                models=tuple(model_from_json(json.loads(line)) for line in lines),
                checked_at=_moment(head),
                complete=head["complete"] is True,
                error=head.get("error"),
                patterns=tuple(map(str, head.get("patterns", ()))),
            )
        except _DAMAGE:
            return None

    def write(self, config: ProviderConfig, found: StoredList) -> None:
        """Keep a list. A disk that cannot be written to only costs the next start some time."""
        head = {
            "provider": config.id,
            "baseUrl": config.base_url,
            "checkedAt": found.checked_at.isoformat(),
            "complete": found.complete,
            "error": found.error,
            "patterns": found.patterns,
        }
        _write(self._path(config), head, map(model_to_json, found.models))
        _sweep(self.folder)

    @asynccontextmanager
    async def turn(self, config: ProviderConfig, wait: float) -> AsyncIterator[None]:
        """Hold this list's turn among all processes; after `wait` seconds, go on without it.

        The lock is the operating system's: a process that dies gives it back.
        """
        import asyncio  # the first catalogue does without both

        from filelock import FileLock, Timeout

        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError:
            yield
            return
        lock = FileLock(self._path(config).with_suffix(".lock"), mode=0o600, thread_local=False)
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

    def _path(self, config: ProviderConfig) -> Path:
        identity = "\0".join((config.id, str(config.kind), config.base_url, config.key_fingerprint))
        digest = sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()
        return self.folder / f"{digest[:32]}.jsonl"


def _read(path: Path, now: datetime) -> tuple[dict[str, Any], list[bytes]] | None:
    """A file's first line, read, and the others, a model each."""
    try:
        lines = read_bytes(path, _MAX_BYTES).splitlines()
    except UnreadableFile as error:
        if not error.absent:
            _log.warning("%s", error)
        return None
    try:
        head = json.loads(lines[0])
        fits = head["version"] == _VERSION and head["models"] == len(lines) - 1
        return (head, lines[1:]) if fits and _moment(head) <= now + CLOCK_SLACK else None
    except _DAMAGE:
        return None


def _write(path: Path, head: Mapping[str, Any], models: Iterable[Mapping[str, Any]]) -> None:
    # Line by line: one large document would hold the interpreter's lock for a tenth of a second.
    try:
        lines = [json.dumps(model) for model in models]
        first = json.dumps({"version": _VERSION, **head, "models": len(lines)})
        data = "\n".join((first, *lines, "")).encode("ascii")
        if len(data) <= _MAX_BYTES:  # else it could not be read again
            write_private(path, data)
    except (OSError, ValueError, RecursionError):
        return


def _sweep(folder: Path) -> None:
    """Remove the lists of keys and addresses long out of use, and what killed writers left."""
    oldest = time.time() - _KEPT
    try:
        found = [folder / name for name in names(folder)]
    except UnreadableFile:
        return
    for path in found:
        with suppress(OSError):  # somebody else is sweeping, or nobody may
            if path.suffix in _OURS and path.lstat().st_mtime < oldest:
                path.unlink()


def _moment(head: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(head["checkedAt"]).astimezone(UTC)
