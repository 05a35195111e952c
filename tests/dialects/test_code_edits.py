"""Source code that is edited: what is said of it is what a fresh reading says."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.dialects.code_sites import lines_and_sites, opened

from stagewright.text.buffer import Position, Span, span_at


def test_an_import_within_a_text_is_none() -> None:
    text = 'x = "gpt-4o"\nname: MODEL\n"""\nimport openai\n"""'
    document = opened(text)
    document.edit(None, text)
    document.edit(span_at(1, 0, 1, 0), "- ")
    fresh = opened(document.text)
    assert document.facts == fresh.facts
    assert not fresh.facts.uses


LINES = (
    *('m = "gpt-4o"', "model = 'ada'", '"""', "x = '''a", "'''", "# c", "/* a", "*/ 'gpt-4o'", "`"),
    *("import openai", "OpenAI(base_url=url)", '"--model",', 'default="ada",', ")", "model:", "\\"),
    *("- name: MODEL", "  value: ada", "k: |", "  model: gpt-4o", "MODEL=gpt-4o", "cat <<EOF"),
    *("<p>", "<?php", "?>", "def f():", '"gpt-4o"', '"-32k"', "+ 'b'", "'a' +", "'b' \\"),
    *("EOF", "", '"cells": [', '{"cell_type": "code", "source": [', "\"x = 'gpt-4o'\\n\"", "]}"),
)
NAMES = (
    "a.py",
    "a.ts",
    "a.rb",
    "a.sh",
    "a.yaml",
    "a.ipynb",
    "a.properties",
    "a.rs",
    ".env",
    "a.php",
)


def test_what_asks_above_an_edited_line_is_read_again() -> None:
    """It was passed over while nothing below it could name a model."""
    document = opened('"--model",\n', "a.py")
    document.count()
    document.edit(Span(Position(1, 0), Position(1, 0)), 'default="ada",')
    assert [str(site.reference) for _, site in lines_and_sites(document)] == ["openai/ada"]


@given(
    st.sampled_from(NAMES),
    st.lists(st.sampled_from(LINES), max_size=12),
    st.lists(
        st.tuples(
            st.integers(0, 12),
            st.integers(0, 9),
            st.integers(0, 3),
            st.integers(0, 9),
            st.lists(st.sampled_from(LINES), max_size=3).map("\n".join)
            | st.text("\"'`a=\n", max_size=3),
        ),
        max_size=5,
    ),
)
@settings(max_examples=300, deadline=None)
def test_an_edited_document_is_its_text(
    name: str, lines: list[str], edits: list[tuple[int, int, int, int, str]]
) -> None:
    document = opened("\n".join(lines), name)
    for line, column, more, end, text in edits:
        document.count()
        document.edit(Span(Position(line, column), Position(line + more, end)), text)
    assert lines_and_sites(document) == lines_and_sites(opened(document.text, name))
