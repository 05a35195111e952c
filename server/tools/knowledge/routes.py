"""Which provider of ours each source means, and by which id that provider knows the model."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Route:
    """A model as a provider of ours names it."""

    provider: str
    id: str
    aliases: Sequence[str] = ()


_LITELLM: Mapping[str, tuple[str, str]] = {
    "openai": ("openai", "openai/"),
    "text-completion-openai": ("openai", ""),
    "anthropic": ("anthropic", ""),
    "gemini": ("gemini", "gemini/"),
    "mistral": ("mistral", "mistral/"),
    "codestral": ("mistral", "codestral/"),
    "groq": ("groq", "groq/"),
    "deepseek": ("deepseek", "deepseek/"),
    "xai": ("xai", "xai/"),
    "together_ai": ("together", "together_ai/"),
    "fireworks_ai": ("fireworks", "fireworks_ai/"),
    "fireworks_ai-embedding-models": ("fireworks", "fireworks_ai/"),
    "cerebras": ("cerebras", "cerebras/"),
    "nvidia_nim": ("nvidia", "nvidia_nim/"),
    "moonshot": ("moonshot", "moonshot/"),
    "cohere": ("cohere", "cohere/"),
    "cohere_chat": ("cohere", ""),
    "azure": ("azure", "azure/"),
    "azure_text": ("azure", "azure/"),
    "azure_ai": ("azure", "azure_ai/"),
    "bedrock": ("bedrock", "bedrock/"),
    "bedrock_converse": ("bedrock", "bedrock/"),
    "bedrock_mantle": ("bedrock", "bedrock_mantle/"),
    "perplexity": ("perplexity", "perplexity/"),
    "github_copilot": ("copilot", "github_copilot/"),
    "databricks": ("databricks", "databricks/"),
    "deepinfra": ("deepinfra", "deepinfra/"),
    "baseten": ("baseten", "baseten/"),
    "sambanova": ("sambanova", "sambanova/"),
    "cloudflare": ("cloudflare", "cloudflare/"),
    "zai": ("zai", "zai/"),
    "minimax": ("minimax", "minimax/"),
    "dashscope": ("dashscope", "dashscope/"),
}
"""LiteLLM's provider -> ours, and the prefix that LiteLLM puts before its ids."""

LLM_SUNSET: Mapping[str, str] = {
    "OpenAI": "openai",
    "Anthropic": "anthropic",
    "Google": "gemini",
    "Google Vertex": "vertex",
    "Azure": "azure",
    "Groq": "groq",
    "Cohere": "cohere",
    "xAI": "xai",
}

MODEL_RETIRE: Mapping[str, str] = {
    "openai": "openai",
    "anthropic": "anthropic",
    "google-gemini-api": "gemini",
    "google-vertex-ai": "vertex",
    "aws-bedrock": "bedrock",
    "mistral": "mistral",
    "cohere": "cohere",
}

_GENAI_PRICES: Mapping[str, tuple[str, ...]] = {
    "aws": ("bedrock",),
    "google": ("gemini", "vertex"),
    "x-ai": ("xai",),
    "moonshotai": ("moonshot",),
    "github-copilot": ("copilot",),
}
"""Where its name is another than ours."""

_SAME_NAME = frozenset({"openrouter", *(ours for ours, _ in _LITELLM.values())})

ENDED: Mapping[str, tuple[str, str]] = {
    "github": ("2026-07-30", "github.com/orgs/community/discussions/203602"),  # GitHub Models
}
"""Providers that ended with all their models: the last day, and the provider's own word of it."""

_FIREWORKS = "accounts/fireworks/models/"
_NO_MODEL = re.compile(r"^(together-ai|fireworks-ai)-|-commitment/|/container$")
"""Classes of prices, and what else has a price: sandboxes that models run code in."""

_REGION = re.compile(r"^[a-z]{2}(-gov)?-[a-z]+-\d/")
_ZONE = re.compile(r"^(eu|us|us-gov|apac|global|global-standard)/")  # Azure's zones, for prices

_BESIDE: Mapping[str, re.Pattern[str]] = {
    "azure": re.compile(r"^(doc-intelligence|speech)/"),
    "bedrock": re.compile(r"^claude_platform/|^guardrails$|^[^.]+$"),  # an id begins with a vendor
    "deepseek": re.compile(r"^search$"),
    "perplexity": re.compile(r"^search$|^preset/"),
    "vertex": re.compile(r"^search_api$"),
}
"""What the sources list beside models, by provider: services, presets, and another's ids."""

_WAYS: Mapping[str, re.Pattern[str]] = {
    "bedrock": re.compile(r"^(invoke|converse)/"),
    "nvidia": re.compile(r"^ranking/"),
}
"""What LiteLLM puts before an id to choose an API."""


def of_litellm(key: str, provider: str | None) -> Route | None:
    """The route of one of LiteLLM's keys; None where it is none of a model that files name."""
    if provider is None or _NO_MODEL.search(key):
        return None
    vertex = provider.startswith("vertex_ai")
    ours, prefix = ("vertex", "vertex_ai/") if vertex else _LITELLM.get(provider, ("", ""))
    model_id = key.removeprefix(prefix)
    if ours in _WAYS:
        model_id = _WAYS[ours].sub("", model_id)
    match ours:
        case "":
            return None
        case "bedrock":
            model_id = _REGION.sub("", model_id)
        case "azure":
            model_id = _ZONE.sub("", model_id)
        case "fireworks" if model_id.startswith(_FIREWORKS):
            return Route(ours, model_id, (model_id.removeprefix(_FIREWORKS),))
        case "fireworks" if "/" not in model_id:
            return Route(ours, _FIREWORKS + model_id, (model_id,))
    return Route(ours, model_id) if is_model(ours, model_id) else None


def is_model(provider: str, model_id: str) -> bool:
    """Whether this is an id by which one asks the provider for a model."""
    beside = _BESIDE.get(provider)
    return beside is None or not beside.search(model_id)


def of_genai_prices(theirs: str) -> tuple[str, ...]:
    """Our providers of one of theirs."""
    if theirs.startswith("huggingface_"):
        return ("huggingface",)
    return _GENAI_PRICES.get(theirs, (theirs,) if theirs in _SAME_NAME else ())


def at_genai_prices(provider: str, model_id: str) -> str:
    """The id under which genai-prices knows a model of ours."""
    return model_id.removeprefix(_FIREWORKS) if provider == "fireworks" else model_id


NAMED_BY_GENAI_PRICES = frozenset({"openrouter", "huggingface"})
"""Our providers whose models no weightier source lists."""
