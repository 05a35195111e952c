"""Lines that the user types: edited and completed at a terminal, taken as they are elsewhere."""

from __future__ import annotations

import os
import queue
import select
import sys
from collections.abc import Callable, Sequence
from threading import Thread
from typing import Protocol

Complete = Callable[[str], Sequence[str]]
"""What the last word of a line can become."""


class Lines(Protocol):
    """Where lines come from."""

    def read(self, prompt: str) -> str | None:
        """The next line, without its end; None when there are no more. Raises KeyboardInterrupt."""

    def meanwhile(self) -> str | None:
        """A line that came while nobody asked for one."""


def lines(complete: Complete) -> Lines:
    """From a terminal where stdin and stdout are one, else from whatever stdin is."""
    if sys.stdin.isatty() and sys.stdout.isatty():
        return _Terminal(complete)
    return _Piped()


class _Terminal:
    def __init__(self, complete: Complete) -> None:
        self._complete = complete
        self._candidates: list[str] = []
        self._ahead: list[str] = []
        try:
            import readline
        except ImportError:  # Windows
            return
        self._readline = readline
        readline.set_completer_delims(" ")
        readline.set_completer(self._candidate)
        libedit = "libedit" in (readline.__doc__ or "")
        readline.parse_and_bind("bind ^I rl_complete" if libedit else "tab: complete")

    def read(self, prompt: str) -> str | None:
        if self._ahead:
            return self._ahead.pop(0)
        try:
            return input(prompt)
        except EOFError:
            print()
            return None

    def meanwhile(self) -> str | None:
        """What was typed while an answer came; where a terminal cannot be asked, Ctrl-C is left."""
        if sys.platform == "win32" or not select.select([sys.stdin], [], [], 0)[0]:
            return None
        line = os.read(sys.stdin.fileno(), 65536).decode(errors="replace").strip()
        if line and not line.startswith("/stop"):
            self._ahead.append(line)
        return line

    def _candidate(self, _word: str, state: int) -> str | None:
        """readline's way to ask: for the first candidate, then the next, until None."""
        if state == 0:
            line = self._readline.get_line_buffer()[: self._readline.get_endidx()]
            self._candidates = list(self._complete(line))
        return self._candidates[state] if state < len(self._candidates) else None


class _Piped:
    def __init__(self) -> None:
        self._queue: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._next: list[str | None] = []
        Thread(target=self._fill, daemon=True).start()

    def _fill(self) -> None:
        for line in sys.stdin:
            self._queue.put(line.rstrip("\r\n"))
        self._queue.put(None)

    def read(self, prompt: str) -> str | None:  # noqa: ARG002 - nobody would see it
        if not self._next:
            self._next.append(self._queue.get())
        line = self._next[0]
        if line is not None:
            self._next.clear()
        return line

    def meanwhile(self) -> str | None:
        """The next line, which is taken only if it is meant for the answer that is coming."""
        if not self._next:
            try:
                self._next.append(self._queue.get_nowait())
            except queue.Empty:
                return None
        line = self._next[0]
        if line is not None and line.strip() == "/stop":
            self._next.clear()
        return line
