"""How source code names providers: in identifiers, as addresses, as functions that make a model."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

ELSEWHERE = "elsewhere"
"""Stands for hosts of which nothing is known here."""


class _Named(NamedTuple):
    """What a provider is called in source code."""

    id: str  # ours
    words: str  # of identifiers in lower case; a pattern
    imported: tuple[str, ...] = ()  # one of these stands in every line that imports its library
    hosts: tuple[str, ...] = ()  # its own addresses hold one of these
    function: str = ""  # what the functions begin with that make a model of it: `openai("...")`


_PROVIDERS = (
    _Named(ELSEWHERE, r"novita|siliconflow|nebius|octoai|anyscale|hyperbolic|cometapi|aimlapi"),
    _Named("azure", r"azure", function="azure"),
    _Named("bedrock", r"bedrock", ("bedrock",), function="bedrock"),
    _Named("vertex", r"vertex", ("vertex",), function="vertex"),
    _Named("openrouter", r"openrouter", ("openrouter",), ("openrouter.ai",), "openrouter"),
    _Named("anthropic", r"anthropic|claude", ("anthropic",), ("api.anthropic.com",), "anthropic"),
    _Named(
        "gemini",
        r"gemini|google_?gen|generative_?model|generativeai|googleai|(?<![a-z])google(?![a-z])",
        ("genai", "generative"),
        ("generativelanguage.googleapis.com",),
        "google",
    ),
    _Named("mistral", r"mistral", ("mistral",), ("api.mistral.ai",), "mistral"),
    _Named("cohere", r"cohere", ("cohere",), ("api.cohere",), "cohere"),
    _Named("groq", r"groq", ("groq",), ("api.groq.com",), "groq"),
    _Named(
        "together",
        r"together_?ai|chattogether|(?<![a-z])together(?![a-z])",
        ("together",),
        ("api.together.xyz", "api.together.ai"),
        "together",
    ),
    _Named("fireworks", r"fireworks", ("fireworks",), ("api.fireworks.ai",), "fireworks"),
    _Named("deepseek", r"deep_?seek", ("deepseek",), ("api.deepseek.com",), "deepseek"),
    _Named("xai", r"(?<![a-z])x_?ai(?![a-z])|chatxai", ("x_ai", "xai"), ("api.x.ai",), "xai"),
    _Named(
        "perplexity",
        r"perplexity|(?<![a-z])pplx",
        ("perplexity",),
        ("api.perplexity.ai",),
        "perplexity",
    ),
    _Named("cerebras", r"cerebras", ("cerebras",), ("api.cerebras.ai",), "cerebras"),
    _Named("moonshot", r"moonshot|kimi", hosts=("api.moonshot",)),
    _Named(
        "nvidia",
        r"nvidia|(?<![a-z])nim(?![a-z])",
        ("nvidia",),
        ("integrate.api.nvidia.com",),
    ),
    _Named("huggingface", r"hugging_?face|(?<![a-z])hf(?![a-z])"),
    _Named("ollama", r"ollama", ("ollama",), function="ollama"),
    _Named("lmstudio", r"lm_?studio"),
    _Named("copilot", r"copilot"),
    _Named("deepinfra", r"deep_?infra"),
    _Named("sambanova", r"sambanova"),
    _Named("baseten", r"baseten"),
    _Named("databricks", r"databricks"),
    _Named("cloudflare", r"cloudflare|workers_?ai"),
    _Named("dashscope", r"dashscope|aliyun|bailian"),
    _Named("zai", r"(?<![a-z])z_?ai(?![a-z])|zhipu|bigmodel"),
    _Named("minimax", r"minimax"),
    _Named(
        "openai",
        r"open_?ai|(?<![a-z])gpt(?![a-z])",
        ("openai", "open_ai"),
        ("api.openai.com",),
        "openai",
    ),
)
"""Where several are spoken of the first is meant: Azure's OpenAI is Azure."""

IMPORTED = tuple(word for one in _PROVIDERS for word in one.imported)
FUNCTIONS = "|".join(one.function for one in _PROVIDERS if one.function)

_PROVIDER = re.compile("|".join(f"(?P<{one.id}>{one.words})" for one in _PROVIDERS))


@lru_cache(maxsize=8192)
def provider_in(name: str) -> str:
    """Our id of the provider that an identifier, or a dotted path of them, speaks of; empty for
    none."""
    found = {match.lastgroup or "" for match in _PROVIDER.finditer(name.lower())}
    return next((one.id for one in _PROVIDERS if one.id in found), "")


def provider_at(address: str) -> str:
    """Our id of the provider whose own address this is; empty for any other address."""
    every = ((host, one.id) for one in _PROVIDERS for host in one.hosts)
    return next((provider for host, provider in every if host in address), "")
