"""Completion: what can stand at the cursor.

Models are what a server is asked for first; what offers other words is imported when they are.
"""

from __future__ import annotations

from stagewright.analysis.complete_models import (
    complete_block,
    complete_model,
    complete_provider,
    complete_text,
)
from stagewright.analysis.cursor_text import reference_part, site_typed
from stagewright.analysis.options import Options
from stagewright.analysis.results import Completion, CompletionItem
from stagewright.catalog.catalog import Catalog
from stagewright.dialects.document import Document
from stagewright.text.buffer import Position
from stagewright.text.yaml.cursor import Cursor, cursor_at


def complete(
    document: Document, position: Position, catalog: Catalog, options: Options
) -> Completion:
    """What can stand at `position`; nothing in comments and, but for variables, in prose."""
    if document.dialect.schema and "{{" in document.lines[position.line][: position.column]:
        from stagewright.analysis.choragen.complete_names import complete_variable

        variables = complete_variable(document, position)
        if variables is not None:
            return variables
    cursor = cursor_at(document, position)
    if cursor is None:
        return Completion(())
    if not document.dialect.schema:
        typed = site_typed(document, cursor)
        return complete_text(document, *typed, catalog, options) if typed else Completion(())
    if cursor.place == "value":
        match reference_part(document, cursor):
            case "provider":
                return complete_provider(document, cursor, catalog, options)
            case "model":
                return complete_model(document, cursor, catalog, options)
            # With nothing typed the next line is meant: there the block goes on.
            case "reference" if cursor.prefix and not cursor.flow and not cursor.quote:
                return complete_block(document, cursor, catalog, options)
    return _by_schema(document, cursor, catalog, options)


def documentation(item: CompletionItem, catalog: Catalog, options: Options) -> str:
    """An offer's documentation, in Markdown. Models' take longer to write than to offer."""
    from stagewright.analysis.cards import model_card

    provider = catalog.provider(item.model.provider) if item.model else None
    model = provider.model(item.model.model) if provider and item.model else None
    return model_card(provider, model, options.now) if provider and model else item.documentation


def _by_schema(
    document: Document, cursor: Cursor, catalog: Catalog, options: Options
) -> Completion:
    from stagewright.analysis.choragen.complete_keys import complete_key, complete_word
    from stagewright.analysis.choragen.complete_names import complete_role, complete_tool
    from stagewright.dialects.choragen.schema import key_at

    if cursor.place == "key":
        return complete_key(document, cursor, catalog, options)
    key = key_at(document.dialect, cursor.path)
    if key is not None and key.refers_to == "role":
        return complete_role(document, cursor, options)
    if key is not None and key.refers_to == "tool":
        return complete_tool(document, cursor, options)
    return complete_word(document, cursor, options)
