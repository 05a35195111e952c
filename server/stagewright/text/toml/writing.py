"""Writing TOML into somebody's file: texts in the quotes that stand there, where they can."""

from __future__ import annotations

import re

from stagewright.text.nodes import ScalarNode

_LITERAL = ("'", "'''")


def within(text: str, quote: str, **_: bool) -> str:
    """`text` to stand between quotes that are there, or with its own where there are none."""
    if quote in _LITERAL:
        return text  # nothing can be escaped there
    inner = _SPECIAL.sub(_escaped, text)
    return inner if quote else f'"{inner}"'


def quoted_like(text: str, quote: str, **_: bool) -> str:
    """`text` as a value, in the quotes of the one whose place it takes."""
    if not quote or (quote in _LITERAL and not _stands_literally(text)):
        return within(text, "")
    return f"{quote}{within(text, quote)}{quote}"


def inside(value: ScalarNode, text: str, **_: bool) -> str | None:
    """`text` as a part of a text; None where it cannot stand there."""
    if not value.style or (value.style in _LITERAL and not _stands_literally(text)):
        return None
    return within(text, value.style)


_SPECIAL = re.compile(r'["\\\x00-\x1f\x7f]')
_LETTERS = {"\b": "b", "\t": "t", "\n": "n", "\f": "f", "\r": "r", '"': '"', "\\": "\\"}


def _escaped(found: re.Match[str]) -> str:
    letter = _LETTERS.get(found[0])
    return f"\\{letter}" if letter else f"\\u{ord(found[0]):04X}"


def _stands_literally(text: str) -> bool:
    return "'" not in text and not re.search(r"[\x00-\x1f\x7f]", text)
