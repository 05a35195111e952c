"""Model sites: each place of a document where a model is named, with its spans."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from stagewright.catalog.model import ModelReference
from stagewright.dialects import notation
from stagewright.dialects.around import (
    Around,
    Level,
    is_named_here,
    is_redirected,
    provider_beside,
)
from stagewright.dialects.dialect import Dialect
from stagewright.dialects.key_path import ITEM, Found, Step, values_at
from stagewright.dialects.notation import StandingWord
from stagewright.dialects.place import Place
from stagewright.mask import is_secret
from stagewright.text.buffer import Span, span_at
from stagewright.text.yaml.enclosing import NodePath
from stagewright.text.yaml.scan import NULLS
from stagewright.text.yaml.syntax import AliasNode, MappingNode, Node, ScalarNode, SequenceNode

READ = frozenset({"yaml", "front-matter"})
"""The syntaxes that can be read."""

LONGEST = 100_000
"""Characters of a value that is looked into."""


@dataclass(frozen=True, slots=True)
class ModelSite:
    """One place where a model is named. Spans are relative to its entry's first line.

    `problem` says, in words, why it names no model (missing, empty or wrongly shaped parts);
    otherwise `reference` is the pair. Both are None where the text is broken or unfinished, where
    an alias of YAML leaves open which model is meant, and for what the dialect says is opaque.
    """

    place: Place
    path: NodePath  # from the top of the entry
    key_span: Span  # of the key that it stands behind; of the value where it is a list's item
    span: Span  # of the value; of the key where there is no value
    provider: ScalarNode | None  # where it is written as a text of its own, or as a part of `whole`
    model: ScalarNode | None
    reference: ModelReference | None
    problem: str | None = None
    problem_span: Span | None = None
    others: tuple[ModelReference, ...] = ()  # where the key stands again, what is named there
    whole: ScalarNode | None = None  # the one text that names it; None for a mapping of both halves
    standing_word: StandingWord | None = None  # why nothing is said of it
    beside: str | None = None  # what a key of its own names as its provider

    @property
    def is_on_one_line(self) -> bool:
        """Whether it is one text on one line, which another can take the place of."""
        whole = self.whole
        return (
            whole is not None
            and whole.style not in ("|", ">")
            and whole.span.start.line == whole.span.end.line
        )

    @property
    def wants_chats(self) -> bool:
        """Whether it is a chat model that belongs here."""
        return self.whole is None or notation.wants_chats(self.place, self.whole.value)

    @property
    def meaning(self) -> str | None:
        """What it means, where it is one of the names that are always right."""
        return notation.meaning(self.place, self.whole.value) if self.whole else None


def sites_in(
    node: Node, dialect: Dialect, *, broken: bool, top: Level | None = None, listed: bool = False
) -> tuple[ModelSite, ...]:
    """The sites of an entry, in the order of the text.

    A `listed` entry is an item of the dialect's list; `top` is then what stands at the top of the
    file. Otherwise it is all of the file, or all but the list.
    """
    if key := dialect.reference_key:
        site = pair_in(node, key, dialect, broken=broken) if isinstance(node, MappingNode) else None
        return (site,) if site else ()
    if dialect.syntax not in READ:
        return ()
    outside = () if top is None else (top,)
    found = [
        site
        for place in dialect.places
        for steps in _steps_in(place, dialect, listed)
        for site in _texts(node, place, steps, outside)
    ]
    return tuple(sorted(found, key=lambda site: site.span))


def _steps_in(place: Place, dialect: Dialect, listed: bool) -> Iterator[tuple[Step, ...]]:
    """The ways to a place within an entry."""
    for at in place.at:
        if not listed:
            yield at.steps
        elif at.steps[:2] == (dialect.layout.list_key, ITEM):
            yield at.steps[2:]


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
    entry: Node, place: Place, steps: tuple[Step, ...], outside: tuple[Level, ...]
) -> Iterator[ModelSite]:
    for found in values_at(entry, steps):
        named = found.key if place.in_key else found.value
        if not isinstance(named, ScalarNode) or is_null(named) or len(named.value) > LONGEST:
            continue
        value = found.value if place.in_key else None
        around = Around((*outside, *found.around), value)
        if is_named_here(place, around) and not is_secret(named.value):
            yield _text(place, found, named, around)


def _text(place: Place, found: Found, named: ScalarNode, around: Around) -> ModelSite:
    beside = provider_beside(place, around)
    provider, model, begins, reference, word = notation.read(place, named.value, beside)
    if reference is not None and is_redirected(place, around):
        reference, word = None, "opaque"
    (line, start), (last, end) = named.span
    quote = bool(named.style)
    as_written = line == last and end - start == len(named.value) + 2 * quote
    if named.style in ("|", ">") or not as_written:  # escapes, or several lines
        halves = named, named
    else:
        start += quote
        halves = (
            ScalarNode(provider, span_at(line, start, line, start + len(provider)), ""),
            ScalarNode(model, span_at(line, start + begins, line, start + begins + len(model)), ""),
        )
    return ModelSite(
        place,
        found.path,
        found.key.span,
        named.span,
        halves[0] if provider else None,
        halves[1],
        reference,
        whole=named,
        standing_word=word,
        beside=beside,
    )


def _pair(pair: tuple[Node, Node], key: str, dialect: Dialect, broken: bool) -> ModelSite:
    """What one of an entry's references names."""
    key_span, value, place = pair[0].span, pair[1], dialect.places[0]
    span = key_span if value.span.start == value.span.end else value.span
    if isinstance(value, MappingNode):
        provider, model = _half(value, "provider"), _half(value, "model")
        fault = _fault_in_pair(value, key, key_span)
        if not fault and provider and model:
            reference = ModelReference(provider.value, model.value)
            return ModelSite(place, (key,), key_span, span, provider, model, reference)
    else:
        provider = model = None
        fault = (_fault_in_shape(value, key), span)
    if fault is None or broken or (dialect.typed and _leaves_open(value)):
        return ModelSite(place, (key,), key_span, span, provider, model, None)
    return ModelSite(place, (key,), key_span, span, provider, model, None, *fault)


