"""From a place in a scalar's value to its place in the text, and back: escapes, folding, blocks."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from stagewright.text.buffer import Position, Span
from stagewright.text.nodes import ScalarNode
from stagewright.text.yaml.scan import skip_blanks, skip_properties


class Run(NamedTuple):
    """A part of a value that stands together in the text. An escape and a line break that is part
    of the value are runs of their own."""

    offset: int  # in the value
    line: int
    column: int
    length: int  # in the value
    width: int  # in the text; differs from `length` for an escape and for a line break

    def place(self, offset: int) -> Position:
        """Where the character at this offset of the value begins."""
        inside = offset - self.offset
        plain = self.length == self.width
        return Position(self.line, self.column + (inside if plain else 0))


class SourceMap(NamedTuple):
    """Where each character of a scalar's value stands. Places count as those of its span do."""

    runs: tuple[Run, ...]
    end: Position  # of the value

    def position(self, offset: int) -> Position:
        """Where the character at `offset` of the value begins; past the value means its end."""
        run = self._run(offset)
        return self.end if run is None else run.place(offset)

    def span(self, start: int, end: int) -> Span:
        """What stands for the value's characters from `start` up to, not including, `end`."""
        place = self.position(start)
        run = self._run(end - 1) if end > start else None
        if run is None:
            return Span(place, place if end <= start else self.end)
        if run.length != run.width:
            return Span(place, Position(run.line, run.column + run.width))
        line, column = run.place(end - 1)
        return Span(place, Position(line, column + 1))

    def offset(self, position: Position) -> int | None:
        """The offset in the value of a cursor in the text; None where no part of the value is, as
        in the indentation of a line."""
        at = bisect_right(self.runs, position, key=lambda run: Position(run.line, run.column)) - 1
        if at < 0:
            return 0 if position == self.end else None
        run = self.runs[at]
        inside = position.column - run.column
        if position.line != run.line or inside > run.width:
            return None
        if run.length == run.width or inside == 0:
            return run.offset + inside
        return run.offset + (run.length if inside == run.width else 0)

    def _run(self, offset: int) -> Run | None:
        at = bisect_right(self.runs, max(offset, 0), key=lambda run: run.offset) - 1
        run = self.runs[at] if at >= 0 else None
        return run if run is not None and offset < run.offset + run.length else None


def source_map(
    scalar: ScalarNode, lines: Sequence[str], first: int = 0, *, syntax: str = "yaml"
) -> SourceMap | None:
    """The places of a scalar's value, relative as its span; None where text and value disagree, as
    where it holds a character that YAML alone takes for a line break.

    `first` is the line of `lines` on which its spans count as line 0.
    """
    (line, column), (end_line, end_column) = scalar.span
    source = _Source(lines, first, scalar.value)
    if scalar.style in ("|", ">"):
        parts = _block(source, scalar, line, column, end_line)
    elif scalar.style in ('"""', "'''"):
        parts = _long(source, scalar, line, column + 3, end_line, end_column)
    else:
        if syntax == "yaml":
            line, column = source.behind_properties(line, column)
        parts = _flow(source, scalar, line, column, (end_line, end_column), syntax)
    return source.map(parts)


class _Part(NamedTuple):
    """A piece of one line, or what a break between lines says."""

    line: int
    start: int
    end: int
    break_: str | None = None  # what the value has for a break between lines
    escape: bool = False


class _Source:
    """The lines that a value stands in, and the value."""

    def __init__(self, lines: Sequence[str], first: int, value: str) -> None:
        self.lines, self.first, self.value = lines, first, value

    def line(self, number: int) -> str:
        """A line, counted as the scalar's span is."""
        number += self.first
        return self.lines[number] if 0 <= number < len(self.lines) else ""

    def behind_properties(self, line: int, column: int) -> tuple[int, int]:
        """Where a scalar begins behind its anchor and tag, which may stand on a line above it."""
        at = skip_properties(self.line(line), column)
        if at < len(self.line(line)) or at == column:
            return line, at
        return line + 1, skip_blanks(self.line(line + 1), 0)

    def map(self, parts: Iterator[_Part]) -> SourceMap | None:
        """The runs of these parts, if they say the value."""
        runs: list[Run] = []
        offset, end = 0, Position(0, 0)
        for line, start, stop, said, escape in parts:
            width = stop - start
            if said is None and escape:
                length = 1
            else:
                text = self.line(line)[start:stop] if said is None else said
                length = len(text)
                if not self.value.startswith(text, offset):
                    return None
            if length:
                runs.append(Run(offset, line, start, length, width))
            offset, end = offset + length, Position(line, stop)
        return SourceMap(tuple(runs), end) if offset == len(self.value) else None


