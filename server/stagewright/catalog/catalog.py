"""The catalogue: an immutable snapshot of all providers and their models, and its rules."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import islice
from types import MappingProxyType
from typing import Any

from stagewright.catalog import nearest as near
from stagewright.catalog.model import Lifecycle, Model, ModelReference, Source
from stagewright.catalog.naming import plainly_not_chat
from stagewright.catalog.offered import vendor_of
from stagewright.catalog.order import tail
from stagewright.catalog.snapshot import ProviderSnapshot, Status
from stagewright.catalog.spelling import plain
from stagewright.catalog.wire import provider_to_json

__all__ = [
    "PROVIDER_ALIASES",
    "Catalog",
    "ProviderSnapshot",
    "Standing",
    "Status",
    "Verdict",
    "is_retired",
    "turned_off",
]

PROVIDER_ALIASES: Mapping[str, str] = MappingProxyType({"google": "gemini"})
"""Other names under which templates may write a provider."""


def turned_off(provider_id: str) -> str | None:
    """What to say of a provider that exists but is none of a catalogue's: how it becomes one."""
    if provider_id != "rehearsal":
        return None
    return (
        "The provider `rehearsal`, for trying things out, is turned off. Set "
        "STAGEWRIGHT_REHEARSAL=1, or `providers.rehearsal.enabled` in the settings."
    )


