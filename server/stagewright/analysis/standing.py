"""How long a model will live, and who says so: what diagnostics and the inventory go by."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from stagewright.analysis.options import Options
from stagewright.catalog.catalog import Catalog, Standing, Verdict
from stagewright.catalog.model import Model, Source
from stagewright.dialects.sites import ModelSite

_ENDING_FACTS = frozenset({"lifecycle", "retires_at"})

_BY_THE_PROVIDER = frozenset({Standing.USABLE, Standing.UNAVAILABLE, Standing.UNLISTED})


def days_left(verdict: Verdict, options: Options) -> int | None:
    """Days until the model's announced end; negative when it has passed."""
    end = verdict.model.retires_at if verdict.model else None
    return (end - options.now.date()).days if end else None


def nearing(verdict: Verdict, options: Options) -> Verdict:
    """The verdict, which is `DEPRECATED` where a model that nothing else is the matter with ends
    within the days that the user wants to know of."""
    days = days_left(verdict, options)
    if verdict.standing not in (Standing.USABLE, Standing.NOT_CONFIGURED) or days is None:
        return verdict
    near = max(options.retirement_days, options.within_days or 0)
    return replace(verdict, standing=Standing.DEPRECATED) if days <= near else verdict


def holds(
    site: ModelSite, standings: Collection[Standing], catalog: Catalog, now: datetime
) -> bool:
    """Whether it is certain that a model stands so: the file shows who is asked for it, or it does
    at all that have it."""
    return site.is_shown or all(
        catalog.verdict(one, now=now).standing in standings for one in site.routes
    )


def ends_offline(model: Model) -> bool:
    """Whether its end is told by offline knowledge, not by the provider."""
    return model.source is Source.OFFLINE or not _ENDING_FACTS.isdisjoint(model.offline_facts)


def comes_from(verdict: Verdict) -> str | None:
    """Who says how a model stands: "live", "offline"; None where nobody says anything."""
    model, standing = verdict.model, verdict.standing
    if standing in _BY_THE_PROVIDER:
        return Source.LIVE.value
    if standing is Standing.UNRECOGNIZED:
        return Source.OFFLINE.value
    if model is None:
        return None
    ending = standing in (Standing.RETIRED, Standing.DEPRECATED)
    return Source.OFFLINE.value if ending and ends_offline(model) else model.source.value
