"""A folder of configurations in which nobody can be asked about any model: nothing is said.

Gateways of one's own, Bedrock, Vertex, Azure, what is filled in elsewhere, wildcards, aliases,
keys. The models that they name have ended, or never were.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.analysis.support import OPTIONS, catalog, provider
from tests.cli.checking import run

from stagewright.analysis.diagnostics import diagnose
from stagewright.analysis.references import references, to_ask_about
from stagewright.dialects.document import Document
from stagewright.dialects.registry import Dialects
from stagewright.workspace import claim

FOLDER = Path(__file__).parents[1] / "data" / "formats" / "silence"
FILES = sorted(path.relative_to(FOLDER) for path in FOLDER.rglob("*") if path.is_file())
GOVERNED = Path("codex/.codex/agents/reviewer.toml")
"""Silent by the settings beside it alone."""
DENYING = catalog(
    *(provider(name, "only-this") for name in ("anthropic", "openai", "gemini", "together"))
)
"""Providers that deny everything that they are asked about."""


@pytest.mark.parametrize("path", [path for path in FILES if path != GOVERNED], ids=str)
def test_nothing_is_said(path: Path) -> None:
    text = (FOLDER / path).read_text("utf-8")
    dialect = claim(Path("/work") / path, Dialects(), head=text)
    assert dialect is not None
    assert dialect.id == path.parts[0]
    document = Document(text, dialect)
    assert list(references(document)) == []
    assert to_ask_about(document, DENYING, OPTIONS) == []
    assert diagnose(document, DENYING, OPTIONS) == []


def test_nor_by_a_check(tmp_path: Path) -> None:
    folder = shutil.copytree(FOLDER, tmp_path / "all")
    ran = run(folder, "--offline", "--fail-on", "warning", "--format", "json")
    assert ran.json["findings"] == []
    assert ran.json["summary"]["files"] == len(FILES)
    assert ran.code == 0
