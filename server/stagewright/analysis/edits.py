"""Edits of model references: set, remove and replace, with every comment and other line kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from stagewright.analysis.reference_content import reference_content
from stagewright.catalog.catalog import PROVIDER_ALIASES
from stagewright.catalog.model import ModelReference
from stagewright.dialects import notation
from stagewright.dialects.document import Document, ModelSite, sites
from stagewright.dialects.extract import encoded
from stagewright.dialects.key_path import node_at
from stagewright.dialects.sites import pair_in
from stagewright.text.buffer import Edit, Span
from stagewright.text.nodes import AliasNode, MappingNode, Node, NodePath, ScalarNode, SequenceNode
from stagewright.text.syntaxes import syntax
from stagewright.text.yaml.anchors import aliases_written, anchors_in
from stagewright.text.yaml.editing import (
    Pair,
    absolute_node,
    behind_colon,
    comments_above,
    comments_in,
    end_of_line,
    is_referred_to,
    is_unwritten,
    key_of,
    remove_pairs,
    source,
)
from stagewright.text.yaml.insertion import apart, insert_keys, put_below, put_in_flow
from stagewright.text.yaml.writing import quoted_like, scalar


def set_site(
    document: Document, index: int, site: int, reference: ModelReference
) -> tuple[Edit, ...]:
    """Edits that make one of an entry's sites name this model, in the way that is written there.

    Empty where nothing is to be done, and where the format cannot name that provider.
    """
    if document.dialect.reference_key:
        return set_model(document, index, reference)
    found = document.sites(index)[site]
    whole = found.whole
    if whole is None or not found.is_settable:
        return ()
    place = found.place
    text = found.naming(reference)
    if text is not None:
        return _put_name(document, index, found, text)
    provider = notation.theirs_of(place, reference.provider)
    if found.beside_at is None or provider is None or place.separator:
        return ()
    text = notation.written(place, reference, whole.value, provider)
    edits = _put_name(document, index, found, text) if text is not None else ()
    beside = _put_scalar(document, index, found, found.beside_at, provider)
    return (beside, *edits) if edits or text == whole.value else ()


def set_name(document: Document, index: int, site: int, name: str) -> tuple[Edit, ...]:
    """Edits that make one of an entry's sites say this name, whatever it means there."""
    return _put_name(document, index, document.sites(index)[site], name)


def set_provider(document: Document, index: int, site: int, name: str) -> tuple[Edit, ...]:
    """Edits that make one of an entry's sites say this name for its provider."""
    found = document.sites(index)[site]
    if found.provider is None or found.whole is None:
        beside = found.beside_at
        return (_put_scalar(document, index, found, beside, name),) if beside else ()
    _, separator, rest = found.whole.value.partition(found.place.separator)
    return _put_name(document, index, found, f"{name}{separator}{rest}")


def _put_name(document: Document, index: int, site: ModelSite, text: str) -> tuple[Edit, ...]:
    """Edits that put a text in the place of the one that names a model; empty where it cannot be,
    and where it is there already."""
    whole, part = site.whole, site.part
    if whole is None or not site.is_settable or text == whole.value:
        return ()
    if part is None or site.source is None:
        return (_put_scalar(document, index, site, whole, text),)
    coded = encoded(part, text, site.place.extract)
    flow = _is_in_flow(document, index, site.path)
    write = syntax(document.dialect.syntax)
    new = None if coded is None else write.inside(site.source, coded, flow=flow)
    return () if new is None else (Edit(whole.span.shifted(document.entry_line(index)), new),)


def _put_scalar(
    document: Document, index: int, site: ModelSite, scalar: ScalarNode, text: str
) -> Edit:
    """An edit that puts a text in the place of a value, in its quotes and behind its anchor."""
    dialect, flow = document.dialect, _is_in_flow(document, index, site.path)
    new = syntax(dialect.syntax).quoted_like(text, scalar.style, typed=dialect.typed, flow=flow)
    anchor = f"&{scalar.anchor} " if scalar.anchor else ""
    return Edit(scalar.span.shifted(document.entry_line(index)), anchor + new)


