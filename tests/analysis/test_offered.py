"""Models that the editor itself offers: completed, explained, checked in Copilot's files."""

from __future__ import annotations

import pytest
from tests.analysis.support import CATALOG, CHECKED, OPTIONS

from stagewright.analysis.completion.complete import complete
from stagewright.analysis.diagnostics.diagnose import diagnose
from stagewright.analysis.edits import replace_model, set_site
from stagewright.analysis.fixes.actions import fixes
from stagewright.analysis.hover import hover
from stagewright.analysis.named import named_in
from stagewright.catalog.catalog import Catalog
from stagewright.catalog.model import ModelReference
from stagewright.catalog.offered import Offered, provider_of, snapshots, vendor_of
from stagewright.dialects.dialect import Dialect, builtin
from stagewright.dialects.document import Document
from stagewright.dialects.governed import Governed
from stagewright.text.buffer import Position

COPILOT = builtin("copilot")
BOTH = snapshots(
    {
        "copilot": [
            Offered("gpt-4.1", "GPT-4.1", "gpt-4.1"),
            Offered("claude-sonnet-4.6", "Claude Sonnet 4.6 (Preview)", "claude-sonnet-4.6"),
        ],
        "openai": [Offered("gpt-5-mini-byok", "GPT-5 mini", "gpt-5")],
        "silent": [],
    },
    CHECKED,
)
KNOWN = Catalog({**CATALOG.providers, **BOTH})
OFFERED = Governed(offered=frozenset(BOTH))


def agent(model: str, more: str = "") -> str:
    return f"---\nname: a\nmodel: {model}\n{more}---\n\nBe brief.\n"


def document(text: str, governed: Governed = OFFERED, dialect: Dialect = COPILOT) -> Document:
    return Document(text, dialect, governed)


def completed(marked: str, governed: Governed = OFFERED, known: Catalog = KNOWN) -> dict[str, str]:
    """What is offered at `$0`, and the text with it taken."""
    before, _, after = marked.partition("$0")
    lines = before.split("\n")
    text = document(before + after, governed)
    items = complete(text, Position(len(lines) - 1, len(lines[-1])), known, OPTIONS).items
    return {item.label: text.apply([item.edit, *item.also]) for item in items}


def said(text: str, governed: Governed = OFFERED) -> list[str]:
    found = diagnose(document(text, governed), KNOWN, OPTIONS)
    return [f"{one.severity.value} {one.code}: {one.message}" for one in found]


def test_a_vendor_is_kept_apart_from_the_provider_of_its_name() -> None:
    assert set(BOTH) == {"vscode:copilot", "vscode:openai"}
    assert not any(one.askable for one in BOTH.values())
    assert not KNOWN.to_json(only=["vscode:openai"])["providers"]["vscode:openai"]["askable"]
    assert (vendor_of("vscode:openai"), vendor_of("openai")) == ("openai", None)
    assert "vscode:openai" not in {provider for provider, _ in KNOWN.usable()}
    assert KNOWN.nearest_providers("vscode:openia") == CATALOG.nearest_providers("vscode:openia")
    gone = ModelReference("openai", "GPT-4.2")
    assert KNOWN.closest_elsewhere(gone) == CATALOG.closest_elsewhere(gone)


@pytest.mark.parametrize(
    ("marked", "label", "taken"),
    [
        ("$0", "GPT-4.1", "GPT-4.1 (copilot)"),
        ("gpt$0", "GPT-5 mini", "GPT-5 mini (openai)"),
        ("'Cl$0'", "Claude Sonnet 4.6 (Preview)", "'Claude Sonnet 4.6 (Preview) (copilot)'"),
        ("[GPT-4.1, $0]", "GPT-5 mini", "[GPT-4.1, GPT-5 mini (openai)]"),
        ("GPT-4.1 (co$0", "GPT-4.1", "GPT-4.1 (copilot)"),
    ],
)
def test_names_are_completed_with_their_vendor(marked: str, label: str, taken: str) -> None:
    assert completed(agent(marked))[label] == agent(taken)


def test_nothing_is_offered_where_the_editor_offers_nothing() -> None:
    assert completed(agent("$0"), Governed(), CATALOG) == {}
    assert set(completed(agent("$0"))) == {
        "GPT-4.1",
        "Claude Sonnet 4.6 (Preview)",
        "GPT-5 mini",
    }


@pytest.mark.parametrize(
    "name",
    [
        "GPT-4.1",
        "GPT-4.1 (copilot)",
        "Claude Sonnet 4.6 (Preview)",
        "Claude Sonnet 4.6 (Preview) (copilot)",
        "GPT-5 mini (openai)",
        "gpt-4.1",  # an id, which the Copilot CLI takes
        "GPT-9 (anthropic)",  # nothing is known of what this vendor has
        "GPT-9 (silent)",
    ],
)
def test_what_is_offered_or_cannot_be_told_is_not_remarked_on(name: str) -> None:
    assert said(agent(name)) == []


