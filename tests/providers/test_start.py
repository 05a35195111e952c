"""The first catalogue: at once, and without anything that only asking needs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PROGRAM = """
import sys
from datetime import UTC, datetime
from stagewright.catalog.model import ModelReference
from stagewright.providers.start import starting_catalog
from stagewright.settings import load

environ = {"STAGEWRIGHT_CACHE_DIR": sys.argv[1], "HOME": sys.argv[1], "OPENAI_API_KEY": "k",
           "OPENAI_BASE_URL": "http://127.0.0.1:1/v1", "STAGEWRIGHT_REHEARSAL": "1"}
catalog = starting_catalog(load({}, environ)[0], environ)
list(catalog.usable())
catalog.verdict(ModelReference("anthropic", "claude-2.1"), now=datetime.now(UTC))
catalog.nearest(ModelReference("rehearsal", "rehearsal-3"))
print(catalog.provider("openai").status, catalog.provider("rehearsal").status)
heavy = "anthropic openai genai_prices httpx2 pydantic filelock cachetools platformdirs tempfile"
print(*(set(heavy.split()) & set(sys.modules)))
"""


def test_it_imports_the_standard_library_alone(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert ran.stdout == "loading ok\n\n"
