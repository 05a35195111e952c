"""Which workflow a transcript is of."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from stagewright.lsp.roots import Roots


class WorkflowPlace(NamedTuple):
    """The workflow that a transcript is of."""

    root: Path
    workflow_id: str


def conversation_of(roots: Roots, path: Path) -> WorkflowPlace:
    """The workflow whose transcript or state lies at a path."""
    return WorkflowPlace(roots.of(path), path.name.partition(".")[0])
