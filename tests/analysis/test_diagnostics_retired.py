"""Models that have ended or will: by whose word, when it is said, and how gravely."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from tests.analysis.one_stage import codes, diagnostics
from tests.analysis.support import (
    NOW,
    OPTIONS,
    OPUS,
    assert_diagnostics,
    catalog,
    provider,
    retiring,
    without_key,
)

from stagewright.analysis.results import Severity
from stagewright.catalog.model import Lifecycle, Model, ModelReference, Source


def test_retired_by_the_providers_word() -> None:
    gone = Model("claude-2.1", lifecycle=Lifecycle.RETIRED, retires_at=date(2025, 7, 21))
    known = catalog(provider("anthropic", OPUS, replace(gone, successors=("claude-opus-4-5",))))
    assert_diagnostics(
        """
        stages:
          - name: a
            defaultModel:
              provider: anthropic
              model: claude-2.1
                     ^^^^^^^^^^ model-retired: Anthropic retired `claude-2.1` on 2025-07-21. \
Its successor is `claude-opus-4-5`.
        """,
        known,
    )


def test_retired_by_the_dated_table_says_so() -> None:
    gone = Model("gpt-3", lifecycle=Lifecycle.RETIRED, source=Source.OFFLINE)
    known = catalog(without_key("openai", gone))
    retired, unconfigured = sorted(
        diagnostics("openai", "gpt-3", known), key=lambda f: -f.span[0][0]
    )
    assert retired.message == ("OpenAI retired `gpt-3` (offline knowledge). Choose another model.")
    assert unconfigured.code == "provider-not-configured"


def test_deprecated_names_end_and_successor_and_is_struck_through() -> None:
    (diagnostic,) = assert_diagnostics(
        """
        stages:
          - name: a
            defaultModel:
              provider: anthropic
              model: claude-opus-4-1
                     ^^^^^^^^^^^^^^^ model-deprecated: Anthropic retires `claude-opus-4-1` on \
2026-11-30, in 8 days. Its successor is `claude-opus-4-5`.
        """
    )
    assert diagnostic.deprecated
    assert diagnostic.stage == "a"
    assert diagnostic.model == ModelReference("anthropic", "claude-opus-4-1")


@pytest.mark.parametrize(
    ("day", "says"),
    [
        ("2026-11-22", "OpenAI retires `x` on 2026-11-22, today. Choose another model."),
        ("2026-11-23", "OpenAI retires `x` on 2026-11-23, tomorrow. Choose another model."),
        ("2027-11-22", "OpenAI retires `x` on 2027-11-22, in 365 days. Choose another model."),
        (
            "2026-11-01",
            "OpenAI planned to retire `x` on 2026-11-01: it may stop any day. "
            "Choose another model.",
        ),
    ],
)
def test_deprecated_says_when(day: str, says: str) -> None:
    (diagnostic,) = diagnostics("openai", "x", catalog(provider("openai", retiring("x", day))))
    assert (diagnostic.code, diagnostic.message) == ("model-deprecated", says)


def test_deprecated_without_a_day() -> None:
    known = catalog(provider("openai", Model("x", lifecycle=Lifecycle.DEPRECATED)))
    (diagnostic,) = diagnostics("openai", "x", known)
    assert diagnostic.message == "OpenAI deprecated `x`. Choose another model."


@pytest.mark.parametrize(("days", "expected"), [(90, ["model-deprecated"]), (91, [])])
def test_an_announced_end_is_reported_when_it_is_near(days: int, expected: list[str]) -> None:
    ends = Model("x", lifecycle=Lifecycle.ACTIVE, retires_at=NOW.date() + timedelta(days))
    assert codes(diagnostics("openai", "x", catalog(provider("openai", ends)))) == expected


@pytest.mark.parametrize(
    ("within", "severity"),
    [(None, Severity.WARNING), (7, Severity.WARNING), (8, Severity.ERROR)],
)
def test_a_time_limit_makes_retirements_errors(within: int | None, severity: Severity) -> None:
    options = replace(OPTIONS, within_days=within, severities={"model-deprecated": severity})
    (diagnostic,) = diagnostics("anthropic", "claude-opus-4-1", options=options)
    assert diagnostic.severity is severity
    off = replace(options, severities={"model-deprecated": None})
    assert diagnostics("anthropic", "claude-opus-4-1", options=off) == []


def test_a_time_limit_beats_a_lower_severity() -> None:
    lowered = {"model-deprecated": Severity.HINT}
    options = replace(OPTIONS, within_days=30, severities=lowered)
    (diagnostic,) = diagnostics("anthropic", "claude-opus-4-1", options=options)
    assert diagnostic.severity is Severity.ERROR
