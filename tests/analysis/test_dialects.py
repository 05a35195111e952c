"""What a dialect has said beside its models: what has ended, what is to be run after a fix."""

from __future__ import annotations

import pytest
from tests.analysis.support import OPTIONS, catalog, provider, retiring
from tests.dialects.support import claimed

from stagewright.analysis.actions import fixes
from stagewright.analysis.diagnostics import diagnose
from stagewright.analysis.hover import hover
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
