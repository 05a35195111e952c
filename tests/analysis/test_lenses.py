"""Lenses above the stages, and hints where one sets no model."""

from __future__ import annotations

from tests.analysis.reading import OPTIONS_HERE, TEMPLATE, WHOLE
from tests.analysis.support import CATALOG, OPTIONS

from stagewright.analysis.choragen.hints import hints
from stagewright.analysis.choragen.lenses import lenses
from stagewright.dialects import choragen
from stagewright.dialects.document import Document
from stagewright.text.buffer import Position, Span


def test_a_lens_above_each_stage_says_its_model_and_where_it_comes_from() -> None:
    found = lenses(TEMPLATE, CATALOG, OPTIONS_HERE)
    assert [(lens.span.start.line, lens.title) for lens in found if lens.title.count("·")] == [
        (2, "gpt-4o · from the settings"),
        (4, "claude-opus-4-1 (retires 2026-11-30) · from role `designer`"),
        (7, "gpt-5 · stage default"),
        (12, "gpt-5 · from stage `build`"),
    ]
    assert [lens.title for lens in found[1:3]] == ["Chat", "Change model"]
    assert [lens.stage for lens in found] == [index for index in range(4) for _ in range(3)]


def test_without_any_model_a_lens_says_so() -> None:
    assert lenses(TEMPLATE, CATALOG, OPTIONS)[0].title == "No model"
    assert lenses(Document("roles:\n  - id: a\n", choragen.ROLES), CATALOG, OPTIONS) == []


def test_a_hint_where_a_stage_sets_no_model() -> None:
    found = hints(TEMPLATE, WHOLE, CATALOG, OPTIONS_HERE)
    assert [(hint.position, hint.label) for hint in found] == [
        (Position(2, 16), "gpt-4o (from the settings)"),
        (Position(4, 16), "claude-opus-4-1 (from role `designer`, retires 2026-11-30)"),
        (Position(12, 15), "gpt-5 (from stage `build`)"),
    ]
    middle = Span(Position(4, 0), Position(6, 0))
    assert len(hints(TEMPLATE, middle, CATALOG, OPTIONS_HERE)) == 1
