"""Which names a slip of the pen in another program's file may mean: the file's, or the format's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from stagewright.catalog.catalog import PROVIDER_ALIASES, Catalog
from stagewright.catalog.nearest import nearest
from stagewright.catalog.slips import Names
from stagewright.dialects.document import Document, ModelSite

_OFFERED = 3


def names_meant(document: Document, site: ModelSite, catalog: Catalog) -> Sequence[str]:
    """The names that may be meant by one that nobody knows, the nearest first: of models that the
    file defines, or of providers. Of these only where a letter or two are wrong: a name that is
    merely like one we know may be that of another provider."""
    if site.is_undefined and site.whole is not None:
        defined = sorted(document.defined.models)
        return nearest(site.whole.value.strip(), defined, _OFFERED, name=str)
    return providers_meant(
        site, tuple(site.place.providers) or (*catalog.providers, *PROVIDER_ALIASES)
    )


def providers_meant(site: ModelSite, known: Iterable[str]) -> list[str]:
    """The providers, of those that are known, that may be meant by the one that a site names."""
    named = site.unknown_provider or (site.reference.provider if site.reference else "")
    return [
        one
        for one in Names(tuple(known)).meant(named)
        if not (named.startswith(one) or one.startswith(named))
    ]


def aliases_meant(site: ModelSite, catalog: Catalog) -> Sequence[str]:
    """The format's aliases that may be meant by a name that no provider is known to have."""
    if site.reference is None or site.whole is None or not site.place.aliases:
        return ()
    provider = catalog.provider(site.reference.provider)
    name = site.reference.model
    if provider is None or not provider.own_origin or provider.model(name) is not None:
        return ()
    if provider.covered(name) is not None:
        return ()
    return _names(tuple(one for one in site.place.aliases if "*" not in one)).meant(
        site.whole.value.strip()
    )


@lru_cache(maxsize=64)
def _names(known: tuple[str, ...]) -> Names:
    return Names(known)