def _is_in_flow(document: Document, index: int, path: NodePath) -> bool:
    """Whether a value stands in a collection in flow style."""
    node: Node | None = document.entry_node(index)
    for step in path:
        if isinstance(node, MappingNode | SequenceNode) and node.flow:
            return True
        node = node_at(node, (step,))
    return False


def set_model(document: Document, index: int, reference: ModelReference | None) -> tuple[Edit, ...]:
    """Edits that make `reference` the model of the entry at `index`; None removes its model.

    Whatever form stands there, a template gets the block form, at the file's own indentation; but
    what aliases stand for keeps its place. Comments stay, and so do other keys of the mapping.
    Where the key stands twice, each is made right. Empty where nothing is to be done, and where it
    cannot be: see `refusal`.
    """
    entry = absolute_node(document, index)
    if entry is None:
        return ()
    pairs = _references(document, entry)
    if reference is None:
        return remove_pairs(document, entry, pairs)
    return _set(document, entry, pairs, reference) if pairs else _insert(document, entry, reference)


def refusal(document: Document, index: int, reference: ModelReference | None) -> str | None:
    """Why `set_model` has no edits although the entry does not say what is wanted, if so."""
    entry = absolute_node(document, index)
    if entry is None:
        return "This is not a mapping, so it cannot have a model."
    pairs = _references(document, entry)
    said = {_reads(document, entry, pair) for pair in pairs}
    done = not pairs if reference is None else said == {reference}
    if done or set_model(document, index, reference):
        return None
    anchors = anchors_in(MappingNode(tuple(pairs), entry.span))
    used = {one.name for one in anchors if not one.is_alias} & aliases_written(document.lines)
    key = document.dialect.reference_key
    if not used:
        return f"This `{key}` cannot be edited as it is written. Rewrite it by hand."
    name = min(used)
    return (
        f"This `{key}` is used elsewhere in this file as `*{name}`. Write the value out there, "
        "then change it."
    )


def replace_model(
    document: Document, old: ModelReference, new: ModelReference
) -> list[tuple[Edit, ...]]:
    """For each entry that names `old`, the edits that make it name `new`."""
    found = []
    if not document.dialect.reference_key:
        return [
            edits
            for index in document.parts()
            for number, site in enumerate(document.sites(index))
            if site.reference and _same(site.reference, old)
            if (edits := set_site(document, index, number, new))
        ]
    for index, site in enumerate(entry.model for entry in document.entries()):
        if site and any(one and _same(one, old) for one in (site.reference, *site.others)):
            entry = absolute_node(document, index)
            assert entry is not None  # it has a reference
            named = [(pair, _reads(document, entry, pair)) for pair in _references(document, entry)]
            pairs = [pair for pair, reads in named if reads and _same(reads, old)]
            found.append(_set(document, entry, pairs, new))
    return [edits for edits in found if edits]


def count_named(document: Document, model: ModelReference) -> int:
    """How often a document names a model."""
    found = (site.reference for _, site in sites(document))
    return sum(one is not None and _same(one, model) for one in found)


def _references(document: Document, entry: MappingNode) -> list[Pair]:
    return [pair for pair in entry.pairs if key_of(pair) == document.dialect.reference_key]


def _reads(document: Document, entry: MappingNode, pair: Pair) -> ModelReference | None:
    """The model that one of an entry's references names."""
    alone = replace(entry, pairs=(pair,))
    site = pair_in(alone, document.dialect.reference_key, document.dialect, broken=False)
    return site.reference if site else None


