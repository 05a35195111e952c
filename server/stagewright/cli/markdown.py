"""An answer's Markdown, rendered in the terminal while it comes.

A block is shown as far as it has come and redrawn as more of it comes; a block that is complete
stands. So no more than the last block is ever drawn again, however long the answer is.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

from rich.console import Console, ConsoleOptions, RenderResult
from rich.live import Live
from rich.markdown import Markdown
from rich.segment import Segment
from rich.text import Text

from stagewright.foreign import printable

DRAWN_EVERY = 0.1
"""Seconds between two drawings of the block that is coming."""

LARGEST = 50_000
"""Characters of a block from which on it is shown as it is."""

NARROWEST = 20
"""Columns below which Markdown's own indentation would take the room of its words."""

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_MAY_BE_ITEM = re.compile(r"(?:[-*+]|\d+[.)])\s|[-*+]$|\d+[.)]?$")
"""The begin of a list's item, or what may become one."""


class MarkdownStream:
    """Markdown that comes in pieces, shown without what could steer the terminal."""

    def __init__(self, out: Console) -> None:
        self._out = out
        self._text = ""
        self._live: Live | None = None
        self._due = 0.0

    def write(self, text: str) -> None:
        """Show some more of it."""
        self._text += printable(text)
        *_, end = 0, *boundaries(self._text)
        if len(self._text) > LARGEST:
            end = len(self._text)
        if end:
            self._stand(self._text[:end])
            self._text = self._text[end:]
        if time.monotonic() >= self._due:
            self._draw()

    def end(self) -> None:
        """Show what is left: it is complete now."""
        self._stand(self._text)
        self._text = ""

    def _draw(self) -> None:
        if not self._text.strip():
            return
        began = time.monotonic()
        if self._live is None:
            # No thread of its own: all drawing is done here.
            self._live = Live(
                console=self._out, auto_refresh=False, transient=True, vertical_overflow="crop"
            )
            self._live.start()
        self._live.update(_Tail(self._text, self._out.height - 2), refresh=True)
        now = time.monotonic()
        self._due = now + max(DRAWN_EVERY, 4 * (now - began))

    def _stand(self, text: str) -> None:
        if self._live is not None:
            self._live.stop()
            self._live = None
        show(self._out, text)


def show(out: Console, text: str) -> None:
    """Show a whole text, block by block."""
    start = 0
    for end in (*boundaries(text), len(text)):
        block = text[start:end].strip("\n")
        start = end
        if block.strip():
            out.print(Text(block) if len(block) > LARGEST else rendered(block))
            out.print()


class _Tail:
    """The last lines of a block: one that is higher than the terminal cannot be redrawn."""

    def __init__(self, text: str, height: int) -> None:
        self._text, self._height = text, max(height, 1)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        lines = console.render_lines(rendered(self._text), options.update(height=None), pad=False)
        for number, line in enumerate(lines[-self._height :]):
            if number:
                yield Segment.line()
            yield from line


def rendered(text: str) -> Markdown:
    """Markdown for the terminal. Links show their addresses: none is written as an escape code."""
    return Markdown(text.strip("\n"), code_theme="ansi_dark", hyperlinks=False)


def fits(out: Console) -> bool:
    """Whether this is a terminal in which Markdown can be drawn."""
    return out.is_terminal and not out.is_dumb_terminal and out.width >= NARROWEST


def boundaries(text: str) -> Iterator[int]:
    """Where blocks end that cannot become more: behind an empty line that is followed by the begin
    of another block, outside of code. What belongs to a list stays with it."""
    fence = ""
    blank = in_list = False
    place = 0
    for line in text.splitlines(keepends=True):
        found = _FENCE.match(line)
        if fence:
            if found and found[1].startswith(fence) and not line.strip().strip(fence[0]):
                fence = ""
        else:
            begins = blank and bool(line.strip()) and not line[0].isspace()
            if begins and not (in_list and _MAY_BE_ITEM.match(line)):
                yield place
                in_list = False
            in_list = in_list or bool(_MAY_BE_ITEM.match(line))
            fence = found[1] if found else ""
        blank = not line.strip()
        place += len(line)
