"""Open documents: pygls's document object around our own text buffer."""

from __future__ import annotations

from pathlib import Path

from lsprotocol import types
from pygls.uris import to_fs_path
from pygls.workspace import TextDocument

from stagewright.lsp.convert import span_in
from stagewright.templates.buffer import Encoding
from stagewright.templates.template import Document


def path_of(uri: str) -> Path | None:
    """The file that a `file:` URI names."""
    name = to_fs_path(uri)
    return Path(name) if name else None


def uri_of(path: Path) -> str:
    """A file's URI."""
    return path.absolute().as_uri()


class OpenDocument(TextDocument):
    """A template or role index in an editor. pygls applies the client's changes to it.

    pygls's own buffer takes 35 ms for a keystroke in a long file and moves positions that lie past
    a line's end, so ours stands in its place.
    """

    def __init__(
        self, uri: str, version: int | None, document: Document, encoding: Encoding
    ) -> None:
        super().__init__(uri, source="", version=version)
        self.document = document
        self.encoding = encoding

    @property
    def source(self) -> str:
        """The whole text."""
        return self.document.text

    def apply_change(self, change: types.TextDocumentContentChangeEvent) -> None:
        """One change of a `textDocument/didChange`, in the client's encoding."""
        if isinstance(change, types.TextDocumentContentChangePartial):
            span = span_in(self.document.lines, change.range, self.encoding)
            self.document.edit(span, change.text)
        else:
            self.document.edit(None, change.text)
