"""Which model each stage of a template would use in a new workflow, and why."""

from __future__ import annotations

from stagewright.catalog.effective import Effective, effective
from stagewright.catalog.model import ModelReference
from stagewright.templates.roles import RoleIndex
from stagewright.templates.template import Document


def stage_models(
    document: Document, roles: RoleIndex | None, setting: ModelReference | None
) -> tuple[Effective, ...]:
    """The effective model of every stage in order; `setting` is `chat.defaultModel`."""
    entries = document.entries()
    own = [entry.model.reference if entry.model else None for entry in entries]
    found = []
    for index, entry in enumerate(entries):
        role = roles.roles.get(entry.role_id.value) if roles and entry.role_id else None
        found.append(
            effective(
                stage=own[index],
                role=role.model if role else None,
                earlier=reversed(own[:index]),
                setting=setting,
            )
        )
    return tuple(found)
