"""JSON text exactly as `JSON.stringify(value, null, 2)` writes it, so that files do not churn."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from decimal import Decimal
from json.encoder import encode_basestring
from typing import Any

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def loads(data: bytes) -> Any:
    """The value of a UTF-8 JSON text. Raises ValueError, saying where and why, on anything else."""
    try:
        return json.loads(data.decode("utf-8"), parse_constant=_refuse_constant)
    except UnicodeDecodeError as error:
        raise ValueError(f"it is not UTF-8 (byte {error.start})") from error
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise ValueError(f"it is not JSON ({where}: {error.msg})") from error
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error


def dumps(value: Any) -> bytes:
    """UTF-8 of the value, indented by two spaces, without a final newline."""
    text = "".join(_pieces(value, "\n"))
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        # A surrogate that stands alone has no UTF-8; JavaScript escapes it.
        return _LONE_SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", text).encode("utf-8")


def _pieces(value: Any, newline: str) -> Iterator[str]:
    inner = newline + "  "
    match value:
        case str():
            yield encode_basestring(value)
        case True | False | None:
            yield {True: "true", False: "false", None: "null"}[value]
        case int():
            yield repr(value)
        case float():
            yield _number(value)
        case {} if not value:
            yield "{}"
        case dict():
            before = "{"
            for key, item in value.items():
                yield f"{before}{inner}{encode_basestring(key)}: "
                yield from _pieces(item, inner)
                before = ","
            yield f"{newline}}}"
        case [] | ():
            yield "[]"
        case list() | tuple():
            before = "["
            for item in value:
                yield f"{before}{inner}"
                yield from _pieces(item, inner)
                before = ","
            yield f"{newline}]"
        case _:
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


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"it is not JSON ({name} is no JSON number)")
