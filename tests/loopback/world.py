"""The models that the loopback providers have, in each API's own JSON."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

RETIRED = "claude-opus-4-20250514"
DEPRECATED = "claude-sonnet-4-5-20250929"
THIRD_PAGE = "claude-haiku-4-5-20251001"

ANTHROPIC_ALIASES = {
    "claude-sonnet-4-5": DEPRECATED,
    "claude-haiku-4-5": THIRD_PAGE,
    "claude-opus-4-0": RETIRED,
}
"""Names that are not listed and answer when asked for alone."""


def anthropic_model(
    model_id: str,
    name: str = "",
    *,
    created: str = "2026-01-01T00:00:00Z",
    lifecycle: str = "active",
    retires: str | None = None,
    line: str | None = None,
) -> Json:
    """One model as Anthropic's API gives it."""
    supported = {"supported": True}
    return {
        "type": "model",
        "id": model_id,
        "display_name": name or model_id,
        "created_at": created,
        "lifecycle": lifecycle,
        "deprecated_at": None if lifecycle == "active" else "2026-05-01T00:00:00Z",
        "retires_at": retires,
        "line": line,
        "max_input_tokens": 200_000,
        "max_tokens": 64_000,
        "capabilities": {"image_input": supported, "thinking": supported | {"types": {}}},
    }


def anthropic_models() -> list[Json]:
    """45 models, newest first, and a retired one that is listed only when asked for."""
    newest = [
        anthropic_model(f"claude-{line}-5-5", f"Claude {line.title()} 5.5", created=day, line=line)
        for line, day in (
            ("opus", "2026-09-01T00:00:00Z"),
            ("sonnet", "2026-08-15T00:00:00Z"),
            ("haiku", "2026-08-01T00:00:00Z"),
        )
    ]
    filler = [
        anthropic_model(
            f"claude-lab-{number:02}", created=f"2026-03-{31 - number // 2:02}T00:00:00Z"
        )
        for number in range(1, 41)
    ]
    oldest = [
        anthropic_model(
            THIRD_PAGE, "Claude Haiku 4.5", created="2025-10-01T00:00:00Z", line="haiku"
        ),
        anthropic_model(
            DEPRECATED,
            "Claude Sonnet 4.5",
            created="2025-09-29T00:00:00Z",
            lifecycle="deprecated",
            retires="2026-11-30T00:00:00Z",
            line="sonnet",
        ),
    ]
    retired = anthropic_model(
        RETIRED,
        "Claude Opus 4",
        created="2025-05-14T00:00:00Z",
        lifecycle="retired",
        retires="2026-06-15T00:00:00Z",
        line="opus",
    )
    return [*newest, *filler, *oldest, retired]


def openai_model(model_id: str, created: int = 1_760_000_000, shutdown: str | None = None) -> Json:
    """One model as OpenAI's API gives it."""
    return {
        "id": model_id,
        "object": "model",
        "created": created,
        "owned_by": "openai",
        "shutdown_date": shutdown,
    }


OPENAI_UNLISTED = ("ft:gpt-4o-mini-2024-07-18:acme::abc123",)


def openai_models() -> list[Json]:
    """Chat models of several ages and, among them, models of every other kind."""
    chat = [
        "gpt-6.1-sol",
        "gpt-6-luna",
        "gpt-5.5",
        "gpt-5.4-mini",
        "gpt-5",
        "o3",
        "gpt-4o",
        "gpt-audio",
    ]
    other = [
        "text-embedding-3-small", "whisper-1", "gpt-4o-mini-tts", "gpt-image-2", "sora-2",
        "omni-moderation-latest", "gpt-4o-transcribe", "gpt-4o-transcribe-diarize", "gpt-realtime",
        "davinci-002", "gpt-3.5-turbo-instruct",
    ]  # fmt: skip
    day = 86_400
    listed = [
        openai_model(name, 1_790_000_000 - 40 * day * place) for place, name in enumerate(chat)
    ]
    return [
        *listed,
        openai_model("gpt-4-turbo", 1_712_000_000, "2026-12-15"),
        *(openai_model(name) for name in other),
    ]


def gemini_model(model_id: str, *methods: str) -> Json:
    """One model as Gemini's API gives it."""
    return {
        "name": f"models/{model_id}",
        "displayName": model_id.replace("-", " ").title(),
        "inputTokenLimit": 1_048_576,
        "outputTokenLimit": 65_536,
        "supportedGenerationMethods": list(methods or ("generateContent", "countTokens")),
    }


def gemini_models() -> list[Json]:
    """More than one page of 50."""
    return [
        gemini_model("gemini-3-pro"),
        gemini_model("gemini-2.5-flash"),
        gemini_model("gemini-2.5-flash-preview-tts"),
        gemini_model("gemini-embedding-001", "embedContent"),
        *(gemini_model(f"gemma-lab-{number}") for number in range(60)),
    ]


def ollama_models() -> dict[str, Json]:
    """What `/api/show` says of each model that `/api/tags` lists."""
    return {
        "llama3.2:8b": {
            "capabilities": ["completion", "tools", "vision"],
            "model_info": {"general.architecture": "llama", "llama.context_length": 131_072},
        },
        "nomic-embed-text:latest": {
            "capabilities": ["embedding"],
            "model_info": {"general.architecture": "bert", "bert.context_length": 2048},
        },
        "old-server-model:latest": {
            "model_info": {"general.architecture": "qwen2", "qwen2.context_length": 32_768}
        },
    }


def compatible_models() -> list[Json]:
    """As several OpenAI-compatible servers give them, each with what only it has."""
    return [
        {"id": "bare-model"},
        {
            "id": "anthropic/claude-opus-5.5",
            "name": "Claude Opus 5.5",
            "created": 1_788_000_000,
            "canonical_slug": "anthropic/claude-opus-5.5-20260901",
            "context_length": 1_000_000,
            "expiration_date": "2027-01-31",
            "architecture": {"input_modalities": ["text", "image"], "output_modalities": ["text"]},
            "supported_parameters": ["tools", "reasoning"],
            "top_provider": {"max_completion_tokens": 64_000},
            "pricing": {"prompt": "0.000004", "completion": "0.00002"},
        },
        {
            "id": "mistral-old",
            "max_context_length": 32_768,
            "aliases": ["mistral-older"],
            "capabilities": {"completion_chat": True, "function_calling": True},
            "deprecation": "2026-12-31T12:00:00Z",
            "deprecation_replacement_model": "mistral-new",
        },
        {"id": "mistral-new", "capabilities": {"completion_chat": True, "vision": True}},
        {"id": "mistral-embed", "capabilities": {"completion_chat": False}},
    ]
