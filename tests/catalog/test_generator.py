"""The generator of offline knowledge: whose model an entry of a source is, and what is kept."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from server.tools.knowledge import __main__ as generator
from server.tools.knowledge.facts import is_id
from server.tools.knowledge.read import _litellm_facts, before, ids_in
from server.tools.knowledge.routes import Route, of_genai_prices, of_litellm

FIREWORKS = "accounts/fireworks/models"


@pytest.mark.parametrize(
    ("key", "provider", "route"),
    [
        ("gpt-4o", "openai", "openai gpt-4o"),
        ("gemini/gemini-3-pro", "gemini", "gemini gemini-3-pro"),
        ("gemini-3-pro", "gemini", "gemini gemini-3-pro"),
        ("gemini-3-pro", "vertex_ai-language-models", "vertex gemini-3-pro"),
        ("vertex_ai/claude-o@1", "vertex_ai-anthropic_models", "vertex claude-o@1"),
        ("azure/gpt-4o", "azure", "azure gpt-4o"),
        ("azure/eu/gpt-4o", "azure", "azure gpt-4o"),
        ("azure_ai/grok-3", "azure_ai", "azure grok-3"),
        ("us.anthropic.claude-h-v1:0", "bedrock", "bedrock us.anthropic.claude-h-v1:0"),
        ("bedrock/us-gov-west-1/amazon.nova-pro-v1:0", "bedrock", "bedrock amazon.nova-pro-v1:0"),
        ("together_ai/Qwen/Qwen3-32B", "together_ai", "together Qwen/Qwen3-32B"),
        ("together-ai-4.1b-8b", "together_ai", None),
        (f"fireworks_ai/{FIREWORKS}/kimi", "fireworks_ai", f"fireworks {FIREWORKS}/kimi"),
        ("fireworks_ai/kimi", "fireworks_ai", f"fireworks {FIREWORKS}/kimi"),
        ("bedrock/*/1-month-commitment/cohere.command-text-v14", "bedrock", None),
        ("azure/apac/gpt-4o", "azure", "azure gpt-4o"),
        ("azure/us-gov/o3-mini", "azure", "azure o3-mini"),
        ("azure_ai/doc-intelligence/prebuilt-read", "azure_ai", None),
        ("azure/speech/azure-tts", "azure", None),
        ("bedrock/invoke/anthropic.claude-x", "bedrock", "bedrock anthropic.claude-x"),
        ("claude_platform/claude-opus-5", "bedrock", None),
        ("bedrock/guardrails", "bedrock", None),
        ("deepseek/search", "deepseek", None),
        ("perplexity/search", "perplexity", None),
        ("perplexity/preset/pro-search", "perplexity", None),
        ("perplexity/sonar", "perplexity", "perplexity sonar"),
        ("vertex_ai/search_api", "vertex_ai", None),
        ("nvidia_nim/ranking/nvidia/rerank-1b", "nvidia_nim", "nvidia nvidia/rerank-1b"),
        ("claude-opus-latest", None, None),
        ("openai/container", "openai", None),
        ("acme/model", "acme", None),
    ],
)  # fmt: skip
def test_a_route_of_litellm(key: str, provider: str | None, route: str | None) -> None:
    found = of_litellm(key, provider)
    assert (found and f"{found.provider} {found.id}") == route


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("gpt-4o", True),
        ("qwen/qwen3-32b:free", True),
        ("claude-opus-4@20250514", True),
        ("Agent Builder", False),
        ("", False),
        ("ft:gpt-3.5-turbo", False),
        ("high/1024-x-1024/gpt-image-1", False),
        ("openai/*", False),
        ('a"b', False),
    ],
)
def test_what_can_be_an_id(text: str, fits: bool) -> None:
    assert is_id(text) is fits


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("", []),
        ("gpt-5", ["gpt-5"]),
        ("gpt-5 or gpt-4.1", ["gpt-5", "gpt-4.1"]),
        ("image-2, image-1, or image-1-mini", ["image-2", "image-1", "image-1-mini"]),
        ("gpt-5.6-sol (reasoning.mode: pro)", ["gpt-5.6-sol"]),
        ("flash, lite or Gemma 4", ["flash", "lite"]),
        ("veo-3.1 or the GA models on the Platform", ["veo-3.1"]),
    ],
)
def test_what_follows_is_told_by_ids_alone(text: str, ids: list[str]) -> None:
    assert ids_in(text) == ids


@pytest.mark.parametrize(
    ("announced", "end", "told"),
    [
        ("2026-05-01", "2026-11-01", "2026-05-01"),
        ("2026-05-01", None, "2026-05-01"),
        ("2026-11-01", "2026-11-01", None),  # the end again
        ("2026-11-02", "2026-11-01", None),  # when a source first read of it
        ("soon", "2026-11-01", None),
        (None, None, None),
    ],
)
def test_an_announcement_comes_before_the_end(
    announced: str | None, end: str | None, told: str | None
) -> None:
    assert before(announced, end) == told


def test_a_provider_of_genai_prices_may_be_two_of_ours_or_none() -> None:
    assert of_genai_prices("google") == ("gemini", "vertex")
    assert of_genai_prices("huggingface_groq") == ("huggingface",)
    assert of_genai_prices("acme") == ()


def test_what_is_left_of_a_window_is_not_taken_for_the_window() -> None:
    both: dict[str, Any] = {
        "litellm": {"context": 272_000, "output": 128_000},
        "genai-prices": {"context": 400_000},
    }
    assert generator._whole_windows(both) == {
        "litellm": {"output": 128_000},
        "genai-prices": {"context": 400_000},
    }
    other: dict[str, Any] = {"litellm": {"context": 128_000}, "genai-prices": {"context": 16_000}}
    assert generator._whole_windows(other) == other


def test_what_has_ended_stays_ended(tmp_path: Path) -> None:
    """A source that no longer names a model has not brought it back to life."""
    path = tmp_path / "acme.jsonl"
    head = {"day": "2026-10-01", "sources": {"a": "litellm 1", "f": "sdk 2"}, "models": 5}
    rows: list[Any] = [
        ["gone", {"f": {"end": "2026-01-01"}}],
        ["ending", {"f": {"end": "2027-01-01"}}],
        ["dated", {"f": {"end": "2026-01-01"}}],
        ["taken-back", {"a": {"end": "2026-01-01"}}],
        ["alias", "gone"],
    ]
    path.write_text("\n".join(map(json.dumps, [head, *rows])) + "\n")
    table: dict[str, Any] = {
        "dated": {"sunset": {"end": "2026-02-02"}},
        "taken-back": {"litellm": {"mode": "chat"}},
    }
    versions = {"litellm": "2", "sdk": "3", "sunset": "1"}
    generator._keep_ended(table, path, versions, date(2026, 11, 29))
    assert table == {
        "dated": {"sunset": {"end": "2026-02-02"}},
        "taken-back": {"litellm": {"mode": "chat"}},
        "gone": {"sdk 2": {"seen": "2026-10-01", "end": "2026-01-01"}},
    }


def test_another_spelling_ends_with_its_model() -> None:
    ending = {"end": "2026-10-17", "next": ["a.c"], "seen": "2026-10-16"}
    models: dict[str, Any] = {
        "a.b": {"litellm": {"mode": "chat"}, "bydtech-model-retire": ending},
        "us.a.b": {"litellm": {"mode": "chat"}},
        "eu.a.b": {"litellm": {"end": "2027-01-01"}},
        "us.a.x": {"litellm": {"mode": "chat"}},
    }
    generator._end_with_their_models("bedrock", models)
    assert models["us.a.b"] == {"litellm": {"mode": "chat"}, "bydtech-model-retire": ending}
    assert models["eu.a.b"] == {"litellm": {"end": "2027-01-01"}}
    assert models["us.a.x"] == {"litellm": {"mode": "chat"}}


@pytest.mark.parametrize(
    ("model_id", "mode"),
    [
        ("meta-llama/llama-prompt-guard-2-22m", "moderation"),
        ("meta-llama/llama-guard-4-12b", "moderation"),
        ("llamaguard-7b", "moderation"),
        ("openai/gpt-oss-safeguard-20b", "chat"),
    ],
)
def test_a_model_that_only_judges_does_not_chat(model_id: str, mode: str) -> None:
    facts = _litellm_facts(Route("groq", model_id), {"mode": "chat", "litellm_provider": "groq"})
    assert facts["mode"] == mode
