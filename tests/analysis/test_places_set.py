"""A model set where each kind of place names one."""

from __future__ import annotations

import pytest
from tests.analysis.places import ARGS, JSON_PAIRS, PAIRS, TOML_ROOT, put, step
from tests.dialects.marking import place

from stagewright.dialects.dialect import Dialect
from stagewright.dialects.document import Document, in_order


@pytest.mark.parametrize(
    ("args", "reference", "after"),
    [
        ("--model claude-a --x", "anthropic/claude-b", "--model claude-b --x"),
        ("--model=claude-a", "anthropic/claude-b", "--model=claude-b"),
        ("'--model=\"claude-a\"'", "anthropic/claude-b", "'--model=\"claude-b\"'"),
        ("\"--model 'claude-a'\"", "anthropic/claude-b", "\"--model 'claude-b'\""),
        ("--model cl\\aude-a", "anthropic/claude-b", "--model claude-b"),
        ("|\n        --x\n        --model claude-a", "anthropic/claude-b", None),
        (">-\n        --x\n        --model claude-a\n        -y", "anthropic/claude-b", None),
        ("--model claude-a", "openai/gpt-5", ""),
        ("--model claude-a", "anthropic/claude b", ""),
    ],
)
def test_a_model_is_set_within_a_command_line(args: str, reference: str, after: str | None) -> None:
    expected = args.replace("claude-a", "claude-b") if after is None else after
    assert put(step(args), reference, ARGS) == (step(expected) if expected else None)


@pytest.mark.parametrize(
    ("item", "reference", "after"),
    [
        ("{provider: oai, model: gpt-4}", "openai/gpt-5", "{provider: oai, model: gpt-5}"),
        ("{provider: oai, model: x}", "anthropic/c", "{provider: anthropic, model: c}"),
        ("{provider: 'oai', model: x}", "anthropic/c", "{provider: 'anthropic', model: c}"),
        ("{provider: oai, model: x}", "groq/c", None),
        ("{model: x}", "openai/gpt-5", None),
        ("{provider: *p, model: x}", "openai/gpt-5", None),
    ],
)
def test_a_provider_beside_is_set_with_the_model(
    item: str, reference: str, after: str | None
) -> None:
    text = "models:\n  - {}\n"
    assert put(text.format(item), reference, PAIRS) == (after and text.format(after))


@pytest.mark.parametrize(
    ("value", "reference", "after"),
    [
        ("${{ vars.X || 'openai/gpt-4' }}", "openai/gpt-5", "${{ vars.X || 'openai/gpt-5' }}"),
        ("${{ vars.X || 'openai/gpt-4' }}", "groq/a", "${{ vars.X || 'groq/a' }}"),
        ("'${{ a || ''openai/x'' }}'", "openai/y", "'${{ a || ''openai/y'' }}'"),
        ("openai/gpt-4[1m]", "openai/gpt-5", "openai/gpt-5[1m]"),
        ("openai/gpt-4[1m]", "groq/a", "groq/a"),
        ("&a openai/gpt-4", "openai/gpt-5", "&a openai/gpt-5"),
        ('"openai/\\u0067pt-4"', "openai/gpt-5", '"openai/gpt-5"'),
    ],
)
def test_a_model_is_set_in_a_text(value: str, reference: str, after: str) -> None:
    said = place("""
        opaque = ["${{"]
        default = [["|| '", "'"]]
        suffix = ["[1m]"]
    """)
    assert put(f"model: {value} # c\n", reference, said) == f"model: {after} # c\n"


def test_json_in_a_text() -> None:
    said = place("at = ['$.env.m']\nextract = {json = ['$[*]', '$.a']}")
    text = """env: {m: '["openai/gpt-4", "groq/a"]'}\n"""
    after = """env: {m: '["openai/gpt-4", "groq/b"]'}\n"""
    assert put(text, "groq/b", said, 1) == after
    block = 'env:\n  m: |\n    [\n      "openai/gpt-4",\n      "groq/a"\n    ]\n'
    assert put(block, "groq/b", said, 1) == block.replace("groq/a", "groq/b")
    assert in_order(Document("env: {m: not json}\n", said)) == []


def test_a_name_behind_a_mark() -> None:
    said = place("at = ['$.alias[*]']\nextract = {after = ':'}")
    text = 'alias: ["fast: openai/gpt-4", none]\n'
    assert put(text, "openai/gpt-5", said) == 'alias: ["fast: openai/gpt-5", none]\n'
    assert len(in_order(Document(text, said))) == 1


@pytest.mark.parametrize(
    ("text", "reference", "after", "said"),
    [
        (
            '{"models": {"main": {"provider": "oai", "modelId": "x"}}}',
            "anthropic/c",
            '{"models": {"main": {"provider": "anthropic", "modelId": "c"}}}',
            JSON_PAIRS,
        ),
        ("model = 'x' # c\n", "openai/y", "model = 'y' # c\n", TOML_ROOT),
        ("model = 'x'\n", "anthropic/y", None, TOML_ROOT),
        (
            "model_provider = 'openai'\nmodel = 'x'\n",
            "anthropic/y",
            "model_provider = 'anthropic'\nmodel = 'y'\n",
            TOML_ROOT,
        ),
    ],
)
def test_set_in_json_and_toml_too(
    text: str, reference: str, after: str | None, said: Dialect
) -> None:
    assert put(text, reference, said) == after