def _fault_in_shape(value: Node, key: str) -> str:
    """Why a value that is no mapping names no model."""
    how = f"write provider and model on two lines below {key}"
    match value:
        case ScalarNode() if is_null(value):
            return f"{key} is empty: {how}, or delete it."
        case ScalarNode():
            return f"{key} must be a mapping, not a string: {how}."
        case SequenceNode():
            return f"{key} must be a mapping, not a list: {how}."
        case _:
            return f"{key} is an alias here, which is not followed: {how}."


def _fault_in_pair(value: MappingNode, key: str, key_span: Span) -> tuple[str, Span] | None:
    """Why a mapping names no model, and where; None where it does."""
    merged = any(isinstance(k, ScalarNode) and k.value == "<<" for k, _ in value.pairs)
    for part in ("provider", "model"):
        found = [(k, v) for k, v in value.pairs if isinstance(k, ScalarNode) and k.value == part]
        if not found:
            other = "model" if part == "provider" else "provider"
            why = "a merge key is not followed here" if merged else f"a {other} needs both"
            return f"{key} has no {part}: add it, {why}.", key_span
        if len(found) > 1:
            return f"{part} stands twice: delete one of them.", found[1][0].span
        name, text = found[0]
        if isinstance(text, AliasNode):
            return f"{part} is an alias here, which is not followed: write it out.", text.span
        if not isinstance(text, ScalarNode):
            return f"{part} must be a string.", text.span
        if is_null(text) or not text.value.strip():
            where = name.span if text.span.start == text.span.end else text.span
            return f"{part} is empty: name one, or delete {key}.", where
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