def _set(
    document: Document, entry: MappingNode, pairs: Sequence[Pair], reference: ModelReference
) -> tuple[Edit, ...]:
    """Edits that make each of these references name the model; empty where one of them cannot."""
    found: list[Edit] = []
    for pair in pairs:
        if _reads(document, entry, pair) == reference:
            continue
        edits = _put_reference(document, entry, pair, reference)
        if not edits:
            return ()
        found += edits
    return tuple(found)


def _put_reference(
    document: Document, entry: MappingNode, pair: Pair, reference: ModelReference
) -> tuple[Edit, ...]:
    value = pair[1]
    if (
        isinstance(value, MappingNode)
        and value.pairs
        and (
            not value.flow
            or entry.flow
            or document.dialect.typed
            or is_referred_to(document, value)
        )
    ):
        return _fill(document, value, reference)
    if entry.flow:
        return put_in_flow(document, pair, reference_content(document, reference, flow=True))
    written = value.pairs if isinstance(value, MappingNode) else ()
    others = (other for other in written if key_of(other) not in ("provider", "model"))
    sources = ((source(document, key), source(document, value)) for key, value in others)
    return put_below(document, pair, (*reference_content(document, reference), *sources))


def _same(one: ModelReference, other: ModelReference) -> bool:
    """Whether two references name one model, by whichever of its provider's names."""
    return one.model == other.model and (
        PROVIDER_ALIASES.get(one.provider, one.provider)
        == PROVIDER_ALIASES.get(other.provider, other.provider)
    )


def _insert(document: Document, entry: MappingNode, reference: ModelReference) -> tuple[Edit, ...]:
    """A reference for an entry without one, behind the keys that Choragen writes before it."""
    key = document.dialect.reference_key, reference_content(document, reference, flow=entry.flow)
    return insert_keys(document, entry, [key], document.dialect.before)


def _fill(document: Document, value: MappingNode, reference: ModelReference) -> tuple[Edit, ...]:
    """Put both halves into a mapping, where they stand or beside each other, and each once."""
    found: list[Edit] = []
    missing: list[tuple[str, str]] = []
    halves = reference_content(document, reference, flow=value.flow)
    for half, text in zip(halves, (reference.provider, reference.model), strict=True):
        pairs = [pair for pair in value.pairs if key_of(pair) == half[0]]
        if not pairs:
            missing.append(half)
            continue
        edits = _put(document, pairs[0], text, flow=value.flow)
        again = remove_pairs(document, value, pairs[1:])
        if edits is None or (pairs[1:] and not again):
            return ()
        found += [*edits, *again]
    if missing:
        found += insert_keys(document, value, missing, ("provider",))
    return tuple(found)


def _put(document: Document, pair: Pair, text: str, *, flow: bool) -> tuple[Edit, ...] | None:
    """Edits that make `text` the value of a key, in the quotes that stand there.

    None where that cannot be: its colon is not on its line, or an alias may stand for the value.
    """
    key, value = pair
    typed = document.dialect.typed
    if is_unwritten(value):
        text = scalar(text, typed=typed, flow=flow)
        return (Edit(value.span, apart(document, value) + text),)
    if isinstance(value, ScalarNode) and value.value == text:
        return ()
    one_line = value.span.start.line == value.span.end.line
    if isinstance(value, ScalarNode) and one_line and value.style in ("", "'", '"'):
        anchor = f"&{value.anchor} " if value.anchor else ""
        return (Edit(value.span, anchor + quoted_like(text, value.style, typed=typed, flow=flow)),)
    is_alias = isinstance(value, AliasNode)
    if not is_alias and is_referred_to(document, value):
        return None
    if flow or is_alias:
        return (Edit(value.span, scalar(text, typed=typed, flow=flow)),)
    start = behind_colon(document, pair)
    if start is None:
        return None
    region = Span(start, end_of_line(document, value.span.end.line))
    comments = comments_in(document, region, value)
    return (
        *comments_above(document, key, comments),
        Edit(region, f" {scalar(text, typed=typed)}"),
    )
