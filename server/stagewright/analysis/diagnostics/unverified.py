"""What could not be made sure of, and why: said beside the diagnostics, never left out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from stagewright.analysis import phrases
from stagewright.catalog.catalog import Catalog, ProviderSnapshot, Standing, Status
from stagewright.catalog.model import ModelReference

_OPEN = (Standing.PENDING, Standing.UNVERIFIED, Standing.NOT_CONFIGURED)
_ABSENT = (Standing.UNAVAILABLE, Standing.UNLISTED)


@dataclass(frozen=True, slots=True)
class Unverified:
    """A provider in use of whose models nothing certain could be said, and why."""

    provider: str
    name: str  # of the provider, for people
    status: str
    why: str  # a sentence
    models: tuple[str, ...]
    answered: bool = False  # a list was had: that of a gateway, which lacks these models

    def to_json(self) -> dict[str, Any]:
        """The same for programs."""
        return {
            "provider": self.provider,
            "status": "unlisted" if self.answered else self.status,
            "reason": self.why,
            "models": list(self.models),
        }


def unverified(
    references: Collection[ModelReference],
    catalog: Catalog,
    now: datetime,
    *,
    asked: bool = True,
    elsewhere: Collection[ModelReference] = (),
) -> Iterator[Unverified]:
    """The providers in use of which something is not certain, with the models concerned.

    `asked`: whether anybody could be asked, or that was forbidden. `elsewhere`: those that other
    programs' files name, which the list of a gateway in a provider's place does not accuse.
    """
    named: dict[str, list[ModelReference]] = defaultdict(list)
    for reference in sorted(references):
        provider = catalog.provider(reference.provider)
        # Of others a diagnostic says what is to be said.
        if provider is not None and provider.askable:
            named[provider.id].append(reference)
    for provider_id, models in named.items():
        provider = catalog.providers[provider_id]
        answered = False
        if provider.status is Status.OK:
            unsure = () if provider.own_origin else elsewhere
            standings = [catalog.verdict(one, now=now).standing for one in models]
            models = [
                one
                for one, standing in zip(models, standings, strict=True)
                if standing in _OPEN or (standing in _ABSENT and one in unsure)
            ]
            answered = asked and not any(standing in _OPEN for standing in standings)
        if models:
            names = tuple(dict.fromkeys(one.model for one in models))
            why = _why(provider, asked)
            yield Unverified(
                provider.id, provider.name, provider.status.value, why, names, answered
            )


def _why(provider: ProviderSnapshot, asked: bool) -> str:
    if not asked and provider.status in (Status.OK, Status.LOADING):
        return "Not asked, because of --offline."
    if provider.status is Status.OK and not provider.own_origin:
        return f"Another address was asked than {provider.name}'s own, and does not have them."
    if provider.status is Status.OK:
        return f"{provider.name} did not say whether these models exist."
    said = phrases.status(provider)
    return provider.error or f"{said[0].upper()}{said[1:]}."
