"""What a file says of where its models are asked: the libraries it imports, and other addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from stagewright.dialects.code.hints import provider_in
from stagewright.text.code.languages import Language


class Fact(NamedTuple):
    """One thing that a line says."""

    kind: str  # "uses": imports a provider's library; "sends": to this provider; "away": elsewhere
    provider: str  # ours; of "away" whose models, empty for all


@dataclass(frozen=True, slots=True)
class Facts:
    """What all lines of a file say together."""

    uses: frozenset[str] = frozenset()
    sends: frozenset[str] = frozenset()
    away: frozenset[str] = frozenset()


def together(every: Iterable[Fact]) -> Facts:
    """What a file says whose lines say this."""
    kinds: dict[str, set[str]] = {"uses": set(), "sends": set(), "away": set()}
    for kind, provider in every:
        kinds[kind].add(provider)
    return Facts(*(frozenset(kinds[kind]) for kind in ("uses", "sends", "away")))


LOCAL = "local"
"""Stands for libraries that run models on one's own machine."""

TELLING = (
    *("openai", "open_ai", "anthropic", "genai", "generative", "vertex", "bedrock", "mistral"),
    *("cohere", "groq", "ollama", "together", "fireworks", "deepseek", "perplexity", "cerebras"),
    *("openrouter", "base_ur", "baseur", "api_base", "apibase", "base_addr", "baseaddr"),
    *("transformers", "vllm", "llama_cpp", "from_pretrained", "x_ai", "xai", "nvidia"),
)
"""One of these stands, in whatever case, in every line that says such a thing."""


def may_tell(line: str) -> bool:
    """Whether a line may say such a thing."""
    line = line.lower()
    return any(word in line for word in TELLING)


_IMPORT = re.compile(
    r"^\s*(?:import|from|use|using|require(?:_once|_relative)?|include|gem|@import)\b"
    r"|\bfrom\s*[\"']|\brequire\s*\(|\bimport\s*\(|^\s*(?:\w+\s+)?\"[\w.-]+\.\w+/[\w./-]+\"$"
)
_LOCAL = re.compile(
    r"\b(?:transformers|sentence_transformers|vllm|llama_cpp|ctransformers|gpt4all|mlx_lm|unsloth"
    r"|peft|from_pretrained)\b"
)
_CLIENTS = (
    (re.compile(r"\bAzure\w*OpenAI\w*(?=\s*[({,}]|\s*$)"), "openai"),
    (re.compile(r"\bAnthropicBedrock\w*|\bAnthropicVertex\w*"), "anthropic"),
    (re.compile(r"\bChatVertexAI\b|\bVertexAI\("), "gemini"),
)
"""Clients that ask for a provider's models somewhere else."""

_ADDRESS = re.compile(
    r"(?P<name>[\w$.@-]*(?:base_?ur[li]|api_?base|base_?address)(?:_?path)?)[\"'\])]{0,3}"
    r"\s*(?:=>|:=|=(?!=)|:|\(|,)\s*(?P<value>.*)",
    re.IGNORECASE,
)
_OF_MODELS = re.compile(r"(?:llm|ai|chat|model)[_.-]|api_?base", re.IGNORECASE)
_HOSTS = (
    ("openrouter.ai", "openrouter"),
    ("api.openai.com", "openai"),
    ("api.anthropic.com", "anthropic"),
    ("generativelanguage.googleapis.com", "gemini"),
    ("api.groq.com", "groq"),
    ("api.deepseek.com", "deepseek"),
    ("api.mistral.ai", "mistral"),
    ("api.x.ai", "xai"),
    ("api.together.xyz", "together"),
    ("api.together.ai", "together"),
    ("api.fireworks.ai", "fireworks"),
    ("api.cerebras.ai", "cerebras"),
    ("api.perplexity.ai", "perplexity"),
    ("api.moonshot", "moonshot"),
    ("integrate.api.nvidia.com", "nvidia"),
    ("api.cohere", "cohere"),
)
"""Addresses of providers' own. No other one is looked at."""


def facts(line: str, code: str, language: Language) -> Iterator[Fact]:
    """What a line says; `code` is the line without its comments."""
    if _IMPORT.search(code) or _IMPORT.search(line[: len(code.rstrip())]):
        if _LOCAL.search(code):
            yield Fact("uses", LOCAL)
        elif provider := provider_in(_modules(line[: len(code.rstrip())])):
            yield Fact("uses", provider)
    elif "from_pretrained" in code:
        yield Fact("uses", LOCAL)
    for pattern, provider in _CLIENTS:
        if pattern.search(code) and "eployment" not in code:  # which says what is asked there
            yield Fact("away", provider)
    if (found := _ADDRESS.search(code)) is not None:
        value = line[found.start("value") : len(code.rstrip())]
        host = next((provider for host, provider in _HOSTS if host in value), "")
        whose = provider_in(found["name"])
        if host:
            yield Fact("sends", host)
        elif (
            value.strip(" \"',;)}") not in ("", "None", "null", "nil", "undefined")
            # Among settings of a whole program `BASE_URL` is its own address.
            and (whose or not language.values or _OF_MODELS.search(found["name"]))
        ):
            yield Fact("away", whose)


def _modules(line: str) -> str:
    """What is imported, without the words around it."""
    return re.sub(r"\b(?:google)[.-]cloud[\w.-]*(?:aiplatform|vertexai)", "vertex", line)
