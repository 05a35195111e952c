"""Work on many files at once: by one process for each core, where that pays."""

from __future__ import annotations

import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from stagewright.files import Stamp

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

Shared = TypeVar("Shared")
Item = TypeVar("Item")
Answer = TypeVar("Answer")

_WORTH_IT = 256 * 1024
"""Bytes to be read from which on starting processes takes less time than it saves."""

_MOST = 8


def workers_for(files: Sequence[Path]) -> int:
    """How many processes these files are worth; 1 means this one alone."""
    stamps = map(Stamp.of, files)
    total = sum(stamp.size for stamp in stamps if stamp is not None)
    return min(len(files), _cores(), _MOST) if total >= _WORTH_IT else 1


class _Worker(NamedTuple):
    process: BaseProcess
    answers: Connection
    orders: Connection


class Crew(Generic[Item]):
    """Processes that may work on the same items several times: each item is always worked on by
    the same one, which can keep what it has read of it."""

    def __init__(self, items: Sequence[Item], workers: int) -> None:
        self._items = items
        self._count = workers
        self._size = max(1, min(32, len(items) // (workers * 8)))  # items of one order
        self._workers: list[_Worker] = []
        self._orders: list[deque[int]] = []  # the first items of what each has worked on

    def __enter__(self) -> Crew[Item]:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def each(self, work: Callable[[Shared, Item], Answer], shared: Shared) -> Iterator[Answer]:
        """`work(shared, item)` of every item, in order.

        `work` is a function of a module; what it takes and gives can be pickled. Where processes
        cannot be had, or one of them dies, this one does what is left.
        """
        done = 0
        if self._count > 1:
            try:
                for answers in self._by_processes(work, shared):
                    yield from answers
                    done += len(answers)
            except (EOFError, OSError, ImportError):
                self._count = 1
                self._end()
        for item in self._items[done:]:
            yield work(shared, item)

    def _by_processes(
        self, work: Callable[[Shared, Item], Answer], shared: Shared
    ) -> Iterator[list[Answer]]:
        """The answers to each order, in order. Raises EOFError where a process has died."""
        from multiprocessing.connection import wait  # not every system has it

        if not self._workers:
            self._begin(work, shared)
            left = deque(range(0, len(self._items), self._size))
            queues = [left] * len(self._workers)  # whoever is free takes the next
        else:
            queues, self._orders = self._orders, [deque() for _ in self._workers]
            for worker in self._workers:
                worker.orders.send((work, shared))
        working: dict[Any, int] = {}
        for at in range(len(self._workers)):
            self._order(at, queues, working)
        known: dict[int, list[Answer]] = {}
        wanted = 0
        while working:
            for answers in wait(list(working)):
                at = working.pop(answers)
                start, found, error = self._workers[at].answers.recv()
                if error is not None:
                    raise error
                known[start] = found
                self._order(at, queues, working)
            while wanted in known:
                yield known.pop(wanted)
                wanted += self._size

    def _order(self, at: int, queues: list[deque[int]], working: dict[Any, int]) -> None:
        if queues[at]:
            start = queues[at].popleft()
            self._workers[at].orders.send(start)
            self._orders[at].append(start)
            working[self._workers[at].answers] = at

    def _begin(self, work: Callable[[Shared, Item], Answer], shared: Shared) -> None:
        import multiprocessing  # not every system has it

        # Linux forks: nothing to import again. No method that is used here opens a socket, as
        # Python's own default may.
        forks = sys.platform == "linux"
        context: Any = multiprocessing.get_context("fork" if forks else "spawn")
        for _ in range(self._count):
            answers, to_answer = context.Pipe(duplex=False)
            ordered, orders = context.Pipe(duplex=False)
            others = (answers, orders) if forks else ()
            process = context.Process(
                target=_serve,
                args=(ordered, to_answer, others, self._items, self._size, work, shared),
                daemon=True,
            )
            process.start()
            to_answer.close()
            ordered.close()
            self._workers.append(_Worker(process, answers, orders))
        self._orders = [deque() for _ in self._workers]

    def _end(self) -> None:
        """A process ends when it has done what it is doing, and is told no more."""
        for worker in self._workers:
            worker.orders.close()
            worker.answers.close()
        for worker in self._workers:
            worker.process.join()
        self._workers.clear()


def _serve(
    orders: Connection,
    answers: Connection,
    others: Sequence[Connection],
    items: Sequence[Any],
    size: int,
    work: Callable[[Any, Any], Any],
    shared: Any,
) -> None:
    """A worker's life. Interrupting it is for the process that began it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for other in others:  # so that the pipes end with the process that began it
        other.close()
    try:
        while True:
            order = orders.recv()
            if isinstance(order, tuple):
                work, shared = order
                continue
            try:
                found = [work(shared, item) for item in items[order : order + size]]
            except Exception as error:  # noqa: BLE001 - it is raised where it was asked for
                answers.send((order, [], error))
            else:
                answers.send((order, found, None))
    except (EOFError, OSError):
        return


def _cores() -> int:
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