class Standing(StrEnum):
    """What can be said of one reference, from the catalogue alone."""

    USABLE = "usable"
    DEPRECATED = "deprecated"
    RETIRED = "retired"
    NOT_CHAT = "not-chat"
    UNAVAILABLE = "unavailable"  # a fresh list lacks it and the provider denies it, or chat did
    UNLISTED = "unlisted"  # a fresh list lacks it; this provider cannot be asked about one model
    UNRECOGNIZED = "unrecognized"  # no list; nobody knows it, and it is likely a slip of the pen
    PENDING = "pending"  # no answer yet, about the list or about this one model: nothing to say
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

    @property
    def askable(self) -> list[ProviderSnapshot]:
        """The providers that can be asked and chatted with from here, once they are set up."""
        return [provider for provider in self.providers.values() if provider.askable]

    def to_json(self, *, models: bool = True, only: Collection[str] = ()) -> dict[str, Any]:
        """The contract's Catalog JSON; without models, of some providers, on demand.

        Models of providers that cannot be asked from here are in it only where these are named:
        nobody chooses among them, and they are the most.
        """
        chosen = [self.provider(name) for name in only] if only else self.providers.values()
        return {
            "providers": {
                one.id: provider_to_json(one, models=models, known=one.askable or bool(only))
                for one in chosen
                if one
            }
        }

    def model(self, reference: ModelReference) -> Model | None:
        """What is known of exactly this pair."""
        provider = self.provider(reference.provider)
        return provider.model(reference.model) if provider else None

    def verdict(self, reference: ModelReference, *, now: datetime) -> Verdict:
        """What can be said of this pair at `now` (UTC).

        A model is called missing only by a fresh and complete list together with the provider's
        own denial, or by a refused chat call; never by a partial, stale or failed list, nor by
        offline knowledge, which speaks of retirements only where the provider is silent.
        """
        provider = self.provider(reference.provider)
        if provider is None:
            return Verdict(Standing.UNKNOWN_PROVIDER, reference)
        model = provider.model(reference.model)
        if reference.model in provider.refused:
            return Verdict(Standing.UNAVAILABLE, reference, provider, model, refused=True)
        if live := provider.live(reference.model):
            return Verdict(_standing_of_live(provider, live), reference, provider, live)
        standing = _standing_of_unlisted(provider, reference.model, model, now)
        return Verdict(standing, reference, provider, model)

    def usable(self, provider_id: str | None = None) -> Iterator[tuple[str, Model]]:
        """What can be offered, as (provider id, model): of one provider, or of all.

        Newest and active first, deprecated last; retired, refused and non-chat ones left out.
        Models known offline alone are among them and say so in `source`; of several providers,
        those whose lists were had come first, and those that cannot be used from here are left out.
        """
        if provider_id is None:
            chosen = sorted(self.askable, key=lambda one: one.checked_at is None)
        else:
            provider = self.provider(provider_id)
            chosen = [provider] if provider else []
        return ((provider.id, model) for provider in chosen for model in provider.usable())

    def nearest(self, reference: ModelReference, limit: int = 3) -> tuple[ModelReference, ...]:
        """Usable live models of the same provider that could be meant, the nearest first.

        Never one that is deprecated, or that ends no later than the one that is asked about.
        """
        provider = self.provider(reference.provider)
        if provider is None:
            return ()
        name, variant = provider.split(reference.model)
        found = _nearest(provider, name, limit, self.model(reference))
        return tuple(ModelReference(reference.provider, model.id + variant) for model in found)

    def nearest_providers(self, provider_id: str, limit: int = 3) -> tuple[str, ...]:
        """Provider ids that could be meant, the nearest first; never the input itself."""
        ours = tuple(one for one in self.providers if vendor_of(one) is None)
        return tuple(near.nearest(provider_id, ours, limit, name=str))

    def meant(self, reference: ModelReference) -> tuple[ModelReference, ...]:
        """The models known offline that this one is likely a slip for, the nearest first."""
        provider = self.provider(reference.provider)
        names = provider.knowledge.meant(reference.model) if provider else ()
        return tuple(ModelReference(reference.provider, name) for name in names)

    def successor(self, reference: ModelReference) -> ModelReference | None:
        """The first of those that follow this model, and follow these in turn, that can be used.

        Where the provider's list is at hand it decides which can. Else what is known offline does:
        the first of which no end is known, or else that ends later, or else that nothing is known
        of.
        """
        provider = self.provider(reference.provider)
        model = provider.model(reference.model) if provider else None
        if provider is None or model is None:
            return None
        ending: str | None = None
        unknown: str | None = None
        seen, waiting = {reference.model, model.id}, list(_successors(provider, reference.model))
        for name in waiting:  # grows meanwhile
            if name in seen:
                continue
            seen.add(name)
            follower = provider.live(name) if provider.listed else provider.model(name)
            if follower and _recommended(provider, follower, instead_of=model):
                found: str | None = name
                break
            if not provider.listed and follower is None:
                unknown = unknown or name
            elif not provider.listed and follower and _outlives(follower, model):
                ending = ending or name
            waiting += _successors(provider, name)
        else:
            found = ending or unknown
        if found is None:
            return None
        return ModelReference(reference.provider, _as_written(provider, reference.model, found))

    def replacement(self, reference: ModelReference) -> ModelReference | None:
        """What to name in a model's place: its successor, or else its provider's nearest."""
        return self.successor(reference) or next(iter(self.nearest(reference, 1)), None)

    def closest_elsewhere(
        self, reference: ModelReference, limit: int = 5
    ) -> tuple[ModelReference, ...]:
        """Usable live models of other providers, one of each: those of the same name, then alike.

        Aggregators put the vendor before the name: `openrouter` has `anthropic/claude-opus-4-5`.
        """
        home, in_editor = self.provider(reference.provider), vendor_of(reference.provider)
        short = tail(reference.model)
        names = dict.fromkeys((reference.model, short, f"{reference.provider}/{short}"))
        same: list[ModelReference] = []
        alike: list[ModelReference] = []
        for provider in self.providers.values():
            if provider is home or provider.status is not Status.OK:
                continue
            if (vendor_of(provider.id) is None) != (in_editor is None):
                continue  # what the editor offers can be named nowhere else, and nothing else there
            found = ((name, provider.live(name)) for name in names)
            named = next((name for name, m in found if m and _recommended(provider, m)), None)
            if named:
                same.append(ModelReference(provider.id, named))
            else:
                alike += [ModelReference(provider.id, m.id) for m in _nearest(provider, short, 1)]
        ranked = near.nearest(short, alike, limit, name=lambda found: tail(found.model))
        return (*same, *ranked)[:limit]


def is_retired(model: Model, now: datetime) -> bool:
    """Whether the provider says so, or the dated table does and its day has come.

    A live model whose announced end has passed is overdue, not retired: it is still listed.
    """
    if model.lifecycle is Lifecycle.RETIRED:
        return True
    over = model.retires_at is not None and model.retires_at <= now.date()
    return over and model.source is Source.OFFLINE


def _standing_of_live(provider: ProviderSnapshot, model: Model) -> Standing:
    if model.lifecycle is Lifecycle.RETIRED:
        return Standing.RETIRED
    if not model.chat:
        return Standing.NOT_CHAT
    if model.lifecycle is Lifecycle.DEPRECATED:
        return Standing.DEPRECATED
    if provider.stale and provider.status is not Status.LOADING:
        return Standing.UNVERIFIED
    return Standing.USABLE


