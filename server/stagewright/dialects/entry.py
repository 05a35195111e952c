"""One stage or role as typed data: its name, type, role and model reference, each with its span."""

from __future__ import annotations

from dataclasses import dataclass, replace

from stagewright.catalog.model import ModelReference
from stagewright.dialects.dialect import Dialect
from stagewright.text.buffer import Span, span_at
from stagewright.text.yaml.anchors import Label, labels_in
from stagewright.text.yaml.scan import NULLS
from stagewright.text.yaml.syntax import Alias, Mapping, Node, Scalar, Sequence, SyntaxProblem


@dataclass(frozen=True, slots=True)
class ReferenceField:
    """A stage's `defaultModel` or a role's `model`, as written.

    `problem` says, in words, why it names no model (missing, empty or wrongly shaped parts);
    otherwise `reference` is the pair. Both are None where the text is broken, or where an alias in
    the role index leaves open which model is meant. Spans are relative to the entry's first line.
    """

    key_span: Span  # of the key `defaultModel` or `model`
    span: Span  # of the value; of the key where there is no value
    provider: Scalar | None
    model: Scalar | None
    reference: ModelReference | None
    problem: str | None = None
    problem_span: Span | None = None
    others: tuple[ModelReference, ...] = ()  # where the key stands again, what is named there


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Entry:
    """One stage of a template, one role of the role index, or the front matter of a transcript.

    All spans inside are relative to the entry's first line, so that an entry read once stays
    valid while lines are inserted above it. Compared by identity: answers about an entry can be
    remembered for as long as it lives.
    """

    name: Scalar | None  # a stage's `name`, a role's `id`, a transcript's `stage`
    type: Scalar | None
    role_id: Scalar | None
    model: ReferenceField | None
    problems: tuple[SyntaxProblem, ...]
    broken: (
        bool  # the text does not parse; what is here was read key by key, and the bad keys left out
    )
    span: (
        Span  # from the first key to the end of the last value; of the value where it is no mapping
    )
    labels: tuple[Label, ...] = ()  # its anchors and aliases, in the order of the text


def read_entry(
    node: Node | None, dialect: Dialect, problems: tuple[SyntaxProblem, ...], broken: bool
) -> Entry:
    """The entry that a list item's node describes; spans as in the node."""
    labels = labels_in(node)
    if not isinstance(node, Mapping):
        span = node.span if node is not None else span_at(0, 0, 0, 0)
        return Entry(None, None, None, None, problems, broken, span, labels)
    name = _text(node, dialect.entry_name)
    model = _reference(node, dialect.reference_key, dialect, broken)
    kind_of_work = role = None
    if dialect.entry == "stage":
        kind_of_work, role = _text(node, "type"), _text(node, "roleId")
    return Entry(name, kind_of_work, role, model, problems, broken, node.span, labels)


def is_null(node: Node) -> bool:
    """Whether a value is written as nothing, or as one of YAML's words for nothing."""
    return isinstance(node, Scalar) and not node.style and not node.tag and node.value in NULLS


def _text(node: Mapping, key: str) -> Scalar | None:
    value = node.get(key)
    return value if isinstance(value, Scalar) else None


def _reference(entry: Mapping, key: str, dialect: Dialect, broken: bool) -> ReferenceField | None:
    pairs = [(k, v) for k, v in entry.pairs if isinstance(k, Scalar) and k.value == key]
    if not pairs:
        return None
    first, *more = (_reference_of(pair, key, dialect, broken) for pair in pairs)
    others = tuple(field.reference for field in more if field.reference)
    return replace(first, others=others) if others else first


def _reference_of(
    pair: tuple[Node, Node], key: str, dialect: Dialect, broken: bool
) -> ReferenceField:
    """What one of an entry's references names."""
    key_span, value = pair[0].span, pair[1]
    span = key_span if value.span.start == value.span.end else value.span
    if isinstance(value, Mapping):
        provider, model = _text(value, "provider"), _text(value, "model")
        fault = _fault_in_pair(value, key, key_span)
        if not fault and provider and model:
            return ReferenceField(
                key_span, span, provider, model, ModelReference(provider.value, model.value)
            )
    else:
        provider = model = None
        fault = (_fault_in_shape(value, key), span)
    if fault is None or broken or (dialect.typed and _leaves_open(value)):
        return ReferenceField(key_span, span, provider, model, None)
    return ReferenceField(key_span, span, provider, model, None, *fault)


def _fault_in_shape(value: Node, key: str) -> str:
    """Why a value that is no mapping names no model."""
    how = f"write provider and model on two lines below {key}"
    match value:
        case Scalar() if is_null(value):
            return f"{key} is empty: {how}, or delete it."
        case Scalar():
            return f"{key} must be a mapping, not a string: {how}."
        case Sequence():
            return f"{key} must be a mapping, not a list: {how}."
        case _:
            return f"{key} is an alias here, which is not followed: {how}."


def _fault_in_pair(value: Mapping, key: str, key_span: Span) -> tuple[str, Span] | None:
    """Why a mapping names no model, and where; None where it does."""
    merged = any(isinstance(k, Scalar) and k.value == "<<" for k, _ in value.pairs)
    for part in ("provider", "model"):
        found = [(k, v) for k, v in value.pairs if isinstance(k, Scalar) and k.value == part]
        if not found:
            other = "model" if part == "provider" else "provider"
            why = "a merge key is not followed here" if merged else f"a {other} needs both"
            return f"{key} has no {part}: add it, {why}.", key_span
        if len(found) > 1:
            return f"{part} stands twice: delete one of them.", found[1][0].span
        name, text = found[0]
        if isinstance(text, Alias):
            return f"{part} is an alias here, which is not followed: write it out.", text.span
        if not isinstance(text, Scalar):
            return f"{part} must be a string.", text.span
        if is_null(text) or not text.value.strip():
            where = name.span if text.span.start == text.span.end else text.span
            return f"{part} is empty: name one, or delete {key}.", where
    return None


def _leaves_open(value: Node) -> bool:
    """Whether an alias or a merge key stands where the model would be told."""
    if not isinstance(value, Mapping):
        return isinstance(value, Alias)
    return any(
        isinstance(part, Alias) or (isinstance(name, Scalar) and name.value == "<<")
        for name, part in value.pairs
    )
