"""Models offered in other programs' files, as these write them, and where none is."""

from __future__ import annotations

import pytest
from tests.analysis.foreign import (
    ARCHON,
    CLAUDE,
    CODEX_STEP,
    GH_AW,
    PROMPTFOO,
    STEP,
    WORKFLOW,
    agent,
    claimed_at,
    config,
    offered,
    taken,
)
from tests.analysis.support import CATALOG, OPTIONS

from stagewright.analysis.completion.complete import complete
from stagewright.dialects.dialect import Dialect


def test_an_agent_is_offered_aliases_then_models() -> None:
    labels = offered(agent("$0"), CLAUDE)
    aliases = list(CLAUDE.places[0].aliases)
    assert labels[: len(aliases)] == aliases
    assert {"inherit", "sonnet"} <= set(aliases)
    assert {"claude-opus-4-5", "claude-sonnet-4-5"} <= set(labels[len(aliases) :])
    assert not any(label.startswith("gpt") for label in labels)


@pytest.mark.parametrize(
    ("marked", "label", "after"),
    [
        ("$0", "sonnet", "sonnet"),
        ("son$0", "sonnet", "sonnet"),
        ("claude-o$0", "claude-opus-4-5", "claude-opus-4-5"),
        ('"claude-o$0"', "claude-opus-4-5", '"claude-opus-4-5"'),
        ("'$0", "claude-opus-4-5", "'claude-opus-4-5'"),
    ],
)
def test_what_is_taken_stands_in_the_front_matter(marked: str, label: str, after: str) -> None:
    assert taken(agent(marked), label, CLAUDE) == agent(after)


@pytest.mark.parametrize(
    ("marked", "label", "after"),
    [
        ("$0", "gpt-4o", "openai:gpt-4o"),
        ("op$0", "gpt-4o", "openai:gpt-4o"),
        ("openai:gpt-4$0", "gpt-4o", "openai:gpt-4o"),
        ("openai:chat:$0", "gpt-4o", "openai:chat:gpt-4o"),
        ("openai:$0", "gpt-4o", "openai:gpt-4o"),
        ("'openai:chat:gpt$0'", "gpt-4o", "'openai:chat:gpt-4o'"),
        ("id: openai:$0", "gpt-4o", "id: openai:gpt-4o"),
        ("id: $0", "claude-opus-4-5", "id: anthropic:claude-opus-4-5"),
        ("openai:wro$0ng", "gpt-4o", "openai:gpt-4o"),
    ],
)
def test_what_is_taken_names_provider_and_model(marked: str, label: str, after: str) -> None:
    assert taken(config(marked), label, PROMPTFOO) == config(after)


@pytest.mark.parametrize(
    "marked",
    [
        "prompts:\n  - $0\n",
        "description: $0\n",
        "providers:\n  - id: x\n    label: $0\n",
        "providers:\n  - bedrock:$0\n",
        "provid$0",
        "# openai:$0\n",
    ],
)
def test_nothing_is_offered_elsewhere(marked: str) -> None:
    assert offered(marked, PROMPTFOO) == []


def test_nothing_is_offered_in_an_agents_prose() -> None:
    assert offered(agent("sonnet") + "model: $0", CLAUDE) == []


@pytest.mark.parametrize(
    ("marked", "dialect"),
    [
        ("provider: claude\nmodel: $0\nnodes: []\n", ARCHON),
        ("---\nengine: {id: claude, model: $0}\n---\n", GH_AW),
        ("---\nengine: claude\nmodel: c$0\n---\n", GH_AW),
    ],
)
def test_no_other_provider_is_offered(marked: str, dialect: Dialect) -> None:
    labels = offered(marked, dialect)
    assert any(one.startswith("claude-") for one in labels)
    assert not [one for one in labels if "/" in one or one.startswith("gpt-4")]


@pytest.mark.parametrize(
    ("written", "label", "after"),
    [
        ("${{ vars.X || '$0' }}", "gpt-5-mini", "${{ vars.X || 'gpt-5-mini' }}"),
        ("${{ vars.X || 'gpt-5-m$0' }}", "gpt-5-mini", "${{ vars.X || 'gpt-5-mini' }}"),
        ("'${{ vars.X || ''$0'' }}'", "gpt-4o", "'${{ vars.X || ''gpt-4o'' }}'"),
        ("\"${{ vars.X || 'gpt$0' }}\"", "gpt-4o", "\"${{ vars.X || 'gpt-4o' }}\""),
    ],
)
def test_the_default_of_what_is_filled_in_is_completed(
    written: str, label: str, after: str
) -> None:
    marked = STEP.format(CODEX_STEP, f"model: {written}")
    document, position = claimed_at(WORKFLOW, marked)
    items = complete(document, position, CATALOG, OPTIONS).items
    (item,) = [one for one in items if one.label == label]
    changed = document.apply([item.edit, *item.also])
    assert changed == STEP.format(CODEX_STEP, f"model: {after}")


@pytest.mark.parametrize(
    ("before", "quote", "after"),
    [
        ("providers:\n  - {id: ", '"', ""),
        ("providers:\n  - {id: ", '"', "}\n"),
        ("providers:\n  - {label: x, id: ", '"', "\nprompts: [a]\n"),
        ("providers:\n  - {id: ", "'", ", label: x}\n"),
        ("providers: [{id: ", '"', "\n"),
        ("providers: [", "'", "]\n"),
    ],
)
def test_a_quote_that_is_open_in_brackets_is_closed(before: str, quote: str, after: str) -> None:
    marked = f"{before}{quote}openai:chat:$0{after}"
    closed = f"{before}{quote}openai:chat:gpt-4o{quote}{after}"
    assert taken(marked, "gpt-4o", PROMPTFOO) == closed
