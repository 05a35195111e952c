"""A workspace for tests: a folder with Choragen's own files, a clock that ticks, ids that count."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from stagewright.catalog.model import ModelReference
from stagewright.dialects import choragen
from stagewright.dialects.choragen.roles import RoleIndex, read_roles
from stagewright.dialects.document import Document
from stagewright.workflows.errors import WorkflowError
from stagewright.workflows.manager import WorkflowManager

CHORAGEN = Path(__file__).parents[1] / "data" / "choragen"
SAMPLE = "WF-20261122-001"
SAMPLE_FILE = CHORAGEN / "workflows" / f"{SAMPLE}.json"

# Where these lie in a workspace.
INDEX = ".choragen/workflow-index.json"
FILE = f".choragen/workflows/{SAMPLE}.json"

# Half past midnight in a zone two hours ahead: the local date is not the date in UTC.
START = datetime(2026, 11, 24, 0, 30, tzinfo=timezone(timedelta(hours=2)))

FAST = ModelReference("openai", "gpt-5-mini")
DEEP = ModelReference("anthropic", "claude-opus-4-8")


class Clock:
    """A second passes with every look at it."""

    def __init__(self) -> None:
        self._seconds = count()

    def __call__(self) -> datetime:
        return START + timedelta(seconds=next(self._seconds))


def at(second: int) -> str:
    """The timestamp of the clock's so-manieth look, from 0."""
    return f"2026-11-23T22:30:{second:02}.000Z"


def choragen_folder(root: Path, *folders: str) -> None:
    """Copy Choragen's files into a workspace: all of them, or only some folders."""
    for name in folders or ("workflow-templates", "roles", "workflows"):
        shutil.copytree(CHORAGEN / name, root / ".choragen" / name)
    if not folders or "workflows" in folders:
        shutil.copy(CHORAGEN / "workflow-index.json", root / ".choragen")


def manager_of(root: Path) -> WorkflowManager:
    """A manager whose times and ids are known."""
    ids = count(1)
    return WorkflowManager(root, clock=Clock(), new_id=lambda: f"message-{next(ids)}")


def template(text: str) -> Document:
    """An open template."""
    return Document(text)


def roles(text: str) -> RoleIndex:
    """A role index."""
    return read_roles(Document(text, choragen.ROLES))


def contents(root: Path) -> dict[str, bytes]:
    """Every file below a folder with its bytes."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


def index_of(root: Path) -> Any:
    """What a workspace's index says."""
    return json.loads((root / INDEX).read_bytes())


def refused(act: Callable[..., object], *args: object) -> WorkflowError:
    """The error that a call is refused with."""
    with pytest.raises(WorkflowError) as refusal:
        act(*args)
    return refusal.value
