"""Models replaced in other programs' files, and what is refused there."""

from __future__ import annotations

import pytest
from tests.analysis.foreign import (
    ARCHON,
    CLAUDE_STEP,
    CODEX_STEP,
    GH_AW,
    OPENCODE,
    PROMPTFOO,
    STEP,
    WORKFLOW,
    claimed_at,
)
from tests.analysis.support import CATALOG, OPTIONS

from stagewright.analysis.completion.complete import complete
from stagewright.analysis.diagnostics.lookups import references
from stagewright.analysis.edits import replace_model, set_site
from stagewright.catalog.model import ModelReference
from stagewright.dialects.dialect import Dialect, builtin
from stagewright.dialects.document import Document


def test_a_model_is_replaced_wherever_it_is_named() -> None:
    text = (
        "providers:\n  - openai:gpt-4o\n  - id: openai:chat:gpt-4o\n  - openai:gpt-5\n"
        "targets: ['openai:gpt-4o']\n"
    )
    document = Document(text, PROMPTFOO)
    old, new = ModelReference("openai", "gpt-4o"), ModelReference("google", "gemini-x")
    found = replace_model(document, old, ModelReference("openai", "gpt-6"))
    assert len(found) == 3
    after = document.apply([edit for edits in found for edit in edits])
    assert after == text.replace("gpt-4o", "gpt-6")
    assert references(document) == [old, ModelReference("openai", "gpt-5")]
    assert replace_model(document, new, old) == []


CLAUDE_A, GPT = ModelReference("anthropic", "claude-a"), ModelReference("openai", "gpt-5.1")


@pytest.mark.parametrize(
    ("dialect", "text", "new", "expected"),
    [
        (ARCHON, "provider: claude\nmodel: sonnet\nnodes: []\n", GPT, None),
        (ARCHON, "provider: claude\nmodel: sonnet\nnodes: []\n", CLAUDE_A, ("sonnet", "claude-a")),
        (ARCHON, "provider: claude\nmodel: claude-b\nnodes: []\n", GPT, None),
        (ARCHON, "provider: codex\nmodel: gpt-5\nnodes: []\n", GPT, ("gpt-5", "gpt-5.1")),
        (ARCHON, "provider: pi\nmodel: anthropic/x\nnodes: []\n", CLAUDE_A, ("x", "claude-a")),
        (GH_AW, "---\nengine: {id: claude, model: sonnet}\n---\n", GPT, None),
        (GH_AW, "---\nengine: claude\nmodel: claude-b\n---\n", GPT, None),
        (GH_AW, "---\nengine: claude\nmodel: sonnet\n---\n", CLAUDE_A, ("sonnet", "claude-a")),
        (
            GH_AW,
            "---\nengine: codex\nmodel: openai/gpt-b\n---\n",
            GPT,
            ("gpt-b", "gpt-5.1"),
        ),
    ],
)
def test_another_provider_than_the_program_is_told_to_ask_is_refused(
    dialect: Dialect, text: str, new: ModelReference, expected: tuple[str, str] | None
) -> None:
    document = Document(text, dialect)
    edits = set_site(document, document.parts()[0], 0, new)
    assert document.apply(edits) == (text.replace(*expected) if expected else text)


@pytest.mark.parametrize(
    "word",
    ["claude-3-5-sonnet-2024'1022'", "'claude-3-5-sonnet'-20241022", 'cl"aude-x"y'],
)
def test_a_word_that_is_quoted_in_part_stays(word: str) -> None:
    step = f"uses: anthropics/claude-code-action@v1, with: {{claude_args: --model {word}}}"
    document = Document(f"jobs: {{j: {{steps: [{{{step}}}]}}}}\n", builtin("github-actions"))
    assert set_site(document, document.parts()[0], 0, CLAUDE_A) == ()


@pytest.mark.parametrize(
    ("path", "marked"),
    [
        (WORKFLOW, STEP.format(CODEX_STEP, "model: ${{ vars.$0 }}")),
        (WORKFLOW, STEP.format(CODEX_STEP, "model: $0${{ vars.X || 'gpt-5' }}")),
        (WORKFLOW, STEP.format(CODEX_STEP, "model: '${{ vars.X$0 || ''gpt-5'' }}'")),
        (WORKFLOW, STEP.format(CODEX_STEP, "model: ${{ vars.$0")),
        (WORKFLOW, STEP.format(CLAUDE_STEP, "claude_args: --model ${{ vars.$0 }} -p")),
        (WORKFLOW, STEP.format(CLAUDE_STEP, 'claude_args: |\n            --model "$MO$0DEL"')),
        (OPENCODE, '{"model": "{env:$0}"}'),
        (OPENCODE, '{"model": "{file:a$0"}'),
        (".codex/config.toml", 'model = "${X$0}"\n'),
        (".claude/agents/a.md", "---\nmodel: us.anthropic.$0\n---\n"),
        ("promptfooconfig.yaml", "providers:\n  - openai:{{env.$0}}\n"),
        (".taskmaster/config.json", '{"models": {"main": {"provider": "${X$0}"}}}'),
    ],
)
def test_what_is_filled_in_elsewhere_is_not_replaced(path: str, marked: str) -> None:
    assert complete(*claimed_at(path, marked), CATALOG, OPTIONS).items == ()
