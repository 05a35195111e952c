"""`textDocument/inlayHint`."""

from __future__ import annotations

from lsprotocol import types

from stagewright.analysis.features import features
from stagewright.foreign import label
from stagewright.lsp.session import Session


def inlay_hint(session: Session, params: types.InlayHintParams) -> list[types.InlayHint]:
    """The model in effect where a stage sets none, for editors that show no lenses."""
    opened = session.documents.find(params.text_document.uri)
    settings = session.settings
    if opened is None or not settings.inlay_hints.enabled:
        return []
    if session.editor.shows_lenses and settings.code_lens.enabled:
        return []  # once is enough
    span, options = opened.span(params.range), session.options(opened.uri)
    more = features(opened.document.dialect)
    found = more.hints(opened.document, span, session.catalog, options) if more else ()
    return [
        types.InlayHint(
            position=opened.place(one.position),
            label=label(one.label),
            tooltip=types.MarkupContent(types.MarkupKind.Markdown, one.tooltip),
            padding_left=True,
        )
        for one in found
    ]
