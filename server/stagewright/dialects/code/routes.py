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
from stagewright.dialects.place import UNVERIFIABLE, Place

_ID_LIKE = re.compile(r"[\d-]")
_LOOSE = re.compile(r"(?=.*\d)(?=.*[-._/:@])")


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
    if not is_name(text) or literal.hint.startswith("deployment "):
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
    if word == "azure":  # its names are its user's
        return _away(_ALONE, 0) if owners else None
    chosen, shown = _chosen(literal, facts, owners)
    if not chosen or (not owners and not recognizer.resembles(chosen, text)):
        return None
    if _is_away(chosen, text, word, facts):
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


def _is_away(provider: str, text: str, word: str, facts: Facts) -> bool:
    if provider in facts.sends:
        return False
    if LOCAL in facts.uses and "/" in text and word != provider:
        return True
    if provider in facts.away or "" in facts.away:
        return True
    # What the file has no library for is asked for by one that it has.
    return provider not in facts.uses and not facts.away.isdisjoint(facts.uses)
