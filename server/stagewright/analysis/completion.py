"""Completion: what can stand at the cursor."""

from __future__ import annotations

from stagewright.analysis.complete_models import complete_block, complete_model, complete_provider
from stagewright.analysis.options import Options
from stagewright.analysis.results import Completion
from stagewright.catalog.catalog import Catalog
from stagewright.templates.buffer import Position
from stagewright.templates.cursor import Cursor, cursor_at
from stagewright.templates.template import Document, DocumentKind

_NOTHING = Completion(())

REFERENCE_KEYS: dict[DocumentKind, tuple[str, str]] = {
    "template": ("stages", "defaultModel"),
    "roles": ("roles", "model"),
}
"""Where a kind of document keeps its model references: the list, and the key in its items."""


def complete(
    document: Document, position: Position, catalog: Catalog, options: Options
) -> Completion:
    """What can stand at `position`; nothing in comments, block scalars and prose."""
    cursor = cursor_at(document, position)
    if cursor is None:
        return _NOTHING
    match _place(document.kind, cursor):
        case "provider":
            return complete_provider(document, cursor, catalog, options)
        case "model":
            return complete_model(document, cursor, catalog, options)
        case "reference" if cursor.prefix and not cursor.flow and not cursor.quote:
            return complete_block(document, cursor, catalog, options)
    return _NOTHING


def _place(kind: DocumentKind, cursor: Cursor) -> str:
    """Which part of a model reference is typed, if any: "provider", "model" or "reference"."""
    if cursor.place != "value":
        return ""
    match cursor.path:
        case (str() as items, int(), str() as key, *rest) if (items, key) == REFERENCE_KEYS[kind]:
            match rest:
                case ["provider" | "model" as half]:
                    return str(half)
                case []:
                    return "reference"
    return ""
