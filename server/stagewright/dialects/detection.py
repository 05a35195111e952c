"""Whose a file is by what stands in it: for names that several programs use. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from stagewright.dialects.dialect import Detect

SEARCHED = 64 * 1024
"""Characters of a text in which a key is looked for."""

_HEAD_LINES = 20


def holds(detect: Detect, syntax: str, text: str) -> bool:
    """Whether a text in this syntax (`yaml`, `json`, `toml`, `front-matter`) is what is meant."""
    part = text[:SEARCHED]
    return any(has_key(part, syntax, key) for key in detect.keys) or any(
        mark in line for line in _telling_lines(part) for mark in detect.text
    )


def _telling_lines(text: str) -> Iterator[str]:
    """The comments and schema lines at the beginning."""
    for line in islice(text.split("\n", _HEAD_LINES), _HEAD_LINES):
        if "#" in line or "//" in line or "$schema" in line:
            yield line


def has_key(text: str, syntax: str, key: str) -> bool:
    """Whether a key stands at the top of a text, be it whole or half-typed."""
    if key not in text:
        return False
    quoted = re.escape(key)
    name = rf"(?:{quoted}|\"{quoted}\"|'{quoted}')"
    match syntax:
        case "json":
            return any(found == key for found in _json_keys(text))
        case "toml":
            table = rf"(?m)^[ \t]*\[\[?[ \t]*{name}[ \t]*[\].]"
            if re.search(table, text):
                return True
            found = re.search(rf"(?m)^[ \t]*{name}[ \t]*[=.]", text)
            return found is not None and not re.search(r"(?m)^[ \t]*\[", text[: found.start()])
        case "front-matter":
            head = re.match(
                r"(?ms)\A\ufeff?---[ \t]*\r?\n(.*?)(?:\n(?:---|\.\.\.)[ \t]*\r?$|\Z)", text
            )
            return head is not None and has_key(head[1], "yaml", key)
        case _:
            return re.search(rf"(?m)^\ufeff?{name}[ \t]*:(?:\s|$)", text) is not None


_JSON_TOKEN = re.compile(r'"((?:[^"\\\n]|\\.)*)"(\s*:)?|//[^\n]*|/\*.*?\*/|[{}\[\]]', re.DOTALL)


def _json_keys(text: str) -> Iterator[str]:
    """The keys of the outermost object."""
    depth = 0
    for token in _JSON_TOKEN.finditer(text):
        if token[0] in "{[":
            depth += 1
        elif token[0] in "}]":
            depth -= 1
        elif depth == 1 and token[2]:
            yield token[1]
