"""Tokens of one line, by hand and in linear time: indentation, dashes, keys, quotes, comments."""

from __future__ import annotations

import re
from typing import NamedTuple

BLANK = ("", " ", "\t")
KEY_LIMIT = 1024  # YAML allows no longer simple key
DASH_LIMIT = 100  # deeper lists are not read either
NULLS = frozenset(("", "~", "null", "Null", "NULL"))


class ScannedKey(NamedTuple):
    """A key: its text without quotes, its columns with them, and its colon's column."""

    text: str
    start: int
    end: int
    colon: int


class Line(NamedTuple):
    """A line of block style: the columns of its dashes, where its content begins, its key."""

    dashes: tuple[int, ...]
    content: int  # the column of the first character that is no indentation and no dash
    key: ScannedKey | None


def indent_of(line: str) -> int:
    """The column of the first character that is neither space nor tab."""
    return len(line) - len(line.lstrip(" \t"))


def is_blank(line: str) -> bool:
    """Whether a line holds nothing but white space and a comment."""
    content = line.lstrip(" \t")
    return not content or content[0] == "#"


def is_dash(line: str, column: int) -> bool:
    """Whether a list item begins at `column`."""
    return line[column : column + 1] == "-" and line[column + 1 : column + 2] in BLANK


def is_marker(line: str) -> bool:
    """Whether a line begins or ends a YAML document."""
    return line.startswith(("---", "...")) and line[3:4] in BLANK


def skip_blanks(line: str, column: int) -> int:
    """The column of the next character that is no white space, or the end of the line."""
    found = _BLANKS.match(line, column)
    return found.end() if found else column


_BLANKS = re.compile("[ \t]*+")


def quote_end(line: str, start: int) -> int:
    """The column behind the quote that closes the one at `start`, or -1 where none does."""
    quote, at = line[start], start + 1
    while (at := line.find(quote, at)) >= 0:
        if quote == "'":
            if line[at + 1 : at + 2] != "'":
                return at + 1
            at += 2
        else:
            slashes = at
            while line[slashes - 1] == "\\":
                slashes -= 1
            if (at - slashes) % 2 == 0:
                return at + 1
            at += 1
    return -1


def unquote(text: str) -> str:
    """What a text says, its quotes left out, closed or not.

    Escapes in double quotes other than \\" and \\\\ stay as typed.
    """
    quote = text[:1]
    if quote not in ("'", '"'):
        return text
    inner = text[1:-1] if quote_end(text, 0) == len(text) else text[1:]
    if quote == "'":
        return inner.replace("''", "'")
    return inner.replace('\\"', '"').replace("\\\\", "\\")


def comment_start(line: str, start: int) -> int:
    """The column of the `#` that begins a comment at or behind `start`, or the end of the line.

    `start` must lie outside of quotes, where a plain text or nothing begins.
    """
    at = start
    while (at := line.find("#", at)) >= 0:
        if at == 0 or line[at - 1] in " \t":
            return at
        at += 1
    return len(line)


def skip_properties(line: str, start: int) -> int:
    """The column behind any anchor and tag that stand at `start`."""
    at = start
    while line[at : at + 1] in ("&", "!"):
        ends = [end for blank in " \t" if (end := line.find(blank, at)) >= 0]
        at = skip_blanks(line, min(ends)) if ends else len(line)
    return at


def find_key(line: str, start: int) -> ScannedKey | None:
    """The key that begins at `start`, if one does and its colon follows on this line."""
    start = skip_properties(line, start + (start == 0 and line.startswith("\ufeff")))
    first = line[start : start + 1]
    if first in ('"', "'"):
        end = quote_end(line, start)
        colon = skip_blanks(line, end) if end > 0 else -1
        if end < 0 or line[colon : colon + 1] != ":" or line[colon + 1 : colon + 2] not in BLANK:
            return None
        return ScannedKey(unquote(line[start:end]), start, end, colon)
    if not first or first in "[]{},#|>%@`":
        return None
    if first in "-?:" and line[start + 1 : start + 2] in BLANK:
        return None
    limit = min(comment_start(line, start), start + KEY_LIMIT)
    colon = start
    while (colon := line.find(":", colon, limit)) >= 0:
        if line[colon + 1 : colon + 2] in BLANK:
            text = line[start:colon].rstrip(" \t")
            return ScannedKey(text, start, start + len(text), colon)
        colon += 1
    return None


def scan_line(line: str) -> Line:
    """The dashes, the content and the key of a line of block style."""
    dashes: list[int] = []
    at = indent_of(line)
    while is_dash(line, at) and len(dashes) < DASH_LIMIT:
        dashes.append(at)
        at = skip_blanks(line, at + 1)
    return Line(tuple(dashes), at, find_key(line, at))


def value_kind(line: str, start: int) -> str:
    """What begins at or behind `start`: "" nothing, or `|` `"` `{` `*` for a block scalar, a quoted
    text, a flow collection, an alias, or "a" for plain text."""
    at = skip_properties(line, skip_blanks(line, start))
    first = line[at : at + 1]
    if not first or (first == "#" and line[at - 1] in " \t"):
        return ""
    for kind, firsts in (("|", "|>"), ('"', "'\""), ("{", "{["), ("*", "*")):
        if first in firsts:
            return kind
    return "a"


class Word(NamedTuple):
    """What is typed at a cursor: the columns an answer replaces, and the text before the cursor.

    Quotes are left out of both.
    """

    start: int
    end: int
    prefix: str = ""
    quote: str = ""
    needs_space: bool = False  # right behind a colon or dash: an answer must begin with a space


def text_end(line: str, start: int) -> int:
    """The column behind the plain or quoted text at `start`, its comment left out."""
    if line[start : start + 1] in ("'", '"') and (close := quote_end(line, start)) > 0:
        return close
    return len(line[: comment_start(line, start)].rstrip(" \t"))


def word_in_text(line: str, start: int, end: int, column: int) -> Word | None:
    """The word of a plain or quoted text from `start` to `end`; None when `column` is behind it."""
    quote = line[start : start + 1]
    if column <= start:
        return Word(column, end)
    if quote not in ("'", '"'):
        behind = line[end:column].strip(" \t")
        return None if behind else Word(start, max(end, column), line[start:column])
    close = quote_end(line, start)
    if 0 < close <= column:
        return None
    inner_end = close - 1 if close > 0 else max(end, column)
    return Word(start + 1, inner_end, line[start + 1 : column], quote)


def tight_value(line: str, start: int, end: int, column: int) -> tuple[str, Word] | None:
    """`key:val`, a value whose space is still missing: its key, and the word behind the colon."""
    name, colon, _ = line[start:end].partition(":")
    at = start + len(name) + 1
    if not colon or not name.isidentifier() or column < at:
        return None
    return name, Word(at, max(end, column), line[at:column], needs_space=True)
