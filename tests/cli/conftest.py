"""Fixtures of the tests of the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.workflows.workspace import choragen_folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A workspace with Choragen's templates and roles, and a configuration that says nothing."""
    choragen_folder(tmp_path, "workflow-templates", "roles")
    (tmp_path / "config.toml").touch()
    return tmp_path
