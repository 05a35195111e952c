"""A provider's models, best first, with the look-ups that are made in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

from stagewright.catalog.model import Lifecycle, Model
from stagewright.catalog.nearest import Sketch, nearest, sketch
from stagewright.catalog.order import best_first

_REMEMBERED = 1024


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
        """Make the look-ups now, in a thread, say, rather than when they are first read."""
        _ = self.by_id, self.sketches
