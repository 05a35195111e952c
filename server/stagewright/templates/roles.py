"""The role index, `.choragen/roles/index.yaml`, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from stagewright.catalog.model import ModelReference
from stagewright.templates.buffer import Span
from stagewright.templates.template import Document


@dataclass(frozen=True, slots=True)
class Role:
    """One role. `span` is absolute, of its id in the index."""

    id: str
    name: str | None
    description: str | None
    model: ModelReference | None
    temperature: float | None
    max_tokens: int | None
    system_prompt: str | None  # text, or `file:PATH`
    tool_ids: tuple[str, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class RoleIndex:
    """Roles by id, in their order. `exists` is False where the workspace has no index."""

    roles: Mapping[str, Role]
    exists: bool = True


BUILTIN_ROLES = ("researcher", "implementer", "reviewer", "controller")
"""What Choragen knows where there is no index."""


def read_roles(document: Document) -> RoleIndex:
    """The roles of a document of kind "roles"; of two roles with one id, the first."""
    ...
