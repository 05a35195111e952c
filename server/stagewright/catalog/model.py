"""What is known of a model: its reference, its facts, and where each fact comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True, order=True)
class ModelReference:
    """A model as templates, workflow files and JSON name it: always the pair, never one string."""

    provider: str
    model: str

    def __str__(self) -> str:
        """The pair for people to read; `parse` reads it back."""
        return f"{self.provider}/{self.model}"

    @classmethod
    def parse(cls, text: str) -> ModelReference:
        """Split `PROVIDER/MODEL` at the first slash: a model id may hold anything, `:` and `/` too.

        Raises ValueError, with a message for people, when either side is empty.
        """
        provider, _, model = text.partition("/")
        if not provider or not model:
            raise ValueError(f"`{text}` is not a model: write PROVIDER/MODEL, such as openai/gpt-5")
        return cls(provider, model)

    def to_json(self) -> dict[str, str]:
        """The pair."""
        return {"provider": self.provider, "model": self.model}


class Lifecycle(StrEnum):
    """Where a model stands between release and end, as the provider or a dated table says."""

    ACTIVE = "active"
    DEPRECATED = "deprecated"  # still callable; an end may be announced
    RETIRED = "retired"  # calls fail
    UNKNOWN = "unknown"  # nobody said


class Source(StrEnum):
    """Who says so."""

    LIVE = "live"  # the provider's API
    OFFLINE = "offline"  # knowledge shipped with the program: never proof that a model exists


class Capability(StrEnum):
    """What a model can do, as far as anybody says."""

    CHAT = "chat"
    VISION = "vision"
    TOOLS = "tools"
    THINKING = "thinking"
    EMBEDDING = "embedding"


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars per million tokens. Shown, never summed."""

    input: float | None
    output: float | None


@dataclass(frozen=True, slots=True)
class Model:
    """One model of one provider. Absent facts are None: nobody said.

    `source` says who named the model itself; `offline_facts` says of those fields that came from
    offline knowledge which of its sources says so, and as of which day.
    """

    id: str
    name: str | None = None
    mode: str | None = None  # what it is for, in LiteLLM's words: "chat", "embedding" ...
    chat: bool = True  # False only where the provider or the id says so, never for "unknown"
    lifecycle: Lifecycle = Lifecycle.UNKNOWN
    created: datetime | None = None  # UTC
    deprecated_at: date | None = None
    retires_at: date | None = None
    retires_about: bool = False  # the sources differ on `retires_at`; it is the latest they name
    successors: tuple[str, ...] = ()  # ids of the same provider, the one to take first first
    context_window: int | None = None  # tokens
    max_output: int | None = None  # tokens
    capabilities: frozenset[Capability] = frozenset()
    aliases: tuple[str, ...] = ()
    price: Price | None = None
    source: Source = Source.LIVE
    known_on: date | None = None  # the day as of which offline knowledge tells its end
    offline_facts: Mapping[str, str] = field(default_factory=dict, hash=False)
