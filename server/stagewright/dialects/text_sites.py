"""Model sites where one text, or a part of one, names a model: those of other programs' files.

Choragen's are read without this: an editor's first completion mostly stands in one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace

from stagewright.catalog.model import ModelReference
from stagewright.dialects import notation, outline
from stagewright.dialects.around import (
    Around,
    Seen,
    is_named_here,
    is_redirected,
    provider_beside,
)
from stagewright.dialects.dialect import Dialect
from stagewright.dialects.extract import Part, parts
from stagewright.dialects.governed import Defined, Governed
from stagewright.dialects.key_path import Found, Step, beyond, values_at
from stagewright.dialects.notation import StandingWord
from stagewright.dialects.outline import Outline
from stagewright.dialects.place import Place
from stagewright.dialects.sites import ModelSite, is_null
from stagewright.mask import is_secret
from stagewright.text.buffer import Span, span_at
from stagewright.text.nodes import Node, NodePath, ScalarNode
from stagewright.text.source_map import source_map

LONGEST_VALUE, LONGEST_NAME = 100_000, 300
"""Characters of a value that is looked into, and of what may be a model's name."""


@dataclass(frozen=True, slots=True)
class TextSite(ModelSite):
    """A place where one text, or a part of one, names a model."""

    whole: ScalarNode | None = None
    part: Part | None = None
    source: ScalarNode | None = None
    is_settable: bool = False
    standing_word: StandingWord | None = None
    beside: str | None = None
    beside_at: ScalarNode | None = None
    is_undefined: bool = False
    is_redirected: bool = False
    unknown_provider: str = ""

    def naming(self, reference: ModelReference) -> str | None:
        """The text that names another model here, in the manner of this one; None where none
        can."""
        if self.whole is None:
            return None
        return notation.written(self.place, reference, self.whole.value, self.beside)

    @property
    def wants_chats(self) -> bool:
        """Whether it is a chat model that belongs here."""
        return self.whole is None or notation.wants_chats(self.place, self.whole.value)

    @property
    def meaning(self) -> str | None:
        """What it means, where it is one of the names that are always right."""
        return notation.meaning(self.place, self.whole.value) if self.whole else None


@dataclass(frozen=True, slots=True)
class Source:
    """Where an entry stands in its file."""

    lines: Sequence[str]
    first: int  # the line on which its spans count as line 0
    syntax: str
    path: NodePath = ()  # of its node
    outline: Outline = field(default_factory=dict)  # what all entries say of what is around them
    around: Collection[NodePath] = ()  # the mappings in which there are other entries


def sites_in(node: Node, dialect: Dialect, source: Source) -> tuple[ModelSite, ...]:
    """The sites of an entry of a file that may name models at many places, in their order."""
    seen: Seen = {}
    found = [
        site
        for place in dialect.places
        for at in place.at
        if (steps := beyond(at.steps, source.path)) is not None
        for site in _texts(node, place, steps, source, seen)
    ]
    first = {site.span: site for site in reversed(found)}  # of the first place that means it
    return tuple(first[span] for span in sorted(first))


def resolved(site: ModelSite, defined: Defined, governed: Governed) -> ModelSite:
    """A site, as what the whole file and those that govern it say lets it be."""
    if not isinstance(site, TextSite) or site.standing_word == "alias" or site.whole is None:
        return site
    if governed.redirected:
        return _redirected(site)
    if site.place.written == "display":
        known = site.reference is not None and site.reference.provider in governed.offered
        return site if known else replace(site, reference=None, standing_word="opaque")
    if site.standing_word == "local":
        known = defined.others or site.whole.value.strip() in defined.models
        return site if known else replace(site, is_undefined=True)
    if site.place.local and site.provider is None and site.whole.value.strip() in defined.models:
        return replace(site, reference=None, standing_word="local")
    named = site.provider.value if site.provider else site.beside
    if named is not None and named in defined.providers:
        return replace(site, reference=None, standing_word="local", unknown_provider="")
    return site


def _redirected(site: TextSite) -> TextSite:
    return replace(
        site, reference=None, standing_word="opaque", unknown_provider="", is_redirected=True
    )


def _texts(
    entry: Node, place: Place, steps: tuple[Step, ...], source: Source, seen: Seen
) -> Iterator[ModelSite]:
    for found in values_at(entry, steps):
        named = found.key if place.in_key else found.value
        if not isinstance(named, ScalarNode) or is_null(named) or len(named.value) > LONGEST_VALUE:
            continue
        around = _around(found, place, source, seen)
        if not is_named_here(place, around):
            continue
        redirected = is_redirected(place, around)
        for part in parts(place, named.value):
            if _is_name(place, part.text):
                site = _text(place, found, named, part, around, source)
                yield _redirected(site) if redirected and site.standing_word != "alias" else site


def _is_name(place: Place, text: str) -> bool:
    """Whether a text may be the name of a model. A key without a provider is another key."""
    other_key = place.in_key and place.separator and place.separator not in text
    return bool(text) and len(text) <= LONGEST_NAME and not (other_key or is_secret(text))


def _around(found: Found, place: Place, source: Source, seen: Seen) -> Around:
    levels = outline.levels(source.outline, source.around, source.path, found.path, found.around)
    return Around(levels, found.value if place.in_key else None, seen)


def _text(
    place: Place, found: Found, named: ScalarNode, part: Part, around: Around, source: Source
) -> TextSite:
    beside, beside_at = provider_beside(place, around)
    provider, model, begins, reference, word, unknown = notation.read(place, part.text, beside)
    span_of = _spans(named, source)
    one_line = named.span.start.line == named.span.end.line and named.style in _ON_ONE_LINE
    whole = named
    if not (one_line and part.text == named.value.strip()):
        span = span_of(part.start, part.end) if span_of else named.span
        whole = ScalarNode(part.text, span, "")
        one_line = span_of is not None and span.start.line == span.end.line

    def half(text: str, at: int) -> ScalarNode:
        if span_of is None or not part.is_verbatim:
            return ScalarNode(text, whole.span, "")
        return ScalarNode(text, span_of(part.start + at, part.start + at + len(text)), "")

    return TextSite(
        place,
        found.path,
        found.key.span,
        whole.span,
        half(provider, part.text.find(provider)) if provider else None,
        half(model, begins),
        reference,
        whole=whole,
        part=None if whole is named else part,
        source=named,
        is_settable=one_line,
        standing_word=word,
        beside=beside,
        beside_at=beside_at,
        unknown_provider=unknown,
    )


def _spans(named: ScalarNode, source: Source) -> Callable[[int, int], Span] | None:
    """Where parts of a value stand, as spans count in its entry; None where that is unknown."""
    (line, start), (last, end) = named.span
    start += len(named.style)
    if line == last and end - start == len(named.value) + len(named.style):  # as it is written
        return lambda begin, stop: span_at(line, start + begin, line, start + stop)
    places = source_map(named, source.lines, source.first, syntax=source.syntax)
    return places.span if places else None


_ON_ONE_LINE = ("", "'", '"')
