"""Open documents, each around our own text buffer, and how the files of URIs are told apart."""

from __future__ import annotations

import os
from collections.abc import Callable, Hashable
from functools import lru_cache
from itertools import count
from pathlib import Path
from unicodedata import normalize
from urllib.parse import unquote, urlsplit

from lsprotocol import types
from pygls.uris import to_fs_path
from pygls.workspace import TextDocument, Workspace

from stagewright.catalog.catalog import Catalog
from stagewright.dialects.document import Dialect, Document
from stagewright.dialects.governed import Governed
from stagewright.dialects.opening import open_document
from stagewright.lsp.convert import position_in, position_out, range_out, span_in
from stagewright.text.buffer import Encoding, Position, Span

UNVERSIONED = -(2**31)
"""Stands for the version of a document whose client tells none."""

_editions = count()


@lru_cache(maxsize=256)  # asked for several times a keystroke
def path_of(uri: str) -> Path | None:
    """The file that a `file:` URI names. Dot segments are the URI's, not the disk's (RFC 3986)."""
    try:
        parts = urlsplit(uri)
    except ValueError:
        return None
    if parts.scheme.lower() != "file":
        return None
    if os.name == "nt":
        name = to_fs_path(uri) or ""
    else:
        # A host has no meaning here, and whatever bytes a name is made of, it stays the same name.
        name = unquote(parts.path, errors="surrogateescape")
    try:
        if not name or b"\0" in os.fsencode(name):
            return None
        path = os.path.normpath(name)
        return Path(path[1:] if os.name != "nt" and path.startswith("//") else path)
    except UnicodeEncodeError:
        return None


def uri_of(path: Path) -> str:
    """A file's URI."""
    return path.absolute().as_uri()


def identity(path: Path) -> Hashable:
    """Equal for two paths of one file: by links, in other case where that makes no difference, by
    short names. Looks at the disk."""
    real = Path(os.path.realpath(path))
    name = normalize("NFC", real.name)
    try:
        folder = real.parent.stat()
    except OSError:
        return os.path.normcase(real)
    try:
        number = real.stat().st_ino
    except OSError:
        return folder.st_dev, folder.st_ino, name
    # A file may have several names in one folder: only those that differ in case are one.
    return folder.st_dev, folder.st_ino, number, name.casefold()


class OpenDocument(TextDocument):
    """A template or role index in an editor. pygls applies the client's changes to it.

    pygls's own buffer takes 35 ms for a keystroke in a long file and moves positions that lie past
    a line's end, so ours stands in its place. `edition` is a number that no other text has, of
    this document or another; `version` is the client's, if it tells one.
    """

    def __init__(
        self, uri: str, version: int | None, document: Document, encoding: Encoding
    ) -> None:
        super().__init__(uri, source="", version=None if version == UNVERSIONED else version)
        self.document = document
        self.encoding = encoding
        self.edition = next(_editions)

    @property
    def source(self) -> str:
        """The whole text."""
        return self.document.text

    def at(self, place: types.Position) -> Position:
        """A place that the client tells, in the text as it is now."""
        return position_in(self.document.lines, place, self.encoding)

    def span(self, told: types.Range) -> Span:
        """A part that the client tells, likewise."""
        return span_in(self.document.lines, told, self.encoding)

    def place(self, position: Position) -> types.Position:
        """A place as the client counts it."""
        return position_out(self.document.lines, position, self.encoding)

    def range(self, span: Span) -> types.Range:
        """A part as the client counts it."""
        return range_out(self.document.lines, span, self.encoding)

    def apply_change(self, change: types.TextDocumentContentChangeEvent) -> None:
        """One change of a `textDocument/didChange`, in the client's encoding."""
        self.edition = next(_editions)
        if isinstance(change, types.TextDocumentContentChangePartial):
            self.document.edit(self.span(change.range), change.text)
        else:
            self.document.edit(None, change.text)


