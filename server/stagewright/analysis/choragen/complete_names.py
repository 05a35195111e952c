"""Offers of names that the workspace defines: roles, tools, and variables in prompts."""

from __future__ import annotations

import re
from collections.abc import Iterable

from stagewright.analysis.choragen.cards import role_card
from stagewright.analysis.completion.items import Offer, offer, sort_text
from stagewright.analysis.cursor_text import value_text, written
from stagewright.analysis.options import Options
from stagewright.analysis.results import Completion, CompletionItem, ItemKind
from stagewright.dialects import choragen
from stagewright.dialects.choragen.roles import BUILTIN_ROLES, read_roles
from stagewright.dialects.choragen.schema import VARIABLES
from stagewright.dialects.document import Document
from stagewright.text.buffer import Edit, Position, Span
from stagewright.text.cursor import Cursor
from stagewright.text.nodes import ScalarNode, SequenceNode
from stagewright.text.yaml.editing import absolute_node, entries_around

_OPEN = re.compile(r"\{\{([A-Za-z]*)$")
_REST = re.compile(r"[A-Za-z]*(?:\}\})?")


def complete_role(document: Document, cursor: Cursor, options: Options) -> Completion:
    """The ids of the role index, or of Choragen's own roles where there is no index."""
    index = options.roles
    if index is None:
        return Completion((), incomplete=True)
    roles = [(one.id, one.name or "", role_card(one)) for one in index.roles.values()]
    known = roles if index.exists else [(one, "built into Choragen", "") for one in BUILTIN_ROLES]
    return _offer_names(document, cursor, known)


def complete_tool(document: Document, cursor: Cursor, options: Options) -> Completion:
    """The tools that roles of the index have, but those that the list around the cursor has."""
    index = read_roles(document) if document.dialect is choragen.ROLES else options.roles
    users: dict[str, list[str]] = {}
    for role in index.roles.values() if index else ():
        for tool in role.tool_ids:
            users.setdefault(tool, []).append(role.id)
    here = _listed(document, cursor) - {written(document, cursor)}
    known = [
        (tool, f"used by {', '.join(ids)}", "")
        for tool, ids in sorted(users.items())
        if tool and tool not in here
    ]
    return _offer_names(document, cursor, known)


def _offer_names(
    document: Document, cursor: Cursor, names: Iterable[tuple[str, str, str]]
) -> Completion:
    """Ids, each with a detail and a documentation."""
    offers = [
        Offer(name, value_text(document, cursor, name), ItemKind.REFERENCE, detail, about)
        for name, detail, about in names
    ]
    return offer(cursor, offers, written(document, cursor))


def _listed(document: Document, cursor: Cursor) -> set[str]:
    """The texts of the list that the cursor's item stands in."""
    place, key = cursor.word.start, str(cursor.path[2])
    entries = (absolute_node(document, index) for index in entries_around(document, place))
    above = [entry for entry in entries if entry and entry.span.start <= place]
    listed = above[-1].get(key) if above else None
    items = listed.items if isinstance(listed, SequenceNode) else ()
    return {item.value for item in items if isinstance(item, ScalarNode)}


def complete_variable(document: Document, position: Position) -> Completion | None:
    """The variables, where `{{` has been typed in an `initPrompt`; None elsewhere."""
    line = document.lines[position.line]
    typed = _OPEN.search(line, 0, position.column)
    if (
        document.dialect is not choragen.TEMPLATE
        or typed is None
        or not _in_prompt(document, position)
    ):
        return None
    rest = _REST.match(line, position.column)
    end = rest.end() if rest else position.column
    span = Span(Position(position.line, typed.start()), Position(position.line, end))
    return Completion(
        tuple(
            CompletionItem(
                label=variable.name,
                kind=ItemKind.VARIABLE,
                edit=Edit(span, f"{{{{{variable.name}}}}}"),
                sort_text=sort_text(order),
                filter_text=f"{{{{{variable.name}",
                documentation=variable.doc,
            )
            for order, variable in enumerate(VARIABLES)
        )
    )


def _in_prompt(document: Document, position: Position) -> bool:
    """Whether the place is in the text of an `initPrompt`, whatever its style."""
    entries = (absolute_node(document, index) for index in entries_around(document, position))
    prompts = (entry.get("initPrompt") for entry in entries if entry)
    return any(prompt is not None and prompt.span.contains(position) for prompt in prompts)
