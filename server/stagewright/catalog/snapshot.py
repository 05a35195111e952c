"""One provider at one moment: how its list was had, and the models in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property

from stagewright.catalog.model import Lifecycle, Model, Source
from stagewright.catalog.nearest import Sketch, nearest, sketch
from stagewright.catalog.order import best_first
from stagewright.catalog.unlisted import covered, split_variant


class Status(StrEnum):
    """How the last attempt to get a provider's list ended. The values are part of the contract."""

    OK = "ok"
    LOADING = "loading"  # the first answer is under way
    INCOMPLETE = "incomplete"  # some pages came, then one failed
    NOT_CONFIGURED = "not-configured"  # no key
    AUTH_FAILED = "auth-failed"
    FORBIDDEN = "forbidden"
    RATE_LIMITED = "rate-limited"
    UNREACHABLE = "unreachable"
    BAD_ANSWER = "bad-answer"
    NO_LIST = "no-list"  # this provider offers no list of models


class Models(tuple[Model, ...]):
    """A list of models, best first, that remembers what is looked up in it.

    Made from models in any order. Snapshots of one provider share it until its list changes, so
    that a refused model or an answer about a single one costs nothing at 20,000 models.
    """

    def __new__(cls, models: Iterable[Model] = ()) -> Models:
        return super().__new__(cls, sorted(models, key=best_first))

    @cached_property
    def by_id(self) -> Mapping[str, Model]:
        """Models by exact id; a listed alias leads to its model."""
        found = {alias: model for model in self for alias in model.aliases}
        found.update((model.id, model) for model in self)
        return found

    @cached_property
    def callable(self) -> tuple[Model, ...]:
        """Those that can be chatted with, deprecated ones last."""
        return tuple(m for m in self if m.chat and m.lifecycle is not Lifecycle.RETIRED)

    @cached_property
    def sketches(self) -> tuple[Sketch, ...]:
        """What the search for similar names compares, one for each of `callable`."""
        return tuple(sketch(model.id) for model in self.callable)

    def nearest(self, text: str) -> tuple[Model, ...]:
        """Those of `callable` that could be meant by `text`, the nearest first.

        Remembered: what one stage names wrongly, others name too, in every file of a workspace.
        """
        found = self._nearest.get(text)
        if found is None:
            if len(self._nearest) >= _REMEMBERED:
                self._nearest.clear()
            models = self.callable
            ranked = nearest(
                text, models, len(models), name=lambda model: model.id, sketches=self.sketches
            )
            found = self._nearest[text] = tuple(ranked)
        return found

    @cached_property
    def _nearest(self) -> dict[str, tuple[Model, ...]]:
        return {}

    def look_up(self) -> None:
        """Make the lookups now, in a thread, say, rather than when they are first read."""
        _ = self.by_id, self.sketches


_NONE = Models()
_REMEMBERED = 1024


@dataclass(frozen=True)
class ProviderSnapshot:
    """One provider at one moment.

    `models` is the last good list, or the pages that came, or offline knowledge (then each model's
    source says so), kept best first. Only a list that is `conclusive` can show that a model is
    missing.
    """

    id: str
    name: str  # for people: "Anthropic"
    status: Status
    models: tuple[Model, ...] = _NONE  # what is passed becomes `Models`, best first
    complete: bool = False  # `models` and `patterns` were the whole list at `checked_at`
    stale: bool = False  # `models` is from an earlier success; the newest attempt failed
    checked_at: datetime | None = None  # UTC, of the list in `models`
    error: str | None = None  # one sentence for people, without secrets
    key_variable: str | None = None  # the environment variable that holds its key
    asks_single: bool = False  # the provider can be asked about one model
    confirmed: Mapping[str, Model] = field(default_factory=dict)  # unlisted, asked for alone: exist
    absent: frozenset[str] = frozenset()  # unlisted, asked for alone: the provider denies them
    refused: frozenset[str] = frozenset()  # chat found no such model since the last refresh
    ended: Mapping[str, Model] = field(default_factory=dict)  # the dated offline table's models
    fresh_until: datetime | None = None  # UTC; a list older than this shows no absence
    patterns: tuple[str, ...] = ()  # `claude-*`: what fits one is passed on, and not in `models`
    takes_variants: bool = False  # ids may end in a variant of the request, as OpenRouter's

    def __post_init__(self) -> None:
        if not isinstance(self.models, Models):
            object.__setattr__(self, "models", Models(self.models))

    @property
    def table(self) -> Models:
        """`models` with its lookups."""
        assert isinstance(self.models, Models)
        return self.models

    @property
    def conclusive(self) -> bool:
        """Whether a model's absence from `models` means anything, while the list is fresh."""
        return self.status is Status.OK and self.complete and not self.stale

    def model(self, model_id: str) -> Model | None:
        """The model of this id: live before offline."""
        if live := self.live(model_id):
            return live
        name = self.split(model_id)[0]
        return self.ended.get(name) or self.table.by_id.get(name)

    def live(self, model_id: str) -> Model | None:
        """The model of this id if the provider named it, in its list or asked alone."""
        for name in dict.fromkeys((model_id, self.split(model_id)[0])):
            model = self.table.by_id.get(name) or self.confirmed.get(name)
            if model and model.source is Source.LIVE:
                return model
        return None

    def split(self, model_id: str) -> tuple[str, str]:
        """The id that a list would have, and what is said behind it about the request."""
        if not self.takes_variants or model_id in self.table.by_id:
            return model_id, ""
        return split_variant(model_id)

    def covered(self, model_id: str) -> str | None:
        """What passes this model on although no list names it: the pattern that it fits.

        A preset is the account's own, and in no list.
        """
        base, variant = self.split(model_id)
        return covered(base, self.patterns) if base else variant

    def usable(self) -> Iterator[Model]:
        """What can be offered, newest and active first, deprecated last. Offline ones say so."""
        return (model for model in self.table.callable if model.id not in self.refused)
