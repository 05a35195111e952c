"""The catalogue before anybody has been asked: lists kept on disk, and offline knowledge.

Needed before the server's first completion, so that nothing but the standard library is imported.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from stagewright.catalog.catalog import Catalog, ProviderSnapshot, Status
from stagewright.folders import cache_folder
from stagewright.providers.last_good import fresh_for, listed, not_asked, waiting, with_known_only
from stagewright.providers.presets import ProviderConfig, Readiness, configs
from stagewright.providers.store import ListStore, StoredList
from stagewright.settings import Settings


def starting_catalog(
    settings: Settings, environ: Mapping[str, str], now: datetime | None = None
) -> Catalog:
    """Every known provider as it is known without asking it; `now` is in UTC."""
    now = now or datetime.now(UTC)
    store = ListStore(cache_folder(environ))
    ttl = fresh_for(settings)
    asked = {
        config.id: starting_snapshot(config, store, ttl, now)
        for config in configs(settings, environ)
    }
    return Catalog(with_known_only(asked, now.date()))


def starting_snapshot(
    config: ProviderConfig, store: ListStore, ttl: timedelta, now: datetime
) -> ProviderSnapshot:
    """One provider as it is known without asking it: its kept list, or offline knowledge."""
    if config.kind is None:
        from stagewright.providers.rehearsal import MODELS  # hardly ever asked for

        return listed(config, StoredList(MODELS, now), timedelta(days=365))
    if not config.askable:
        return not_asked(config, now.date())
    stored = store.read(config, now)
    if stored is None and config.readiness is Readiness.PROBED:
        return not_asked(config, now.date())
    if stored is None:
        return waiting(config, now.date())
    kept = listed(config, stored, ttl)
    if stored.checked_at + ttl > now:
        return kept
    return replace(kept, status=Status.LOADING, stale=True)
