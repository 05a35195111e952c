"""A folder of configurations in which nobody can be asked about any model: nothing is said.

Gateways of one's own, Bedrock, Vertex, Azure, what is filled in elsewhere, wildcards, aliases,
keys. The models that they name have ended, or never were.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from tests.analysis.support import OPTIONS, catalog, provider
from tests.cli.checking import run, stages, write
from tests.loopback.process import loopback_process

from stagewright.analysis.diagnostics.diagnose import diagnose
from stagewright.analysis.diagnostics.lookups import references, to_ask_about
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
KEY = "sk-ant-api03-Zm9yZ290dGVu"
"""How one begins that stands where a model belongs."""


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


def test_nor_asked_by_a_check(tmp_path: Path) -> None:
    """With every provider in reach; what only a settings file beside it says counts too."""
    asks = write(tmp_path, a=stages(("anthropic", "claude-none")))  # about this one, there is
    folder = shutil.copytree(FOLDER, tmp_path / "all")
    with loopback_process() as providers:
        arguments = ("--live", "--format", "json", str(asks), str(folder))
        ran = run(tmp_path, *arguments, environ=providers.environ)
        asked = providers.requests()
    assert ran.json["summary"]["files"] == len(FILES) + 1
    assert [found["path"] for found in ran.json["findings"]] == [str(asks.relative_to(tmp_path))]
    single = {one["path"] for one in asked if not one["path"].endswith("/models")}
    assert [path.rpartition("/")[2] for path in single] == ["claude-none"]
    assert KEY not in json.dumps(asked) + ran.out + ran.err
