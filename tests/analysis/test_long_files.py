"""Files that are too long to be read in parts: a completion in one goes by what is near."""

from pathlib import Path

import pytest
from tests.analysis.support import CATALOG, OPTIONS

from stagewright.analysis.completion.complete import complete
from stagewright.dialects.around import Around
from stagewright.dialects.document import Document
from stagewright.dialects.registry import Dialects
from stagewright.text.buffer import Position
from stagewright.text.parts import LONGEST
from stagewright.workspace import claim

YAML = "model_list:\n  - model_name: a\n    litellm_params:\n      model: openai/gpt\n"
TOML = '[profiles.a]\nmodel_provider = "openai"\nmodel = "gpt"\n'
JSON = '{\n  "model": "openai/gpt",\n'


@pytest.mark.parametrize(
    ("path", "text", "more", "end"),
    [
        ("litellm_config.yaml", YAML, f"# {'x' * 70}\n", ""),
        (".codex/config.toml", TOML, f"# {'x' * 70}\n", ""),
        (".codex/config.toml", TOML, f'k = "{"x" * 70}"\n', ""),
        ("opencode.json", JSON, f"  // {'x' * 70}\n", "}\n"),
    ],
)
def test_a_long_file_has_the_offers_of_a_short_one(
    path: str, text: str, more: str, end: str
) -> None:
    dialect = claim(Path("/w") / path, Dialects(), (), text)
    assert dialect is not None
    lines = text.split("\n")
    line = next(n for n, one in enumerate(lines) if "gpt" in one)
    place = Position(line, lines[line].index("gpt") + 3)
    short = Document(text + end, dialect)
    long = Document(text + more * (LONGEST // len(more) + 20_000) + end, dialect)
    assert [document.is_long for document in (short, long)] == [False, True]
    offers = [complete(document, place, CATALOG, OPTIONS).items for document in (short, long)]
    assert offers[0]
    assert [one.label for one in offers[0]] == [one.label for one in offers[1]]
    assert long.around(line, ()) == (Around(()), False)
