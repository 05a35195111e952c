"""Edits of model references: set, remove and replace, with every comment and other line kept."""

from __future__ import annotations

from collections.abc import Iterator

from stagewright.analysis.nodes import (
    Pair,
    absolute_node,
    behind_colon,
    comments_above,
    comments_in,
    end_of_line,
    find_pair,
    is_unwritten,
    key_of,
    remove_pair,
)
from stagewright.analysis.writing import block, child_indent, quoted_like, scalar
from stagewright.catalog.catalog import PROVIDER_ALIASES
from stagewright.catalog.model import ModelReference
from stagewright.templates.buffer import Edit, Position, Span
from stagewright.templates.syntax import Alias, Mapping, Node, Scalar
from stagewright.templates.template import Document, DocumentKind

REFERENCE_KEYS: dict[DocumentKind, str] = {"template": "defaultModel", "roles": "model"}
"""The key of an entry's model reference."""

_KEYS_BEFORE: dict[DocumentKind, tuple[str, ...]] = {
    "template": ("name", "type", "roleId", "initPrompt"),
    "roles": ("id", "name", "description"),
}


def set_model(document: Document, index: int, reference: ModelReference | None) -> tuple[Edit, ...]:
    """Edits that make `reference` the model of the entry at `index`; None removes its model.

    Whatever form stands there, a template gets the block form, at the file's own indentation.
    Comments stay, and so do other keys of the mapping. Empty where nothing is to be done, or where
    the entry is no mapping.
    """
    entry = absolute_node(document, index)
    if entry is None:
        return ()
    pair = find_pair(entry, REFERENCE_KEYS[document.kind])
    if reference is None:
        return remove_pair(document, entry, pair) if pair else ()
    if pair is None:
        return _insert(document, entry, reference)
    value = pair[1]
    if (
        isinstance(value, Mapping)
        and value.pairs
        and (not value.flow or entry.flow or document.kind == "roles")
    ):
        return tuple(_fill(document, value, reference))
    if entry.flow:
        text = _flow(reference, document.kind)
        return (Edit(value.span, _apart(document, value) + text),)
    return to_block(document, index, reference)


def replace_model(
    document: Document, old: ModelReference, new: ModelReference
) -> list[tuple[Edit, ...]]:
    """For each entry that names `old`, the edits that make it name `new`."""
    return [
        set_model(document, index, new)
        for index, entry in enumerate(document.entries())
        if entry.model and entry.model.reference and _same(entry.model.reference, old)
    ]


def to_block(document: Document, index: int, reference: ModelReference) -> tuple[Edit, ...]:
    """Edits that write the entry's reference in block form, whatever is there now."""
    entry = absolute_node(document, index)
    pair = find_pair(entry, REFERENCE_KEYS[document.kind]) if entry else None
    if entry is None or pair is None or entry.flow:
        return ()
    start = behind_colon(document, pair)
    if start is None:
        return ()
    key, value = pair
    region = Span(start, end_of_line(document, max(start, value.span.end).line))
    column = key.span.start.column
    indent = " " * (column + child_indent(document, start.line))
    text = block(reference, indent, document.kind)
    if isinstance(value, Mapping):
        text += "".join(
            f"\n{indent}{_source(document, other)}"
            for other in value.pairs
            if key_of(other) not in ("provider", "model")
        )
    comments = comments_in(document, region, value)
    return (
        *comments_above(document, key, comments),
        Edit(region, text.replace("\n", document.newline)),
    )


def _same(one: ModelReference, other: ModelReference) -> bool:
    """Whether two references name one model, by whichever of its provider's names."""
    return one.model == other.model and (
        PROVIDER_ALIASES.get(one.provider, one.provider)
        == PROVIDER_ALIASES.get(other.provider, other.provider)
    )


