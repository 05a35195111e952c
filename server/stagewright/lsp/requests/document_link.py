"""`textDocument/documentLink`."""

from __future__ import annotations

from lsprotocol import types

from stagewright.analysis.features import features
from stagewright.lsp.documents import path_of, uri_of
from stagewright.lsp.session import Session


def document_link(session: Session, params: types.DocumentLinkParams) -> list[types.DocumentLink]:
    """Files that the text names, such as a role's system prompt."""
    opened = session.documents.find(params.text_document.uri)
    path = path_of(params.text_document.uri)
    if opened is None or path is None:
        return []
    more = features(opened.document.dialect)
    root = session.roots.of(path)
    return [
        types.DocumentLink(
            range=opened.range(one.span),
            target=uri_of(root / one.path),
        )
        for one in (more.links(opened.document) if more else ())
    ]
