"""What is offered where each kind of place names a model."""

from __future__ import annotations

import pytest
from tests.analysis.foreign import offered, taken
from tests.analysis.places import ARGS, JSON_PAIRS, LOCAL, PAIRS, TOML_ROOT, step

from stagewright.dialects.dialect import Dialect


@pytest.mark.parametrize(
    ("args", "label", "after"),
    [
        ("--model $0", "claude-opus-4-5", "--model claude-opus-4-5"),
        ("--model cla$0 --max 3", "claude-opus-4-5", "--model claude-opus-4-5 --max 3"),
        ("--model=$0", "claude-opus-4-5", "--model=claude-opus-4-5"),
        ("--model=cla$0", "claude-opus-4-5", "--model=claude-opus-4-5"),
        ("'--model cla$0'", "claude-opus-4-5", "'--model claude-opus-4-5'"),
        ("""'--model "cla$0"'""", "claude-opus-4-5", """'--model "claude-opus-4-5"'"""),
        ("--x --fallback-model son$0", "sonnet", "--x --fallback-model sonnet"),
        ("--model a --fallback-model $0", "sonnet", "--model a --fallback-model sonnet"),
        (
            "|\n        --x\n        --model cla$0\n        -y",
            "claude-opus-4-5",
            "|\n        --x\n        --model claude-opus-4-5\n        -y",
        ),
        (
            ">-\n        --x --model $0\n        -y",
            "sonnet",
            ">-\n        --x --model sonnet\n        -y",
        ),
    ],
)
def test_models_are_offered_behind_an_option(args: str, label: str, after: str) -> None:
    assert taken(step(args), label, ARGS) == step(after)


@pytest.mark.parametrize(
    ("args", "uses"),
    [
        ("$0", "claude@v1"),
        ("--mo$0", "claude@v1"),
        ("--model a --max $0", "claude@v1"),
        ("--model $0", "other@v1"),
        ("--models $0", "claude@v1"),
        ("# --model $0", "claude@v1"),
    ],
)
def test_elsewhere_in_a_command_line_nothing_is_offered(args: str, uses: str) -> None:
    assert offered(step(args, uses), ARGS) == []


@pytest.mark.parametrize(
    ("marked", "label", "after"),
    [
        ("{provider: oai, model: $0}", "gpt-5", "{provider: oai, model: gpt-5}"),
        ("{model: $0}", "gpt-5", "{provider: oai, model: gpt-5}"),
        ("model: $0", "gpt-5", "provider: oai\n    model: gpt-5"),
        ("{model: AUTO$0}", "AUTODETECT", "{model: AUTODETECT}"),
        ("{provider: $0, model: x}", "oai", "{provider: oai, model: x}"),
        ("{provider: o$0, model: x}", "oai", "{provider: oai, model: x}"),
    ],
)
def test_a_model_is_offered_with_its_provider(marked: str, label: str, after: str) -> None:
    head = "models:\n  - "
    assert taken(f"{head}{marked}\n", label, PAIRS) == f"{head}{after}\n"


@pytest.mark.parametrize("provider", ["azure", "nobody", "'{x}'", "*p"])
def test_no_model_is_offered_of_a_provider_that_cannot_be_asked(provider: str) -> None:
    found = offered(f"models:\n  - {{provider: {provider}, model: $0}}\n", PAIRS)
    assert found == ["AUTODETECT"]


def test_providers_are_offered_by_the_formats_names() -> None:
    found = offered("models:\n  - {provider: $0, model: x}\n", PAIRS)
    assert found == ["anthropic", "oai", "azure"]


@pytest.mark.parametrize(
    ("marked", "label", "after"),
    [
        ("use: $0", "fast", "use: fast"),
        ("use: f$0", "fast", "use: fast"),
        ("agents: {a: {model: $0}}", "fast", "agents: {a: {model: fast}}"),
        (
            'agents: {a: {model: "fast,openai/$0"}}',
            "gpt-5",
            'agents: {a: {model: "fast,openai/gpt-5"}}',
        ),
        ('agents: {a: {model: "fast, sl$0"}}', "slow", 'agents: {a: {model: "fast, slow"}}'),
    ],
)
def test_names_that_the_file_defines_are_offered(marked: str, label: str, after: str) -> None:
    head = "models: {fast: 1, slow: 2}\n"
    assert taken(f"{head}{marked}\n", label, LOCAL) == f"{head}{after}\n"


def test_a_local_place_offers_no_models() -> None:
    assert offered("models: {fast: 1, slow: 2}\nuse: $0\n", LOCAL) == ["fast", "slow"]


@pytest.mark.parametrize(
    ("marked", "label", "after", "said"),
    [
        (
            '{"models": {"main": {"provider": "oai", "modelId": "$0"}}}',
            "gpt-5",
            '{"models": {"main": {"provider": "oai", "modelId": "gpt-5"}}}',
            JSON_PAIRS,
        ),
        (
            '{"models": {"main": {"provider": "$0", "modelId": "x"}}}',
            "oai",
            '{"models": {"main": {"provider": "oai", "modelId": "x"}}}',
            JSON_PAIRS,
        ),
        ('model = "$0"\n', "gpt-5", 'model = "gpt-5"\n', TOML_ROOT),
        (
            'model_provider = "anthropic"\n[profiles.a]\nmodel = "$0"\n',
            "claude-opus-4-5",
            'model_provider = "anthropic"\n[profiles.a]\nmodel = "claude-opus-4-5"\n',
            TOML_ROOT,
        ),
        (
            "model_provider = 'x'\n[profiles.a]\nmodel_provider = 'openai'\nmodel = '$0'\n",
            "gpt-5",
            "model_provider = 'x'\n[profiles.a]\nmodel_provider = 'openai'\nmodel = 'gpt-5'\n",
            TOML_ROOT,
        ),
    ],
)
def test_in_json_and_toml_too(marked: str, label: str, after: str, said: Dialect) -> None:
    assert taken(marked, label, said) == after
