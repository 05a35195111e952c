"""What a dialect has said beside its models: what has ended, what is to be run after a fix."""

from __future__ import annotations

import pytest
from tests.analysis.support import OPTIONS, catalog, provider, retiring, without_key
from tests.dialects.support import claimed

from stagewright.analysis.diagnostics.diagnose import diagnose
from stagewright.analysis.fixes.actions import fixes
from stagewright.analysis.hover import hover
from stagewright.analysis.results import Severity
from stagewright.catalog.model import Model, Source
from stagewright.text.buffer import Position

KNOWN = catalog(provider("anthropic", "claude-b", retiring("claude-a", "2026-12-01", "claude-b")))


@pytest.mark.parametrize("model", ["openai/gpt-4o", "${MODEL}", "gpt-4.1"])
def test_a_service_that_has_ended_is_told(model: str) -> None:
    document = claimed("a.prompt.yml", f"messages: []\nmodel: {model}\n")
    answer = hover(document, Position(1, 8), KNOWN, OPTIONS)
    assert answer is not None
    assert "ended on 2026-07-30" in answer.markdown
    assert hover(document, Position(0, 2), KNOWN, OPTIONS) is None


def test_what_has_to_be_run_after_a_fix_is_told() -> None:
    document = claimed(
        ".github/workflows/a.md", "---\nengine:\n  id: claude\n  model: claude-a\n---\n\nDo it.\n"
    )
    [found] = diagnose(document, KNOWN, OPTIONS)
    [fix] = [one for one in fixes(document, found, KNOWN, OPTIONS) if not one.silences]
    assert fix.title == "Use `claude-b`, its successor (then run: gh aw compile)"


UNASKED = catalog(without_key("anthropic", Model("claude-opus-4-8", source=Source.OFFLINE)))


@pytest.mark.parametrize(
    ("written", "meant"),
    [("sonett", "sonnet"), ("haikuu", "haiku"), ("inherrit", "inherit"), ("Opuss", "opus")],
)
def test_a_misspelt_alias_is_reported_and_fixed(written: str, meant: str) -> None:
    document = claimed(".claude/agents/y.md", f"---\nname: y\nmodel: {written}\n---\n")
    [found] = diagnose(document, UNASKED, OPTIONS)
    assert (found.code, found.severity) == ("model-unrecognized", Severity.INFORMATION)
    assert found.message == (
        f"No Anthropic model or alias is called `{written}`. Did you mean `{meant}`?"
    )
    fix = fixes(document, found, UNASKED, OPTIONS)[0]
    assert (fix.title, document.apply(fix.edits)) == (
        f"Use `{meant}`",
        document.text.replace(written, meant),
    )


@pytest.mark.parametrize(
    "written", ["sonnet", "opus", "claude-opus-4-8", "claude-sonnet-9", "mine", "opus5", "${M}"]
)
def test_what_is_not_taken_for_a_misspelt_alias(written: str) -> None:
    document = claimed(".claude/agents/y.md", f"---\nname: y\nmodel: {written}\n---\n")
    assert diagnose(document, UNASKED, OPTIONS) == []


def test_what_a_list_says_of_a_misspelt_alias_is_enough() -> None:
    text = "---\nname: y\nmodel: sonett\n---\n"
    document = claimed(".claude/agents/y.md", text)
    lacks = catalog(provider("anthropic", "claude-b", absent=frozenset({"sonett"})))
    assert [one.code for one in diagnose(document, lacks, OPTIONS)] == ["model-unavailable"]
    assert diagnose(document, catalog(provider("anthropic", "sonett")), OPTIONS) == []


def test_each_misspelt_alias_of_one_file_is_reported() -> None:
    document = claimed(".claude/settings.json", '{"model": "sonett", "advisorModel": "sonett"}\n')
    assert [one.code for one in diagnose(document, UNASKED, OPTIONS)] == ["model-unrecognized"] * 2
