"""`textDocument/completion`."""

from __future__ import annotations

from dataclasses import replace

from lsprotocol import types

from stagewright.analysis.completion.complete import complete
from stagewright.lsp import convert
from stagewright.lsp.session import Session


def completion(session: Session, params: types.CompletionParams) -> convert.PlainJson | None:
    """Offers at the cursor, from what is known now: never waits."""
    opened = session.documents.find(params.text_document.uri)
    if opened is None:
        return None
    document, position = opened.document, opened.at(params.position)
    answer = complete(document, position, session.catalog, session.options(opened.uri))
    if session.learning:
        answer = replace(answer, incomplete=True)
    session.wake()
    number = session.newest_completion.keep(answer)
    return convert.completion_list(document.lines, answer, session.client, number)
