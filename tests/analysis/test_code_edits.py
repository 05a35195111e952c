"""Models in source code that are fixed, set, replaced and listed."""

from __future__ import annotations

import pytest
from tests.analysis.code_models import KNOWN, opened
from tests.analysis.support import OPTIONS

from stagewright.analysis.diagnostics.diagnose import diagnose
from stagewright.analysis.edits import replace_model, set_site
from stagewright.analysis.fixes.actions import fixes
from stagewright.analysis.named import named_in
from stagewright.catalog.model import ModelReference
from stagewright.dialects.document import site_at
from stagewright.text.buffer import Position


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x = 'gpt-3-gone'", "x = 'gpt-5'"),
        ('x = "openai/gpt-3-gone"', 'x = "openai/gpt-5"'),
        ('x = r"openai:gpt-3-gone"', 'x = r"openai:gpt-5"'),
    ],
)
def test_the_successor_is_written_as_it_was(text: str, expected: str) -> None:
    document = opened(text)
    [found] = diagnose(document, KNOWN, OPTIONS)
    fix = fixes(document, found, KNOWN, OPTIONS)[0]
    assert fix.title == "Use `gpt-5`, its successor"
    assert document.apply(fix.edits) == expected


@pytest.mark.parametrize(
    ("text", "model", "expected"),
    [
        ('model = "gpt-5"', "anthropic/claude-opus-5", 'model = "claude-opus-5"'),
        ('x = "openai:gpt-5"', "anthropic/claude-opus-5", 'x = "anthropic:claude-opus-5"'),
        ('x = "openai/gpt-5"', "gemini/gemini-9", 'x = "gemini/gemini-9"'),
        ('OPENAI_MODEL = "gpt-5"', "openai/gpt-6", 'OPENAI_MODEL = "gpt-6"'),
        ('OPENAI_MODEL = "gpt-5"', "anthropic/claude-opus-5", None),  # it asks OpenAI
        ('OpenAI(base_url=x, model="gpt-5")', "acme/m-1", 'OpenAI(base_url=x, model="m-1")'),
        ('model = "gpt-5"', 'acme/"; import os; "', None),
        ('x = "openai:gpt-5"', "acme/x", None),
    ],
)
def test_another_model_is_put_in_its_place(text: str, model: str, expected: str | None) -> None:
    document = opened(text)
    found = site_at(document, Position(0, text.index("gpt-5")))
    assert found is not None
    edits = set_site(document, found.entry, found.number, ModelReference.parse(model))
    assert (document.apply(edits) if edits else None) == expected


def test_all_places_of_a_model_are_replaced() -> None:
    document = opened('a = "gpt-5"\nb = "openai:gpt-5"  # gpt-5\nc = "a gpt-5"\n')
    edits = replace_model(
        document, ModelReference("openai", "gpt-5"), ModelReference("openai", "x-1")
    )
    assert document.apply([edit for each in edits for edit in each]) == (
        'a = "x-1"\nb = "openai:x-1"  # gpt-5\nc = "a gpt-5"\n'
    )


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('MODELS = ("gpt-5", "gpt-5")', "MODELS"),
        ('x = f("a", "gpt-5")', ""),
        ('d = {"fast": "gpt-5"}', "fast"),
        ('d = {"fast": ["a", "gpt-5"]}', "fast"),
        ('os.getenv("MODEL", "gpt-5")', "MODEL"),
        ('c.options.model = "gpt-5"', "c.options.model"),
    ],
)
def test_a_place_is_called_by_the_name_left_of_it(text: str, place: str) -> None:
    assert {one.where for one in named_in(opened(text))} == {place}


def test_an_inventory_says_where_and_of_whom() -> None:
    text = 'OPENAI_MODEL = "gpt-5"\nx = f(["claude-opus-5"])\ndict(model="unheard-of-1")\n'
    rows = [(one.where, one.provider, one.model, one.silent) for one in named_in(opened(text))]
    assert rows == [
        ("OPENAI_MODEL", "openai", "gpt-5", ""),
        ("x", "anthropic", "claude-opus-5", ""),
    ]
    [away] = named_in(opened('OpenAI(base_url=y, model="gpt-5")'))
    assert (away.where, away.provider, away.silent) == ("model", None, "opaque")
