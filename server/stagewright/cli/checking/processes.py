"""Work on many files at once: by one process for each core, where that pays."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

from stagewright.files import Stamp

Shared = TypeVar("Shared")
Item = TypeVar("Item")
Result = TypeVar("Result")

_WORTH_IT = 256 * 1024
"""Bytes to be read from which on starting processes takes less time than it saves."""

_MOST = 8


def workers_for(files: Sequence[Path]) -> int:
    """How many processes these files are worth; 1 means this one alone."""
    stamps = map(Stamp.of, files)
    total = sum(stamp.size for stamp in stamps if stamp is not None)
    return min(len(files), _cores(), _MOST) if total >= _WORTH_IT else 1


def each(
    work: Callable[[Shared, Item], Result], shared: Shared, items: Sequence[Item], workers: int
) -> Iterator[Result]:
    """`work(shared, item)` of every item, in order.

    `work` is a function of a module; what it takes and gives can be pickled. Where processes
    cannot be had, or one of them dies, this one does what is left.
    """
    done = 0
    if workers > 1:
        from concurrent.futures.process import BrokenProcessPool

        try:
            for answer in _by_processes(work, shared, items, workers):
                yield answer
                done += 1
        except (BrokenProcessPool, OSError, ImportError):
            pass
    for item in items[done:]:
        yield work(shared, item)


def _by_processes(
    work: Callable[[Shared, Item], Result], shared: Shared, items: Sequence[Item], workers: int
) -> Iterator[Result]:
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    # Linux forks: nothing to import again. No method that is used here opens a socket, as Python's
    # own default may.
    context = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
    pool = ProcessPoolExecutor(workers, context, _begin, (work, shared))
    try:
        yield from pool.map(_do, items, chunksize=max(1, min(32, len(items) // (workers * 8))))
    finally:
        pool.shutdown(cancel_futures=True)


_work: Callable[[Any], Any]


def _begin(work: Callable[[Any, Any], Any], shared: Any) -> None:
    """In a worker, before its first item. Interrupting it is for the process that began it."""
    import signal

    global _work
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def bound(item: Any) -> Any:
        return work(shared, item)

    _work = bound


def _do(item: Any) -> Any:
    return _work(item)


def _cores() -> int:
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
