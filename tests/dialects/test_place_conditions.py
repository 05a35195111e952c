"""When a place names models at all, and what sends them elsewhere."""

from __future__ import annotations

import pytest
from tests.dialects.marking import assert_sites, dialect, place

ACTION = """
    at = ["$.jobs.*.steps[*].with.model"]
    written = "model"
    provider = "anthropic"
    opaque = ["${{"]
    when = [{ at = "@^.uses", is = ["anthropics/claude-code-action@*"] }]
    unless = [{ at = "@.use_bedrock", is = ["true"] }]
    redirects = ["@^*.env.ANTHROPIC_BASE_URL", { at = "@.use_vertex", is = ["true"] }]
"""


def test_the_same_key_means_different_things_by_what_stands_above_it() -> None:
    assert_sites(
        place(ACTION),
        """
        jobs:
          one:
            steps:
              - uses: anthropics/claude-code-action@v1
                with:
                  model: claude-a
                         ^^^^^^^^ anthropic/claude-a
              - uses: Anthropics/Claude-Code-Action@beta
                with: {model: claude-a}
                              ^^^^^^^^ anthropic/claude-a
              - uses: openai/codex-action@v1
                with:
                  model: gpt-5
              - uses: anthropics/claude-code-action-other@v1
                with: {model: claude-a}
              - uses: ${{ inputs.action }}
                with: {model: claude-a}
              - with: {model: claude-a}
              - uses: *action
                with: {model: claude-a}
              - uses: [anthropics/claude-code-action@v1]
                with: {model: claude-a}
        """,
    )


@pytest.mark.parametrize(
    ("value", "is_named"),
    [
        ("true", False),
        ("'True'", False),
        ("${{ inputs.bedrock }}", False),
        ("*other", False),
        ("false", True),
        ("", True),
        ("'no'", True),
    ],
)
def test_none_of_unless_may_hold(value: str, is_named: bool) -> None:
    mark = "\n                         ^^^^^^^^ anthropic/claude-a" * is_named
    assert_sites(
        place(ACTION),
        f"""
        jobs:
          one:
            steps:
              - uses: anthropics/claude-code-action@v1
                with:
                  use_bedrock: {value}
                  model: claude-a{mark}
        """,
    )


@pytest.mark.parametrize(
    ("top", "job", "step", "with_"),
    [
        ("env: {ANTHROPIC_BASE_URL: x}", "", "", ""),
        ("", "env: {ANTHROPIC_BASE_URL: x}", "", ""),
        ("", "", "env: {ANTHROPIC_BASE_URL: x}", ""),
        ("env: '{{ all }}'", "", "", ""),
        ("", "env: *e", "", ""),
        ("", "", "<<: *e", ""),
        ("", "", "", "use_vertex: true"),
        ("", "", "", "use_vertex: ${{ x }}"),
    ],
)
def test_what_sends_elsewhere_makes_silent(top: str, job: str, step: str, with_: str) -> None:
    assert_sites(
        place(ACTION),
        f"""
        {top or "x: 1"}
        jobs:
          one:
            {job or "x: 1"}
            steps:
              - uses: anthropics/claude-code-action@v1
                {step or "x: 1"}
                with:
                  {with_ or "x: 1"}
                  model: claude-a
                         ^^^^^^^^ opaque
        """,
    )


@pytest.mark.parametrize(
    ("top", "other", "with_"),
    [
        ("env: {OPENAI_BASE_URL: x}", "", ""),
        ("ANTHROPIC_BASE_URL: x", "", ""),
        ("", "env: {ANTHROPIC_BASE_URL: x}", ""),
        ("env:", "", ""),
        ("", "", "use_vertex: false"),
    ],
)
def test_what_stands_elsewhere_sends_nothing_elsewhere(top: str, other: str, with_: str) -> None:
    assert_sites(
        place(ACTION),
        f"""
        {top or "x: 1"}
        jobs:
          other:
            {other or "x: 1"}
          one:
            steps:
              - uses: anthropics/claude-code-action@v1
                with:
                  {with_ or "x: 1"}
                  model: claude-a
                         ^^^^^^^^ anthropic/claude-a
        """,
    )


def test_of_two_places_at_one_value_the_first_counts() -> None:
    assert_sites(
        dialect("""
            [[places]]
            at = ["$.model"]
            written = "model"
            provider = "openai"
            when = [{ at = "@.kind", is = ["a"] }]
            [[places]]
            at = ["$.*"]
            written = "model"
            provider = "groq"
        """),
        """
        kind: a
              ^ groq/a
        model: b
               ^ openai/b
        """,
    )
