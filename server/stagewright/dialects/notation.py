"""How a reference is written as one text: read it, tell its halves apart, write another."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from stagewright.catalog.model import ModelReference
from stagewright.catalog.offered import provider_of, qualified, vendor_of
from stagewright.dialects.place import NO_RULE, UNVERIFIABLE, Place
from stagewright.dialects.wildcards import fits, lowered, without_endings

StandingWord = Literal["alias", "local", "opaque"]
"""Why a name is none that a provider could be asked about: it is one that is always right, one that
the file defines, or nothing can be said of it."""

HIDDEN = "\0"
"""Stands for the name of a provider that something hides."""


class Halves(NamedTuple):
    """A text taken apart; columns count from its start. A half that is absent is empty there."""

    provider: str  # as it is written
    model: str  # without a suffix
    begins: int  # where the model begins
    reference: ModelReference | None  # None: see `word`
    word: StandingWord | None = None
    unknown: str = ""  # the name of a provider that the format is not known to have


def read(place: Place, text: str, beside: str | None = None) -> Halves:
    """What a text at this place names; `beside` is the provider that a key of its own names."""
    provider, model, begins = _apart(place, text)
    if meaning(place, text) is not None:
        return Halves(provider, model, begins, None, "alias")
    if is_opaque(place, text) or not model:
        return Halves(provider, model, begins, None, "opaque")
    if place.written == "display":
        if not place.vendor:
            return Halves("", model, begins, None, "opaque")
        return _for_people(place, text.strip(), begins)
    says_provider = bool(place.separator) and place.separator in text
    alone = place.local and not says_provider and place.provider == NO_RULE
    if place.written == "local" or alone:
        return Halves(provider, model, begins, None, "local")
    if says_provider:
        ours, named = ours_of(place, provider), provider
    else:
        ours, named = alone_of(place, model, beside), beside or ""
    known = ModelReference(ours, model) if ours else None
    unknown = named if place.providers and named not in {*place.providers, HIDDEN} else ""
    return Halves(provider, model, begins, known, None if known else "opaque", unknown)


_VENDOR = re.compile(r"(?P<name>.*\S) \((?P<vendor>[a-z][a-z0-9._-]*)\)")
"""A name for people with the vendor that offers it. `(Preview)` is none, but a part of a name."""


def _for_people(place: Place, text: str, begins: int) -> Halves:
    """A name for people: whose it is, among those under which an editor offers models."""
    match = _VENDOR.fullmatch(text)
    name, vendor = match.group("name", "vendor") if match else (text, place.vendor)
    return Halves("", text, begins, ModelReference(provider_of(vendor), name))


def _written_for_people(place: Place, reference: ModelReference, before: str) -> str | None:
    """The name for people of a model that an editor offers; without its vendor where that goes
    without saying, as it does in the name `before`."""
    vendor = vendor_of(reference.provider)
    if vendor is None or not place.vendor:
        return None
    bare = before.strip() and not _VENDOR.fullmatch(before.strip())
    if bare and read(place, reference.model).reference == reference:
        return reference.model
    return qualified(reference.model, vendor)


def _apart(place: Place, text: str) -> tuple[str, str, int]:
    """The provider and the model in a text, and where the model begins."""
    begins = len(text) - len(text.lstrip())
    rest = text[begins:].rstrip()
    separator = place.separator
    if not separator or separator not in rest:
        return "", without_endings(place.suffix, rest), begins
    provider, _, rest = rest.partition(separator)
    begins += len(provider) + 1
    word, further, after = rest.partition(separator)
    if word in place.drop:
        rest, begins = after, begins + len(word) + len(further)
    return provider, without_endings(place.suffix, rest), begins


def is_opaque(place: Place, text: str) -> bool:
    """Whether a text holds something that makes it none of which anything can be said."""
    return any(mark in text for mark in place.opaque)


def meaning(place: Place, text: str) -> str | None:
    """What an alias means, in whatever case and with whatever suffix it is written; `*` in an alias
    is any text."""
    if not place.aliases:
        return None
    name = lowered(text.strip())
    bare = without_endings(place.suffix, name)
    exact, patterns = place.lowered_aliases
    for one in (name, bare):
        if one in exact:
            return exact[one]
    return next((m for alias, m in patterns if fits(alias, name) or fits(alias, bare)), None)


def wants_chats(place: Place, text: str) -> bool:
    """Whether it is a chat model that a text at this place names."""
    words = text.split(place.separator, 2) if place.separator else ()
    return len(words) < 3 or words[1] not in place.other_kinds


def ours_of(place: Place, provider: str) -> str | None:
    """Our name of a provider that the format calls so; None where it cannot be verified."""
    ours = place.providers.get(provider, UNVERIFIABLE if place.providers else provider)
    return None if ours == UNVERIFIABLE else ours


def alone_of(place: Place, model: str, beside: str | None) -> str | None:
    """The provider of a model that is written without one; None where it cannot be told."""
    rule = place.provider
    if beside is not None:
        return None if beside == HIDDEN else ours_of(place, beside)
    for pattern, ours in rule.ids:
        if fits(pattern, model):
            return None if ours == UNVERIFIABLE else ours
    return None if rule.default == UNVERIFIABLE else rule.default or None


def written(
    place: Place, reference: ModelReference, before: str = "", beside: str | None = None
) -> str | None:
    """The text that names a model here, in the manner of the one `before`; None where none can."""
    if place.written == "display":
        return _written_for_people(place, reference, before)
    old = read(place, before, beside)
    suffix = before[old.begins + len(old.model) :] if old.reference else ""
    same = old.reference is not None and old.reference.provider == reference.provider
    if place.separator and place.separator not in before and beside is not None:
        only = alone_of(place, reference.model, beside)  # what it is told to ask
        if only not in (None, reference.provider):
            return None
        named = before[: old.begins] + reference.model + suffix
        if only and read(place, named, beside).reference == reference:
            return named
    elif same or not place.separator:
        named = before[: old.begins] + reference.model + suffix
        return named if read(place, named, beside).reference == reference else None
    provider = theirs_of(place, reference.provider)
    return None if provider is None else f"{provider}{place.separator}{reference.model}"


def theirs_of(place: Place, provider: str) -> str | None:
    """What the format calls one of our providers; None where it cannot name it."""
    if place.providers:
        return next((theirs for theirs, ours in place.providers.items() if ours == provider), None)
    return provider
