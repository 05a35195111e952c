"""Every code about models: what raises it, where exactly, and what does not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.analysis.one_stage import codes, diagnostics, one_stage
from tests.analysis.support import (
    CATALOG,
    OPTIONS,
    about_models,
    assert_diagnostics,
    catalog,
    provider,
)

from stagewright.analysis.diagnostics.diagnose import SEVERITIES
from stagewright.analysis.results import Severity
from stagewright.dialects import choragen
from stagewright.dialects.document import Document


def test_what_can_be_used_gives_no_diagnostic() -> None:
    assert diagnostics("anthropic", "claude-opus-4-5") == []
    assert diagnostics("openai", "gpt-5") == []


def test_unavailable_needs_the_providers_own_denial() -> None:
    known = catalog(provider("openai", "gpt-5", "gpt-4o", absent=frozenset({"gpt-5o"})))
    assert_diagnostics(
        """
        stages:
          - name: a
            defaultModel:
              provider: openai
              model: "gpt-5o"
                     ^^^^^^^^ model-unavailable: OpenAI has no model `gpt-5o`: it is not in \
OpenAI's model list (checked 14:27 UTC), and a direct lookup found nothing. Did you mean \
`gpt-4o` or `gpt-5`?
        """,
        known,
    )


def test_unavailable_after_a_refused_chat() -> None:
    known = catalog(provider("openai", "gpt-5", "gpt-4o", refused=frozenset({"gpt-4o"})))
    (diagnostic,) = diagnostics("openai", "gpt-4o", known)
    assert diagnostic.code == "model-unavailable"
    assert diagnostic.message == (
        "OpenAI rejected `gpt-4o` in a chat: no such model. Did you mean `gpt-5`?"
    )


def test_not_chat() -> None:
    assert_diagnostics(
        """
        stages:
          - name: a
            defaultModel:
              provider: openai
              model: text-embedding-3-large
                     ^^^^^^^^^^^^^^^^^^^^^^ model-not-chat: OpenAI's `text-embedding-3-large` is \
not a chat model. Choose another model.
        """
    )


def test_unknown_provider_offers_the_nearest() -> None:
    assert_diagnostics(
        """
        stages:
          - name: a
            defaultModel:
              provider: antropic
                        ^^^^^^^^ provider-unknown: Unknown provider `antropic`. Did you mean \
`anthropic`?
              model: claude-opus-4-5
          - name: b
            defaultModel:
              provider: nothing-like-it
                        ^^^^^^^^^^^^^^^ provider-unknown: Unknown provider `nothing-like-it`. \
Add your own in the settings, under `providers`.
              model: x
          - name: c
            defaultModel:
              provider: rehearsal
                        ^^^^^^^^^ provider-unknown: The provider `rehearsal`, for trying things \
out, is turned off. Set STAGEWRIGHT_REHEARSAL=1, or `providers.rehearsal.enabled` in the settings.
              model: rehearsal-1
        """
    )


def test_another_name_of_a_provider_is_known() -> None:
    assert diagnostics("google", "gemini-3", catalog(provider("gemini", "gemini-3"))) == []


def test_incomplete_references() -> None:
    assert_diagnostics(
        """
        stages:
          - name: a
            defaultModel:
              provider: openai
              model:
              ^^^^^ model-reference: `model` is empty: name one, or remove `defaultModel`.
          - name: b
            defaultModel: gpt-5
                          ^^^^^ model-reference: `defaultModel` must be a mapping, not a string: \
