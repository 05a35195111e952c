"""How a request about workflows is refused: a code for programs, a sentence for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class WorkflowError(Exception):
    """A request that was not carried out; nothing was written. The message says what to do.

    The codes are described in docs/lsp-extensions.md.
    """

    def __init__(self, code: str, message: str, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.data: Mapping[str, Any] = data or {}  # JSON; what a client needs to ask the user
