"""The providers and models that a snippet offers for the two halves of a new reference."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import NamedTuple

from stagewright.catalog.catalog import Catalog, Status, is_retired
from stagewright.text.yaml.snippets import Content, Items, Placeholder
from stagewright.text.yaml.writing import scalar

MOST = 60
"""Models that a snippet lets choose from, shared by the providers: it cannot ask for more."""


class Choices(NamedTuple):
    """Words for the two halves of a reference, the best first; the first of each fit together."""

    providers: tuple[str, ...] = ()
    models: tuple[str, ...] = ()


def model_choices(catalog: Catalog, now: datetime) -> Choices:
    """What can be used now: nothing of providers that have no list of their own."""
    ready = [one for one in catalog.providers.values() if one.status is Status.OK]
    share = max(1, MOST // max(1, len(ready)))
    models = {
        one.id: tuple(islice(_plain(m.id for m in one.usable() if not is_retired(m, now)), share))
        for one in ready
    }
    offering = tuple(name for name, found in models.items() if found)
    return Choices(offering, tuple(dict.fromkeys(m for name in offering for m in models[name])))


def _plain(names: Iterable[str]) -> Iterator[str]:
    """Those that need no quotes in YAML, and no escapes in a snippet."""
    odd = frozenset("\\,|$}")
    return (name for name in names if scalar(name, typed=True) == name and not odd & {*name})


def with_choices(key: str, content: Content, choices: Choices) -> Content:
    """The content with the choices in the empty places of references in it."""
    match content:
        case Placeholder(words=(), given=""):
            found = {"provider": choices.providers, "model": choices.models}.get(key, ())
            return Placeholder(found) if found else content
        case Items():
            return Items(with_choices("", content.item, choices))
        case tuple():
            return tuple((name, with_choices(name, value, choices)) for name, value in content)
    return content
