"""Inlay hints: the model in effect where a stage sets none, and where it comes from."""

from __future__ import annotations

from stagewright.analysis.choragen.stage_models import described
from stagewright.analysis.options import Options
from stagewright.analysis.results import InlayHint
from stagewright.catalog.catalog import Catalog
from stagewright.dialects.document import Document
from stagewright.foreign import code, markdown
from stagewright.text.buffer import Position, Span


def hints(document: Document, span: Span, catalog: Catalog, options: Options) -> list[InlayHint]:
    """One behind the name of each stage within `span` that has no `defaultModel`."""
    found = []
    for stage in described(document, catalog, options):
        model, name = stage.in_effect.model, stage.entry.name
        if model is None or name is None or stage.entry.model is not None:
            continue
        end = name.span.end
        place = Position(document.entry_line(stage.index) + end.line, end.column)
        if not span.contains(place):
            continue
        trouble = f", {stage.trouble}" if stage.trouble else ""
        found.append(
            InlayHint(
                place,
                f"{model.model} ({stage.origin}{trouble})",
                f"This stage names no model of its own. In effect: **{code(model.model)}** of "
                f"{markdown(model.provider)}, {markdown(stage.origin)}.",
            )
        )
    return found
