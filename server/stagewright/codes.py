"""Every diagnostic code with its own severity: part of the contract. A new one begins here."""

from __future__ import annotations

CODES = {
    "model-unavailable": "error",
    "model-unlisted": "warning",
    "model-retired": "error",
    "model-deprecated": "warning",
    "model-not-chat": "warning",
    "model-unverified": "information",
    "model-unrecognized": "information",
    "provider-not-configured": "hint",
    "provider-unknown": "error",
    "model-reference": "error",
    "template-syntax": "error",
    "template-structure": "error",
    "key-unknown": "warning",
    "role-unknown": "warning",
    "stage-duplicate": "warning",
    "choragen-reads-differently": "warning",
    "file-unreadable": "warning",
    "internal-error": "information",
}
