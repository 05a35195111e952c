"""`textDocument/selectionRange`."""

from __future__ import annotations

from lsprotocol import types

from stagewright.analysis.selection_range import selection_ranges
from stagewright.lsp.session import Session


def selection_range(
    session: Session, params: types.SelectionRangeParams
) -> list[types.SelectionRange]:
    """From the word to the value, the mapping, the stage, the file."""
    opened = session.documents.find(params.text_document.uri)
    if opened is None or opened.document.layout.front_matter:
        return []  # that is for the editor's Markdown
    answer = []
    for place in params.positions:
        around: types.SelectionRange | None = None
        for span in reversed(selection_ranges(opened.document, opened.at(place))):
            around = types.SelectionRange(opened.range(span), around)
        answer.append(around or types.SelectionRange(types.Range(place, place)))
    return answer
