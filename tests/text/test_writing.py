"""What is written into a file is what its readers read."""

from __future__ import annotations

import json
import tomllib

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from stagewright.text.buffer import span_at
from stagewright.text.nodes import ScalarNode
from stagewright.text.syntaxes import SyntaxName, syntax

_texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=12) | st.sampled_from(
    ["", "true", "1.5", "a: b", "#x", "it's", 'a"b', "\\n", "null", "-", "🎭", "[1m]", "a\nb\t"]
)
_loads = {
    "json": lambda source: json.loads(f'{{"k": {source}}}')["k"],
    "toml": lambda source: tomllib.loads(f"k = {source}")["k"],
    "yaml": lambda source: yaml.safe_load(f"k: {source}")["k"],
    "front-matter": lambda source: yaml.safe_load(f"k: {source}")["k"],
}
_quotes: dict[SyntaxName, list[str]] = {
    "json": ["", '"', "'"],
    "toml": ["", '"', "'", '"""', "'''"],
    "yaml": ["", '"', "'"],
    "front-matter": ["", '"', "'"],
}
CASES = [(name, quote) for name, quotes in _quotes.items() for quote in quotes]


@pytest.mark.parametrize(("name", "quote"), CASES)
@given(text=_texts)
def test_a_value_says_the_text(name: SyntaxName, quote: str, text: str) -> None:
    if quote in ("'", '"""', "'''") and not text.isprintable():
        return  # what is named never holds a break
    written = syntax(name).quoted_like(text, quote, typed=True, flow=False)
    assert "\n" not in written
    assert _loads[name](written) == text


@pytest.mark.parametrize(("name", "quote"), [case for case in CASES if case[1]])
@given(text=_texts, before=st.sampled_from(["", "--model "]))
def test_a_part_says_the_text(name: SyntaxName, quote: str, text: str, before: str) -> None:
    if (name, quote) == ("json", "'") or not text.isprintable():
        return  # JSON has no such quotes
    scalar = ScalarNode("", span_at(0, 0, 0, 0), quote)
    written = syntax(name).inside(scalar, text, flow=False)
    if written is not None:
        assert _loads[name](f"{quote}{before}{written} z{quote}") == f"{before}{text} z"
    else:
        assert "'" in text
        assert quote.startswith("'")


@pytest.mark.parametrize(
    ("name", "quote", "text", "written"),
    [
        ("json", "", "gpt-5", '"gpt-5"'),
        ("json", '"', 'a"b', '"a\\"b"'),
        ("json", "", "\ud83d", '"\\ud83d"'),
        ("toml", "", "gpt-5", '"gpt-5"'),
        ("toml", "'", "gpt-5", "'gpt-5'"),
        ("toml", "'", "it's", '"it\'s"'),
        ("toml", '"', "a\\b", '"a\\\\b"'),
        ("toml", "'''", "gpt-5", "'''gpt-5'''"),
        ("yaml", "", "gpt-5", "gpt-5"),
        ("yaml", "", "1.5", '"1.5"'),
        ("yaml", "'", "gpt-5", "'gpt-5'"),
        ("front-matter", '"', "gpt-5", '"gpt-5"'),
    ],
)
def test_quotes_are_kept(name: SyntaxName, quote: str, text: str, written: str) -> None:
    assert syntax(name).quoted_like(text, quote, typed=True, flow=False) == written


@pytest.mark.parametrize("name", ["json", "toml"])
def test_between_quotes_that_are_there(name: SyntaxName) -> None:
    within = syntax(name).within
    assert within('a"b', '"', typed=True, flow=True) == 'a\\"b'
    assert within("gpt-5", "", typed=True, flow=True) == '"gpt-5"'
    assert within("gpt-5", "'", typed=True, flow=True) == "gpt-5"
