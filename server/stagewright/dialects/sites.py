"""Model sites: each place of a document where a model is named, with its spans."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache

from stagewright.catalog.model import ModelReference
from stagewright.dialects import notation, outline
from stagewright.dialects.around import (
    Around,
    Seen,
    is_named_here,
    is_redirected,
    provider_beside,
)
from stagewright.dialects.defined import Defined
from stagewright.dialects.dialect import Dialect
from stagewright.dialects.extract import Part, parts
from stagewright.dialects.governed import Governed
from stagewright.dialects.key_path import Found, Step, beyond, values_at
from stagewright.dialects.notation import StandingWord
from stagewright.dialects.outline import Outline
from stagewright.dialects.place import Place
from stagewright.mask import is_secret
from stagewright.text.buffer import Span, span_at
from stagewright.text.nodes import AliasNode, MappingNode, Node, NodePath, ScalarNode, SequenceNode
from stagewright.text.source_map import source_map
from stagewright.text.yaml.scan import NULLS

LONGEST_VALUE, LONGEST_NAME = 100_000, 300
"""Characters of a value that is looked into, and of what may be a model's name."""


@dataclass(frozen=True, slots=True)
class ModelSite:
    """One place where a model is named. Spans are relative to its entry's first line.

    `problem` says, in words, why it names no model (missing, empty or wrongly shaped parts);
    otherwise `reference` is the pair. Both are None where the text is broken or unfinished, where
    an alias of YAML leaves open which model is meant, and where `standing_word` says why.
    """

    place: Place
    path: NodePath  # from the top of the entry
    key_span: Span  # of the key that it stands behind; of the value where it is a list's item
    span: Span  # of the value, or of its part; of the key where there is no value
    provider: ScalarNode | None  # where it is written as a text of its own, or as a part of `whole`
    model: ScalarNode | None
    reference: ModelReference | None
    problem: str | None = None
    problem_span: Span | None = None
    others: tuple[ModelReference, ...] = ()  # where the key stands again, what is named there

    # What a text of its own has; a template of 10,000 stages is not to hold it as often.
    @property
    def whole(self) -> ScalarNode | None:
        """The one text that names it; None for a mapping of both halves."""
        return None

    @property
    def part(self) -> Part | None:
        """Which part of `source` that text is, unless it is all of it."""
        return None

    @property
    def source(self) -> ScalarNode | None:
        """The value that the text stands in."""
        return None

    @property
    def is_settable(self) -> bool:
        """Whether another text can take its place: it is on one line."""
        return False

    @property
    def standing_word(self) -> StandingWord | None:
        """Why nothing is said of it."""
        return None

    @property
    def beside(self) -> str | None:
        """What a key of its own names as its provider."""
        return None

    @property
    def beside_at(self) -> ScalarNode | None:
        """The value of that key, where it stands in the entry."""
        return None

    @property
    def is_undefined(self) -> bool:
        """Whether it is a name that the file should define, and does not."""
        return False

    @property
    def is_redirected(self) -> bool:
        """Whether the file, or one that governs it, says to ask it elsewhere."""
        return False

    @property
    def unknown_provider(self) -> str:
        """The name of a provider that the format is not known to have."""
        return ""

    @property
    def wants_chats(self) -> bool:
        """Whether it is a chat model that belongs here."""
        return self.whole is None or notation.wants_chats(self.place, self.whole.value)

    @property
    def meaning(self) -> str | None:
        """What it means, where it is one of the names that are always right."""
        return notation.meaning(self.place, self.whole.value) if self.whole else None


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


@dataclass(frozen=True, slots=True)
class Source:
    """Where an entry stands in its file."""

    lines: Sequence[str]
    first: int  # the line on which its spans count as line 0
    syntax: str
    path: NodePath = ()  # of its node
    outline: Outline = field(default_factory=dict)  # what all entries say of what is around them
    around: Collection[NodePath] = ()  # the mappings in which there are other entries


def pair_site(node: Node, dialect: Dialect, *, broken: bool) -> tuple[ModelSite, ...]:
    """The site of an entry that has its model below the dialect's one key."""
    key = dialect.reference_key
    if not key or not isinstance(node, MappingNode):
        return ()
    site = pair_in(node, key, dialect, broken=broken)
    return (site,) if site else ()


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


