"""What a hover tells of models and providers in a template."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.analysis.support import (
    CATALOG,
    NOW,
    OPTIONS,
    catalog,
    document_at,
    provider,
    without_key,
)

from stagewright.analysis.diagnostics.diagnose import diagnose
from stagewright.analysis.hover import hover
from stagewright.catalog.catalog import Catalog, Status
from stagewright.catalog.model import Lifecycle, Model
from stagewright.text.buffer import Position, Span


def hovered(marked: str, known: Catalog = CATALOG) -> str | None:
    document, position = document_at(marked)
    answer = hover(document, position, known, OPTIONS)
    return answer.markdown if answer else None


def test_hover_on_a_model_tells_its_facts_and_who_says_so() -> None:
    text = "stages:\n  - defaultModel:\n      provider: anthropic\n      model: claude-op$0us-4-5\n"
    assert hovered(text) == (
        "**`claude-opus-4-5`** · Claude Opus 4.5 · Anthropic\n\n"
        "- Context window 200K, answers up to 64K tokens\n"
        "- $5 in, $25 out per million tokens *(offline knowledge: litellm 1.2, 2026-11-20)*\n"
        "- Released 2026-02-01\n\n"
        "*From Anthropic's list of 3 models, checked 3 minutes ago.*"
    )


def test_hover_on_a_retiring_model_adds_facts_to_what_the_diagnostic_says() -> None:
    text = "stages:\n  - defaultModel:\n      provider: anthropic\n      model: claude-opus-4-1$0\n"
    answer = hovered(text)
    assert answer is not None
    assert answer.startswith("**`claude-opus-4-1`** · Claude Opus 4.1 · Anthropic")
    assert "- **Retires 2026-11-30**\n- Successor: `claude-opus-4-5`" in answer
    assert "in 8 days" not in answer


@pytest.mark.parametrize(
    ("successors", "said"),
    [
        (("mid",), "Successor: `mid`, then `new`"),
        (("mid", "gone"), "Successors: `mid`, `gone`, then `new`"),
        (("mid", "new"), "Successors: `mid`, `new`"),
        (("new",), "Successor: `new`"),
        (("gone",), "Successor: `gone`"),
    ],
)
def test_hover_names_the_successor_that_the_diagnostic_names(
    successors: tuple[str, ...], said: str
) -> None:
    old = Model("old", lifecycle=Lifecycle.RETIRED, successors=successors)
    mid = Model("mid", lifecycle=Lifecycle.RETIRED, successors=("new",))
    text = "stages:\n  - defaultModel:\n      provider: openai\n      model: ol$0d\n"
    answer = hovered(text, catalog(provider("openai", old, mid, "new")))
    assert answer is not None
    assert f"- {said}\n" in answer


@pytest.mark.parametrize(
    ("provider_id", "model", "adds"),
    [
        (
            "groq",
            "gpt$0-9",
            "**`gpt-9`** · Groq\n\n*Groq's list of 1 model, checked 3 minutes ago.*",
        ),
        ("openai", "text-embedding$0-3-large", "**`text-embedding-3-large`** · OpenAI"),
        (
            "mis$0tral",
            "x",
            "**Mistral** · no key\n\n*Stagewright's offline know",
        ),
        ("opn$0ai", "x", None),
        (
            "mistral",
            "$0x",
            "**`x`** · Mistral\n\nMistral has no key",
        ),  # flagged at the provider alone
    ],
)
def test_hover_never_repeats_the_diagnostic_beside_it(
    provider_id: str, model: str, adds: str | None
) -> None:
    known = Catalog({**CATALOG.providers, "groq": provider("groq", "llama", asks_single=False)})
    text = f"stages:\n  - defaultModel:\n      provider: {provider_id}\n      model: {model}\n"
    document, position = document_at(text)
    about = hover(document, position, known, OPTIONS)
    assert (about and about.markdown[: len(adds or "")]) == adds
    for found in diagnose(document, known, OPTIONS):
        if about and found.span.contains(position):
            assert found.message not in about.markdown
            assert found.message.partition(". ")[0] not in about.markdown


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("openai", "**OpenAI** · ok\n\n*OpenAI's list of 4 models, checked 3 minutes ago.*"),
        (
            "mistral",
            "**Mistral** · no key\n\n"
            "Set the environment variable MISTRAL_API_KEY to have its models checked.\n\n"
            "*Stagewright's offline knowledge, 1 model.*",
        ),
        ("opnai", "Unknown provider `opnai`. Did you mean `openai`?"),
    ],
)
def test_hover_on_a_provider_tells_its_status_and_what_to_do(value: str, says: str) -> None:
    text = f"stages:\n  - defaultModel:\n      provider: $0{value}\n"
    assert hovered(text) == says


def test_hover_on_models_that_nothing_is_known_of() -> None:
    text = "stages:\n  - defaultModel:\n      provider: PROVIDER\n      model: mystery$0\n"
    late = provider(
        "openai",
        "gpt-5",
        status=Status.RATE_LIMITED,
        stale=True,
        error="OpenAI asks to wait a minute.",
        checked_at=NOW - timedelta(hours=5),
    )
    assert hovered(text.replace("PROVIDER", "openai"), catalog(late)) == (
        "**`mystery`** · OpenAI\n\nCould not check OpenAI's models. "
        "OpenAI asks to wait a minute. The last good list is from 09:30 UTC."
    )
    assert hovered(text.replace("PROVIDER", "groq"), catalog(without_key("groq"))) == (
        "**`mystery`** · Groq\n\nGroq has no key, so its models cannot be checked or used. "
        "Set the environment variable GROQ_API_KEY."
    )
    assert hovered(text.replace("PROVIDER", "nope"), catalog()) is not None


def test_hover_marks_the_word() -> None:
    document, position = document_at("stages: [{defaultModel: {provider: 'ope$0nai', model: x}}]")
    answer = hover(document, position, CATALOG, OPTIONS)
    assert answer is not None
    assert answer.span == Span(Position(0, 36), Position(0, 42))


@pytest.mark.parametrize("text", ["$0", "# model: $0x", "stages:\n  - name: $0"])
def test_no_hover_where_nothing_stands(text: str) -> None:
    assert hovered(text) is None
