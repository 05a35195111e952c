"""Code lenses: above each stage its model and where it comes from, and what can be done there."""

from __future__ import annotations

from stagewright.analysis.choragen.stage_models import StageModel, described
from stagewright.analysis.options import Options
from stagewright.analysis.results import Lens
from stagewright.catalog.catalog import Catalog
from stagewright.dialects.document import Document
from stagewright.text.buffer import Position, Span

CHAT, CHANGE_MODEL = "stagewright.chat.start", "stagewright.stage.setModel"
"""The server's commands; each takes the document's URI and the stage's index."""


def lenses(document: Document, catalog: Catalog, options: Options) -> list[Lens]:
    """Three for each stage of a template, in the order in which they are to stand."""
    found = []
    for stage in described(document, catalog, options):
        line = document.entry_line(stage.index) + stage.entry.span.start.line
        place = Span(Position(line, 0), Position(line, len(document.lines[line])))
        found += [
            Lens(place, _title(stage), stage.index, CHANGE_MODEL),
            Lens(place, "Chat", stage.index, CHAT),
            Lens(place, "Change model", stage.index, CHANGE_MODEL),
        ]
    return found


def _title(stage: StageModel) -> str:
    """ "claude-opus-4-1 (retires 2026-11-30) · stage default"."""
    model = stage.in_effect.model
    if model is None:
        return "No model"
    trouble = f" ({stage.trouble})" if stage.trouble else ""
    return f"{model.model}{trouble} · {stage.origin}"
