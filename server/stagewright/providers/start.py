"""The catalogue before anybody has been asked: lists kept on disk, and offline knowledge.

Needed before the server's first completion, so that nothing but the standard library is imported.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from stagewright.catalog.catalog import Catalog, ProviderSnapshot, Status
from stagewright.catalog.model import Model
from stagewright.folders import cache_folder
from stagewright.providers.presets import Plan, Readiness, plans
from stagewright.providers.snapshots import fresh_for, listed, not_asked, waiting
from stagewright.providers.store import Store, StoredKnowledge, StoredList
from stagewright.settings import Settings


def starting_catalog(
    settings: Settings,
    environ: Mapping[str, str],
    now: datetime | None = None,
    knowledge: Callable[[Store, datetime], StoredKnowledge | None] = Store.read_offline,
) -> Catalog:
    """Every known provider as it is known without asking it; `now` is in UTC.

    `knowledge` gives what is known of models offline: what is kept on disk, if not told otherwise.
    """
    now = now or datetime.now(UTC)
    store = Store(cache_folder(environ))
    known = knowledge(store, now)
    offline = known.models if known else {}
    ttl = fresh_for(settings)
    return Catalog(
        {
            plan.id: starting_snapshot(plan, store, offline.get(plan.id, ()), ttl, now)
            for plan in plans(settings, environ)
        }
    )


def starting_snapshot(
    plan: Plan, store: Store, offline: Iterable[Model], ttl: timedelta, now: datetime
) -> ProviderSnapshot:
    """One provider as it is known without asking it: its kept list, or offline knowledge."""
    if plan.kind is None:
        from stagewright.providers.rehearsal import MODELS

        return listed(plan, StoredList(MODELS, now), timedelta(days=365))
    if not plan.askable:
        return not_asked(plan, offline)
    stored = store.read(plan, now)
    if stored is None and plan.readiness is Readiness.PROBED:
        return not_asked(plan, offline)
    if stored is None:
        return waiting(plan, offline)
    kept = listed(plan, stored, ttl)
    if stored.checked_at + ttl > now:
        return kept
    return replace(kept, status=Status.LOADING, stale=True)