class OpenDocuments(Workspace):
    """pygls's table of what is open, in which our documents stand, and files have one name each."""

    def __init__(
        self,
        before: Workspace,
        encoding: Encoding,
        dialect_of: Callable[[Path, str | None, Dialect | None], Dialect | None],
        governing: Callable[[Path, Dialect], Governed],
        catalog: Callable[[], Catalog],
    ) -> None:
        """`dialect_of` says what a file is by the settings of now, with its text and what it has
        been so far; None is none of ours. `governing` says what is said of it around it,
        now, and `catalog` what is known of models."""
        folders = list(before.folders.values())
        super().__init__(before.root_uri, before._sync_kind, folders, before.position_encoding)
        self._encoding = encoding
        self._dialect_of = dialect_of
        self._governing = governing
        self._catalog = catalog

    def is_open(self, uri: str) -> bool:
        """Whether a document is open, be it one of ours or not."""
        return unquote(uri) in self._text_documents

    def find(self, uri: str) -> OpenDocument | None:
        """The open template, role index or transcript of this URI."""
        found = self.get_text_document(uri)
        if not isinstance(found, OpenDocument):
            return None
        found.document.recognize(self._catalog())
        return found

    def uris(self) -> list[str]:
        """URIs of the open templates, role indexes and transcripts."""
        documents = self.text_documents.values()
        return [document.uri for document in documents if isinstance(document, OpenDocument)]

    def reopen(self) -> list[str]:
        """Take the open files for what they are by the settings of now; those that changed."""
        uris = [document.uri for document in self.text_documents.values()]
        return [uri for uri in uris if self.look_again(uri)]

    def govern(self) -> list[str]:
        """Have the open files go by what is said of them around them now; those of which that is
        something else."""
        return [one.uri for one in self.text_documents.values() if self._govern(one)]

    def look_again(self, uri: str) -> bool:
        """Take an open file for what it is now; whether that is something else."""
        document = self._text_documents.get(unquote(uri))
        path = path_of(uri)
        if document is None or path is None:
            return False
        before = document.document.dialect if isinstance(document, OpenDocument) else None
        if self._dialect_of(path, document.source, before) is before:
            return False
        version = UNVERSIONED if document.version is None else document.version
        item = types.TextDocumentItem(uri, document.language_id or "", version, document.source)
        self.put_text_document(item)
        return True

    def as_opened(self, uri: str) -> str:
        """The URI under which the file of this one is open, if it is; else the URI itself."""
        if (known := self._text_documents.get(unquote(uri))) is not None:
            return known.uri
        path = path_of(uri) if self._text_documents else None
        if path is None:
            return uri
        wanted = identity(path)
        for document in self._text_documents.values():
            there = path_of(document.uri)
            if there is not None and identity(there) == wanted:
                return document.uri
        return uri

    def update_text_document(
        self,
        text_doc: types.VersionedTextDocumentIdentifier,
        change: types.TextDocumentContentChangeEvent,
    ) -> None:
        """Apply a change; nothing is known of a file that is not open."""
        if unquote(text_doc.uri) in self._text_documents:
            super().update_text_document(text_doc, change)
            if text_doc.version == UNVERSIONED:
                self._text_documents[unquote(text_doc.uri)].version = None

    def _create_text_document(
        self,
        doc_uri: str,
        source: str | None = None,
        version: int | None = None,
        language_id: str | None = None,
    ) -> TextDocument:
        path = path_of(doc_uri)
        if path is not None and source is not None:
            dialect = self._dialect_of(path, source, None)
            if dialect is not None:
                governed = self._governing(path, dialect)
                document = open_document(source, dialect, governed, path.name)
                return OpenDocument(doc_uri, version, document, self._encoding)
        return super()._create_text_document(doc_uri, source, version, language_id)

    def _govern(self, document: TextDocument) -> bool:
        path = path_of(document.uri)
        if not isinstance(document, OpenDocument) or path is None:
            return False
        governed = self._governing(path, document.document.dialect)
        if governed == document.document.governed:
            return False
        document.document.govern(governed)
        document.edition = next(_editions)
        return True
