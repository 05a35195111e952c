"""Which model each stage of a template would use in a new workflow, and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from stagewright.analysis import phrases
from stagewright.analysis.options import Options
from stagewright.catalog.catalog import Catalog, Standing
from stagewright.catalog.effective import Effective, Origin, effective
from stagewright.catalog.model import ModelReference
from stagewright.dialects import choragen
from stagewright.dialects.document import Document, Entry


@dataclass(frozen=True, slots=True)
class StageModel:
    """A stage with its model in words."""

    index: int
    entry: Entry
    in_effect: Effective
    origin: str  # "from role 'design'"
    trouble: str  # "retires 2026-11-30", where somebody should know; mostly empty


def models_in_effect(document: Document, options: Options) -> tuple[Effective, ...]:
    """The effective model of every stage, in order."""
    found, roles = [], options.roles
    nearest: ModelReference | None = None  # the default of the nearest earlier stage with one
    for entry in document.entries():
        own = entry.model.reference if entry.model else None
        role = roles.roles.get(entry.role_id.value) if roles and entry.role_id else None
        in_role = role.model if role else None
        found.append(
            effective(stage=own, role=in_role, earlier=(nearest,), setting=options.setting)
        )
        nearest = own or nearest
    return tuple(found)


def described(document: Document, catalog: Catalog, options: Options) -> Iterator[StageModel]:
    """Every stage of a template with its effective model, in words for people."""
    if document.dialect is not choragen.TEMPLATE:
        return
    troubles: dict[ModelReference, str] = {}
    nearest: Entry | None = None
    models = models_in_effect(document, options)
    for index, (entry, in_effect) in enumerate(zip(document.entries(), models, strict=True)):
        reference = in_effect.model
        if reference is not None and reference not in troubles:
            troubles[reference] = _trouble(reference, catalog, options)
        trouble = troubles[reference] if reference else ""
        yield StageModel(index, entry, in_effect, _origin(in_effect, entry, nearest), trouble)
        if entry.model and entry.model.reference:
            nearest = entry


def _origin(in_effect: Effective, entry: Entry, nearest: Entry | None) -> str:
    if in_effect.origin is Origin.ROLE and entry.role_id:
        return f"from role `{entry.role_id.value}`"
    if in_effect.origin is Origin.EARLIER_STAGE and nearest and nearest.name:
        return f"from stage `{nearest.name.value}`"
    return in_effect.origin.words


_TROUBLE = {
    Standing.UNAVAILABLE: "not available",
    Standing.NOT_CHAT: "not a chat model",
    Standing.UNKNOWN_PROVIDER: "unknown provider",
    Standing.UNRECOGNIZED: "misspelled?",
    Standing.NOT_CONFIGURED: "no key",
    Standing.RETIRED: "retired",
    Standing.DEPRECATED: "deprecated",
}


def _trouble(reference: ModelReference, catalog: Catalog, options: Options) -> str:
    verdict = catalog.verdict(reference, now=options.now)
    if verdict.model and verdict.standing in (Standing.RETIRED, Standing.DEPRECATED):
        ending = phrases.lifecycle(verdict.model, options.now)
    else:
        ending = ""
    return ending or _TROUBLE.get(verdict.standing, "")
