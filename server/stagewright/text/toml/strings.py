"""What the values of TOML look like, and what its texts say: quotes and escapes."""

from __future__ import annotations

import re

BARE = re.compile(r"""[^\s,\[\]{}#"'=]++(?:[ ]\d\d:\d\d[^\s,\[\]{}#]*+)?""")
TYPED = re.compile(
    r"true|false|[+-]?(?:inf|nan)|[+-]?\d[\d_]*(?:\.\d[\d_]*)?(?:[eE][+-]?\d[\d_]*)?"
    r"|0x[0-9A-Fa-f_]+|0o[0-7_]+|0b[01_]+|\d{4}-\d\d-\d\d(?:[Tt ].*)?|\d\d:\d\d(?::.*)?"
)
SHORT = {
    '"': re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\\?)'),
    "'": re.compile(r"'[^']*+'?"),
}
CLOSING = " \t\r\f\v,}]"

_ESCAPE = re.compile(
    r"""\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(["\\bfnrte])|([ \t]*\n\s*))"""
)
_MEANS = {"b": "\b", "e": "\x1b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


def unescaped(text: str) -> str:
    """A text without its escapes; one that TOML does not know stays as it is written."""
    return _ESCAPE.sub(_unescaped, text) if "\\" in text else text


def closes(written: str, quote: str) -> bool:
    """Whether a text in quotes on one line has its closing quote."""
    if len(written) < 2 or written[-1] != quote:
        return False
    inner = written[1:-1]
    return quote == "'" or (len(inner) - len(inner.rstrip("\\"))) % 2 == 0


def unquoted(written: str, quote: str) -> str:
    """What a text in quotes on one line says, closed or not."""
    inner = written[1:-1] if closes(written, quote) else written[1:]
    return unescaped(inner) if quote == '"' else inner


def _unescaped(found: re.Match[str]) -> str:
    *codes, letter, _ = found.groups()
    if letter:
        return _MEANS.get(letter, letter)
    code = next((int(one, 16) for one in codes if one), -1)
    if code > 0x10FFFF:
        return found[0]
    return chr(code) if code >= 0 else ""
