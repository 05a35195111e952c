"""One workspace's write lock: one writer at a time, among all threads and all programs."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from filelock import FileLock, Timeout

LOCK_SECONDS = 10.0
"""How long a write waits for all others, those of other programs and those of this one."""

POLL_SECONDS = 0.005
POLL_SECONDS_AT_MOST = 0.025
"""Between two attempts at a lock that another program holds: at first, and in the end."""

Result = TypeVar("Result")


class Busy(Exception):
    """Somebody else is writing."""


class Unlockable(Exception):
    """The lock cannot be had at all, for a reason that the text names."""


class FolderLock:
    """The right to write below one folder. The system's: a program that dies gives it back."""

    def __init__(self, path: Path, prepare: Callable[[], None]) -> None:
        """`path` is the lock's file, `prepare` makes sure of its folder before each attempt."""
        self._prepare = prepare
        self._file = FileLock(path, thread_local=False)
        self._mutex = threading.Lock()
        self._owner: int | None = None
        self._queue = asyncio.Lock()

    @contextmanager
    def held(self, wait: float | None = None) -> Iterator[None]:
        """Hold it, after `wait` seconds at most, LOCK_SECONDS if None; again where this thread
        holds it already.

        Raises Busy, Unlockable, and what `prepare` raises.
        """
        if self._owner == threading.get_ident():
            yield
            return
        deadline = time.monotonic() + (wait := LOCK_SECONDS if wait is None else wait)
        if not self._mutex.acquire(timeout=wait):
            raise Busy
        try:
            self._prepare()
            left = max(0.0, deadline - time.monotonic())
            try:
                self._file.acquire(timeout=left, poll_interval=POLL_SECONDS)
            except Timeout as error:
                raise Busy from error
            # filelock raises NotImplementedError where the system has no file locks at all.
            except (OSError, NotImplementedError) as error:
                raise Unlockable(getattr(error, "strerror", None) or str(error)) from error
            try:
                self._owner = threading.get_ident()
                yield
            finally:
                self._owner = None
                self._file.release()
        finally:
            self._mutex.release()

    async def in_turn(self, work: Callable[[], Result], threads: Executor) -> Result:
        """What `work` gives, done in a thread that holds the lock. Waiting takes no thread.

        Raises as `held` and as `work` do.
        """

        def attempt() -> Result:
            with self.held(wait=0):
                return work()

        loop = asyncio.get_running_loop()
        deadline, pause = loop.time() + LOCK_SECONDS, POLL_SECONDS
        try:
            async with asyncio.timeout(LOCK_SECONDS):
                await self._queue.acquire()
        except TimeoutError as error:
            raise Busy from error
        try:
            while True:
                try:
                    return await loop.run_in_executor(threads, attempt)
                except Busy:
                    if loop.time() >= deadline:
                        raise
                await asyncio.sleep(pause)
                pause = min(1.5 * pause, POLL_SECONDS_AT_MOST)
        finally:
            self._queue.release()
