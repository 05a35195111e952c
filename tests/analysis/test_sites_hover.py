"""What a hover says of models in other programs' files."""

from __future__ import annotations

import pytest
from tests.analysis.foreign import (
    CLAUDE,
    CODEX_STEP,
    OPENCODE,
    PROMPTFOO,
    STEP,
    WORKFLOW,
    agent,
    at,
    claimed_at,
    config,
)
from tests.analysis.support import CATALOG, OPTIONS

from stagewright.analysis.hover import hover


@pytest.mark.parametrize(
    ("marked", "words"),
    [
        ("op$0enai:gpt-4o", "Openai"),
        ("openai:chat:gp$0t-4o", "gpt-4o"),
        ("'anthropic:claude-o$0pus-4-5'", "Claude Opus 4.5"),
    ],
)
def test_hover_tells_of_the_half_under_the_cursor(marked: str, words: str) -> None:
    answer = hover(*at(config(marked), PROMPTFOO), CATALOG, OPTIONS)
    assert answer is not None
    assert words.lower() in answer.markdown.lower()


def test_hover_says_what_an_alias_means() -> None:
    answer = hover(*at(agent("inh$0erit"), CLAUDE), CATALOG, OPTIONS)
    assert answer is not None
    assert "the conversation" in answer.markdown
    assert hover(*at("---\nna$0me: a\nmodel: sonnet\n---\n", CLAUDE), CATALOG, OPTIONS) is None


@pytest.mark.parametrize(
    ("path", "marked", "why"),
    [
        (OPENCODE, '{"model": "{env:$0X}"}', "depends on where"),
        (WORKFLOW, STEP.format(CODEX_STEP, "model: ${{ vars.$0X }}"), "depends on where"),
        (".claude/agents/a.md", "---\nmodel: $$0MODEL\n---\n", "depends on where"),
        (
            ".claude/settings.json",
            '{"model": "claude$0-x", "env": {"ANTHROPIC_BASE_URL": "https://x"}}',
            "another address",
        ),
        (
            WORKFLOW,
            STEP.format(CODEX_STEP, "responses-api-endpoint: x\n          model: gp$0t"),
            "another address",
        ),
    ],
)
def test_hover_says_why_a_name_is_not_checked(path: str, marked: str, why: str) -> None:
    answer = hover(*claimed_at(path, marked), CATALOG, OPTIONS)
    assert answer is not None
    assert why in answer.markdown
