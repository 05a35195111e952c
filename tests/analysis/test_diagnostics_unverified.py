"""Models that nobody can vouch for, and when a provider is asked about one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.analysis.one_stage import diagnostics, one_stage
from tests.analysis.support import (
    CATALOG,
    NOW,
    OPTIONS,
    OPUS,
    about_models,
    assert_diagnostics,
    catalog,
    provider,
)

from stagewright.analysis.diagnostics.lookups import to_ask_about
from stagewright.catalog.catalog import Status
from stagewright.catalog.model import ModelReference


def test_nothing_is_said_until_the_provider_has_answered_about_the_one_model() -> None:
    document = one_stage("openai", "gpt-7")
    assert about_models(document, CATALOG, OPTIONS) == []
    assert to_ask_about(document, CATALOG, OPTIONS) == [ModelReference("openai", "gpt-7")]


def test_nobody_is_asked_about_what_is_known_or_while_the_list_is_under_way() -> None:
    assert to_ask_about(one_stage("openai", "gpt-5"), CATALOG, OPTIONS) == []
    loading = catalog(provider("openai", status=Status.LOADING, complete=False))
    document = one_stage("openai", "gpt-7")
    assert to_ask_about(document, loading, OPTIONS) == []
    assert about_models(document, loading, OPTIONS) == []


def test_unlisted_where_the_provider_cannot_be_asked_about_one_model() -> None:
    known = catalog(provider("groq", "llama-3.3-70b", asks_single=False))
    assert_diagnostics(
        """
        stages:
          - name: a
            defaultModel:
              provider: groq
              model: llama-3.3-7b
                     ^^^^^^^^^^^^ model-unlisted: `llama-3.3-7b` is not in Groq's model list \
(checked 14:27 UTC). Did you mean `llama-3.3-70b`?
        """,
        known,
    )
    assert diagnostics("groq", "llama-3.3-70b", known) == []


def test_unverified_once_per_provider_and_file_with_the_reason() -> None:
    failed = provider(
        "anthropic",
        OPUS,
        status=Status.UNREACHABLE,
        stale=True,
        error="Anthropic did not answer within 5 seconds.",
        checked_at=NOW - timedelta(days=2),
    )
    assert_diagnostics(
        """
        stages:
          - name: a
            defaultModel:
              provider: anthropic
                        ^^^^^^^^^ model-unverified: Could not check Anthropic's models. \
Anthropic did not answer within 5 seconds. The last good list is from 2026-11-20.
              model: claude-opus-4-5
          - name: b
            defaultModel:
              provider: anthropic
              model: claude-unheard-of
        """,
        catalog(failed),
    )


@pytest.mark.parametrize(
    ("status", "says"),
    [
        (Status.AUTH_FAILED, "Key refused: check OPENAI_API_KEY."),
        (Status.RATE_LIMITED, "Too many requests."),
        (Status.BAD_ANSWER, "No usable answer."),
        (Status.NO_LIST, "Offers no list of models."),
        (Status.INCOMPLETE, "List incomplete."),
        (Status.FORBIDDEN, "Access refused."),
    ],
)
def test_unverified_names_the_status(status: Status, says: str) -> None:
    known = catalog(provider("openai", status=status, complete=False, checked_at=None))
    (diagnostic,) = diagnostics("openai", "x", known)
    assert diagnostic.code == "model-unverified"
    assert diagnostic.message == f"Could not check OpenAI's models. {says}"


def test_not_configured_once_per_provider_and_file() -> None:
    assert_diagnostics(
        """
        stages:
          - name: a
            defaultModel:
              provider: mistral
                        ^^^^^^^ provider-not-configured: Mistral has no key, so its models \
cannot be checked or used. Set the environment variable MISTRAL_API_KEY.
              model: mistral-large-latest
          - name: b
            defaultModel:
              provider: mistral
              model: anything
        """
    )
