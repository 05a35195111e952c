"""What a live list leaves out, filled in from what is known offline; the provider's word stays."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from stagewright.catalog.knowledge import Knowledge
from stagewright.catalog.model import Capability, Lifecycle, Model

_FACTS = ("name", "context_window", "max_output", "price", "capabilities", "successors")


def filled(models: Iterable[Model], knowledge: Knowledge) -> tuple[Model, ...]:
    """Live models with the facts that their provider left out; `offline_facts` says who says so."""
    return tuple(_filled(model, knowledge.get(model.id)) for model in models)


def _filled(model: Model, known: Model | None) -> Model:
    if known is None:
        return model
    added: dict[str, Any] = {
        fact: value
        for fact in _FACTS
        if (value := getattr(known, fact)) and not getattr(model, fact)
    }
    if known.mode and not model.mode:
        added["mode"] = known.mode
        if not known.chat and Capability.CHAT not in model.capabilities:
            added["chat"] = False
    if model.lifecycle is Lifecycle.UNKNOWN and known.retires_at:
        added |= _ending(model, known)
    if not added:
        return model
    if "lifecycle" in added:
        added["known_on"] = known.known_on
    said = {fact: by for fact, by in known.offline_facts.items() if fact in added}
    return replace(model, **added, offline_facts={**model.offline_facts, **said})


def _ending(model: Model, known: Model) -> dict[str, Any]:
    """What is listed has not ended, whatever is known: of a day that has passed nothing is said."""
    added: dict[str, Any] = {"lifecycle": Lifecycle.DEPRECATED}
    if model.deprecated_at is None and known.deprecated_at:
        added["deprecated_at"] = known.deprecated_at
    if model.retires_at is None and known.lifecycle is not Lifecycle.RETIRED:
        added |= {"retires_at": known.retires_at, "retires_about": known.retires_about}
    return added
