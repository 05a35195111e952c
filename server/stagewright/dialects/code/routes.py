"""Whose model a literal names: by itself, by what stands around it, by its file, by who has it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from stagewright.catalog.model import ModelReference
from stagewright.catalog.recognition import Recognizer
from stagewright.dialects.code.facts import LOCAL, Facts
from stagewright.dialects.code.literals import Literal
from stagewright.dialects.code.names import is_name
from stagewright.dialects.code.providers import ELSEWHERE
from stagewright.dialects.place import UNVERIFIABLE, Place

_ID_LIKE = re.compile(r"[\d-]")
_LOOSE = re.compile(r"(?=.*\d)(?=.*[-._/:@])")
_CLOUDS = frozenset({"azure", "bedrock", "vertex"})
"""Those that host what others make."""


class Route(NamedTuple):
    """What a literal names, and by which of its dialect's places it is written."""

    place: int
    begins: int  # where the model begins in the text
    routes: tuple[ModelReference, ...]  # the likeliest first; none where nothing tells whose it is
    is_shown: bool  # the file shows that it is the first
    is_away: bool = False  # the file sends it elsewhere


_ALONE, _PAIRS = 0, ((1, "/"), (2, ":"))


def route(
    literal: Literal, facts: Facts, recognizer: Recognizer, places: Sequence[Place]
) -> Route | None:
    """Whose model a literal names; None where it names none."""
    text = literal.text
    if literal.is_deployed or not is_name(text):
        return None
    owners = recognizer.owners(text, hosted=not literal.asks)
    for number, separator in _PAIRS:
        provider, found, model = text.partition(separator)
        ours = places[number].providers.get(provider.lower()) if found and model else None
        if ours is None or _is_anothers(literal, facts, owners):
            continue
        if ours == UNVERIFIABLE:
            return _away(number, len(provider) + 1) if literal.asks else None
        is_known = recognizer.has(ours, model)
        if not is_known and (owners or not literal.asks):
            continue
        others = tuple(ModelReference(one, text) for one in owners)
        reference = ModelReference(ours, model)
        return Route(number, len(provider) + 1, (reference, *others), not others)
    if not literal.asks and not (owners and _LOOSE.match(text)):
        return None
    return _alone(literal, facts, owners, recognizer)


def _is_anothers(literal: Literal, facts: Facts, owners: Sequence[str]) -> bool:
    """Whether what looks like a provider before a model is a part of an id of another's."""
    return literal.provider in owners or not facts.sends.isdisjoint(owners)


def _away(place: int, begins: int) -> Route:
    return Route(place, begins, (), True, is_away=True)


def _alone(
    literal: Literal, facts: Facts, owners: Sequence[str], recognizer: Recognizer
) -> Route | None:
    text, word = literal.text, literal.provider
    if word in ("azure", ELSEWHERE):  # its names are its user's, or nothing is known of it
        return _away(_ALONE, 0) if owners else None
    chosen, shown = _chosen(literal, facts, owners)
    maker = _shown(literal, facts) if owners and _CLOUDS.issuperset(owners) else ""
    if maker and maker not in _CLOUDS and recognizer.resembles(maker, text):
        chosen, shown = maker, False  # who has it no more, or never had it
    if not chosen or (not owners and not recognizer.resembles(chosen, text)):
        return None
    if _is_away(chosen, literal, facts):
        return _away(_ALONE, 0)
    ordered = (chosen, *(one for one in owners if one != chosen))
    return Route(_ALONE, 0, tuple(ModelReference(one, text) for one in ordered), shown)


def _chosen(literal: Literal, facts: Facts, owners: Sequence[str]) -> tuple[str, bool]:
    """The provider, and whether the file shows it; empty where nothing tells."""
    word = literal.provider
    if word in owners:
        return word, True
    for among in (facts.sends, facts.uses):
        fitting = [one for one in owners if one in among]
        if len(fitting) == 1:
            return fitting[0], True
        if fitting:
            return fitting[0], False
    if owners:
        return owners[0], False
    if word:
        return word, True
    using = (facts.sends or facts.uses) - {LOCAL}
    if len(using) == 1 and LOCAL not in facts.uses and _ID_LIKE.search(literal.text):
        return next(iter(using)), True
    return "", False


def _is_azures(facts: Facts) -> bool:
    return "azure" in facts.uses and "openai" not in facts.uses


def _shown(literal: Literal, facts: Facts) -> str:
    """The one provider that the line, or else the file, speaks of."""
    if literal.provider:
        return literal.provider
    using = facts.sends or facts.uses
    return next(iter(using)) if len(using) == 1 else ""


def _is_away(provider: str, literal: Literal, facts: Facts) -> bool:
    if provider in facts.sends:
        return False
    is_option = literal.hint.startswith("-")  # a server's own name for what it serves
    if LOCAL in facts.uses and ("/" in literal.text or is_option) and literal.provider != provider:
        return True
    # What a client of Azure's is given names a deployment; what a list holds names models.
    is_deployed = provider == "openai" or (provider == "azure" and literal.asks)
    if is_deployed and literal.provider != "openai" and _is_azures(facts):
        return True
    if provider in facts.away or "" in facts.away:
        return True
    # What the file has no library for is asked for by one that it has.
    return provider not in facts.uses and not facts.away.isdisjoint(facts.uses)
