"""The models that a document names, and those of which only a question can tell."""

from __future__ import annotations

from collections.abc import Container, Iterable
from datetime import datetime

from stagewright.analysis.options import Options
from stagewright.catalog.catalog import Catalog, Standing, Status
from stagewright.catalog.model import ModelReference
from stagewright.dialects.document import Document


def to_ask_about(
    document: Document, catalog: Catalog, options: Options, but: Container[int] = ()
) -> list[ModelReference]:
    """The document's references that only a question to their provider can settle, each once.

    Not those of which a half stands on one of the lines `but`: it is still being typed.
    """
    if document.dialect.presumes:
        return []  # a literal may be anything: no question is asked for it
    return pending(references(document, but), catalog, options.now)


def references(document: Document, but: Container[int] = ()) -> list[ModelReference]:
    """The models that the document names, each once, lines left out as for `to_ask_about`.

    Entries without such a key are not read.
    """
    found: dict[ModelReference, None] = {}
    for index in _with_references(document):
        line = document.entry_line(index)
        for site in document.sites(index):
            if site.reference is not None:
                halves = (
                    half.span.start.line + line for half in (site.provider, site.model) if half
                )
                if not any(number in but for number in halves):
                    found[site.reference] = None
    return list(found)


def _with_references(document: Document) -> Iterable[int]:
    """The entries in which a reference may stand, by their text."""
    chunks, key = document.chunks, document.dialect.reference_key
    if chunks is None or not key:
        return document.parts()
    first = chunks.starts[0]
    return dict.fromkeys(
        index
        for number, line in enumerate(document.lines[first : chunks.end], first)
        if key in line or "\\" in line  # a key in escapes
        if (index := chunks.index_at(number)) is not None
    )


def pending(
    references: Iterable[ModelReference], catalog: Catalog, now: datetime
) -> list[ModelReference]:
    """Those that only a question to their provider can settle, and whose provider can be asked."""
    verdicts = (catalog.verdict(reference, now=now) for reference in references)
    return [
        verdict.reference
        for verdict in verdicts
        if verdict.standing is Standing.PENDING
        and verdict.provider is not None
        and verdict.provider.status is Status.OK
    ]
