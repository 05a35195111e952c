"""Which model takes the place of another: those likely meant, and the question to the user."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import NamedTuple

from lsprotocol import types

from stagewright.catalog.catalog import Catalog
from stagewright.catalog.model import ModelReference, Source
from stagewright.lsp.errors import failure
from stagewright.lsp.session import Session


class Ask(Enum):
    """What a command leaves open: the user is asked."""

    USER = "user"


class ChosenModel(NamedTuple):
    """What the user has chosen: a model, or to have none."""

    model: ModelReference | None


CHOICES_PER_PROVIDER = 5
"""Editors show the choices of a message in one row."""


def near(catalog: Catalog, model: ModelReference) -> list[ModelReference]:
    """Models that could take this one's place: its successor, its provider's nearest, others'."""
    own = (catalog.successor(model), *catalog.nearest(model), *catalog.meant(model))
    found = [*own, *catalog.closest_elsewhere(model)]
    return [one for one in dict.fromkeys(found) if one is not None and one != model]


async def ask_for_model(
    session: Session,
    question: str,
    fits: Callable[[ModelReference], bool] = lambda _: True,
    no_model: str = "",
) -> ChosenModel | None:
    """Let the user choose, as far as plain LSP goes: each provider's best models, and under the
    title `no_model`, if there is one, to have none. None where nothing is chosen.

    Raises a refusal where there is nothing to choose.
    """
    best: dict[str, list[ModelReference]] = {}
    for provider, model in session.catalog.usable():
        own = best.setdefault(provider, [])
        one = ModelReference(provider, model.id)
        if model.source is Source.LIVE and len(own) < CHOICES_PER_PROVIDER and fits(one):
            own.append(one)
    choices = {str(one): ChosenModel(one) for own in best.values() for one in own}
    if no_model:
        choices[no_model] = ChosenModel(None)
    if not choices:
        raise failure(
            "no-model", "No provider has listed models yet. Set a key, such as ANTHROPIC_API_KEY."
        )
    return await session.editor.choose(types.MessageType.Info, question, choices)
