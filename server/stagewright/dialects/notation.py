"""How a reference is written as one text: read it, tell its halves apart, write another."""

from __future__ import annotations

from typing import NamedTuple

from stagewright.catalog.model import ModelReference
from stagewright.dialects.dialect import UNVERIFIABLE, Place

SEPARATORS = {"provider/model": "/", "provider:model": ":", "model": ""}


class Halves(NamedTuple):
    """A text taken apart; columns count from its start. A half that is absent is empty there."""

    provider: str  # as it is written
    model: str  # without a suffix
    begins: int  # where the model begins
    reference: ModelReference | None  # None: an alias, opaque, unfinished, or not to be verified


def read(place: Place, text: str) -> Halves:
    """What a text at this place names."""
    separator = SEPARATORS[place.written]
    if not separator:
        begins = len(text) - len(text.lstrip())
        model = _without_suffix(place, text.strip()).rstrip()
        known = ModelReference(place.provider, model) if model and place.provider else None
        return Halves("", model, begins, None if is_opaque(place, text) else known)
    provider, found, rest = text.partition(separator)
    begins = len(provider) + len(found)
    word, further, after = rest.partition(separator)
    if word in place.drop:
        rest, begins = after, begins + len(word) + len(further)
    model = _without_suffix(place, rest)
    ours = ours_of(place, provider)
    if is_opaque(place, text) or not found or not model or ours is None:
        return Halves(provider, model, begins, None)
    return Halves(provider, model, begins, ModelReference(ours, model))


def is_opaque(place: Place, text: str) -> bool:
    """Whether nothing can be said of a text: an alias, or one that names no model."""
    return meaning(place, text) is not None or any(mark in text for mark in place.opaque)


def meaning(place: Place, text: str) -> str | None:
    """What an alias means, in whatever case and with whatever suffix it is written."""
    name = text.strip().lower()
    found = place.aliases.get(name)
    return place.aliases.get(_without_suffix(place, name).rstrip()) if found is None else found


def wants_chats(place: Place, text: str) -> bool:
    """Whether it is a chat model that a text at this place names."""
    separator = SEPARATORS[place.written]
    words = text.split(separator, 2) if separator else ()
    return len(words) < 3 or words[1] not in place.other_kinds


def ours_of(place: Place, provider: str) -> str | None:
    """Our name of a provider that the format calls so; None where it cannot be verified."""
    ours = place.providers.get(provider, provider if place.own_names else UNVERIFIABLE)
    return None if ours == UNVERIFIABLE else ours


def written(place: Place, reference: ModelReference, before: str = "") -> str | None:
    """The text that names a model here, in the manner of the one `before`; None where none can."""
    separator = SEPARATORS[place.written]
    old = read(place, before)
    suffix = before[old.begins + len(old.model) :] if old.model else ""
    if is_opaque(place, before):
        suffix = ""
    if not separator:
        named = before[: old.begins] + reference.model + suffix
        return named if reference.provider == place.provider else None
    if old.reference is not None and old.reference.provider == reference.provider:
        return before[: old.begins] + reference.model + suffix
    provider = theirs_of(place, reference.provider)
    return None if provider is None else f"{provider}{separator}{reference.model}"


def theirs_of(place: Place, provider: str) -> str | None:
    """What the format calls one of our providers; None where it cannot name it."""
    for theirs, ours in place.providers.items():
        if ours == provider:
            return theirs
    return provider if place.own_names and provider not in place.providers else None


def _without_suffix(place: Place, text: str) -> str:
    for suffix in place.suffixes:
        if text.lower().endswith(suffix):
            text = text[: -len(suffix)]
    return text
