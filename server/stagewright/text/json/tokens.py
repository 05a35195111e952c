"""The tokens of one line of JSON, by hand: a text never goes on over the end of its line."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

TOKEN_LIMIT = 500_000
"""Tokens that are read of one line, and of one file: as many as of YAML."""


class Token(NamedTuple):
    """A bracket, comma or colon as `kind`; or `"` a text in quotes, `a` another word, `#` a comment
    or a part of one."""

    kind: str
    start: int
    end: int


class Line(NamedTuple):
    """The tokens of a line, and whether a comment goes on behind its end."""

    tokens: tuple[Token, ...]
    in_comment: bool


def tokens_of(line: str, in_comment: bool) -> Line:
    """The tokens of a line, which may begin in a comment. The last ones are remembered."""
    return _remembered(line, in_comment) if len(line) <= _LONG else _scan(line, in_comment)


def is_closed(line: str, token: Token) -> bool:
    """Whether a text in quotes has its closing quote."""
    quote = line[token.start]
    if token.end - token.start < 2 or line[token.end - 1] != quote:
        return False
    inner = line[token.start + 1 : token.end - 1]
    return (len(inner) - len(inner.rstrip("\\"))) % 2 == 0


def text_of(line: str, token: Token) -> str:
    """What a text or word says. An escape that JSON does not know stays as it is written."""
    if token.kind != '"':
        return line[token.start : token.end]
    inner = line[token.start + 1 : token.end - is_closed(line, token)]
    return _ESCAPE.sub(_unescaped, inner) if "\\" in inner else inner


_LONG = 2_000  # characters

_TOKEN = re.compile(
    r"""[\s\ufeff]*+(?:
        (?P<mark>[{}\[\],:])
      | (?P<text>"(?:[^"\\]|\\.)*+[\\"]?|'(?:[^'\\]|\\.)*+[\\']?)
      | (?P<comment>//.*|/\*(?:[^*]|\*(?!/))*+(?:\*/)?)
      | (?P<word>(?:(?!//|/\*)[^\s{}\[\],:"])++|/)
    )""",
    re.VERBOSE | re.DOTALL,
)
_COMMENT_END = re.compile(r"(?:[^*]|\*(?!/))*+(?:\*/)?", re.DOTALL)
_CLOSING = " \t\r\f\v,}]"
_ESCAPE = re.compile(
    r"""\\(?:u([0-9A-Fa-f]{4})(?:\\u([dD][c-fC-F][0-9A-Fa-f]{2}))?|["'\\/bfnrt])"""
)
_MEANS = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


def _scan(line: str, in_comment: bool) -> Line:
    found: list[Token] = []
    at = 0
    if in_comment:
        match = _COMMENT_END.match(line)
        at = match.end() if match else len(line)
        found.append(Token("#", 0, at))
        in_comment = not line.endswith("*/", 0, at)
    while match := _TOKEN.match(line, at):
        kind = match.lastgroup
        start, end = match.span(kind) if kind else match.span()
        at = end
        if kind == "mark":
            found.append(Token(line[start], start, end))
        elif kind == "text":
            token = Token('"', start, end)
            if end == len(line) and not is_closed(line, token):
                # What closes a line is more likely meant so than as a part of the text.
                at = max(len(line.rstrip(_CLOSING)), start + 1)
                token = Token('"', start, at)
            found.append(token)
        elif kind == "comment":
            found.append(Token("#", start, end))
            is_block = line.startswith("/*", start)
            in_comment = is_block and (end - start < 4 or not line.endswith("*/", start, end))
        else:
            found.append(Token("a", start, end))
        if len(found) > TOKEN_LIMIT:
            break
    return Line(tuple(found), in_comment)


_remembered = lru_cache(maxsize=1 << 13)(_scan)


def _unescaped(found: re.Match[str]) -> str:
    high, low = found.groups()
    if high is None:
        return _MEANS.get(found[0][1], found[0][1])
    code = int(high, 16)
    if low is None:
        return chr(code)
    if 0xD800 <= code < 0xDC00:
        return chr(0x10000 + (code - 0xD800) * 0x400 + int(low, 16) - 0xDC00)
    return chr(code) + chr(int(low, 16))