def _standing_of_unlisted(
    provider: ProviderSnapshot, model_id: str, offline: Model | None, now: datetime
) -> Standing:
    """Of a model that the provider has not named; `offline` is what else is known of it."""
    if offline and is_retired(offline, now):
        return Standing.RETIRED
    if offline and not offline.chat:
        return Standing.NOT_CHAT
    if provider.covered(model_id) and provider.checked_at is not None:
        return _standing_of_covered(provider, model_id, offline)
    if provider.conclusive:
        if provider.fresh_until and now > provider.fresh_until:
            return Standing.PENDING
        if not provider.asks_single:
            return Standing.UNLISTED
        return Standing.UNAVAILABLE if model_id in provider.absent else Standing.PENDING
    if offline and offline.lifecycle is Lifecycle.DEPRECATED:
        return Standing.DEPRECATED
    if provider.status is Status.LOADING:
        return Standing.PENDING
    if offline is None and not provider.listed and provider.knowledge.meant(model_id):
        return Standing.UNRECOGNIZED
    if provider.status is Status.NOT_CONFIGURED:
        return Standing.NOT_CONFIGURED
    return Standing.UNVERIFIED


def _successors(provider: ProviderSnapshot, model_id: str) -> tuple[str, ...]:
    """Those that follow a model, by what its provider says or else by what is known offline: of
    its dated version or profile often only that it ends."""
    spelled = plain(provider.id, model_id)
    said = (
        provider.live(model_id),
        provider.offline(model_id),
        provider.offline(spelled.id) if spelled else None,
    )
    return next((one.successors for one in said if one and one.successors), ())


def _as_written(provider: ProviderSnapshot, written: str, other: str) -> str:
    """Another model's id with what stands around the one that was written: a resource's path, or a
    variant. A profile's regions are kept where the other is known to have that profile."""
    spelled = plain(provider.id, written)
    if spelled is None or not spelled.lead:
        return other + provider.split(written)[1]
    path, slash, profile = spelled.lead.rpartition("/")
    known = not profile or provider.knowledge.has(profile + other)
    return f"{path}{slash}{profile}{other}" if known else other


def _standing_of_covered(
    provider: ProviderSnapshot, model_id: str, offline: Model | None
) -> Standing:
    """Of a model that no list names but a pattern passes on."""
    if plainly_not_chat(provider.split(model_id)[0]):
        return Standing.NOT_CHAT
    if offline and offline.lifecycle is Lifecycle.DEPRECATED:
        return Standing.DEPRECATED
    if provider.stale and provider.status is not Status.LOADING:
        return Standing.UNVERIFIED
    return Standing.USABLE


def _recommended(provider: ProviderSnapshot, model: Model, instead_of: Model | None = None) -> bool:
    """Whether nothing speaks against a model, or for the other rather than for it."""
    active = model.lifecycle in (Lifecycle.ACTIVE, Lifecycle.UNKNOWN)
    if not active or not _serves(model, instead_of) or model.id in provider.refused:
        return False
    if instead_of is None:
        return True
    ends, other = model.retires_at, instead_of.retires_at
    return model.id != instead_of.id and (ends is None or other is None or ends > other)


def _serves(model: Model, instead_of: Model | None) -> bool:
    """Whether a model is of a kind that is wanted: for chats, or what it stands in for is none."""
    if model.chat or instead_of is None:
        return model.chat
    # Of what ended long ago often nothing but its end and its successor is known.
    guessed = instead_of.source is Source.OFFLINE and instead_of.mode is None
    return guessed or not instead_of.chat


def _outlives(model: Model, other: Model) -> bool:
    """Whether a model that is to end ends later than another one."""
    ends, before = model.retires_at, other.retires_at
    ending = model.lifecycle is Lifecycle.DEPRECATED and _serves(model, other)
    return ending and ends is not None and (before is None or ends > before)


def _nearest(
    provider: ProviderSnapshot, text: str, limit: int, instead_of: Model | None = None
) -> list[Model]:
    if not provider.listed:
        return []  # offline knowledge shows nothing usable
    table = provider.table
    found = (model for model in table.nearest(text) if _recommended(provider, model, instead_of))
    return list(islice(found, limit))
