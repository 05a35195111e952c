"""What fixes each diagnostic about models, and all of a file's at once."""

from textwrap import dedent

import pytest
from tests.analysis.support import (
    CATALOG,
    EMBEDDING,
    OPTIONS,
    OPUS,
    about_models,
    applied,
    catalog,
    provider,
    retiring,
)

from stagewright.analysis.diagnostics.diagnose import diagnose
from stagewright.analysis.fixes.actions import fix_all, fixes, touched
from stagewright.analysis.results import Fix
from stagewright.catalog.catalog import Catalog
from stagewright.catalog.model import Model
from stagewright.dialects import choragen
from stagewright.dialects.document import Dialect, Document
from stagewright.text.buffer import Position, Span

KNOWN = catalog(
    provider("anthropic", OPUS, retiring("claude-opus-4-1", "2026-11-30", "claude-opus-4-5")),
    provider("openai", "gpt-5", "gpt-5-mini", EMBEDDING, absent=frozenset({"gpt-5o"})),
    provider("openrouter", "anthropic/claude-opus-4-1", "meta/llama-4"),
)


def stage(provider_id: str, model: str, rest: str = "") -> str:
    return (
        f"stages:\n  - name: a\n    defaultModel:\n      provider: {provider_id}\n"
        f"      model: {model}{rest}\n"
    )


def offered(
    text: str, code: str, known: Catalog = KNOWN, kind: Dialect = choragen.TEMPLATE
) -> dict[str, tuple[str, bool]]:
    """By title: the text after the fix, and whether it is the preferred one."""
    document = Document(dedent(text).lstrip("\n"), kind)
    found = [one for one in about_models(document, known, OPTIONS) if one.code == code]
    assert len(found) == 1
    return {
        fix.title: (applied(document, fix.edits), fix.preferred)
        for fix in fixes(document, found[0], known, OPTIONS)
    }


def test_a_deprecated_model_offers_its_successor_and_the_same_model_elsewhere() -> None:
    found = offered(stage("anthropic", "claude-opus-4-1", "  # why"), "model-deprecated")
    assert found == {
        "Use `claude-opus-4-5`, its successor": (
            stage("anthropic", "claude-opus-4-5", "  # why"),
            True,
        ),
        "Use OpenRouter's `anthropic/claude-opus-4-1`": (
            stage("openrouter", "anthropic/claude-opus-4-1", "  # why"),
            False,
        ),
        "Remove the default model": ("stages:\n  - name: a\n    # why\n", False),
        "Ignore model-deprecated here": (
            stage("anthropic", "claude-opus-4-1", "  # why").replace(
                "      model", "      # stagewright: ignore[model-deprecated]\n      model"
            ),
            False,
        ),
    }


def test_an_unavailable_model_offers_the_nearest() -> None:
    found = offered(stage("openai", "'gpt-5o'"), "model-unavailable")
    assert found["Use `gpt-5`"] == (stage("openai", "'gpt-5'"), True)
    assert "Use `gpt-5-mini`" not in found  # which nobody can have meant


def test_what_may_be_right_has_no_preferred_fix() -> None:
    known = catalog(provider("groq", "llama-3.3-70b", asks_single=False))
    found = offered(stage("groq", "llama-3.3-7b"), "model-unlisted", known)
    assert found["Use `llama-3.3-70b`"] == (stage("groq", "llama-3.3-70b"), False)


def test_a_model_that_cannot_chat_can_be_removed() -> None:
    found = offered(stage("openai", EMBEDDING.id), "model-not-chat")
    assert found["Remove the default model"] == ("stages:\n  - name: a\n", False)


def test_a_mistyped_provider_offers_the_nearest() -> None:
    found = offered(stage("opnai", "gpt-5"), "provider-unknown")
    assert found["Use provider `openai`"] == (stage("openai", "gpt-5"), True)


def test_an_unknown_provider_offers_those_that_have_the_model() -> None:
    found = offered(stage("azure", "gpt-5"), "provider-unknown")
    assert found["Use OpenAI's `gpt-5`"] == (stage("openai", "gpt-5"), False)


@pytest.mark.parametrize(
    "value",
    [
        *("gpt-5", '"gpt-5"', "openai/gpt-5", "openai:gpt-5", "'openai: gpt-5'"),
        *("[openai, gpt-5]", "\n      - openai\n      - gpt-5"),
    ],
)
def test_a_single_text_becomes_a_block(value: str) -> None:
    found = offered(f"stages:\n  - name: a\n    defaultModel: {value}\n", "model-reference")
    assert found["Use OpenAI's `gpt-5`"] == (stage("openai", "gpt-5"), True)


@pytest.mark.parametrize(
    ("marked", "used"),
    [
        ("defaultModel: &m {model: gpt-5, provider: openai}", "gpt-5"),
        ("defaultModel: &m\n      provider: openai\n      model: gpt-4o", "gpt-4o"),
        ("x-all:\n      - &m {provider: openai, model: gpt-4o}", "gpt-4o"),
        ("x-text: '&m'\n    x-all: &m {provider: openai, model: gpt-4o}", "gpt-4o"),
    ],
)
def test_an_alias_becomes_what_it_stands_for(marked: str, used: str) -> None:
    text = f"""\
stages:
  - name: a
    {marked}
  - name: b
    x-text: 'no &m'
  - name: c
    defaultModel: *m # shared
"""
    fix, preferred = offered(text, "model-reference")[f"Use OpenAI's `{used}`"]
    assert fix == text.replace(
        "    defaultModel: *m # shared\n",
        f"    # shared\n    defaultModel:\n      provider: openai\n      model: {used}\n",
    )
    assert preferred


