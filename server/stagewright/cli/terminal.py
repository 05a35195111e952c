"""The terminal: streams that no text and no closed pipe stops, and consoles that others' text
cannot steer. Every command writes through here."""

from __future__ import annotations

import io
import os
import re
import shutil
import sys
from collections.abc import Iterator
from errno import EINVAL, EPIPE
from typing import TextIO

from rich.cells import cell_len, chop_cells
from rich.console import Console, ConsoleOptions, ConsoleRenderable, RenderableType, RenderHook
from rich.segment import Segment

from stagewright.foreign import json_escaped, printable, without_github_commands


def prepare() -> None:
    """Have stdin, stdout and stderr take whatever comes: what an encoding lacks is replaced, and
    what nobody reads any more is dropped, so that commands end with their own exit codes."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    sys.stdout = _lasting(sys.stdout)
    sys.stderr = _lasting(sys.stderr, by_line=True)


def is_read() -> bool:
    """Whether somebody still reads what is written to stdout."""
    raw = getattr(getattr(sys.stdout, "buffer", None), "raw", None)
    return not (isinstance(raw, _Lasting) and raw.is_dropped)


def console(*, stderr: bool = False, file: TextIO | None = None) -> Console:
    """A console on which text is text: no markup, no colours by guess, nothing that acts."""
    made = Console(stderr=stderr, file=file, highlight=False, markup=False, emoji=False)
    made.push_render_hook(_Safe())
    return made


def warn(sentence: object) -> None:
    """Something that the user should know, on stderr."""
    _say_aside(f"warning: {sentence}")


def fail(sentence: object) -> None:
    """Why something did not work, on stderr."""
    _say_aside(f"error: {sentence}")


def _say_aside(sentence: str) -> None:
    columns = shutil.get_terminal_size().columns if sys.stderr.isatty() else None
    print(fitted(shown(sentence), columns), file=sys.stderr)


def room(out: Console) -> int | None:
    """The cells of a line, where this is a terminal."""
    return out.width if out.is_terminal else None


def fitted(text: str, width: int | None) -> str:
    """Text of which no line is wider than `width` cells, None for any, broken between words.

    A word that is wider than a line is broken behind slashes, as paths are read; only where it has
    none, anywhere.
    """
    if width is None:
        return text
    return "\n".join(_fitted(line, max(width, 1)) for line in text.split("\n"))


_WORDS = re.compile(r"\s+|\S+")
_PARTS = re.compile(r"[^/\\]*[/\\]+|[^/\\]+")


def _fitted(line: str, width: int) -> str:
    if cell_len(line) <= width:
        return line
    said, column, blank = "", 0, ""
    for word in _WORDS.findall(line):
        if word.isspace():
            blank = word
            continue
        parts = _PARTS.findall(word) if cell_len(word) > width else [word]
        for part in (piece for one in parts for piece in chop_cells(one, width)):
            cells = cell_len(blank + part)
            if said and column + cells > width:
                said, column, blank, cells = f"{said}\n", 0, "", cell_len(part)
            said, column, blank = said + blank + part, column + cells, ""
    return said


def shown(text: str) -> str:
    """Text as it may go to a terminal, or into the log of a run on GitHub."""
    text = printable(text, "\ufffd")
    return without_github_commands(text) if os.environ.get("GITHUB_ACTIONS") else text


def say_json(text: str) -> None:
    """JSON on stdout, for programs: in UTF-8, whatever the terminal's encoding."""
    say_lines(json_escaped(text))


def say_lines(text: str) -> None:
    """Lines for programs on stdout, in UTF-8."""
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8", "replace"))
    sys.stdout.buffer.flush()


_CLOSED = (EPIPE, EINVAL) if os.name == "nt" else (EPIPE,)


class _Lasting(io.FileIO):
    """A descriptor on which writing goes on when nobody reads any more."""

    is_dropped = False

    def write(self, data: object) -> int:
        """All of it is written, or dropped."""
        if not self.is_dropped:
            try:
                return super().write(data)  # type: ignore[arg-type]
            except OSError as error:
                if error.errno not in _CLOSED:
                    raise
                self.is_dropped = True
        return len(memoryview(data))  # type: ignore[arg-type]


def _lasting(stream: TextIO, *, by_line: bool = False) -> TextIO:
    """The stream on such a descriptor, where it is a pipe or a file. `by_line`: what is written
    does not wait, so that it stands before what stdout says next."""
    if not isinstance(stream, io.TextIOWrapper) or stream.isatty():
        return stream
    raw = io.BufferedWriter(_Lasting(stream.fileno(), "wb", closefd=False))
    stream.flush()
    return io.TextIOWrapper(
        raw,
        encoding=stream.encoding,
        errors="replace",
        line_buffering=by_line or stream.line_buffering,
    )


class _Safe(RenderHook):
    """Makes what any renderable shows printable; what rich itself sends to the terminal stays."""

    def process_renderables(self, renderables: list[ConsoleRenderable]) -> list[ConsoleRenderable]:
        return [_Shown(one) for one in renderables]


class _Shown:
    def __init__(self, renderable: RenderableType) -> None:
        self._renderable = renderable

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Segment]:
        for segment in console.render(self._renderable, options):
            yield segment if segment.control else segment._replace(text=shown(segment.text))
