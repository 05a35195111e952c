"""How a request about workflows is refused: a code for programs, a sentence for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

WorkflowErrorCode = Literal[
    "action-unknown",
    "blockers-unresolved",
    "confirmation-needed",
    "gate-not-triggerable",
    "gate-satisfied",
    "gate-unsatisfied",
    "hooks-present",
    "message-empty",
    "model-reference",
    "outside-workspace",
    "reason-missing",
    "role-prompt-unreadable",
    "stage-unknown",
    "status-unknown",
    "template-invalid",
    "template-unknown",
    "workflow-not-active",
    "workflow-unknown",
    "workflow-unreadable",
    "workspace-busy",
    "write-failed",
]
"""Each is described in docs/lsp-extensions.md."""


class WorkflowError(Exception):
    """A request that was not carried out; nothing was written. The message says what to do."""

    def __init__(
        self, code: WorkflowErrorCode, message: str, data: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(message)
        self.code: WorkflowErrorCode = code
        self.message = message
        self.data: Mapping[str, Any] = data or {}  # JSON; what a client needs to ask the user
