"""Reading JSON that others wrote: each fact if it has the promised type, else nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

_EARLIEST = datetime(2018, 1, 1, tzinfo=UTC)
"""Before this there were no chat models: APIs give such days for "unknown"."""

LONGEST = 256  # characters of an id or a name
_MOST_TEXTS = 64

JsonObject = Mapping[str, Any]


def text(value: object, longest: int = LONGEST) -> str | None:
    """Text with something in it that can be shown: no control characters, no lone surrogates."""
    if not isinstance(value, str) or len(value) > longest:
        return None
    return value if value.strip() and value.isprintable() else None


def count(value: object) -> int | None:
    """A positive whole number, also one written as a float or as text."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 19:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return int(value) if 0 < value < 1e18 else None


def first_count(entry: JsonObject, *names: str) -> int | None:
    """The first of these fields that holds a positive number."""
    return next((found for name in names if (found := count(entry.get(name)))), None)


def amount(value: object) -> float | None:
    """A number from zero up, also one written as text."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    if isinstance(value, str) and len(value) > 40:
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if 0 <= number < 1e9 else None


def moment(value: object) -> datetime | None:
    """A moment in UTC, from ISO 8601 text or seconds since 1970."""
    found: datetime | None = None
    try:
        if isinstance(value, str) and len(value) <= 40:
            found = datetime.fromisoformat(value)
            found = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
        elif isinstance(value, (int, float)) and not isinstance(value, bool):
            found = datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return found if found and found >= _EARLIEST else None


def day(value: object) -> date | None:
    """A day in UTC, from ISO 8601 text (with or without a time) or seconds since 1970."""
    found = moment(value)
    return found.date() if found else None


def mapping(value: object) -> JsonObject:
    """An object; an empty one where there is none."""
    return value if isinstance(value, Mapping) else {}


def texts(value: object) -> tuple[str, ...]:
    """The first texts of a list."""
    if not isinstance(value, list):
        return ()
    return tuple(filter(None, map(text, value[:_MOST_TEXTS])))
