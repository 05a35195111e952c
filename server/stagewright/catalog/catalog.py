"""The catalogue: an immutable snapshot of every provider's status and models, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType

from stagewright.catalog.model import Lifecycle, Model, ModelReference, Source

PROVIDER_ALIASES: Mapping[str, str] = MappingProxyType({"google": "gemini"})
"""Other names under which templates may write a provider."""


class Status(StrEnum):
    """How the last attempt to get a provider's list ended. The values are part of the contract."""

    OK = "ok"
    LOADING = "loading"  # the first answer is under way
    INCOMPLETE = "incomplete"  # some pages came, then one failed
    NOT_CONFIGURED = "not-configured"  # no key
    AUTH_FAILED = "auth-failed"
    FORBIDDEN = "forbidden"
    RATE_LIMITED = "rate-limited"
    UNREACHABLE = "unreachable"
    BAD_ANSWER = "bad-answer"
    NO_LIST = "no-list"  # this provider offers no list of models


@dataclass(frozen=True)
class ProviderSnapshot:
    """One provider at one moment.

    `models` is the last good list, or the pages that came, or offline knowledge (then each model's
    source says so). Only a list that is `conclusive` can show that a model is missing.
    """

    id: str
    name: str  # for people: "Anthropic"
    status: Status
    models: tuple[Model, ...] = ()
    complete: bool = False  # `models` was the provider's whole list at `checked_at`
    stale: bool = False  # `models` is from an earlier success; the newest attempt failed
    checked_at: datetime | None = None  # UTC, of the list in `models`
    error: str | None = None  # one sentence for people, without secrets
    key_variable: str | None = None  # the environment variable that holds its key
    asks_single: bool = False  # the provider can be asked about one model
    confirmed: Mapping[str, Model] = field(default_factory=dict)  # unlisted, asked for alone: exist
    absent: frozenset[str] = frozenset()  # unlisted, asked for alone: the provider denies them
    refused: frozenset[str] = frozenset()  # a chat call was answered "no such model" since the last refresh

    @property
    def conclusive(self) -> bool:
        """Whether a model's absence from `models` means anything."""
        return self.status is Status.OK and self.complete and not self.stale

    @cached_property
    def by_id(self) -> Mapping[str, Model]:
        """Models by exact id; a listed alias leads to its model."""
        found = {alias: model for model in self.models for alias in model.aliases}
        found.update((model.id, model) for model in self.models)
        return found

    def model(self, model_id: str) -> Model | None:
        """The model of exactly this id, listed or confirmed alone."""
        return self.by_id.get(model_id) or self.confirmed.get(model_id)


class Standing(StrEnum):
    """What can be said of one reference, from the catalogue alone."""

    USABLE = "usable"
    DEPRECATED = "deprecated"
    RETIRED = "retired"
    NOT_CHAT = "not-chat"
    UNAVAILABLE = "unavailable"  # conclusive list lacks it and the provider denies it, or a chat was refused
    UNLISTED = "unlisted"  # conclusive list lacks it and this provider cannot be asked about one model
    PENDING = "pending"  # conclusive list lacks it; the provider has not been asked about it alone yet
    UNVERIFIED = "unverified"  # the list could not be had: see the provider's status
    NOT_CONFIGURED = "not-configured"
    UNKNOWN_PROVIDER = "unknown-provider"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A standing with what it rests on."""

    standing: Standing
    reference: ModelReference
    provider: ProviderSnapshot | None = None
    model: Model | None = None  # facts, where any are known; offline ones for unverified references
    refused: bool = False  # UNAVAILABLE because a chat call was refused


@dataclass(frozen=True)
class Catalog:
    """Every known provider, immutable: a refresh makes a new one."""

    providers: Mapping[str, ProviderSnapshot]

    def provider(self, provider_id: str) -> ProviderSnapshot | None:
        """The provider of this id or of one of its other names."""
        return self.providers.get(PROVIDER_ALIASES.get(provider_id, provider_id))

    def model(self, reference: ModelReference) -> Model | None:
        """What is known of exactly this pair."""
        provider = self.provider(reference.provider)
        return provider.model(reference.model) if provider else None
