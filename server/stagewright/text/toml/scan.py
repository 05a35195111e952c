"""Where statements and tables of TOML begin and end, by hand, also where a bracket is open."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from stagewright.text.buffer import Position

KEY = re.compile(r"""[ \t]*+(?:([\w-]++)|("(?:[^"\\]|\\.)*+"?)|('[^']*+'?))""")
"""A part of a key: bare, or quoted."""

_PART = r"""[ \t]*+(?:[A-Za-z0-9_-]++|"(?:[^"\\]|\\.)*+"|'[^']*+')[ \t]*+"""
_STATEMENT = re.compile(rf"{_PART}(?:\.{_PART})*+=(?!=)")
_HEADER = re.compile(rf"[ \t]*+\[\[?{_PART}(?:\.{_PART})*+\]\]?[ \t]*+(?:\#.*)?$")
_NOTABLE = re.compile(r"""[\[\]{}\#]|\"\"\"|'''|"(?:[^"\\]|\\.)*+"?|'[^']*+'?""")
_LONG_END = {
    '"""': re.compile(r'(?:[^"\\]|\\.|"(?!""))*+"""("{0,2})', re.DOTALL),
    "'''": re.compile(r"(?:[^']|'(?!''))*+'''('{0,2})", re.DOTALL),
}
_LINES_READ = 2_000
"""Lines that are looked at for the end of one text or list."""

_CLOSES = {"]": "[", "}": "{"}


class Table(NamedTuple):
    """The lines of a table, its header included; the first one of a file has no header."""

    start: int
    after: int
    has_header: bool


def tables(lines: Sequence[str]) -> Iterator[Table]:
    """The tables of a file in order, the one without a header first."""
    start, number, count = 0, 0, len(lines)
    has_header = False
    while number < count:
        kind = _kind(lines[number])
        if kind == "[" and (number or not has_header):
            yield Table(start, number, has_header)
            start, has_header = number, True
        elif kind == "?":
            number = statement_end(lines, number)
        number += 1
    yield Table(start, count, has_header)


@lru_cache(maxsize=1 << 12)
def _kind(line: str) -> str:
    """What a line begins: `[` a header, `?` a statement over more lines, or "" one that ends."""
    text = line.lstrip(" \t\ufeff")
    if text.startswith("["):
        return "["
    if text.startswith("#") or not ("[" in text or "{" in text or '"""' in text or "'''" in text):
        return ""
    end = statement_end([line, ""], 0)
    return "" if end == 0 and _is_whole(text) else "?"


def _is_whole(text: str) -> bool:
    """Whether what opens in a line is closed in it."""
    open_ = 0
    for found in _NOTABLE.finditer(text):
        mark = found[0]
        if mark == "#":
            break
        if mark in ('"""', "'''"):
            return False
        open_ += (mark in "[{") - (mark in "]}")
    return open_ == 0


def statement_end(lines: Sequence[str], number: int) -> int:
    """The last line of the statement that begins on a line."""
    line = lines[number]
    at = value_start(line)
    if at < 0:
        return number
    quote = line[at : at + 3]
    if quote in _LONG_END:
        end = long_end(lines, number, at)
        return end.line if end else number
    return reach(lines, number, at) if quote[:1] in ("[", "{") else number


@lru_cache(maxsize=1 << 12)
def value_start(line: str) -> int:
    """The column of the value of a statement; -1 where there is no equals sign before it."""
    at = 1 if line.startswith("\ufeff") else 0
    while found := KEY.match(line, at):
        at = found.end()
        while line[at : at + 1] in (" ", "\t"):
            at += 1
        if line[at : at + 1] != ".":
            break
        at += 1
    if line[at : at + 1] != "=":
        return -1
    at += 1
    while line[at : at + 1] in (" ", "\t"):
        at += 1
    return at


def long_end(lines: Sequence[str], number: int, at: int) -> Position | None:
    """The end of the text over several lines that opens here; None where it is never closed."""
    quote = lines[number][at : at + 3]
    pattern, at = _LONG_END[quote], at + 3
    for line in range(number, min(number + _LINES_READ, len(lines))):
        if found := pattern.match(lines[line], at):
            return Position(line, found.end())
        at = 0
    return None


def reach(lines: Sequence[str], number: int, at: int) -> int:
    """The last line of the list or inline table that opens here.

    One that is never closed ends before the next line that begins a statement or a table; an inline
    table, which has to stand on one line, at the end of its own.
    """
    opened: list[str] = []
    header = -1
    is_table = lines[number][at] == "{"
    line, after = number, min(number + _LINES_READ, len(lines))
    while line < after:
        text = lines[line]
        if at == 0 and line > number and _says_nothing(text):
            line += 1
            continue
        if line > number and "{" not in opened and _STATEMENT.match(text):
            break
        if line > number and header < 0 and _HEADER.match(text):
            header = line
            if is_table:
                break
        skipped = False
        while found := _NOTABLE.search(text, at):
            mark, at = found[0], found.end()
            if mark == "#":
                break
            if mark in _LONG_END:
                end = long_end(lines, line, found.start())
                if end is not None:
                    line, at = end
                    text = lines[line]
            elif mark in _CLOSES:
                if not opened or opened.pop() != _CLOSES[mark]:
                    after, skipped = line, True  # of another kind: it is not closed at all
                    break
                if not opened:
                    return line
            elif mark in "[{":
                opened.append(mark)
        if skipped:
            line += 1
            break
        line, at = line + 1, 0
    if is_table:
        return number
    return max((header if header >= 0 else line) - 1, number)


@lru_cache(maxsize=1 << 12)
def _says_nothing(line: str) -> bool:
    """Whether a line within a list neither opens nor closes anything, nor begins a statement."""
    if _STATEMENT.match(line) or _HEADER.match(line):
        return False
    marks = (found[0] for found in _NOTABLE.finditer(line))
    return all(mark[0] in "\"'" and mark not in _LONG_END for mark in marks)
