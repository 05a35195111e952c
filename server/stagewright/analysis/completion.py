"""Completion: what can stand at the cursor."""

from __future__ import annotations

from stagewright.analysis.complete_keys import complete_key
from stagewright.analysis.complete_models import complete_block, complete_model, complete_provider
from stagewright.analysis.options import Options
from stagewright.analysis.results import Completion
from stagewright.analysis.typed import reference_part
from stagewright.catalog.catalog import Catalog
from stagewright.templates.buffer import Position
from stagewright.templates.cursor import cursor_at
from stagewright.templates.template import Document


def complete(
    document: Document, position: Position, catalog: Catalog, options: Options
) -> Completion:
    """What can stand at `position`; nothing in comments, block scalars and prose."""
    cursor = cursor_at(document, position)
    if cursor is None:
        return Completion(())
    if cursor.place == "key":
        return complete_key(document, cursor)
    match reference_part(document, cursor):
        case "provider":
            return complete_provider(document, cursor, catalog, options)
        case "model":
            return complete_model(document, cursor, catalog, options)
        # With nothing typed the next line is meant: there the block goes on.
        case "reference" if cursor.prefix and not cursor.flow and not cursor.quote:
            return complete_block(document, cursor, catalog, options)
    return Completion(())
