"""Models that an editor itself offers: kept apart from providers', by whichever vendor they are.

A vendor may be called `openai` as well and is none of ours, so its models are those of the provider
`vscode:openai`, which nobody can ask: the editor tells which there are. A model's id is the name
that people see, for that is what files say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from stagewright.catalog.model import Model
from stagewright.catalog.snapshot import ProviderSnapshot, Status

_PREFIX = "vscode:"

EDITOR = "VS Code"
"""Who offers them, for people."""


class Offered(NamedTuple):
    """A model as the editor tells it."""

    id: str
    name: str  # what people see, and files say
    family: str


def provider_of(vendor: str) -> str:
    """The id of the provider that stands for a vendor's models in the editor."""
    return f"{_PREFIX}{vendor}"


def vendor_of(provider_id: str) -> str | None:
    """The vendor for whose models in the editor a provider stands; None for all others."""
    return provider_id.removeprefix(_PREFIX) if provider_id.startswith(_PREFIX) else None


def qualified(name: str, vendor: str) -> str:
    """A model's name with its vendor, as VS Code writes it: `GPT-4.1 (copilot)`."""
    return f"{name} ({vendor})"


def snapshots(
    vendors: Mapping[str, Iterable[Offered]], at: datetime
) -> dict[str, ProviderSnapshot]:
    """The providers that stand for these vendors; `at` is when the editor told of them, in UTC.

    None for a vendor without models: it may only not have been signed in to.
    """
    found = {}
    for vendor, offered in vendors.items():
        models: dict[str, Model] = {}
        for one in offered:
            also = tuple(dict.fromkeys(other for other in (one.id, one.family) if other))
            known = models.get(one.name)
            if known is None:
                shown = qualified(one.name, vendor)
                models[one.name] = Model(one.name, shown, aliases=tuple(also))
            else:  # another version of the same name
                both = dict.fromkeys((*known.aliases, *also))
                models[one.name] = replace(known, aliases=tuple(both))
        if models:
            snapshot = ProviderSnapshot(
                provider_of(vendor),
                EDITOR,
                Status.OK,
                tuple(models.values()),
                complete=True,
                checked_at=at,
                askable=False,
            )
            found[snapshot.id] = snapshot
    return found
