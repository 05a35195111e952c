"""Each place of a document that names a model, as the file alone tells it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from stagewright.analysis.slips import providers_meant
from stagewright.catalog.catalog import PROVIDER_ALIASES
from stagewright.catalog.model import ModelReference
from stagewright.dialects import notation
from stagewright.dialects.defined import declared
from stagewright.dialects.document import Document, Entry, ModelSite, in_order, site_at, where
from stagewright.text.buffer import Position, Span, span_at

ALIAS, LOCAL, OPAQUE, UNKNOWN = "alias", "local", "opaque", "unknown"
"""The standings that need no catalogue."""


@dataclass(frozen=True, slots=True)
class Named:
    """A place where a model is named, as its file alone tells it: plain data for other processes.

    `reference` is the pair, where the file says which it is; otherwise `silent` is the standing
    that needs no catalogue, and `provider` and `model` are the file's own words.
    """

    span: Span  # absolute, of the text that names it: of a pair its model
    dialect: str
    where: str  # the path of keys that leads there
    owner: str | None  # the stage or role that it belongs to
    written: str  # that text, as it stands in the file
    provider: str | None  # None where nothing tells it
    model: str
    reference: ModelReference | None
    silent: str = ""
    any_kind: bool = False  # not only chat models are named here

    @property
    def local_name(self) -> str | None:
        """The name that its file defines, or should: of the model, or of its provider."""
        if self.silent == LOCAL or (self.silent == UNKNOWN and self.provider is None):
            return self.provider or self.model
        return None

    @property
    def key(self) -> tuple[str, str, str]:
        """What places that name the same model have in common; texts, to be put in order."""
        return self.silent, self.provider or "", self.model


def named_in(document: Document) -> Iterator[Named]:
    """Every place of a document where a model is named, in the order of its text."""
    for index, number in in_order(document):
        if named := _named(document, index, document.sites(index)[number]):
            yield named


def named_at(document: Document, position: Position) -> Named | None:
    """The model that is named at a position."""
    found = site_at(document, position)
    return _named(document, found.entry, found.site) if found else None


def declarations(document: Document) -> Iterator[tuple[str, Span]]:
    """The names that a document declares, of models and of providers, each where it does so."""
    defines = document.dialect.defines
    for index in document.parts():
        node, line = document.entry(index).node, document.entry_line(index)
        if node is None:
            continue
        for name, text in declared(
            node, (*defines.models, *defines.providers), document.path_of(index)
        ):
            if text is not None:
                yield name, text.span.shifted(line)


def _named(document: Document, index: int, site: ModelSite) -> Named | None:
    """One site; None where no model is named, or only a part of one."""
    entry = document.entry(index)
    span = extent(document, site, document.entry_line(index))
    written = document.text_of(span)
    model = site.model.value.strip() if site.model else ""
    provider = site.provider.value if site.provider and model else _beside(document, site)
    model = model or (site.whole.value if site.whole else written)
    reference, silent = site.reference, ""
    if reference is not None:
        provider, model = reference.provider, reference.model
        provider = PROVIDER_ALIASES.get(provider, provider)
        reference = ModelReference(provider, model)
    elif not (silent := _silent(entry, site)):
        return None
    elif silent in (ALIAS, OPAQUE) and provider is not None:
        provider = notation.ours_of(site.place, provider) or provider
    owner = entry.name.value if entry.name and document.path_of(index) else None
    at = where(document, index, site)
    return Named(
        span,
        document.dialect.id,
        at,
        owner,
        written,
        provider,
        model,
        reference,
        silent,
        site.place.kind == "any",
    )


def _beside(document: Document, site: ModelSite) -> str | None:
    """The provider that a key of its own names; not where the model's own name is the file's."""
    named = site.beside
    its_own = site.is_undefined or site.standing_word == LOCAL
    if named == notation.HIDDEN or (its_own and named not in document.defined.providers):
        return None
    return named


def extent(document: Document, site: ModelSite, line: int) -> Span:
    """Where the text stands that names a model, without its quotes; of a pair, its model's.

    `line` is the one that the site's entry begins on.
    """
    text = site.whole or site.model
    if text is None:
        return site.span.shifted(line)
    span = text.span.shifted(line)
    start, end = span
    if start.line != end.line:
        return span
    written = document.text_of(span)
    at = written.find(text.value)
    if at >= 0:
        column = start.column + at
        return span_at(start.line, column, start.line, column + len(text.value))
    if len(written) > 1 and written[0] == written[-1] and written[0] in "'\"":  # with escapes
        return span_at(start.line, start.column + 1, end.line, end.column - 1)
    return span


def _silent(entry: Entry, site: ModelSite) -> str:
    """The standing of a place that names no pair; empty where it names nothing, or not yet."""
    if site.whole is None:  # an alias of YAML stands for it, or for a part of it
        is_written = site.span != site.key_span and not entry.broken
        return OPAQUE if is_written and site.problem is None else ""
    is_whole = site.model is not None and site.model.value.strip()
    is_slip = bool(site.unknown_provider and providers_meant(site, site.place.providers))
    word = UNKNOWN if site.is_undefined or is_slip else site.standing_word or ""
    return word if is_whole or notation.is_opaque(site.place, site.whole.value) else ""
