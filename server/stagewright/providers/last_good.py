"""What becomes of a provider's snapshot: before it is asked, when its list comes, when it fails."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from stagewright.catalog.catalog import ProviderSnapshot, Status
from stagewright.catalog.knowledge import KNOWN_ONLY, knowledge_of
from stagewright.catalog.model import Source
from stagewright.providers.presets import ProviderConfig
from stagewright.providers.store import StoredList
from stagewright.settings import Settings

_GRACE = timedelta(minutes=1)


def fresh_for(settings: Settings) -> timedelta:
    """How long a list counts as fresh."""
    return timedelta(seconds=max(1.0, settings.models.cache_seconds))


def not_asked(config: ProviderConfig, today: date) -> ProviderSnapshot:
    """A provider that is not asked: what is known of its models offline."""
    return ProviderSnapshot(
        id=config.id,
        name=config.name,
        status=Status.NOT_CONFIGURED,
        error=config.problem,
        key_variable=config.key_variable,
        asks_single=config.asks_single,
        knowledge=knowledge_of(config.id, today),
    )


def with_known_only(
    asked: Mapping[str, ProviderSnapshot], today: date
) -> dict[str, ProviderSnapshot]:
    """These providers, and then those that files name and that cannot be asked from here."""
    others = {
        provider: ProviderSnapshot(
            id=provider,
            name=name,
            status=Status.NO_LIST,
            knowledge=knowledge_of(provider, today),
            askable=False,
        )
        for provider, name in KNOWN_ONLY.items()
        if provider not in asked  # somebody may have set up one of that name
    }
    return {**asked, **others}


def waiting(config: ProviderConfig, today: date) -> ProviderSnapshot:
    """A provider that is being asked for the first time."""
    return replace(not_asked(config, today), status=Status.LOADING, error=None)


def listed(config: ProviderConfig, found: StoredList, ttl: timedelta) -> ProviderSnapshot:
    """A provider whose list was had."""
    return replace(
        not_asked(config, found.checked_at.date()),
        status=Status.OK,
        models=found.models,
        complete=found.complete,
        checked_at=found.checked_at,
        error=found.error,
        # A renewal that is late by a while must not make diagnostics come and go.
        fresh_until=found.checked_at + 2 * ttl + _GRACE,
        patterns=found.patterns,
        router=config.router,
        own_origin=config.at_usual_address,
    )


def prepared(config: ProviderConfig, found: StoredList, ttl: timedelta) -> ProviderSnapshot:
    """The same, with its look-ups made: at 20,000 models they take a tenth of a second.

    For a thread beside the event loop.
    """
    snapshot = listed(config, found, ttl)
    snapshot.table.look_up()
    return snapshot


def failed(before: ProviderSnapshot, status: Status, error: str) -> ProviderSnapshot:
    """A provider that could not be asked: whatever was had before is kept, and marked stale."""
    return replace(before, status=status, error=error, stale=before.checked_at is not None)


def in_part(before: ProviderSnapshot, found: StoredList) -> ProviderSnapshot:
    """A provider of whose list some pages came: they go over what was had before."""
    came = {model.id for model in found.models}
    earlier = [one for one in before.models if one.source is Source.LIVE and one.id not in came]
    return replace(
        before,
        status=Status.INCOMPLETE,
        models=(*found.models, *earlier),
        complete=False,
        patterns=tuple(dict.fromkeys((*found.patterns, *before.patterns))),
        stale=bool(earlier),
        checked_at=before.checked_at if earlier else found.checked_at,
        error=found.error,
    )
