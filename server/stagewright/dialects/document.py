"""The typed view of a document: its stages or roles, their model references, each with its span."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from stagewright.dialects import choragen
from stagewright.dialects.dialect import Dialect
from stagewright.dialects.entries import HEAD, Entries
from stagewright.dialects.entry import Entry
from stagewright.dialects.governed import UNGOVERNED, Defined, Governed
from stagewright.dialects.key_path import in_words
from stagewright.dialects.sites import ModelSite
from stagewright.text.buffer import Position, Span
from stagewright.text.nodes import NodePath

if TYPE_CHECKING:
    from stagewright.catalog.catalog import Catalog
    from stagewright.dialects.around import Around
    from stagewright.dialects.file_sites import FileSites

__all__ = [
    "HEAD",
    "Dialect",
    "Document",
    "Entry",
    "ModelSite",
    "site_at",
    "sites",
    "where",
]


class SiteAt(NamedTuple):
    """A model site of a document: which of which entry's, and where that entry's line 0 is."""

    entry: int
    number: int
    site: ModelSite
    line: int


class Document(Entries):
    """An open file of a dialect: its text, and its entries, each with the models it names."""

    def __init__(
        self,
        text: str,
        dialect: Dialect = choragen.TEMPLATE,
        governed: Governed = UNGOVERNED,
    ) -> None:
        self.governed = governed
        self._file_sites: FileSites | None = None
        super().__init__(text, dialect)

    def sites(self, index: int) -> tuple[ModelSite, ...]:
        """The model sites of an entry: the same objects as long as nothing about them changes."""
        entry = self.entry(index)
        return entry.sites if entry.node is None else self._all.sites(index)

    def around(self, line: int, path: NodePath) -> tuple[Around, bool]:
        """What stands around the value at a path, on a line, as far as it can be followed; and
        whether it could be up to the mapping that the value stands in. Not in a text that is too
        long to be read in parts: who types there would wait for seconds."""
        return self._all.around(line, path)

    def with_text(self, text: str) -> Document:
        """A document of the same file with another text."""
        return Document(text, self.dialect, self.governed)

    def recognize(self, catalog: Catalog) -> None:
        """Take what a catalogue knows for what names models: only where a dialect cannot tell."""

    def comment_on(self, line: int, *, alone: bool) -> str:  # noqa: ARG002
        """The comments on a line of code; with `alone` only where nothing else stands there."""
        return ""

    def comment_line(self, text: str, line: int) -> str | None:  # noqa: ARG002
        """A line of code that is this comment, to be put above another; None where none can."""
        return None

    @property
    def defined(self) -> Defined:
        """What the file declares, and those that govern it."""
        return self._all.defined

    def govern(self, governed: Governed) -> None:
        """Take what the settings files beside it say now."""
        if governed != self.governed:
            self.governed = governed
            if self._file_sites is not None:
                self._file_sites.govern(governed)

    @property
    def _all(self) -> FileSites:
        if self._file_sites is None:
            from stagewright.dialects.file_sites import FileSites  # no template needs it

            self._file_sites = FileSites(self, self.governed)
        return self._file_sites

    def _forget(self) -> None:
        super()._forget()
        if self._file_sites is not None:
            self._file_sites.changed()


def sites(document: Document) -> Iterator[tuple[Entry, ModelSite]]:
    """Every model site, in order, with its entry."""
    for index, number in in_order(document):
        yield document.entry(index), document.sites(index)[number]


def in_order(document: Document) -> list[tuple[int, int]]:
    """Every model site in the order of the text, as the indexes of its entry and of itself."""
    found = [
        (site.span.shifted(document.entry_line(index)), index, number)
        for index in document.parts()
        for number, site in enumerate(document.sites(index))
    ]
    return [(index, number) for _, index, number in sorted(found)]


def where(document: Document, entry: int, site: ModelSite) -> str:
    """The path of keys from the top of the document to a site: `stages[2].defaultModel`."""
    return in_words((*document.path_of(entry), *site.path))


def site_at(document: Document, position: Position) -> SiteAt | None:
    """The model site whose value, or key, is at a position."""
    for entry in document.parts_at(position.line):
        line = document.entry_line(entry)
        for number, site in enumerate(document.sites(entry)):
            extent = Span(min(site.key_span.start, site.span.start), site.span.end)
            if extent.shifted(line).contains(position):
                return SiteAt(entry, number, site, line)
    return None
