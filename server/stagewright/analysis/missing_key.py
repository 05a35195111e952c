"""Whose key is missing or refused: plain data, so that a client can offer to set it."""

from __future__ import annotations

from dataclasses import dataclass

from stagewright.catalog.snapshot import ProviderSnapshot, Status

_WANT_KEY = frozenset({Status.NOT_CONFIGURED, Status.AUTH_FAILED, Status.FORBIDDEN})


@dataclass(frozen=True, slots=True)
class MissingKey:
    """A provider where another key may help, and the environment variable that holds its key."""

    provider: str  # its id
    variable: str


def key_wanted(provider: ProviderSnapshot) -> MissingKey | None:
    """The key that a provider lacks or refuses; None where no key would change anything."""
    if provider.status not in _WANT_KEY or not provider.key_variable:
        return None
    return MissingKey(provider.id, provider.key_variable)