def _insert(document: Document, entry: Mapping, reference: ModelReference) -> tuple[Edit, ...]:
    """A reference for an entry without one, behind the keys that Choragen writes before it."""
    key, kind = REFERENCE_KEYS[document.kind], document.kind
    before = [pair for pair in entry.pairs if key_of(pair) in _KEYS_BEFORE[kind]]
    if entry.flow:
        text = f"{key}: {_flow(reference, kind)}"
        if not entry.pairs:
            start = entry.span.start
            at = Position(start.line, start.column + 1)
        else:
            last = max(before or entry.pairs[-1:], key=lambda pair: pair[0].span)
            at, text = max(last[0].span.end, last[1].span.end), f", {text}"
        return (Edit(Span(at, at), text),)
    if not entry.pairs:
        return ()
    first = entry.pairs[0][0].span.start
    indent = " " * first.column
    text = f"{key}:{block(reference, indent + ' ' * child_indent(document, first.line), kind)}"
    if before:
        last = max(before, key=lambda pair: pair[0].span)
        at = end_of_line(document, max(last[0].span.end, last[1].span.end).line)
        text = f"\n{indent}{text}"
    else:
        at, text = first, f"{text}\n{indent}"
    return (Edit(Span(at, at), text.replace("\n", document.newline)),)


def _fill(document: Document, value: Mapping, reference: ModelReference) -> Iterator[Edit]:
    """Put both halves into a mapping, where they stand or beside each other."""
    provider, model = find_pair(value, "provider"), find_pair(value, "model")
    for pair, text in ((provider, reference.provider), (model, reference.model)):
        if pair is not None:
            yield from _put(document, pair, text, flow=value.flow)
    if provider and model:
        return
    kind = document.kind
    missing = [
        f"{name}: {scalar(text, kind=kind, flow=value.flow)}"
        for name, pair, text in (
            ("provider", provider, reference.provider),
            ("model", model, reference.model),
        )
        if pair is None
    ]
    indent = " " * value.pairs[0][0].span.start.column
    joint = ", " if value.flow else document.newline + indent
    text = joint.join(missing)
    if provider:  # the model goes behind it
        end = max(provider[0].span.end, provider[1].span.end)
        at = end if value.flow else end_of_line(document, end.line)
        yield Edit(Span(at, at), joint + text)
    else:
        at = (model or value.pairs[0])[0].span.start
        yield Edit(Span(at, at), text + joint)


def _put(document: Document, pair: Pair, text: str, *, flow: bool) -> tuple[Edit, ...]:
    """Edits that make `text` the value of a key, in the quotes that stand there."""
    key, value = pair
    kind = document.kind
    if isinstance(value, Scalar) and value.value == text and not is_unwritten(value):
        return ()
    if is_unwritten(value):
        text = scalar(text, kind=kind, flow=flow)
        return (Edit(value.span, _apart(document, value) + text),)
    one_line = value.span.start.line == value.span.end.line
    if isinstance(value, Scalar) and one_line and value.style in ("", "'", '"'):
        anchor = f"&{value.anchor} " if value.anchor else ""
        return (Edit(value.span, anchor + quoted_like(value.style, text, kind=kind, flow=flow)),)
    if flow or isinstance(value, Alias):
        return (Edit(value.span, scalar(text, kind=kind, flow=flow)),)
    start = behind_colon(document, pair)
    if start is None:
        return ()
    region = Span(start, end_of_line(document, value.span.end.line))
    comments = comments_in(document, region, value)
    return (
        *comments_above(document, key, comments),
        Edit(region, f" {scalar(text, kind=kind)}"),
    )


def _apart(document: Document, value: Node) -> str:
    """The space that a value needs right behind its colon."""
    line, column = value.span.start
    return " " if document.lines[line][:column].endswith(":") else ""


def _flow(reference: ModelReference, kind: DocumentKind) -> str:
    """A reference for a place inside of a flow mapping, where no block can stand."""
    provider = scalar(reference.provider, kind=kind, flow=True)
    return f"{{provider: {provider}, model: {scalar(reference.model, kind=kind, flow=True)}}}"


def _source(document: Document, pair: Pair) -> str:
    """The text of a pair as it is written, on as many lines."""
    start, end = pair[0].span.start, max(pair[0].span.end, pair[1].span.end)
    lines = list(document.lines[start.line : end.line + 1])
    lines[-1] = lines[-1][: end.column]
    lines[0] = lines[0][start.column :]
    return "\n".join(lines)
