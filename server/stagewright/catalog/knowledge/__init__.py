"""What is known of models without asking anybody: a file per provider, read when first needed.

`make knowledge` writes the files; see `server/tools/knowledge`. They hold, by exact id, what each
source says: no id is made up from a family's name, and an id that is not here proves nothing.
Routes are apart: what one provider retired may live on at another.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping
from datetime import date
from functools import cached_property, lru_cache, partial
from pathlib import Path
from typing import Any

from stagewright.catalog.knowledge.file import DAMAGE, EMPTY, KnowledgeFile
from stagewright.catalog.model import Lifecycle, Model
from stagewright.catalog.models import Models
from stagewright.catalog.slips import Names

FOLDER = Path(__file__).parent

KNOWN_ONLY: Mapping[str, str] = {
    "azure": "Azure",
    "bedrock": "Amazon Bedrock",
    "vertex": "Google Vertex AI",
    "perplexity": "Perplexity",
    "copilot": "GitHub Copilot",
    "github": "GitHub Models",
    "databricks": "Databricks",
    "deepinfra": "DeepInfra",
    "baseten": "Baseten",
    "sambanova": "SambaNova",
    "cloudflare": "Cloudflare Workers AI",
    "zai": "Z.ai",
    "minimax": "MiniMax",
    "dashscope": "Alibaba DashScope",
}
"""Providers that files name and that cannot be asked from here, with their names for people."""

ORDER = (
    "anthropic",
    "openai",
    "gemini",
    "mistral",
    "cohere",
    "deepseek",
    "xai",
    "perplexity",
    "moonshot",
    "zai",
    "minimax",
    "dashscope",
    "vertex",
    "bedrock",
    "azure",
    "groq",
    "cerebras",
    "together",
    "fireworks",
    "nvidia",
    "deepinfra",
    "sambanova",
    "baseten",
    "cloudflare",
    "databricks",
    "huggingface",
    "openrouter",
)
"""Those that make models before those that host others'. An editor's own (`copilot`) is no route
that code takes, and what has ended (`github`) takes nobody anywhere."""

PROVIDERS = frozenset(KNOWN_ONLY) | frozenset(ORDER)
"""Every provider that has a file here."""

_UNSPELLED = frozenset({"azure", "huggingface"})
"""Where a name beside the known ones is no slip: Azure's deployments are named by those who make
them, and of Hugging Face's ids the sources keep no capitals."""

_REMEMBERED = 1024

_log = logging.getLogger(__name__)


class Knowledge:
    """What is known of one provider's models; nothing is read before something is asked."""

    def __init__(self, load: Callable[[], KnowledgeFile], *, spelled: bool = True) -> None:
        self._load = load
        self._spelled = spelled
        self._got: dict[str, Model | None] = {}

    def __getstate__(self) -> dict[str, Any]:
        return {**vars(Knowledge(self._load, spelled=self._spelled))}  # others read it themselves

    def get(self, model_id: str) -> Model | None:
        """What is known of this id, in whichever way it is spelled, also of one that has ended."""
        if model_id not in self._got:
            if len(self._got) >= _REMEMBERED:
                self._got.clear()
            self._got[model_id] = self._file.model(model_id)
        return self._got[model_id]

    @property
    def ids(self) -> Collection[str]:
        """All ids that are known, aliases too."""
        return self._file.ids

    def has(self, model_id: str) -> bool:
        """Whether exactly this id is known."""
        return model_id in self._file.ids

    @property
    def day(self) -> date | None:
        """The day of this knowledge; None where there is none."""
        return self._file.day

    @property
    def ended(self) -> date | None:
        """The last day of a provider that has ended, or is to end, with all its models."""
        return self._file.ended

    @cached_property
    def current(self) -> Models:
        """The models that have not ended; aliases stand in their models."""
        found = ((name, self._file.model(name)) for name in self._file.ids)
        return Models(
            one
            for name, one in found
            if one and one.id == name and one.lifecycle is not Lifecycle.RETIRED
        )

    def meant(self, text: str) -> tuple[str, ...]:
        """The ids that a slip of the pen made this text of, if that is likely; the nearest first.

        Empty where the text is an id that is known, and where the ids' own spelling is not.
        """
        return () if not self._spelled or self.get(text) else self._names.meant(text)

    @cached_property
    def _names(self) -> Names:
        # Those that live first: of two that are as near one of these is meant.
        return Names(tuple(dict.fromkeys((*(one.id for one in self.current), *self._file.ids))))

    @cached_property
    def _file(self) -> KnowledgeFile:
        return self._load()


def _nothing() -> KnowledgeFile:
    return EMPTY


NOTHING = Knowledge(_nothing)
"""What is known of a provider that no source knows."""


@lru_cache(maxsize=2 * len(PROVIDERS))
def knowledge_of(provider: str, today: date) -> Knowledge:
    """The knowledge of a provider's models, as it stands on a day."""
    if provider not in PROVIDERS:
        return NOTHING
    return Knowledge(partial(_read, provider, today), spelled=provider not in _UNSPELLED)


def _read(provider: str, today: date) -> KnowledgeFile:
    """A provider's file; an empty one, which is logged, where it is missing or broken."""
    path = FOLDER / f"{provider}.jsonl"
    try:
        return KnowledgeFile(path.read_text("utf-8"), provider, today)
    except DAMAGE as why:
        _log.warning(
            "What is known offline of %s's models cannot be read from %s: %s. Stagewright goes on "
            "without it; installing it anew puts the file back.",
            provider,
            path,
            getattr(why, "strerror", None) or str(why) or type(why).__name__,
        )
        return EMPTY
