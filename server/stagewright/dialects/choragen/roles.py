"""The role index, `.choragen/roles/index.yaml`, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from stagewright.catalog.model import ModelReference
from stagewright.dialects.document import Document
from stagewright.dialects.sites import is_null
from stagewright.text.buffer import Span
from stagewright.text.nodes import MappingNode, ScalarNode, SequenceNode


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
    roles: dict[str, Role] = {}
    for index, entry in enumerate(document.entries()):
        node = document.entry_node(index)
        if node is None or entry.name is None or not entry.name.value:
            continue
        model = node.get("model")
        settings = model if isinstance(model, MappingNode) else MappingNode((), node.span)
        role = Role(
            id=entry.name.value,
            name=_text(node, "name"),
            description=_text(node, "description"),
            model=entry.model.reference if entry.model else None,
            temperature=_number(settings, "temperature"),
            max_tokens=_whole_number(settings, "maxTokens"),
            system_prompt=_text(node, "systemPrompt"),
            tool_ids=_texts(node, "toolIds"),
            span=entry.name.span.shifted(document.entry_line(index)),
        )
        roles.setdefault(role.id, role)
    return RoleIndex(roles)


def _text(node: MappingNode, key: str) -> str | None:
    value = node.scalar(key)
    return value.value if value and not is_null(value) else None


def _texts(node: MappingNode, key: str) -> tuple[str, ...]:
    value = node.get(key)
    items = value.items if isinstance(value, SequenceNode) else ()
    return tuple(item.value for item in items if isinstance(item, ScalarNode))


def _number(node: MappingNode, key: str) -> float | None:
    try:
        return float(_text(node, key) or "")
    except ValueError:
        return None


def _whole_number(node: MappingNode, key: str) -> int | None:
    number = _number(node, key)
    return int(number) if number is not None and number.is_integer() else None
