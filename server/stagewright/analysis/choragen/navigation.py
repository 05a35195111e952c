"""Names and where they are used: going to a role or stage, finding its uses, renaming it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stagewright.analysis.results import Name, NameKind
from stagewright.dialects import choragen
from stagewright.dialects.choragen.roles import BUILTIN_ROLES, RoleIndex
from stagewright.dialects.document import Document
from stagewright.text import nodes
from stagewright.text.buffer import Edit, Position
from stagewright.text.nodes import AliasNode, MappingNode, ScalarNode
from stagewright.text.yaml.editing import absolute_node, entries_around, marked_by
from stagewright.text.yaml.writing import is_printable, quoted_like


def name_at(document: Document, position: Position) -> Name | None:
    """The name under the cursor; other programs' files have none that we know."""
    if document.dialect not in choragen.NAMED:
        return None
    found = [*_head_names(document)]
    for index in entries_around(document, position):
        found += _entry_names(document, index)
    return next((name for name in found if name.span.contains(position)), None)


def names(document: Document, kind: NameKind, text: str) -> list[Name]:
    """Every place in the document that has this name; a stage is only asked for in its template."""
    if document.dialect not in choragen.NAMED:
        return []
    found = [*_head_names(document)]
    if _may_hold(document, text):
        for index in range(len(document.entries())):
            found += _entry_names(document, index)
    return [name for name in found if (name.kind, name.text) == (kind, text)]


def rename(document: Document, name: Name, new: str) -> tuple[Edit, ...]:
    """Edits that give a role its new name wherever it stands in the document, or a stage or
    template its own at the one place where it has it. Places with an obstacle are left alone.

    Raises ValueError, with a message for people, when `new` can be no name.
    """
    if not new.strip():
        raise ValueError("A name cannot be empty.")
    if new != new.strip():
        raise ValueError("A name cannot start or end with a space.")
    if not is_printable(new):
        raise ValueError("A name must be one line of printable characters.")
    return tuple(
        Edit(each.span, quoted_like(new, each.quote, typed=document.dialect.typed, flow=True))
        for each in places(document, name)
        if new != name.text and not each.obstacle
    )


def why_kept(name: Name, roles: RoleIndex | None) -> str:
    """Of a role that is nowhere defined but in Choragen itself."""
    if name.kind is not NameKind.ROLE or name.text not in BUILTIN_ROLES:
        return ""
    if roles is None or roles.exists:
        return ""
    return f"The role `{name.text}` comes with Choragen: a role of your own needs the role index."


def places(document: Document, name: Name) -> list[Name]:
    """What is renamed together: a role wherever it stands in the document, all else alone."""
    return names(document, name.kind, name.text) if name.kind is NameKind.ROLE else [name]


def _may_hold(document: Document, text: str) -> bool:
    """Whether a value may say `text`, by its first word and by escapes: faster than to read all."""
    word = re.search(r"\w+", text)
    return word is None or any(word[0] in line or "\\" in line for line in document.lines)


def _head_names(document: Document) -> Iterator[Name]:
    head = document.head()
    if head is not None and document.dialect is choragen.TEMPLATE:
        yield from _named(document, head, "name", NameKind.TEMPLATE)


def _entry_names(document: Document, index: int) -> Iterator[Name]:
    entry = absolute_node(document, index)
    if entry is None:
        return
    if document.dialect is choragen.ROLES:
        yield from _named(document, entry, "id", NameKind.ROLE)
        return
    yield from _named(document, entry, "name", NameKind.STAGE)
    yield from _named(document, entry, "roleId", NameKind.ROLE, defines=False)
    for action in _actions(entry):
        if isinstance(kind := action.get("type"), ScalarNode) and kind.value == "spawn_agent":
            yield from _named(document, action, "role", NameKind.ROLE, defines=False)


def _actions(stage: MappingNode) -> Iterator[MappingNode]:
    hooks = stage.get("hooks")
    for _, listed in hooks.pairs if isinstance(hooks, MappingNode) else ():
        for action in listed.items if isinstance(listed, nodes.SequenceNode) else ():
            if isinstance(action, MappingNode):
                yield action


def _named(
    document: Document, mapping: MappingNode, key: str, kind: NameKind, *, defines: bool = True
) -> Iterator[Name]:
    written = mapping.get(key)
    value = marked_by(document, written) if isinstance(written, AliasNode) else written
    if written is None or not isinstance(value, ScalarNode) or not value.value.strip():
        return
    obstacle = ""
    if value is not written:
        obstacle = "is an alias"
    elif value.anchor:
        obstacle = "has an anchor"
    elif value.span.start.line != value.span.end.line:
        obstacle = "spans several lines"
    yield Name(kind, value.value, written.span, value.style, defines, obstacle)
