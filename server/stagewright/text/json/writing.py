"""Writing JSON into somebody's file: every text stands in double quotes."""

from __future__ import annotations

import json
import re

from stagewright.text.nodes import ScalarNode


def within(text: str, quote: str, **_: bool) -> str:
    """`text` to stand between quotes that are there, or with its own where there are none."""
    inner = _HALF.sub(_escaped, json.dumps(text, ensure_ascii=False)[1:-1])
    if quote == "'":
        inner = inner.replace('\\"', '"').replace("'", "\\'")
    return inner if quote else f'"{inner}"'


def quoted_like(text: str, _: str, **__: bool) -> str:
    """`text` as a value, whatever the one looks like whose place it takes."""
    return within(text, "")


def inside(value: ScalarNode, text: str, **_: bool) -> str | None:
    """`text` as a part of a text; None where it cannot stand there."""
    return within(text, value.style) if value.style else None


_HALF = re.compile("[\ud800-\udfff]")


def _escaped(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"