@pytest.mark.parametrize("marked", ["x-all: &m {model: gpt-5}", "roleId: &m r", "roleId: r"])
def test_an_alias_of_something_else_can_only_be_removed(marked: str) -> None:
    text = f"stages:\n  - name: a\n    {marked}\n    defaultModel: *m\n"
    assert [*offered(text, "model-reference")] == [
        "Remove the default model",
        "Ignore model-reference here",
    ]


def test_a_missing_provider_is_added() -> None:
    text = "stages:\n  - name: a\n    defaultModel:\n      model: gpt-5 # x\n"
    found = offered(text, "model-reference")
    assert found["Use OpenAI's `gpt-5`"] == (stage("openai", "gpt-5", " # x"), True)


def test_a_missing_model_is_offered_from_the_providers_best() -> None:
    text = "stages:\n  - name: a\n    defaultModel:\n      provider: openai\n      model:\n"
    found = offered(text, "model-reference")
    assert found["Use OpenAI's `gpt-5`"] == (stage("openai", "gpt-5"), False)
    assert found["Use OpenAI's `gpt-5-mini`"] == (stage("openai", "gpt-5-mini"), False)


def test_a_key_that_stands_twice_is_deleted_once() -> None:
    text = stage("openai", "gpt-5") + "      model: gpt-5\n"
    found = offered(text, "model-reference")
    assert found["Remove the duplicate `model`"] == (stage("openai", "gpt-5"), True)
    other = stage("openai", "gpt-5") + "      model: gpt-5-mini\n"
    assert offered(other, "model-reference")["Remove the duplicate `model`"][1] is False


def test_a_role_is_never_left_without_a_model() -> None:
    text = "roles:\n  - id: a\n    model:\n      provider: opnai\n      model: gpt-5\n"
    assert set(offered(text, "provider-unknown", kind=choragen.ROLES)) == {
        "Use provider `openai`",
        "Use OpenAI's `gpt-5`",
        "Ignore provider-unknown here",
    } - {"Use OpenAI's `gpt-5`"}


def test_ignoring_a_diagnostic_silences_it_wherever_it_stands() -> None:
    for text in (
        stage("openai", EMBEDDING.id),
        f"stages:\n  - defaultModel: {{provider: openai, model: {EMBEDDING.id}}}\n",
        f"stages:\n  - defaultModel:\n      model: {EMBEDDING.id}\n      provider: openai\n",
    ):
        ignored, _ = offered(text, "model-not-chat")["Ignore model-not-chat here"]
        assert about_models(Document(ignored), KNOWN, OPTIONS) == []


def test_a_place_has_the_diagnostics_that_it_touches() -> None:
    document = Document(stage("opnai", "gpt-5"))
    found = diagnose(document, KNOWN, OPTIONS)
    at, elsewhere = Position(3, 18), Position(2, 6)
    assert {one.code for one in touched(found, Span(at, at))} == {"provider-unknown"}
    assert touched(found, Span(elsewhere, elsewhere)) == []


def test_all_of_a_file_at_once() -> None:
    text = dedent(
        """
        stages:
          - name: a
            defaultModel: gpt-5 # one
          - name: b
            defaultModel:
              provider: opnai # two
              model: gpt-5-mini
          - name: c
            defaultModel:
              provider: anthropic
              model: claude-opus-4-1 # three
        """
    )
    document = Document(text)
    diagnostics = about_models(document, KNOWN, OPTIONS)
    assert len(diagnostics) == 3
    fixed = Document(applied(document, fix_all(document, diagnostics, KNOWN, OPTIONS)))
    assert about_models(fixed, KNOWN, OPTIONS) == []
    assert [word for word in ("# one", "# two", "# three") if word in fixed.text] == [
        "# one",
        "# two",
        "# three",
    ]


def test_at_most_one_fix_is_preferred() -> None:
    for text in (stage("opnai", "gpt-5"), stage("openai", "gpt-5o"), stage("x", "y")):
        document = Document(text)
        for diagnostic in about_models(document, KNOWN, OPTIONS):
            found: list[Fix] = fixes(document, diagnostic, KNOWN, OPTIONS)
            assert sum(fix.preferred for fix in found) <= 1
            assert len({fix.title for fix in found}) == len(found)


def test_nothing_fixes_a_missing_key_or_list() -> None:
    document = Document(stage("mistral", "x"))
    (diagnostic,) = about_models(document, CATALOG, OPTIONS)
    titles = [fix.title for fix in fixes(document, diagnostic, CATALOG, OPTIONS)]
    assert titles == ["Ignore provider-not-configured here"]


def test_a_model_that_nobody_knows_can_only_be_removed_or_ignored() -> None:
    known = catalog(provider("acme", Model("a-model"), absent=frozenset({"zzz"})))
    assert set(offered(stage("acme", "zzz"), "model-unavailable", known)) == {
        "Remove the default model",
        "Ignore model-unavailable here",
    }
