"""Which model a place's value names: providers, patterns, keys, interpolations, aliases."""

from __future__ import annotations

import pytest
from tests.dialects.marking import assert_sites, place

PAIR = """
    at = ["$.models[*].model"]
    written = "model"
    opaque = ["{"]
    [places.provider]
    from = ["@.provider", "$.provider"]
    ids = { "gpt-*" = "openai", "claude-*" = "unverifiable" }
    default = "groq"
    [places.providers]
    google = "gemini"
    oai = "openai"
    azure = "unverifiable"
"""


def test_the_provider_of_a_model_stands_beside_it_or_at_the_top() -> None:
    assert_sites(
        place(PAIR),
        """
        models:
          - {model: a, provider: google}
                    ^ gemini/a
          - {model: a, provider: azure}
                    ^ opaque
          - {model: a, provider: anthropic}
                    ^ opaque
          - {model: a, provider: "{env}"}
                    ^ opaque
          - {model: a, provider: *p}
                    ^ opaque
          - {model: gpt-x, provider: google}
                    ^^^^^ gemini/gpt-x
          - {model: gpt-x, provider: }
                    ^^^^^ openai/gpt-x
          - {model: GPT-x}
                    ^^^^^ openai/GPT-x
          - {model: claude-x}
                    ^^^^^^^^ opaque
          - {model: x-gpt-x}
                    ^^^^^^^ groq/x-gpt-x
        """,
    )
    assert_sites(
        place(PAIR),
        """
        provider: oai
        models:
          - {model: a}
                    ^ openai/a
          - {model: a, provider: google}
                    ^ gemini/a
        """,
    )


def test_a_bare_id_has_the_provider_that_its_pattern_says() -> None:
    said = place("""
        provider = { ids = { "gpt-*" = "openai", "claude-*" = "anthropic" } }
        [places.providers]
        openai = "openai"
        together_ai = "together"
    """)
    for value, what in (
        ("gpt-5", "openai/gpt-5"),
        ("claude-a-b", "anthropic/claude-a-b"),
        ("together_ai/a/b", "together/a/b"),
        ("together/a", "opaque"),
        ("other", "opaque"),
        ("xgpt-5", "opaque"),
    ):
        assert_sites(said, f"model: {value}\n       {'^' * len(value)} {what}")


def test_a_name_may_stand_in_a_key() -> None:
    assert_sites(
        place("""
            at = ["$.providers[*].*"]
            in = "key"
            written = "provider:model"
            unless = [{ at = "@.id" }]
            redirects = ["@=.config.apiHost"]
        """),
        """
        providers:
          - openai:gpt-4o: {config: {x: 1}}
            ^^^^^^^^^^^^^ openai/gpt-4o
          - openai:gpt-4o: {config: {apiHost: h}}
            ^^^^^^^^^^^^^ opaque
          - openai:gpt-4o: {config: *c}
            ^^^^^^^^^^^^^ opaque
          - "openai:gpt-4o": {apiHost: h}
            ^^^^^^^^^^^^^^^ openai/gpt-4o
          - {id: x, "openai:gpt-4o": y}
          - openai:gpt-4o
        """,
    )


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("${{ vars.X || 'openai/gpt-5' }}", "openai/gpt-5"),
        ("'${{ vars.X || ''openai/gpt-5'' }}'", "openai/gpt-5"),
        ("${MODEL:-openai/gpt-5}", "openai/gpt-5"),
        ("\"${{ a || 'openai/gpt-5' }}\"", "openai/gpt-5"),
    ],
)
def test_the_default_of_an_interpolation_is_a_name(value: str, expected: str) -> None:
    said = place("opaque = ['${']\ndefault = [[\"|| '\", \"'\"], [':-', '}']]")
    start = value.find("openai")
    assert_sites(said, f"model: {value}\n{' ' * (start + 7)}{'^' * 12} {expected}")


@pytest.mark.parametrize(
    "value",
    [
        "${{ vars.X }}",
        "openai/${{ vars.X || 'gpt-5' }}",
        "${{ vars.X || 'openai/gpt' }}-5",
        "${{ vars.X || '${Y}' }}",
        "${{ vars.X || 'openai/gpt-5 }}",
        "${{ vars.X || '' }}",
        "${MODEL}",
        "${MODEL:-${OTHER}}",
    ],
)
def test_an_interpolation_without_a_default_is_opaque(value: str) -> None:
    said = place("opaque = ['${']\ndefault = [[\"|| '\", \"'\"], [':-', '}']]")
    assert_sites(said, f"model: {value}\n       {'^' * len(value)} opaque")


@pytest.mark.parametrize(
    ("value", "model"),
    [
        ("anthropic/claude-a[1m]", "claude-a"),
        ("anthropic/claude-a [1M]", "claude-a"),
        ("anthropic/claude-a?effort=high", "claude-a"),
        ("anthropic/claude-a?a?b", "claude-a"),
        ("anthropic/Claude A (fast) (Preview) (copilot)", "Claude A"),
        ("anthropic/Claude (a) b", "Claude (a) b"),
        ("anthropic/[1m] claude", "[1m] claude"),
        ("anthropic/İ[1m]", "İ"),
    ],
)
def test_endings_are_left_out_of_the_model(value: str, model: str) -> None:
    said = place("suffix = ['[1m]', '?*', ' (*)']")
    assert_sites(said, f"model: '{value}'\n       {'^' * (len(value) + 2)} anthropic/{model}")


@pytest.mark.parametrize(
    ("value", "what"),
    [
        ("sonnet", "alias"),
        ("SONNET[1m]", "alias"),
        ("auto-7", "alias"),
        ("sonnets", "opaque"),
        ("us.anthropic.x", "opaque"),
    ],
)
def test_aliases_are_always_right(value: str, what: str) -> None:
    said = place("""
        suffix = ["[1m]"]
        opaque = ["us.anthropic"]
        [places.aliases]
        sonnet = "One."
        "auto-*" = "Another."
    """)
    assert_sites(said, f"model: {value}\n       {'^' * len(value)} {what}")


@pytest.mark.parametrize(
    "value",
    [
        "sk-proj-Ab3dEf6hIj9l",
        "openai/sk-ant-api03-abcdefghijklmnop",
        "https://me:secret@example.com/v1",
        "AIzaSyA-1234567890abcdef",
        "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
        "a9F3kLq8ZmN2xR7tYw4Vb6Hs1Jd5Pc0Ge",
        "0123456789abcdef0123456789abcdef",
        "[a]",
        "{a: b}",
        "",
        "~",
        "' '",
        "*alias",
    ],
)
def test_a_secret_and_what_is_no_text_is_no_site(value: str) -> None:
    assert_sites(place(""), f"model: {value}")


@pytest.mark.parametrize(
    "value",
    [
        "anthropic/claude-3-5-sonnet-20241022",
        "fireworks/accounts/fireworks/models/llama-v3p1-405b-instruct",
        "huggingface/Qwen/Qwen2.5-Coder-32B-Instruct-GPTQ-Int4",
        "openrouter/nousresearch/hermes-3-llama-3.1-405b:free",
        "ollama/hf.co/bartowski/DeepSeek-R1-Distill-Qwen-32B-GGUF:Q4_K_M",
        "perplexity/pplx-70b-online",
        "openai/ft:gpt-4o-2024-08-06:my-org:custom:9AbCdEf1",
    ],
)
def test_a_long_id_is_no_secret(value: str) -> None:
    assert_sites(place(""), f"model: {value}\n       {'^' * len(value)} {value}")
