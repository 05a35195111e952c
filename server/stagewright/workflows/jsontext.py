"""JSON text exactly as `JSON.stringify(value, null, 2)` writes it, so that files do not churn."""

from __future__ import annotations

import json
import math
import re
from decimal import Decimal
from json.encoder import encode_basestring
from typing import Any

MAX_DEPTH = 100
"""Objects and lists within each other: clients and their libraries go no deeper than some
hundreds."""

_WORDS = {True: "true", False: "false", None: "null"}
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def loads(data: bytes) -> Any:
    """The value of a UTF-8 JSON text. Raises ValueError, saying where and why, on anything else,
    and on one that is nested deeper than what can be sent on."""
    try:
        value = json.loads(
            data.decode("utf-8"), parse_constant=_refuse_constant, parse_float=_finite
        )
        _check_depth(value)
        return value
    except UnicodeDecodeError as error:
        raise ValueError(f"it is not UTF-8 (byte {error.start})") from error
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise ValueError(f"it is not JSON ({where}: {error.msg})") from error
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error


def dumps(value: Any) -> bytes:
    """UTF-8 of the value, indented by two spaces, without a final newline."""
    pieces: list[str] = []
    _add(pieces, value, "\n")
    text = "".join(pieces)
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        # A surrogate that stands alone has no UTF-8; JavaScript escapes it.
        return _LONE_SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", text).encode("utf-8")


def _add(pieces: list[str], value: Any, newline: str) -> None:
    if isinstance(value, str):
        pieces.append(encode_basestring(value))
    elif value is None or isinstance(value, bool):
        pieces.append(_WORDS[value])
    elif isinstance(value, int):
        pieces.append(repr(value))
    elif isinstance(value, float):
        pieces.append(_number(value))
    elif isinstance(value, dict):
        inner, before = newline + "  ", "{"
        for key, item in value.items():
            pieces.append(f"{before}{inner}{encode_basestring(key)}: ")
            _add(pieces, item, inner)
            before = ","
        pieces.append(f"{newline}}}" if value else "{}")
    elif isinstance(value, list):
        inner, before = newline + "  ", "["
        for item in value:
            pieces.append(before + inner)
            _add(pieces, item, inner)
            before = ","
        pieces.append(f"{newline}]" if value else "[]")
    else:
        raise TypeError(f"{type(value).__name__} has no JSON form")


def _number(value: float) -> str:
    """As ECMAScript's Number::toString: Python's digits, but an exponent for other sizes."""
    if not math.isfinite(value):
        return "null"
    if value == 0:
        return "0"
    if 1e-6 <= abs(value) < 1e21:
        return format(Decimal(repr(value)), "f").removesuffix(".0")
    mantissa, _, exponent = repr(value).partition("e")
    return f"{mantissa.removesuffix('.0')}e{int(exponent):+d}"


def _finite(digits: str) -> float | None:
    """A number, or null for one that JavaScript takes for infinite, and so writes as null."""
    value = float(digits)
    return value if math.isfinite(value) else None


def _check_depth(value: Any) -> None:
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [
            inner
            for outer in level
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return
    raise ValueError(f"it is nested deeper than {MAX_DEPTH} levels")


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"it is not JSON ({name} is not a JSON number)")
