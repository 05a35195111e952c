"""The typed view of a document: its stages or roles, their model references, each with its span."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from stagewright.dialects import choragen
from stagewright.dialects.dialect import Dialect
from stagewright.dialects.entry import Entry, read_entry
from stagewright.dialects.key_path import in_words
from stagewright.dialects.sites import ModelSite
from stagewright.text.buffer import Position, Span
from stagewright.text.document import TextDocument
from stagewright.text.yaml.syntax import Node, SyntaxProblem

__all__ = ["Dialect", "Document", "Entry", "ModelSite", "site_at", "sites", "where"]


class SiteAt(NamedTuple):
    """A model site of a document: which of which entry's, and where that entry's line 0 is."""

    entry: int
    number: int
    site: ModelSite
    line: int


class Document(TextDocument[Entry]):
    """An open file of a dialect: its text, and its entries, each with the models it names."""

    def __init__(self, text: str, dialect: Dialect = choragen.TEMPLATE) -> None:
        self.dialect = dialect
        super().__init__(text, dialect.layout)

    def read_entry(
        self, node: Node | None, problems: tuple[SyntaxProblem, ...], broken: bool
    ) -> Entry:
        return read_entry(node, self.dialect, problems, broken)


def sites(document: Document) -> Iterator[tuple[Entry, ModelSite]]:
    """Every model site, in order, with its entry."""
    return ((entry, site) for entry in document.entries() for site in entry.sites)


def where(document: Document, entry: int, site: ModelSite) -> str:
    """The path of keys from the top of the document to a site: `stages[2].defaultModel`."""
    key = document.layout.list_key
    return in_words((key, entry, *site.path) if key else site.path)


def site_at(document: Document, position: Position) -> SiteAt | None:
    """The model site whose value, or key, is at a position."""
    index = document.entry_at(position.line)
    candidates = (
        range(document.count()) if document.chunks is None else () if index is None else (index,)
    )
    for entry in candidates:
        line = document.entry_line(entry)
        for number, site in enumerate(document.entry(entry).sites):
            if (
                Span(min(site.key_span.start, site.span.start), site.span.end)
                .shifted(line)
                .contains(position)
            ):
                return SiteAt(entry, number, site, line)
    return None
