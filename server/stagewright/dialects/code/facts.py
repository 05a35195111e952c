"""What a file says of where its models are asked: the libraries it imports, and other addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from stagewright.dialects.code.hints import words
from stagewright.dialects.code.providers import IMPORTED, provider_at, provider_in
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
    *IMPORTED,
    *("base_ur", "baseur", "api_base", "apibase", "base_addr", "baseaddr"),
    *("transformers", "vllm", "llama_cpp", "from_pretrained"),
    *("sglang", "lmdeploy", "text-generation", "llama.cpp", "llama-server"),
    *("huggingfaceserver", "tritonserver"),
)
"""One of these stands, in whatever case, in every line that says such a thing."""


_SAYING = re.compile(
    r"\b(?:import|from|use|using|require|include|gem)|^\s*(?:\w+\s+)?\"|_pretrained"
    r"|vllm|sglang|lmdeploy|text-generation-|llama\.cpp|llama-server|\wserver"
    r"|Azure|AnthropicBedrock|AnthropicVertex|VertexAI|[bB](?:ase|ASE)"
)


def may_tell(line: str) -> bool:
    """Whether a line may say such a thing."""
    if _SAYING.search(line) is None:
        return False
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
_SERVERS = re.compile(
    r"\b(?:vllm|sglang|lmdeploy|text-generation-(?:inference|launcher)|llama\.cpp|llama-server"
    r"|huggingfaceserver|tritonserver)\b"
)
"""What a command or an image is called that serves models of one's own."""

_CLIENTS = (
    (re.compile(r"\bAzure\w*OpenAI\w*(?=\s*[({,}]|\s*$)"), Fact("uses", "azure")),
    (re.compile(r"\bAnthropicBedrock\w*|\bAnthropicVertex\w*"), Fact("away", "anthropic")),
    (re.compile(r"\bChatVertexAI\b|\bVertexAI\("), Fact("away", "gemini")),
)
"""Clients that ask for a provider's models, some of them elsewhere."""

_PLAIN = re.compile(r"(?<![\w.])(?:Async)?OpenAI\b")

_ADDRESS = re.compile(
    r"(?<![\w$.@-])(?P<name>[\w$.@-]*(?:base_?ur[li]|api_?base|base_?address)(?:_?path)?)[\"'\])]{0,3}"
    r"\s*(?P<sign>=>|:=|=(?!=)|:|\(|,)\s*(?P<value>.*)",
    re.IGNORECASE,
)
_BASE = frozenset({"base", "baseurl", "baseuri", "apibase", "baseaddress"})
"""Words of the name of such an address: that of a `DATABASE_URL` is none."""

_ARGUMENT = re.compile(r"(?:base_?ur[li]|api_?base|base_?address)", re.IGNORECASE)
_OF_MODELS = re.compile(r"(?:llm|ai|chat|model)[_.-]|api_?base", re.IGNORECASE)
_URL = re.compile(r"[\"'`]\s*https?://[^\"'`]*")
_OF_API = re.compile(r"/v\d+(?:beta\d*)?/?$|/openai\b|:(?:11434|1234)\b")
"""How an address ends at which models are asked: `http://localhost:8000/v1`."""

_VARIABLE = re.compile(r"(?!(?:None|null|nil|undefined)\b)(?P<name>[A-Za-z_$][\w$]*)\s*(?:[,)}]|$)")
_CALL = re.compile(r"(?P<callee>[A-Za-z_][\w.:]*)\s*\(\s*[{\[]?[^(){}]*$")

_REACH = 500
"""Characters of a line in which such things stand."""


def facts(line: str, code: str, language: Language) -> Iterator[Fact]:
    """What a line says; `code` is the line without its comments."""
    code = code[:_REACH]
    if _IMPORT.search(code) or _IMPORT.search(line[: len(code.rstrip())]):
        if _LOCAL.search(code):
            yield Fact("uses", LOCAL)
        for one in () if _LOCAL.search(code) else _imported(line[: len(code.rstrip())]):
            if provider := provider_in(_modules(one)):
                yield Fact("uses", provider)
                if provider == "azure" and _PLAIN.search(code):
                    yield Fact("uses", "openai")
    elif "from_pretrained" in code or (
        language.values and _SERVERS.search(line[: len(code.rstrip())])
    ):
        yield Fact("uses", LOCAL)
    for pattern, fact in _CLIENTS:
        if pattern.search(code) and "eployment" not in code:  # which says what is asked there
            yield fact
    found = _ADDRESS.search(code) if "base" in code.lower() else None
    if found is not None and not _BASE.isdisjoint(words(found["name"])):
        value = line[found.start("value") : len(code.rstrip())]
        host = provider_at(value)
        if host:
            yield Fact("sends", host)
        elif (whose := _sent_away(found, value, language)) is not None:
            yield Fact("away", whose)


def _sent_away(found: re.Match[str], value: str, language: Language) -> str | None:
    """Whose models an address that is none of a provider's sends elsewhere, empty for those that
    the file asks for; None where it does not.

    In code an address that stands there does, or a variable of its own. An option that is passed on
    (`base_url=self.base_url`) and the environment's may be anything, and most often are nothing.
    """
    name, left = found["name"], found.string[: found.start()]
    whose = provider_in(name)
    if language.values and language.name != "shell":
        # Among settings of a whole program `BASE_URL` is its own address.
        is_set = value.strip(" \"',;)}") not in ("", "None", "null", "nil", "undefined")
        return whose if is_set and (whose or _OF_MODELS.search(name)) else None
    url, call = _URL.search(value), _CALL.search(left)
    if url is None:
        own = _VARIABLE.match(value)
        is_own = own is not None and _BASE.isdisjoint(words(own["name"]))
        return provider_in(call["callee"]) or None if call and is_own else None
    if found["sign"] == "(" and not re.match(r"[a-zA-Z]{0,2}[\"'`]", value):
        return None
    if call and not whose:
        return provider_in(call["callee"]) or None
    is_argument = _ARGUMENT.fullmatch(name) and not name.isupper()
    return whose if whose or is_argument or _OF_API.search(url[0]) else None


_MODULE = re.compile(r"[\"'`]([^\"'`]+)[\"'`]|^\s*from\s+([\w.]+)")


def _imported(line: str) -> Iterator[str]:
    """What a line imports, each with the words that say whose it is: names of a provider's module
    with it, several modules apart, as several names of a module that is nobody's."""
    for statement in filter(_IMPORT.search, line.split(";")):
        modules = [one[1] or one[2] for one in _MODULE.finditer(statement)]
        if len(modules) > 1:
            yield from modules
        elif modules and provider_in(modules[0]):
            yield statement
        else:
            yield from statement.split(",")


def _modules(line: str) -> str:
    """What is imported, without the words around it."""
    return re.sub(r"\b(?:google)[.-]cloud[\w.-]*(?:aiplatform|vertexai)", "vertex", line)
