"""Models offered in source code, and what a hover tells of them."""

from __future__ import annotations

import pytest
from tests.analysis.code_models import KNOWN, LIVE, offered, opened
from tests.analysis.support import OPTIONS, catalog, without_key

from stagewright.analysis.hover import hover
from stagewright.catalog.model import Model
from stagewright.text.buffer import Position


@pytest.mark.parametrize(
    ("name", "marked", "first"),
    [
        ("a.py", 'model="$0"', 'model="gpt-5"'),
        ("a.py", "model='gpt$0'", "model='gpt-5'"),
        ("a.py", 'call(model="gpt$0', 'call(model="gpt-5'),
        ("a.py", 'call(model="gpt$0)', 'call(model="gpt-5)'),
        ("a.py", 'call(model="$0-old", x="y")', 'call(model="gpt-5", x="y")'),
        ("a.py", 'import anthropic\nmodel="$0"', 'import anthropic\nmodel="claude-opus-5"'),
        ("a.py", 'model="openai/$0"', 'model="openai/gpt-5"'),
        ("a.py", 'model="anthropic:cla$0"', 'model="anthropic:claude-opus-5"'),
        ("a.ts", "anthropic('$0')", "anthropic('claude-opus-5')"),
        ("a.ts", "f({ model: `$0` })", "f({ model: `gpt-5` })"),
        ("a.java", '@Value("${x.model:gp$0}") String a;', '@Value("${x.model:gpt-5}") String a;'),
        ("a.json", '{"model": "${MODEL:-gpt$0-old}"}', '{"model": "${MODEL:-gpt-5}"}'),
        ("a.py", 'run(["--model=gp$0"])', 'run(["--model=gpt-5"])'),
        ("a.py", 'run(["--model", "$0"])', 'run(["--model", "gpt-5"])'),
        ("a.py", 'f("--model", choices=["$0"])', 'f("--model", choices=["gpt-5"])'),
        ("a.rb", "MODELS = %w[a gp$0 b]", "MODELS = %w[a gpt-5 b]"),
        ("a.yaml", "command: llm --model gp$0 -v", "command: llm --model gpt-5 -v"),
        (".env", "OPENAI_MODEL=$0", "OPENAI_MODEL=gpt-5"),
        (".env", "OPENAI_MODEL=gp$0", "OPENAI_MODEL=gpt-5"),
        ("a.yaml", "model: $0", "model: gpt-5"),
        ("a.yaml", "- name: MODEL\n  value: $0", "- name: MODEL\n  value: gpt-5"),
        (
            "a.ipynb",
            '{"cells": [{"cell_type": "code", "source": ["m(model=\\"$0\\")"]}]}',
            '{"cells": [{"cell_type": "code", "source": ["m(model=\\"gpt-5\\")"]}]}',
        ),
    ],
)
def test_models_are_offered_where_the_left_side_asks_for_one(
    name: str, marked: str, first: str
) -> None:
    labels, texts = offered(marked, name, LIVE)
    assert texts == [first]
    assert "mistral-large" not in labels  # it has no key


@pytest.mark.parametrize(
    ("name", "marked"),
    [
        ("a.py", 'name="$0"'),
        ("a.py", 'deployment="$0"'),
        ("a.py", '# model="$0"'),
        ("a.py", '"""model="$0" """'),
        ("a.py", 'model=$0""'),
        ("a.py", 'model="a b $0"'),
        ("a.py", 'f("--mode", choices=["$0"])'),
        ("a.java", '@Value("${x.mo$0del:gpt-5}") String a;'),
        ("a.yaml", "usage: llm --model gp$0 -v"),
        ("a.py", 'model=f"{x}$0"'),
        ("a.py", ""),
        ("a.yaml", "name: $0"),
        ("a.yaml", "run: |\n  model: $0"),
        (".env", "# MODEL=$0"),
    ],
)
def test_nothing_is_offered_elsewhere(name: str, marked: str) -> None:
    assert offered(marked, name, LIVE) == ([], [])


def test_without_any_key_what_is_known_is_offered() -> None:
    labels, _ = offered('model="$0"', by=catalog(without_key("mistral", Model("mistral-large"))))
    assert labels == ["mistral-large"]


def test_hover_tells_of_the_model() -> None:
    document = opened('x = "gpt-3-gone"')
    found = hover(document, Position(0, 8), KNOWN, OPTIONS)
    assert found is not None
    assert "2026-01-05" in found.markdown
    assert document.text_of(found.span) == "gpt-3-gone"
    assert hover(document, Position(0, 1), KNOWN, OPTIONS) is None


def test_hover_tells_who_else_has_it_where_nothing_shows_who_is_asked() -> None:
    for text, told in (('x = "gpt-4-gone"', True), ('OPENAI_MODEL = "gpt-4-gone"', False)):
        found = hover(opened(text), Position(0, len(text) - 2), KNOWN, OPTIONS)
        assert found is not None
        assert ("Also at: Azure." in found.markdown) is told


def test_hover_tells_why_nothing_is_said() -> None:
    found = hover(opened('OpenAI(base_url=x, model="gpt-5")'), Position(0, 28), KNOWN, OPTIONS)
    assert found is not None
    assert "another address" in found.markdown
