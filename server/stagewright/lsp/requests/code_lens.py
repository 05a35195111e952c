"""`textDocument/codeLens`."""

from __future__ import annotations

from lsprotocol import types

from stagewright.analysis.features import features
from stagewright.lsp import convert
from stagewright.lsp.later import load
from stagewright.lsp.parts import Parts


async def code_lens(parts: Parts, params: types.CodeLensParams) -> list[types.CodeLens]:
    """Each stage's model, and what can be done there; what can be done in a transcript."""
    session = parts.session
    opened = session.documents.find(params.text_document.uri)
    if opened is None or not session.settings.code_lens.enabled:
        return []
    if not session.editor.shows_lenses:
        session.editor.shows_lenses = True
        session.editor.ask_for_hints()  # lenses say from now on what hints said
    if opened.document.dialect.follows_workflow:
        chat = await parts.chats.get()
        offered = load("stagewright.lsp.chats.transcript_actions")
        lenses: list[types.CodeLens] = await offered.lenses(chat, opened.uri)
        return lenses
    more, options = features(opened.document.dialect), session.options(opened.uri)
    found = more.lenses(opened.document, session.catalog, options) if more else ()
    return [
        types.CodeLens(range=opened.range(one.span), command=convert.lens_command(opened.uri, one))
        for one in found
    ]
