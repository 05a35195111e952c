"""What the user types: edited and completed at a terminal, taken as it is elsewhere.

Lines that come together are one message, as people expect of what they paste or pipe. They come
apart where one is a command, and where somebody waits before the next, as who types or waits for
an answer does. A few short lines from a pipe are no text but turns, as a script writes them.
"""

from __future__ import annotations

import os
import queue
import select
import sys
from collections import deque
from collections.abc import Callable, Sequence
from threading import Thread

Complete = Callable[[str], Sequence[str]]
"""What the last word of a line can become."""

IsCommand = Callable[[str], bool]
"""Whether a line is none of a message."""

TOGETHER = 0.05
"""Seconds within which a line follows another that was pasted or piped with it."""

TURNS, TURN_LENGTH = 3, 40
"""Most lines from a pipe, and characters in each, that are taken for a turn each, not for a text:
few enough that a list of names never becomes a hundred requests."""


def lines(complete: Complete) -> Lines:
    """From a terminal where stdin and stdout are one, else from whatever stdin is."""
    if sys.stdin.isatty() and sys.stdout.isatty():
        return _Terminal(complete)
    return _Piped()


class _Terminal:
    typed = True
    """Somebody types the lines, who may want to know what else can be typed."""

    def __init__(self, complete: Complete) -> None:
        self._complete = complete
        self._candidates: list[str] = []
        self._ahead: list[str] = []
        try:
            import readline  # only where a person types
        except ImportError:  # Windows
            return
        self._readline = readline
        readline.set_completer_delims(" ")
        readline.set_completer(self._candidate)
        libedit = "libedit" in (readline.__doc__ or "")
        readline.parse_and_bind("bind ^I rl_complete" if libedit else "tab: complete")
        if not libedit:
            readline.parse_and_bind("set enable-bracketed-paste on")  # a paste comes as one text

    def read(self, prompt: str) -> str | None:
        """The next line, without its end; None when there are no more. Raises KeyboardInterrupt."""
        if self._ahead:
            return self._ahead.pop(0)
        try:
            return input(prompt)
        except EOFError:
            print()
            return None

    def message(self, prompt: str, is_command: IsCommand) -> str | None:
        """The next command, or the next lines that came together; else as `read`. Where a terminal
        does not mark what is pasted, its lines come at once."""
        first = self.read(prompt)
        if first is None or is_command(first) or self._ahead:
            return first
        lines = [first]
        while sys.platform != "win32" and select.select([sys.stdin], [], [], TOGETHER)[0]:
            came = os.read(sys.stdin.fileno(), 65536).decode(errors="replace")
            if not came:
                break
            lines += came.splitlines()
        kept = next((at for at, line in enumerate(lines) if is_command(line)), len(lines))
        self._ahead += lines[kept:]
        return "\n".join(lines[:kept])

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
    typed = False

    def __init__(self) -> None:
        self._queue: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._next: deque[str | None] = deque()
        Thread(target=self._fill, daemon=True).start()

    def _fill(self) -> None:
        for line in sys.stdin:
            self._queue.put(line.rstrip("\r\n"))
        self._queue.put(None)

    def _comes(self, within: float | None) -> bool:
        """Whether there is a next line, or an end of them, within so many seconds; None: any."""
        if not self._next:
            try:
                self._next.append(self._queue.get(timeout=within))
            except queue.Empty:
                return False
        return True

    def read(self, prompt: str) -> str | None:  # noqa: ARG002 - nobody would see it
        """As at a terminal."""
        self._comes(within=None)
        line = self._next[0]
        if line is not None:
            self._next.popleft()
        return line

    def message(self, prompt: str, is_command: IsCommand) -> str | None:
        """As at a terminal; a few short lines one by one."""
        line = self.read(prompt)
        if line is None or is_command(line):
            return line
        lines = [line]
        while self._comes(within=TOGETHER):
            line = self._next[0]
            if line is None or is_command(line):
                break
            lines.append(line)
            self._next.popleft()
        if _are_turns(lines):
            self._next.extendleft(reversed(lines[1:]))
            return lines[0]
        return "\n".join(lines)

    def meanwhile(self) -> str | None:
        """The next line, which is taken only if it is meant for the answer that is coming."""
        if not self._comes(within=0):
            return None
        line = self._next[0]
        if line is not None and line.strip() == "/stop":
            self._next.popleft()
        return line


Lines = _Terminal | _Piped
"""Where lines come from."""


def _are_turns(lines: Sequence[str]) -> bool:
    """Whether lines of a pipe are turns of a conversation; blanks at an edge belong to a text."""
    short = all(line == line.strip() and 0 < len(line) <= TURN_LENGTH for line in lines)
    return short and len(lines) <= TURNS
