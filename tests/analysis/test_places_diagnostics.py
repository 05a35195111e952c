"""What is said where each kind of place names a model, and what fixes it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.analysis.foreign import at, retired
from tests.analysis.places import ARGS, PAIRS, ROUTER, step
from tests.analysis.support import CATALOG, OPTIONS, catalog, provider
from tests.dialects.marking import place

from stagewright.analysis.diagnostics.diagnose import diagnose
from stagewright.analysis.fixes.actions import fixes, preferred_fixes
from stagewright.analysis.hover import hover
from stagewright.dialects.dialect import Dialect
from stagewright.dialects.document import Document, site_at


def test_a_retired_model_in_a_command_line() -> None:
    known = catalog(provider("anthropic", retired("claude-2", "claude-3"), "claude-3"))
    document = Document(step("--x --model claude-2"), ARGS)
    (found,) = diagnose(document, known, OPTIONS)
    assert document.text_of(found.span) == "claude-2"
    ((_, fix),) = preferred_fixes(document, [found], known, OPTIONS)
    assert document.apply(fix.edits) == step("--x --model claude-3")
    said = hover(document, found.span.start, known, OPTIONS)
    assert said is not None
    assert "claude-2" in said.markdown
    assert site_at(document, found.span.start) is not None


def test_fixes_name_no_provider_that_another_key_names() -> None:
    known = catalog(
        replace(provider("openai", retired("gpt-3", "gpt-5"), "gpt-5")), provider("groq", "gpt-3")
    )
    document = Document("models:\n  - {provider: oai, model: gpt-3}\n", PAIRS)
    (found,) = diagnose(document, known, OPTIONS)
    after = {
        document.apply(fix.edits)
        for fix in fixes(document, found, known, OPTIONS)
        if not fix.silences
    }
    assert after == {"models:\n  - {provider: oai, model: gpt-5}\n"}


def said_of(text: str, said: Dialect) -> list[tuple[str, str, str, str]]:
    document = Document(text, said)
    return [
        (one.code, one.severity.value, document.text_of(one.span), one.message)
        for one in diagnose(document, CATALOG, OPTIONS)
    ]


def fixed(text: str, said: Dialect) -> list[str]:
    document = Document(text, said)
    (found,) = diagnose(document, CATALOG, OPTIONS)
    return [
        document.apply(fix.edits)
        for fix in fixes(document, found, CATALOG, OPTIONS)
        if not fix.silences
    ]


def test_a_name_that_the_file_does_not_define() -> None:
    text = "models: {gpt-fast: 1, slow: 2}\nuse: gpt-fats # c\n"
    assert said_of(text, ROUTER) == [
        (
            "model-reference",
            "warning",
            "gpt-fats",
            "This file defines no model called `gpt-fats`. Did you mean `gpt-fast`?",
        )
    ]
    assert fixed(text, ROUTER) == [text.replace("gpt-fats", "gpt-fast")]
    silenced = text.replace("use:", "# stagewright: ignore[model-reference]\nuse:")
    assert said_of(silenced, ROUTER) == []


@pytest.mark.parametrize(
    ("model", "meant"),
    [
        ("anthropc/claude-opus-4-5", "anthropic/claude-opus-4-5"),
        ("openai/gpt-5", "open_ai/gpt-5"),
        ("Anthropic/x", "anthropic/x"),
        ("'bedrok/a/b'", "'bedrock/a/b'"),
    ],
)
def test_a_misspelt_provider_is_reported(model: str, meant: str) -> None:
    ((code, severity, marked, message),) = said_of(f"model: {model}\n", ROUTER)
    assert (code, severity) == ("provider-unknown", "information")
    assert marked == model.strip("'").partition("/")[0]
    assert message.startswith(f"Mine has no provider `{marked}`. Did you mean `")
    assert fixed(f"model: {model}\n", ROUTER) == [f"model: {meant}\n"]


@pytest.mark.parametrize(
    "model",
    ["mistralai/x", "vertex/x", "groq/x", "gpt-5", "bedrock/x", "xai/y", "anthropic-eu/z", "{x}/y"],
)
def test_another_provider_is_not_taken_for_a_misspelt_one(model: str) -> None:
    assert said_of(f"model: '{model}'\n", ROUTER) == []


def test_a_misspelt_provider_beside_a_model_is_reported_there() -> None:
    text = "models:\n  - {provider: anthropc, model: claude-opus-4-5}\n"
    ((code, _, marked, _),) = said_of(text, PAIRS)
    assert (code, marked) == ("provider-unknown", "anthropc")
    assert fixed(text, PAIRS) == [text.replace("anthropc", "anthropic")]


@pytest.mark.parametrize(("most", "severity"), [("warning", "warning"), ("information",) * 2])
def test_no_severity_exceeds_what_its_place_allows(most: str, severity: str) -> None:
    said = place(f"most = '{most}'\n[places.providers]\nanthropic = 'anthropic'")
    known = catalog(provider("anthropic", retired("claude-2", "claude-3"), "claude-3"))
    (found,) = diagnose(Document("model: anthropic/claude-2\n", said), known, OPTIONS)
    assert (found.code, found.severity) == ("model-retired", severity)


@pytest.mark.parametrize("asks_single", [True, False])
def test_what_a_list_lacks_is_said_of_your_key(asks_single: bool) -> None:
    absent = frozenset({"gpt-9"} if asks_single else {})
    asked = provider("openai", "gpt-5", asks_single=asks_single, absent=absent)
    (found,) = diagnose(Document("model: openai/gpt-9\n", place("")), catalog(asked), OPTIONS)
    assert found.code in ("model-unavailable", "model-unlisted")
    assert "for your key" in found.message


@pytest.mark.parametrize(
    ("text", "said", "words"),
    [
        ("models: {fast: 1}\nuse: fa$0st\n", ROUTER, "defined in this file"),
        ("model: bedrock/a$0b\n", ROUTER, "Models of `bedrock` cannot be checked"),
        ("model: gp$0t-5\n", ROUTER, "says whose model"),
        ("model: openai/$0${{ x }}\n", place("opaque = ['${{']"), "where the file is used"),
        (
            "env: {URL: https://secret.example}\nmodel: openai/g$0pt\n",
            place("redirects = ['$.env.URL']"),
            "another address",
        ),
    ],
)
def test_hover_says_why_nothing_is_said(text: str, said: Dialect, words: str) -> None:
    answer = hover(*at(text, said), CATALOG, OPTIONS)
    assert answer is not None
    assert words in answer.markdown
    assert "secret" not in answer.markdown
