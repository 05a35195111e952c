"""The rules behind the diagnostic codes, from the page about diagnostics that ships with us."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "diagnostics.md"

_SECTION = re.compile(r"^## (?P<code>[a-z-]+)\n(?P<body>.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
_DEFAULT = re.compile(r"^\*[^*]+\*\s*")  # "*error.*": how severe it is by itself
_MARKUP = re.compile(r"\*\*|\*|`")


@dataclass(frozen=True, slots=True)
class Rule:
    """One code of the page: what it means and what to do, as Markdown and as plain text."""

    code: str
    summary: str  # one sentence
    markdown: str
    text: str


@cache
def rules() -> dict[str, Rule]:
    """Every code that the page explains, in its order."""
    page = PAGE.read_text("utf-8")
    return {found["code"]: _rule(found["code"], found["body"]) for found in _SECTION.finditer(page)}


def _rule(code: str, body: str) -> Rule:
    markdown = _DEFAULT.sub("", body.strip())
    text = _MARKUP.sub("", re.sub(r"^```\w*\n?", "", markdown, flags=re.MULTILINE)).strip()
    summary = re.split(r"(?<=[.!?])\s", " ".join(text.split()), maxsplit=1)[0]
    return Rule(code, summary, markdown, text)
