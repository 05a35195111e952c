"""A program in a terminal of a given width, steered by what it shows."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.cells import cell_len
from tests import forks
from tests.e2e.editor import environment

_ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[()][A-Z0-9]|\x1b[=>]")


class Terminal:
    """What a person sees and types."""

    def __init__(self, process: subprocess.Popen[bytes], outer: int) -> None:
        self.process = process
        self._outer = outer
        self._raw = b""
        self._seen = 0

    @property
    def shown(self) -> str:
        """All that was shown, without what only steers the terminal."""
        return _ESCAPE.sub("", self._raw.decode("utf-8", "replace")).replace("\r\n", "\n")

    @property
    def widest(self) -> int:
        """Cells of the longest line."""
        lines = re.split(r"[\r\n]", self.shown)
        return max(cell_len(line) for line in lines)

    def until(self, text: str) -> str:
        """What is shown up to a text that was not yet waited for."""
        while text not in self.shown[self._seen :]:
            ready, _, _ = select.select([self._outer], [], [], 45)
            try:
                read = os.read(self._outer, 65536) if ready else b""
            except OSError:
                read = b""
            assert read, f"{text!r} never came:\n{self.shown}"
            self._raw += read
        start = self._seen
        self._seen = self.shown.index(text, start) + len(text)
        return self.shown[start : self._seen]

    def type(self, text: str) -> None:
        os.write(self._outer, text.encode())

    def end(self) -> int:
        """The exit code, once the program has shown everything."""
        while True:
            try:
                read = os.read(self._outer, 65536)
            except OSError:
                break
            if not read:
                break
            self._raw += read
        return self.process.wait()


@contextmanager
def terminal(folder: Path, *arguments: str, columns: int = 80, **more: str) -> Iterator[Terminal]:
    """Run it in `folder`, in a terminal of so many columns, with `more` variables."""
    outer, inner = pty.openpty()
    fcntl.ioctl(inner, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    environ = environment(folder.parent, TERM="xterm", PYTHONUTF8="1", **more)
    environ |= {"STAGEWRIGHT_CONFIG": str(folder / "config.toml"), "STAGEWRIGHT_REHEARSAL": "1"}
    process = subprocess.Popen(
        [*forks.program("tests.patient"), *arguments],
        cwd=folder,
        env=environ,
        stdin=inner,
        stdout=inner,
        stderr=inner,
    )
    os.close(inner)
    try:
        yield Terminal(process, outer)
    finally:
        process.kill()
        process.wait()
        os.close(outer)
