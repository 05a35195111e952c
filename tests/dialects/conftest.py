"""What the tests of dialects share."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.analysis.support import NOW

from stagewright.catalog.catalog import Catalog
from stagewright.providers.start import starting_catalog
from stagewright.settings import load


@pytest.fixture(scope="session")
def offline(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """What is known on a machine without a key and without a network."""
    environ = {"STAGEWRIGHT_CACHE_DIR": str(tmp_path_factory.mktemp("cache") / "none")}
    settings, _ = load(None, environ, Path("/nonexistent"))
    return starting_catalog(settings, environ, NOW)
