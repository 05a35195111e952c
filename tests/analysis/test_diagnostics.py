"""Every code about models: what raises it, where exactly, and what does not."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from tests.analysis.support import (
    CATALOG,
    NOW,
    OPTIONS,
    OPUS,
    about_models,
    assert_diagnostics,
    catalog,
    provider,
    retiring,
    without_key,
)

from stagewright.analysis.diagnostics.diagnose import SEVERITIES
from stagewright.analysis.diagnostics.lookups import to_ask_about
from stagewright.analysis.options import Options
from stagewright.analysis.results import Diagnostic, Severity
from stagewright.catalog.catalog import Catalog, Status
from stagewright.catalog.model import Lifecycle, Model, ModelReference, Source
from stagewright.dialects import choragen
from stagewright.dialects.document import Document


def one_stage(provider_id: str, model: str) -> Document:
    reference = f"      provider: {provider_id}\n      model: {model}\n"
    return Document(f"stages:\n  - name: a\n    defaultModel:\n{reference}")


def diagnostics(
    provider_id: str, model: str, known: Catalog = CATALOG, options: Options = OPTIONS
) -> list[Diagnostic]:
    return about_models(one_stage(provider_id, model), known, options)


def codes(found: list[Diagnostic]) -> list[str]:
    return [diagnostic.code for diagnostic in found]


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
