"""Errors that reach the client as they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pygls.exceptions import JsonRpcException

REQUEST_FAILED = -32803
INVALID_PARAMS = -32602


def failure(code: str, message: str, data: Mapping[str, Any] | None = None) -> JsonRpcException:
    """An error that reaches the client as it is: a sentence, and a code in `data`."""
    return JsonRpcException(message, code=REQUEST_FAILED, data={"code": code, **(data or {})})
