"""Model sites: each place of a document where a model is named, with its spans."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from stagewright.catalog.model import ModelReference
from stagewright.dialects.dialect import Dialect
from stagewright.dialects.place import Place
from stagewright.text.buffer import Span
from stagewright.text.nodes import AliasNode, MappingNode, Node, NodePath, ScalarNode, SequenceNode
from stagewright.text.yaml.scan import NULLS

if TYPE_CHECKING:
    from stagewright.dialects.extract import Part
    from stagewright.dialects.notation import StandingWord


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
    def routes(self) -> tuple[ModelReference, ...]:
        """The same model of each provider that may be meant, the likeliest first."""
        return (self.reference,) if self.reference else ()

    @property
    def is_shown(self) -> bool:
        """Whether the file shows that it is the likeliest."""
        return True

    @property
    def wants_chats(self) -> bool:
        """Whether it is a chat model that belongs here."""
        return True

    def naming(self, reference: ModelReference) -> str | None:  # noqa: ARG002
        """The one text that names another model here, in the manner of this one; None where none
        can."""
        return None

    @property
    def meaning(self) -> str | None:
        """What it means, where it is one of the names that are always right."""
        return None


def pair_site(node: Node, dialect: Dialect, *, broken: bool) -> tuple[ModelSite, ...]:
    """The site of an entry that has its model below the dialect's one key."""
    key = dialect.reference_key
    if not key or not isinstance(node, MappingNode):
        return ()
    site = pair_in(node, key, dialect, broken=broken)
    return (site,) if site else ()


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


def _pair(pair: tuple[Node, Node], key: str, dialect: Dialect, broken: bool) -> ModelSite:
    """What one of an entry's references names."""
    key_span, value, place = pair[0].span, pair[1], dialect.places[0]
    span = key_span if value.span.start == value.span.end else value.span
    if isinstance(value, MappingNode):
        provider, model = value.scalar("provider"), value.scalar("model")
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
