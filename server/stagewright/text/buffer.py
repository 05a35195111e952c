"""The text of a document: lines, edits spliced into them, and columns in three encodings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple

Encoding = Literal["utf-8", "utf-16", "utf-32"]


class Position(NamedTuple):
    """A place between two characters: 0-based line and column, the column in code points."""

    line: int
    column: int


class Span(NamedTuple):
    """From `start` up to, not including, `end`."""

    start: Position
    end: Position

    def shifted(self, lines: int) -> Span:
        """The same span so many lines further down."""
        return span_at(
            self.start.line + lines, self.start.column, self.end.line + lines, self.end.column
        )

    def contains(self, position: Position) -> bool:
        """Whether `position` lies in the span or at its end, where a cursor still belongs to it."""
        return self.start <= position <= self.end


@lru_cache(maxsize=1 << 14)
def span_at(start_line: int, start_column: int, end_line: int, end_column: int) -> Span:
    """A span; equal ones are one object, for entries of like shape repeat the same few."""
    return Span(Position(start_line, start_column), Position(end_line, end_column))


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace what `span` covers by `text`."""

    span: Span
    text: str


def to_units(line: str, column: int, encoding: Encoding) -> int:
    """How many units of `encoding` the first `column` code points of `line` take."""
    column = max(0, min(column, len(line)))
    if encoding == "utf-32" or line.isascii():
        return column
    if encoding == "utf-16":
        return len(line[:column].encode("utf-16-le", "surrogatepass")) // 2
    return len(line[:column].encode("utf-8", "surrogatepass"))


def from_units(line: str, units: int, encoding: Encoding) -> int:
    """The column, in code points, that lies `units` units of `encoding` into `line`.

    Past the end of the line means its end; in the middle of a character means its start.
    """
    units = max(0, units)
    if encoding == "utf-32" or line.isascii():
        return min(units, len(line))
    if encoding == "utf-16":
        for doubles, wide in enumerate(_WIDE.finditer(line)):
            start = wide.start() + doubles  # in units
            if units <= start:
                return units - doubles
            if units == start + 1:
                return wide.start()
        return min(units - sum(1 for _ in _WIDE.finditer(line)), len(line))
    encoded = line.encode("utf-8", "surrogatepass")
    while 0 < units < len(encoded) and encoded[units] & 0xC0 == 0x80:
        units -= 1
    return len(encoded[:units].decode("utf-8", "surrogatepass"))


_WIDE = re.compile("[\U00010000-\U0010ffff]")


class Splice(NamedTuple):
    """What an edit did to the lines: from `first` on, `removed` lines became `added` ones."""

    first: int
    removed: int
    added: int


_ENDS = ("", "\n", "\r\n", "\r")
_LF, _CRLF, _CR = 1, 2, 3
_PIECE = 1 << 14
_LINE_END = re.compile(r"\r\n|\n|\r")


class Buffer:
    """Lines without their ends, split only at \\n, \\r\\n and \\r as LSP does; never empty.

    Equal lines of a text are one string, and their ends one byte each: a long template costs
    little more than its distinct lines. They are divided when they are first asked for: of most
    source files that somebody opens they never are.
    """

    __slots__ = ("_ends", "_lines", "_undivided")

    def __init__(self, text: str = "") -> None:
        self._undivided: str | None = text
        self._lines: list[str] = []
        self._ends = bytearray()  # indexes into _ENDS; only the last line has none

    @property
    def lines(self) -> list[str]:
        """The lines themselves, not a copy of them."""
        if self._undivided is not None:
            self._divide(self._undivided)
        return self._lines

    def _divide(self, text: str) -> None:
        self._undivided = None
        pool: dict[str, str] = {}
        if "\r" not in text:
            for piece in _pieces(text):
                lines = piece.split("\n")
                self._lines.extend(map(pool.setdefault, lines, lines))
            self._ends[:] = bytes((_LF,)) * (len(self._lines) - 1) + b"\0"
            return
        for line, end in _split(text):
            self._lines.append(pool.setdefault(line, line))
            self._ends.append(end)

    def copy(self) -> Buffer:
        """The same text, to be edited apart."""
        other = Buffer()
        other._lines, other._ends = self.lines.copy(), self._ends.copy()
        other._undivided = None
        return other

    @property
    def text(self) -> str:
        """The whole text, with its own line ends."""
        if self._undivided is not None:
            return self._undivided
        if self._ends.count(_LF) == len(self.lines) - 1:
            return "\n".join(self.lines)
        return "".join(
            part
            for line, end in zip(self.lines, self._ends, strict=True)
            for part in (line, _ENDS[end])
        )

    @property
    def newline(self) -> str:
        """The line end in use: the first one, and a plain newline where there is none."""
        if self._undivided is not None:
            self._divide(self._undivided)
        return _ENDS[self._ends[0]] or "\n"

    @property
    def end(self) -> Position:
        """The end of the text."""
        return Position(len(self.lines) - 1, len(self.lines[-1]))

    def clamp(self, position: Position) -> Position:
        """The nearest place that the text has: past a line means its end."""
        line, column = position
        if line < 0:
            return Position(0, 0)
        if line >= len(self.lines):
            return self.end
        return Position(line, max(0, min(column, len(self.lines[line]))))

    def splice(self, span: Span, text: str) -> Splice:
        """Replace what `span` covers by `text`; places outside of the text are moved into it."""
        start, stop = sorted((self.clamp(span.start), self.clamp(span.end)))
        first, last = start.line, stop.line
        head, tail = self.lines[first][: start.column], self.lines[last][stop.column :]
        # A \n that comes to stand behind a \r becomes one line end with it.
        if first and not head and self._ends[first - 1] == _CR:
            first -= 1
            head = self.lines[first] + "\r"
        new = list(_split(f"{head}{text}{tail}{_ENDS[self._ends[last]]}"))
        if last + 1 < len(self.lines):
            new.pop()  # the empty rest behind the last line's own end
        after = last + 1
        if new[-1:] == [(self.lines[last], self._ends[last])]:  # untouched, as below whole lines
            new.pop()
            after = last
        self.lines[first:after] = [line for line, _ in new]
        self._ends[first:after] = bytes(end for _, end in new)
        return Splice(first, after - first, len(new))


def _pieces(text: str) -> Iterator[str]:
    """Some lines at a time, without the newline behind them: a long text is not held twice."""
    start = 0
    while (end := text.find("\n", start + _PIECE)) >= 0:
        yield text[start:end]
        start = end + 1
    yield text[start:]


def _split(text: str) -> Iterator[tuple[str, int]]:
    """Lines and their ends, one by one, so that a long text is not held twice."""
    start = 0
    if "\r" not in text:
        while (end := text.find("\n", start)) >= 0:
            yield text[start:end], _LF
            start = end + 1
    else:
        for found in _LINE_END.finditer(text):
            yield text[start : found.start()], _ENDS.index(found.group())
            start = found.end()
    yield text[start:], 0
