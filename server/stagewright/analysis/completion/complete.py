"""Completion: what can stand at the cursor.

Models are what a server is asked for first; what offers other words is imported when they are.
"""

from __future__ import annotations

from stagewright.analysis.completion.models import (
    complete_block,
    complete_model,
    complete_provider,
)
from stagewright.analysis.cursor_text import reference_part
from stagewright.analysis.features import features
from stagewright.analysis.options import Options
from stagewright.analysis.results import Completion, CompletionItem
from stagewright.catalog.catalog import Catalog
from stagewright.dialects.document import Document
from stagewright.text.buffer import Position
from stagewright.text.cursor_at import cursor_at


def complete(
    document: Document, position: Position, catalog: Catalog, options: Options
) -> Completion:
    """What can stand at `position`; nothing in comments and, but for variables, in prose."""
    document.recognize(catalog)
    if document.dialect.in_literals:
        from stagewright.analysis.completion.code import complete_code
        from stagewright.dialects.code.document import CodeDocument

        assert isinstance(document, CodeDocument)  # or it would be of another syntax
        return complete_code(document, position, catalog, options)
    more = features(document.dialect)
    if more is not None and (found := more.complete_text(document, position)) is not None:
        return found
    longer = any(place.extract or place.default for place in document.dialect.places)
    cursor = cursor_at(document, position, in_texts=longer)
    if cursor is None:
        return Completion(())
    if not document.dialect.reference_key:
        from stagewright.analysis.completion.sites import complete_site

        return complete_site(document, cursor, catalog, options)
    if cursor.place == "value":
        match reference_part(document, cursor):
            case "provider":
                return complete_provider(document, cursor, catalog, options)
            case "model":
                return complete_model(document, cursor, catalog, options)
            # With nothing typed the next line is meant: there the block goes on.
            case "reference" if cursor.prefix and not cursor.flow and not cursor.quote:
                return complete_block(document, cursor, catalog, options)
    return more.complete(document, cursor, catalog, options) if more else Completion(())


def documentation(item: CompletionItem, catalog: Catalog, options: Options) -> str:
    """An offer's documentation, in Markdown. Models' take longer to write than to offer."""
    from stagewright.analysis.cards import model_card

    provider = catalog.provider(item.model.provider) if item.model else None
    model = provider.model(item.model.model) if provider and item.model else None
    return model_card(provider, model, options.now) if provider and model else item.documentation
