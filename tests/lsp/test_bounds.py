"""Answers are bounded, however much a file or a provider says."""

from __future__ import annotations

from dataclasses import replace

import pytest
from lsprotocol import types
from tests.analysis.support import OPTIONS, catalog, document_at, provider

from stagewright.analysis.completion.complete import complete
from stagewright.analysis.results import Diagnostic, Hover, Severity
from stagewright.lsp.convert import (
    MOST_OFFERS,
    MOST_TEXT,
    Client,
    bounded,
    completion_list,
    diagnostic,
    hover,
)
from stagewright.text.buffer import span_at

PLACE = span_at(0, 0, 0, 1)
CLIENT = Client.of(types.ClientCapabilities(), "utf-16")


@pytest.mark.parametrize(
    "text",
    ["x" * 3 * MOST_TEXT, "line\n" * MOST_TEXT, "🎭" * 2 * MOST_TEXT, f"head\n{'y' * MOST_TEXT}"],
    ids=["one line", "lines", "wide", "a long last line"],
)
def test_a_long_hover_is_cut_between_lines(text: str) -> None:
    shown = hover(["x"], Hover(text, PLACE), "utf-16").contents
    assert isinstance(shown, types.MarkupContent)
    assert len(shown.value) <= MOST_TEXT + 3
    kept, _, mark = shown.value.rpartition("\n\n")
    assert mark == "…"
    assert not kept or text.startswith(f"{kept}\n")


@pytest.mark.parametrize("length", [0, 1, MOST_TEXT])
def test_what_fits_is_shown_whole(length: int) -> None:
    assert bounded("x" * length) == "x" * length


@pytest.mark.parametrize("text", ["x" * 3 * MOST_TEXT, "🎭" * 2 * MOST_TEXT, "a\n" * MOST_TEXT])
def test_a_long_message_is_cut(text: str) -> None:
    told = diagnostic(["x"], Diagnostic("template-syntax", Severity.ERROR, text, PLACE), CLIENT)
    assert len(told.message) == MOST_TEXT


@pytest.mark.parametrize(("times", "offered"), [(1, 100), (10, 1_000), (11, 1_000), (50, 1_000)])
def test_of_very_many_offers_the_first_are_told_and_more_on_typing(
    times: int, offered: int
) -> None:
    known = catalog(provider("acme", *(f"model-{number}" for number in range(100))))
    marked = "stages:\n  - defaultModel:\n      provider: acme\n      model: $0\n"
    document, position = document_at(marked)
    answer = complete(document, position, known, OPTIONS)
    assert len(answer.items) == 100
    listed = completion_list(document.lines, replace(answer, items=answer.items * times), CLIENT, 1)
    assert len(listed["items"]) == offered <= MOST_OFFERS
    assert listed["isIncomplete"] is (answer.incomplete or 100 * times > MOST_OFFERS)