def pair_in(entry: MappingNode, key: str, dialect: Dialect, *, broken: bool) -> ModelSite | None:
    """The site of an entry that names its model below this key, as a mapping of both halves."""
    pairs = [(k, v) for k, v in entry.pairs if isinstance(k, ScalarNode) and k.value == key]
    if not pairs:
        return None
    first, *more = (_pair(pair, key, dialect, broken) for pair in pairs)
    others = tuple(site.reference for site in more if site.reference)
    return replace(first, others=others) if others else first


def is_null(node: Node) -> bool:
    """Whether a value is written as nothing, or as one of YAML's words for nothing."""
    return isinstance(node, ScalarNode) and not node.style and not node.tag and node.value in NULLS


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


def _pair(pair: tuple[Node, Node], key: str, dialect: Dialect, broken: bool) -> ModelSite:
    """What one of an entry's references names."""
    key_span, value, place = pair[0].span, pair[1], dialect.places[0]
    span = key_span if value.span.start == value.span.end else value.span
    if isinstance(value, MappingNode):
        provider, model = _half(value, "provider"), _half(value, "model")
        fault = _fault_in_pair(value, key, key_span)
        if not fault and provider and model:
            reference = _reference(provider.value, model.value)
            return ModelSite(place, _path(key), key_span, span, provider, model, reference)
    else:
        provider = model = None
        fault = (_fault_in_shape(value, key), span)
    if fault is None or broken or (dialect.typed and _leaves_open(value)):
        return ModelSite(place, _path(key), key_span, span, provider, model, None)
    return ModelSite(place, _path(key), key_span, span, provider, model, None, *fault)


@cache
def _path(key: str) -> NodePath:
    return (key,)


@lru_cache(1_000)
def _reference(provider: str, model: str) -> ModelReference:
    """One object for all stages that name the same model."""
    return ModelReference(provider, model)


def _fault_in_shape(value: Node, key: str) -> str:
    """Why a value that is no mapping names no model."""
    how = "write `provider` and `model` on two lines below it"
    match value:
        case ScalarNode() if is_null(value):
            return f"`{key}` is empty: {how}, or remove it."
        case ScalarNode():
            return f"`{key}` must be a mapping, not a string: {how}."
        case SequenceNode():
            return f"`{key}` must be a mapping, not a list: {how}."
        case _:
            return f"`{key}` is an alias, which is not followed here: {how}."


def _fault_in_pair(value: MappingNode, key: str, key_span: Span) -> tuple[str, Span] | None:
    """Why a mapping names no model, and where; None where it does."""
    merged = any(isinstance(k, ScalarNode) and k.value == "<<" for k, _ in value.pairs)
    for part in ("provider", "model"):
        found = [(k, v) for k, v in value.pairs if isinstance(k, ScalarNode) and k.value == part]
        if not found:
            why = ": a merge key is not followed here" if merged else ""
            return f"Missing `{part}` in `{key}`{why}.", key_span
        if len(found) > 1:
            return f"Duplicate key `{part}`. Remove one of them.", found[1][0].span
        name, text = found[0]
        if isinstance(text, AliasNode):
            return f"`{part}` is an alias, which is not followed here: write it out.", text.span
        if not isinstance(text, ScalarNode):
            return f"`{part}` must be a string.", text.span
        if is_null(text) or not text.value.strip():
            where = name.span if text.span.start == text.span.end else text.span
            return f"`{part}` is empty: name one, or remove `{key}`.", where
    return None


def _leaves_open(value: Node) -> bool:
    """Whether an alias or a merge key stands where the model would be told."""
    if not isinstance(value, MappingNode):
        return isinstance(value, AliasNode)
    return any(
        isinstance(part, AliasNode) or (isinstance(name, ScalarNode) and name.value == "<<")
        for name, part in value.pairs
    )


def _half(node: MappingNode, key: str) -> ScalarNode | None:
    value = node.get(key)
    return value if isinstance(value, ScalarNode) else None
