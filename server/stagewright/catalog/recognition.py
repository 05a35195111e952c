"""Who has a model of an id: the providers that list it, else those of which it is known offline."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache, cached_property
from types import MappingProxyType

from stagewright.catalog.catalog import Catalog
from stagewright.catalog.knowledge import FOLDER, ORDER, PROVIDERS, Knowledge, knowledge_of
from stagewright.catalog.spelling import plain
from stagewright.memo import remembered

_RANK = {name: place for place, name in enumerate(ORDER)}
_SPELLED = re.compile(
    r"models/|(?:us|us-gov|eu|apac|au|ca|in|jp|global)\.|arn:|publishers/|projects/|google/|.*@"
)
BEFORE = frozenset({"models", "publishers", "projects", "arn", "us", "eu", "apac", "global"})
_REMEMBERED = 4096
_OF_FORMS = ("gemini", "bedrock", "vertex")


@cache
def known_ids() -> Mapping[str, tuple[str, ...]]:
    """Every id that is known offline, and the providers that have it, those that make it first.
    Reads all of the knowledge, in some ten milliseconds."""
    found: dict[str, list[str]] = {}
    for provider in ORDER:
        try:
            text = (FOLDER / f"{provider}.jsonl").read_text("utf-8")
        except (OSError, ValueError):
            continue  # that it is missing is told where it is asked about
        for line in text.split("\n")[1:]:
            if line[:2] == '["':
                found.setdefault(line[2 : line.find('"', 2)], []).append(provider)
    return MappingProxyType({name: tuple(owners) for name, owners in found.items()})


_HEAD = re.compile(r"[A-Za-z]+(?=[-\d:./_@])")


@remembered
def _heads(knowledge: Knowledge) -> frozenset[str]:
    """How the ids of a provider begin."""
    return _heads_of(knowledge.ids)


def _heads_of(ids: Iterable[str]) -> frozenset[str]:
    every = (_HEAD.match(name) for name in ids)
    return frozenset(head[0].lower() for head in every if head)


class Recognizer:
    """Whose an id is, by one catalogue; without one by what is known offline."""

    def __init__(self, catalog: Catalog | None = None) -> None:
        providers = tuple(catalog.providers.values()) if catalog else ()
        self._live = tuple(one for one in providers if one.listed)
        self._offline = {one.id: one.knowledge for one in providers}
        if catalog is None:  # only what ids there are is asked, whatever the day
            self._offline = {name: knowledge_of(name, date.min) for name in ORDER}
        self._owners: dict[tuple[str, bool], tuple[str, ...]] = {}

    @cached_property
    def heads(self) -> frozenset[str]:
        """The words that ids begin with, in lower case, and what may stand before an id."""
        listed = (_heads_of(model.id for model in one.models) for one in self._live)
        return BEFORE.union(*map(_heads, self._offline.values()), *listed)

    def owners(self, model_id: str, *, hosted: bool = False) -> tuple[str, ...]:
        """All that have it: those whose lists have it first, then those that make models. With
        `hosted` of lists only such count as everybody gets: on one's own machine anything may be
        called anything."""
        key = model_id, hosted
        if key not in self._owners:
            if len(self._owners) >= _REMEMBERED:
                self._owners.clear()
            found = (*self._listing(model_id, hosted=hosted), *self._known(model_id))
            self._owners[key] = tuple(dict.fromkeys(found))
        return self._owners[key]

    def has(self, provider: str, model_id: str) -> bool:
        """Whether this provider has it."""
        return provider in self.owners(model_id)

    def resembles(self, provider: str, model_id: str) -> bool:
        """Whether an id that nobody has is likely meant for one of this provider: it begins as
        others do, or is a slip of the pen."""
        head, known = _HEAD.match(model_id), self._offline.get(provider)
        if head is None or known is None:
            return False
        return head[0].lower() in _heads(known) or bool(known.meant(model_id))

    def _listing(self, model_id: str, *, hosted: bool) -> Iterator[str]:
        found = (
            one.id
            for one in self._live
            if (not hosted or (one.id in PROVIDERS and one.own_origin))
            and one.live(model_id) is not None
        )
        yield from sorted(found, key=lambda one: _RANK.get(one, len(_RANK)))

    def _known(self, model_id: str) -> Iterator[str]:
        is_spelled = _SPELLED.match(model_id) is not None
        for provider in ORDER:
            known = self._offline.get(provider)
            if known is None:
                continue
            spelled = plain(provider, model_id) if is_spelled and provider in _OF_FORMS else None
            if known.has(model_id) or (spelled and known.has(spelled.id)):
                yield provider


OFFLINE = Recognizer()


@remembered
def recognizer_of(catalog: Catalog) -> Recognizer:
    """The one of a catalogue."""
    return Recognizer(catalog)
