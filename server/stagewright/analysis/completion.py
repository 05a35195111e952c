"""Completion: what can stand at the cursor."""

from __future__ import annotations

from stagewright.analysis.complete_keys import complete_key, complete_word
from stagewright.analysis.complete_models import complete_block, complete_model, complete_provider
from stagewright.analysis.complete_names import complete_role, complete_tool, complete_variable
from stagewright.analysis.options import Options
from stagewright.analysis.results import Completion
from stagewright.analysis.typed import reference_part
from stagewright.catalog.catalog import Catalog
from stagewright.templates.buffer import Position
from stagewright.templates.cursor import Cursor, cursor_at
from stagewright.templates.schema import key_at
from stagewright.templates.template import Document


def complete(
    document: Document, position: Position, catalog: Catalog, options: Options
) -> Completion:
    """What can stand at `position`; nothing in comments and, but for variables, in prose."""
    variables = complete_variable(document, position)
    if variables is not None:
        return variables
    cursor = cursor_at(document, position)
    if cursor is None:
        return Completion(())
    if cursor.place == "key":
        return complete_key(document, cursor, options)
    return _value(document, cursor, catalog, options)


def _value(document: Document, cursor: Cursor, catalog: Catalog, options: Options) -> Completion:
    match reference_part(document, cursor):
        case "provider":
            return complete_provider(document, cursor, catalog, options)
        case "model":
            return complete_model(document, cursor, catalog, options)
        # With nothing typed the next line is meant: there the block goes on.
        case "reference" if cursor.prefix and not cursor.flow and not cursor.quote:
            return complete_block(document, cursor, catalog, options)
    key = key_at(document.kind, cursor.path)
    if key is not None and key.refers_to == "role":
        return complete_role(document, cursor, options)
    if key is not None and key.refers_to == "tool":
        return complete_tool(document, cursor, options)
    return complete_word(document, cursor, options)