write `provider` and `model` on two lines below it.
          - name: c
            defaultModel:
            ^^^^^^^^^^^^ model-reference: Missing `provider` in `defaultModel`.
              model: gpt-5
        """
    )


def test_syntax_problems_leave_the_other_stages_checked() -> None:
    assert_diagnostics(
        """
        stages:
          - name: a
            gate: {type: auto
                  ^^^^^^^^^^^ template-syntax: Unclosed `{`. Add `}` after the last item.
          - name: b
            defaultModel:
              provider: openai
              model: text-embedding-3-large
                     ^^^^^^^^^^^^^^^^^^^^^^ model-not-chat: OpenAI's `text-embedding-3-large` is \
not a chat model. Choose another model.
        """
    )


def test_problems_outside_of_the_stages() -> None:
    assert codes(about_models(Document('name: "x\nstages: []\n'), CATALOG, OPTIONS)) == [
        "template-syntax"
    ]


def test_roles_are_checked_like_stages() -> None:
    assert_diagnostics(
        """
        roles:
          - id: reviewer
            model:
              provider: anthropic
              model: claude-opus-4-1
                     ^^^^^^^^^^^^^^^ model-deprecated: Anthropic retires `claude-opus-4-1` on \
2026-11-30, in 8 days. Its successor is `claude-opus-4-5`.
              temperature: 0.3
          - id: other
            model: {provider: openai, model: gpt-5, temperature: 0}
        """,
        kind=choragen.ROLES,
    )


def test_whole_read_templates_have_exact_ranges_too() -> None:
    assert_diagnostics(
        """
        stages: [{name: a, defaultModel: {provider: opnai, model: x}},
                                                    ^^^^^ provider-unknown: Unknown provider \
`opnai`. Did you mean `openai`?
          {name: b, defaultModel: {provider: openai, model: gpt-5}}]
        """
    )


@pytest.mark.parametrize(
    "comment",
    [
        "# stagewright: ignore[model-deprecated]",
        "# stagewright: ignore[model-retired, model-deprecated]",
        "#stagewright:ignore[model-deprecated]\n      # because",
    ],
)
def test_a_comment_above_the_value_silences_one_code(comment: str) -> None:
    document = Document(
        f"stages:\n  - name: a\n    defaultModel:\n      provider: anthropic\n      {comment}\n"
        "      model: claude-opus-4-1\n"
    )
    assert about_models(document, CATALOG, OPTIONS) == []


def test_a_comment_above_the_reference_silences_it_too() -> None:
    comment = "    # stagewright: ignore[model-deprecated]\n"
    stage = "    defaultModel:\n      provider: anthropic\n      model: claude-opus-4-1\n"
    silenced = Document(f"stages:\n  - name: a\n{comment}{stage}")
    assert about_models(silenced, CATALOG, OPTIONS) == []
    for text in (
        f"stages:\n  - name: a\n{comment}    type: design\n{stage}",
        f"stages:\n  - name: a\n{comment.replace('deprecated', 'retired')}{stage}",
        f"stages:\n  - name: a\n{stage.rstrip()} {comment.strip()}\n",
    ):
        assert codes(about_models(Document(text), CATALOG, OPTIONS)) == ["model-deprecated"]


def test_severities_are_the_users() -> None:
    for code, document in (
        ("provider-unknown", one_stage("opnai", "x")),
        ("template-syntax", Document("stages: [")),
        ("model-reference", Document("stages:\n  - defaultModel: x\n")),
    ):
        found = about_models(document, CATALOG, OPTIONS)
        assert {one.severity for one in found if one.code == code} == {SEVERITIES[code]}
        raised = replace(OPTIONS, severities={code: Severity.HINT})
        assert {o.severity for o in about_models(document, CATALOG, raised) if o.code == code} == {
            Severity.HINT
        }
        off = replace(OPTIONS, severities={code: None})
        assert code not in codes(about_models(document, CATALOG, off))


@pytest.mark.parametrize("text", ["", "\n", "#", "stages:", "a: b: c", "\0", "[" * 300, "- " * 50])
def test_any_text_gives_diagnostics_inside_of_it(text: str) -> None:
    document = Document(text)
    for diagnostic in about_models(document, CATALOG, OPTIONS):
        assert document.clamp(diagnostic.span.start) == diagnostic.span.start
        assert document.clamp(diagnostic.span.end) == diagnostic.span.end
