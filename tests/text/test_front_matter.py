"""Transcripts: only the front matter is read, wherever it is edited."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stagewright.dialects import choragen
from stagewright.dialects.document import Document
from stagewright.text.buffer import Position, Span
from stagewright.text.cursor_at import cursor_at
from stagewright.text.front_matter import front_matter_end

TEXT = """\
---
workflow: WF-20261122-001
stage: design
model:
  provider: openai
  model: gpt-6
---

# design (design) <!-- stagewright:stage 0 -->

stages:
  - name: not a stage
model: not a model
---

## Your message <!-- stagewright:write -->
"""


def said(document: Document) -> object:
    """All that is read of a document, to be compared."""
    entries = [
        (entry.name, entry.model, entry.broken, entry.span, document.entry_node(index))
        for index, entry in enumerate(document.entries())
    ]
    return entries, document.problems(), document.head()


def test_the_front_matter_is_the_one_entry() -> None:
    document = Document(TEXT, choragen.TRANSCRIPT)
    (entry,) = document.entries()
    assert entry.name is not None
    assert entry.name.value == "design"
    assert entry.model is not None
    assert str(entry.model.reference) == "openai/gpt-6"
    assert entry.model.key_span.start == Position(3, 0)
    assert document.entry_line(0) == 0
    assert document.problems() == ()


@pytest.mark.parametrize(
    ("text", "end"),
    [("", 0), ("---", 0), ("---\n---", 2), ("--- \na: b\n---  \nx", 3), ("\n---\n---", 0)],
)
def test_where_it_ends(text: str, end: int) -> None:
    assert front_matter_end(text.split("\n")) == end


def test_without_its_end_it_does_not_reach_into_the_conversation() -> None:
    text = TEXT.replace("---\n\n#", "\n#", 1)
    assert front_matter_end(text.split("\n")) == 0
    assert Document(text, choragen.TRANSCRIPT).entries() == ()


@pytest.mark.parametrize("line", range(len(TEXT.split("\n"))))
def test_a_cursor_stands_in_the_front_matter_only(line: int) -> None:
    document = Document(TEXT, choragen.TRANSCRIPT)
    cursor = cursor_at(document, Position(line, len(document.lines[line])))
    assert (cursor is not None) == (1 <= line <= 5)
    if line == 5:
        assert cursor is not None
        assert cursor.path == ("model", "model")
        assert cursor.siblings["provider"].value == "openai"


_pieces = ["\n", "---", "---\n", "model:", "  model: x", "- ", "stages:\n  - a", "{", '"', "🎭"]


@given(
    st.lists(
        st.tuples(
            st.integers(0, 16), st.integers(0, 30), st.integers(0, 3), st.sampled_from(_pieces)
        ),
        max_size=6,
    )
)
def test_edits_equal_reading_anew(edits: list[tuple[int, int, int, str]]) -> None:
    document = Document(TEXT, choragen.TRANSCRIPT)
    for line, column, lines, text in edits:
        document.edit(Span(Position(line, column), Position(line + lines, 0)), text)
        assert said(document) == said(Document(document.text, choragen.TRANSCRIPT))
