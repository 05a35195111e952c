"""Edits of model references: set, remove and replace, with every comment and other line kept."""

from __future__ import annotations

from collections.abc import Iterator

from stagewright.analysis.insertion import apart, insert_keys, put_below, put_in_flow
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
    source,
)
from stagewright.analysis.writing import quoted_like, scalar
from stagewright.catalog.catalog import PROVIDER_ALIASES
from stagewright.catalog.model import ModelReference
from stagewright.templates.buffer import Edit, Span
from stagewright.templates.syntax import Alias, Mapping, Scalar
from stagewright.templates.template import Document, DocumentKind

REFERENCE_KEYS: dict[DocumentKind, str] = {
    "template": "defaultModel",
    "roles": "model",
    "transcript": "model",
}
"""The key of an entry's model reference."""

_KEYS_BEFORE: dict[DocumentKind, tuple[str, ...]] = {
    "template": ("name", "type", "roleId", "initPrompt"),
    "roles": ("id", "name", "description"),
    "transcript": ("workflow", "stage"),
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
        return put_in_flow(document, pair, reference_content(document, reference, flow=True))
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
    written = pair[1].pairs if isinstance(pair[1], Mapping) else ()
    others = (other for other in written if key_of(other) not in ("provider", "model"))
    sources = ((source(document, key), source(document, value)) for key, value in others)
    return put_below(document, pair, (*reference_content(document, reference), *sources))


def reference_content(
    document: Document, reference: ModelReference, *, flow: bool = False
) -> tuple[tuple[str, str], tuple[str, str]]:
    """A reference as the content of its key, to be written in this document."""
    kind = document.kind
    return (
        ("provider", scalar(reference.provider, kind=kind, flow=flow)),
        ("model", scalar(reference.model, kind=kind, flow=flow)),
    )


def _same(one: ModelReference, other: ModelReference) -> bool:
    """Whether two references name one model, by whichever of its provider's names."""
    return one.model == other.model and (
        PROVIDER_ALIASES.get(one.provider, one.provider)
        == PROVIDER_ALIASES.get(other.provider, other.provider)
    )


def _insert(document: Document, entry: Mapping, reference: ModelReference) -> tuple[Edit, ...]:
    """A reference for an entry without one, behind the keys that Choragen writes before it."""
    key = REFERENCE_KEYS[document.kind], reference_content(document, reference, flow=entry.flow)
    return insert_keys(document, entry, [key], _KEYS_BEFORE[document.kind])


def _fill(document: Document, value: Mapping, reference: ModelReference) -> Iterator[Edit]:
    """Put both halves into a mapping, where they stand or beside each other."""
    provider, model = find_pair(value, "provider"), find_pair(value, "model")
    for pair, text in ((provider, reference.provider), (model, reference.model)):
        if pair is not None:
            yield from _put(document, pair, text, flow=value.flow)
    halves = reference_content(document, reference, flow=value.flow)
    missing = [half for half, pair in zip(halves, (provider, model), strict=True) if pair is None]
    if missing:
        yield from insert_keys(document, value, missing, ("provider",))


def _put(document: Document, pair: Pair, text: str, *, flow: bool) -> tuple[Edit, ...]:
    """Edits that make `text` the value of a key, in the quotes that stand there."""
    key, value = pair
    kind = document.kind
    if isinstance(value, Scalar) and value.value == text and not is_unwritten(value):
        return ()
    if is_unwritten(value):
        text = scalar(text, kind=kind, flow=flow)
        return (Edit(value.span, apart(document, value) + text),)
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
