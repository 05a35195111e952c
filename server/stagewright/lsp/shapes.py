"""JSON of our own that several commands answer with."""

from __future__ import annotations

from typing import Any

from stagewright.catalog.effective import Effective
from stagewright.catalog.model import ModelReference

JsonObject = dict[str, Any]


def model_json(model: ModelReference) -> JsonObject:
    """A model as the pair."""
    return {"provider": model.provider, "model": model.model}


def effective_json(effective: Effective) -> JsonObject:
    """An effective model with its origin."""
    return {
        "model": model_json(effective.model) if effective.model else None,
        "origin": effective.origin.value,
    }