def _flow(
    source: _Source, scalar: ScalarNode, line: int, column: int, end: tuple[int, int], syntax: str
) -> Iterator[_Part]:
    """A plain or quoted scalar, on one line or, in YAML, folded over several."""
    (last, end_column), quote = end, scalar.style
    column += len(quote)
    if quote and source.line(last)[max(end_column - 1, column if line == last else 0) :].startswith(
        quote
    ):
        end_column -= 1  # unless it is never closed
    escapes = _escapes(syntax, quote)
    number = line
    while number <= last:
        text = source.line(number)
        start = column if number == line else skip_blanks(text, 0)
        stop = end_column if number == last else _content_end(text, start, quote)
        goes_on = False
        if quote == '"' and number < last and _ends_in_backslash(text, start):
            stop, goes_on = len(text) - 1, True
        yield from _escaped(text, number, start, max(start, stop), escapes)
        following = number + 1
        while following < last and not source.line(following).strip(" \t"):
            following += 1
        if number < last:
            blank = following - number - 1
            yield _Part(number, stop, stop, "\n" * blank or ("" if goes_on else " "))
        number = following


def _content_end(text: str, start: int, quote: str) -> int:
    stop = max(start, len(text.rstrip(" \t")))
    if quote == '"' and stop < len(text) and _ends_in_backslash(text[:stop], start):
        stop += 1  # a blank that is escaped
    return stop


def _ends_in_backslash(text: str, start: int) -> bool:
    """Whether a text ends in a backslash that no other escapes."""
    slashes = len(text) - len(text.rstrip("\\"))
    return min(slashes, len(text) - start) % 2 == 1


def _escaped(
    text: str, line: int, start: int, stop: int, escapes: re.Pattern[str] | None
) -> Iterator[_Part]:
    """A piece of a line, divided at its escapes."""
    if escapes is not None:
        for found in escapes.finditer(text, start, stop):
            yield _Part(line, start, found.start())
            yield _Part(line, *found.span(), escape=True)
            start = found.end()
    yield _Part(line, start, stop)


_YAML_ESCAPE = r"(?s:\\(?:x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|[^xuU]))"
_JSON_ESCAPE = (
    r"""\\(?:u[dD][89abAB][0-9A-Fa-f]{2}\\u[dD][c-fC-F][0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}"""
    r"""|["\\/bfnrt])"""
)
_TOML_ESCAPE = r"""\\(?:x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|["\\bfnrte])"""
_ESCAPES = {
    ("yaml", '"'): _YAML_ESCAPE,
    ("yaml", "'"): "''",
    ("json", '"'): _JSON_ESCAPE,
    ("json", "'"): _JSON_ESCAPE,
    ("toml", '"'): _TOML_ESCAPE,
    ("toml", '"""'): _TOML_ESCAPE,
}


@cache
def _escapes(syntax: str, quote: str) -> re.Pattern[str] | None:
    """The escapes of a syntax in these quotes, compiled when first needed; None for none."""
    pattern = _ESCAPES.get((syntax, quote))
    return re.compile(pattern) if pattern else None


def _block(
    source: _Source, scalar: ScalarNode, line: int, column: int, last: int
) -> Iterator[_Part]:
    """A block scalar: the lines below its head, without their indentation."""
    line, _ = source.behind_properties(line, column)
    written = [number for number in range(line + 1, last + 1) if source.line(number).strip(" \t")]
    if not written:
        yield _Part(line, len(source.line(line)), len(source.line(line)), scalar.value)
        return
    spaces = len(text := scalar.value.lstrip("\n")) - len(text.lstrip(" "))
    top = source.line(written[0])
    indent = len(top) - len(top.lstrip(" ")) - spaces
    value, offset = scalar.value, 0
    number = line + 1
    for number in range(line + 1, last + 1):
        text = source.line(number)
        start = min(indent, len(text))
        if scalar.style == ">" and not text.strip(" \t"):
            continue  # its break is a part of the one before
        if scalar.style == ">" and number == written[0]:
            breaks = len(value) - len(value.lstrip("\n"))
            yield _Part(line, len(source.line(line)), len(source.line(line)), "\n" * breaks)
            offset += breaks
        yield _Part(number, start, len(text))
        offset += len(text) - start
        if number == last:
            break
        rest = value[offset : offset + last - number + 1]
        breaks = len(rest) - len(rest.lstrip("\n"))
        break_ = "\n" if scalar.style == "|" else "\n" * breaks or " "
        yield _Part(number, len(text), len(text), break_)
        offset += len(break_)
    yield _Part(number, len(source.line(number)), len(source.line(number)), value[offset:])


def _long(
    source: _Source, scalar: ScalarNode, line: int, column: int, last: int, end_column: int
) -> Iterator[_Part]:
    """A text of TOML over several lines. A backslash at the end of one swallows the blanks."""
    if source.line(last)[:end_column].endswith(scalar.style) and (
        line < last or end_column - 3 >= column
    ):
        end_column -= 3
    if line < last and column == len(source.line(line)):
        line, column = line + 1, 0  # the first line break does not count
    escapes = _escapes("toml", scalar.style)
    number, start = line, column
    while number <= last:
        text = source.line(number)
        stop = end_column if number == last else len(text)
        solid = len(text[:stop].rstrip(" \t"))
        if escapes and number < last and _ends_in_backslash(text[:solid], start):
            yield from _escaped(text, number, start, solid - 1, escapes)
            number += 1
            while number < last and not source.line(number).strip(" \t"):
                number += 1
            start = skip_blanks(source.line(number), 0)
            continue
        yield from _escaped(text, number, start, stop, escapes)
        if number < last:
            yield _Part(number, stop, stop, "\n")
        number, start = number + 1, 0
