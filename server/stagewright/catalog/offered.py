"""Models that an editor itself offers: kept apart from providers', by whichever vendor they are.

A vendor may be called `openai` as well and is none of ours, so its models are those of the provider
`vscode:openai`, which nobody can ask: the editor tells which there are. A model's id is the name
that people see, for that is what files say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
        named: dict[str, dict[str, None]] = {}  # several versions may have one name
        for one in offered:
            also = named.setdefault(one.name, {})
            also.update(dict.fromkeys(filter(None, (one.id, one.family))))
        if named:
            snapshot = ProviderSnapshot(
                provider_of(vendor),
                EDITOR,
                Status.OK,
                tuple(
                    Model(name, qualified(name, vendor), aliases=tuple(also))
                    for name, also in named.items()
                ),
                complete=True,
                checked_at=at,
                askable=False,
            )
            found[snapshot.id] = snapshot
    return found
