"""Fixtures of the workflow tests."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.workflows.talk import Talk, talk
from tests.workflows.workspace import choragen_folder, manager_of

from stagewright.workflows.manager import WorkflowManager


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A workspace as Choragen left it: templates, roles, one workflow."""
    choragen_folder(tmp_path)
    return tmp_path


@pytest.fixture
def manager(root: Path) -> WorkflowManager:
    """The manager of that workspace."""
    return manager_of(root)


@pytest.fixture
async def chat(tmp_path: Path) -> AsyncIterator[Talk]:
    """Chats in a workspace of their own."""
    async with talk(tmp_path) as running:
        yield running
