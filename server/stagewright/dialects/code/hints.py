"""Which names ask for a model: words of identifiers, whatever their case."""

from __future__ import annotations

import re
from functools import lru_cache

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_BEHIND = frozenset(
    (
        *("name", "names", "id", "ids", "default", "defaults", "version", "slug", "override"),
        *("string", "str", "value", "1", "2", "3", "arg", "env", "key"),
        *("fast", "small", "large", "main", "primary", "secondary", "fallback", "cheap"),
    )
)
"""Words that may stand behind `model`: `modelName`, `MODEL_ID`, `model_fallback`."""

_ALIAS = ("served", "model", "name")
_NEVER = frozenset({"deployment", "deployments", "deploy"})
"""What a deployment, or a model of one's own server, is called, its user has chosen: it is no
model's id, whatever it says."""

_NO_MODELS = frozenset(
    ("data", "view", "db", "database", "car", "vehicle", "schema", "orm", "content", "domain")
)
"""Words before `model` that speak of other models: a `DataModel` is no language model."""

DEFAULTS = frozenset(
    (
        *("default", "default_value", "defaultvalue", "fallback", "value", "const", "initial"),
        *("or_else", "orelse", "def", "get_or_default", "getordefault", "fetch"),
    )
)
"""Names that say: what is meant has another name, further to the left."""


ALLOWED = frozenset(
    ("choices", "choice", "enum", "oneof", "one_of", "allowed", "allowed_values", "allowedvalues")
)
"""Names of lists of the values that something may have, which is named further to the left."""


@lru_cache(maxsize=8192)
def words(name: str) -> tuple[str, ...]:
    """The words of an identifier, in lower case."""
    return tuple(word.lower() for word in _WORDS.findall(name))


@lru_cache(maxsize=8192)
def is_deployment(name: str) -> bool:
    """Whether a name speaks of a deployment, or of what a server calls what it serves."""
    found = words(name)
    return found[-3:] == _ALIAS or not _NEVER.isdisjoint(found)


@lru_cache(maxsize=8192)
def asks(name: str) -> bool:
    """Whether what is called so is a model: `model`, `OPENAI_MODEL`, `modelId`, `setModel`."""
    found = words(re.split(r"[./]", name)[-1] if name[-1:] not in "./" else name)
    if not found or is_deployment(name):
        return False
    for place in range(len(found) - 1, -1, -1):
        if found[place] in ("model", "models", "llm"):
            before = found[place - 1] if place else ""
            is_bare_llm = found[place] == "llm" and place != len(found) - 1
            return before not in _NO_MODELS and not is_bare_llm
        if found[place] not in _BEHIND:
            return False
    return False
