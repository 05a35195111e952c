"""Which model is in effect, and why: the first of the candidates that is set."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from stagewright.catalog.model import ModelReference


class Origin(StrEnum):
    """Where an effective model comes from, strongest first. The values are part of the contract."""

    MESSAGE = "message"  # the newest message of the stage that names one
    STAGE = "stage"  # the stage's `defaultModel`
    ROLE = "role"  # the `model` of the stage's role
    EARLIER_STAGE = "earlier-stage"  # the nearest earlier stage's `defaultModel`, else its choice
    SETTING = "setting"  # `chat.defaultModel`
    NONE = "none"

    @property
    def words(self) -> str:
        """For people, to stand behind a model's name."""
        return _WORDS[self]


_WORDS = {
    Origin.MESSAGE: "from this chat",
    Origin.STAGE: "stage default",
    Origin.ROLE: "from the role",
    Origin.EARLIER_STAGE: "from an earlier stage",
    Origin.SETTING: "from the settings",
    Origin.NONE: "no model chosen",
}
"""The one table of these words, for lenses, hints, hovers, transcripts and terminals. The extension
has a copy in `text.ts`. A message's model may be nobody's choice: an answer names its own."""


@dataclass(frozen=True, slots=True)
class Effective:
    """A model with its origin; no model exactly when the origin is `none`."""

    model: ModelReference | None
    origin: Origin

    def to_json(self) -> dict[str, Any]:
        """As clients see it."""
        return {"model": self.model and self.model.to_json(), "origin": self.origin.value}


def effective(
    *,
    message: ModelReference | None = None,
    stage: ModelReference | None = None,
    role: ModelReference | None = None,
    earlier: Iterable[ModelReference | None] = (),
    setting: ModelReference | None = None,
) -> Effective:
    """The model that a stage uses. `earlier` holds the earlier stages' defaults, nearest first, and
    then what was chosen in them."""
    nearest = next((model for model in earlier if model), None)
    candidates = (
        (Origin.MESSAGE, message),
        (Origin.STAGE, stage),
        (Origin.ROLE, role),
        (Origin.EARLIER_STAGE, nearest),
        (Origin.SETTING, setting),
    )
    return next(
        (Effective(model, origin) for origin, model in candidates if model),
        Effective(None, Origin.NONE),
    )
