"""The kinds of code actions that there are here; clients ask for some, and bind keys to them."""

from __future__ import annotations

from lsprotocol import types

QUICK_FIX = types.CodeActionKind.QuickFix.value
FIX_ALL = f"{types.CodeActionKind.SourceFixAll.value}.stagewright"
KINDS = [QUICK_FIX, FIX_ALL, "stagewright"]
"""`stagewright.send` and the like, in transcripts, are kinds of their own: keys can be bound to."""
