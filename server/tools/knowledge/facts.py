"""What the sources say, in one form: the keys of a fact, and ids that can be ids of models."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, TypedDict

Table = dict[str, set[str]]
"""Provider -> ids that a weightier source knows."""


class Facts(TypedDict, total=False):
    """What one source says of one model. Days are ISO 8601."""

    name: str
    mode: str  # chat, embedding, image_generation ...: LiteLLM's words
    context: int  # tokens
    output: int  # tokens
    price: list[float | None]  # US dollars per million tokens, in and out
    can: list[str]  # tools, vision, thinking
    aliases: list[str]
    announced: str  # the day on which the end was announced
    end: str  # the last day
    next: list[str]  # what follows it, best first
    seen: str  # the day on which the source saw its end; the file's day where it does not say


Said = Iterator[tuple[str, str, Facts]]
"""Provider, model id, facts."""

_DAY = re.compile(r"20\d\d-[01]\d-[0-3]\d")
_NO_ID = re.compile(r"[\s*\"\\]|^ft:|^$|(^|/)(low|medium|high|standard|hd|max-x-max|\d+-x-\d+)/")


def is_id(text: str) -> bool:
    """Whether this can be the id of a model: prices by image size and fine-tunes stand for many."""
    return not _NO_ID.search(text)


def day(value: Any) -> str | None:
    """The day, if it is one."""
    return value if isinstance(value, str) and _DAY.fullmatch(value) else None


def without_gaps(**facts: Any) -> Facts:
    """Facts without those that nobody stated."""
    return {key: value for key, value in facts.items() if value not in (None, "", [])}  # type: ignore[return-value]