def test_what_is_not_offered_is_told_in_careful_words() -> None:
    text = "---\nmodel: [GPT-4.2, GPT-5 nano (openai), Grok]\n---\n"
    assert said(text) == [
        "information model-unlisted: `GPT-4.2` is not offered by VS Code on this machine "
        "(`copilot`). Did you mean `GPT-4.1`?",
        "information model-unlisted: `GPT-5 nano` is not offered by VS Code on this machine "
        "(`openai`). Did you mean `GPT-5 mini`?",
        "information model-unlisted: `Grok` is not offered by VS Code on this machine (`copilot`).",
    ]
    marked = [document(text).text_of(one.span) for one in diagnose(document(text), KNOWN, OPTIONS)]
    assert marked == ["GPT-4.2", "GPT-5 nano (openai)", "Grok"]


@pytest.mark.parametrize(
    ("text", "governed"),
    [
        (agent("GPT-4.2"), Governed()),
        (agent("GPT-4.2"), Governed(offered=frozenset({"vscode:openai"}))),
        (agent("GPT-4.2", "target: github-copilot\n"), OFFERED),
        (agent("GPT-4.2"), Governed(redirected=True, offered=frozenset(BOTH))),
    ],
    ids=["nothing offered", "another vendor's", "read by GitHub alone", "redirected"],
)
def test_where_nothing_can_be_said_nothing_is(text: str, governed: Governed) -> None:
    assert said(text, governed) == []
    (named,) = named_in(document(text, governed))
    assert (named.reference, named.silent) == (None, "opaque")


def test_other_formats_know_nothing_of_it() -> None:
    text = Document(agent("GPT-4.1"), builtin("claude-code"), OFFERED)
    (named,) = named_in(text)
    assert named.provider == "anthropic"
    assert "GPT-4.1" not in {
        item.label for item in complete(text, Position(2, 7), KNOWN, OPTIONS).items
    }


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("GPT-4.2", "GPT-4.1"),
        ("GPT-4.2 (copilot)", "GPT-4.1 (copilot)"),
        ('"GPT-4.2 (copilot)"', '"GPT-4.1 (copilot)"'),
    ],
)
def test_the_nearest_that_is_offered_is_a_fix_as_the_file_writes_it(
    before: str, after: str
) -> None:
    text = document(agent(before))
    (found,) = diagnose(text, KNOWN, OPTIONS)
    titles = {fix.title: text.apply(fix.edits) for fix in fixes(text, found, KNOWN, OPTIONS)}
    assert titles["Use `GPT-4.1`"] == agent(after)


def test_a_model_is_set_with_its_vendor_and_only_one_that_an_editor_may_offer() -> None:
    text = document(agent("GPT-4.1"))
    sonnet = ModelReference("vscode:copilot", "Claude Sonnet 4.6 (Preview)")
    byok = ModelReference("vscode:openai", "GPT-5 mini")
    assert text.apply(set_site(text, 0, 0, sonnet)) == agent("Claude Sonnet 4.6 (Preview)")
    assert text.apply(set_site(text, 0, 0, byok)) == agent("GPT-5 mini (openai)")
    assert set_site(text, 0, 0, ModelReference("openai", "gpt-5")) == ()
    (edits,) = replace_model(text, ModelReference("vscode:copilot", "GPT-4.1"), byok)
    assert text.apply(edits) == agent("GPT-5 mini (openai)")


def test_hover_tells_who_offers_it() -> None:
    shown = hover(document(agent("GPT-4.1 (copilot)")), Position(2, 9), KNOWN, OPTIONS)
    assert shown is not None
    assert shown.markdown == (
        "**`GPT-4.1`** · GPT-4.1 (copilot) · VS Code\n\n- Also called `gpt-4.1`\n\n"
        "*From VS Code's list of 2 models, checked 3 minutes ago.*"
    )


def test_a_document_takes_what_is_offered_later() -> None:
    text = document(agent("GPT-4.2"), Governed())
    assert diagnose(text, KNOWN, OPTIONS) == []
    text.govern(OFFERED)
    assert [one.code for one in diagnose(text, KNOWN, OPTIONS)] == ["model-unlisted"]
    text.govern(Governed())
    assert diagnose(text, KNOWN, OPTIONS) == []


def test_two_versions_of_one_name_are_one_model() -> None:
    two = [Offered("a-1", "A", "a"), Offered("a-2", "A", "a")]
    (provider,) = snapshots({"x": two}, CHECKED).values()
    assert [(one.id, one.aliases) for one in provider.models] == [("A", ("a-1", "a", "a-2"))]
    assert provider.id == provider_of("x")
