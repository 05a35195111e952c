"""Fixes of model references: another model, another provider, a whole reference, or none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import partial

from stagewright.analysis.edits import set_model, set_name, set_provider, set_site
from stagewright.analysis.options import Options
from stagewright.analysis.results import Diagnostic, Fix
from stagewright.analysis.slips import aliases_meant, names_meant
from stagewright.analysis.standing import holds
from stagewright.catalog.catalog import Catalog, Standing, is_retired
from stagewright.catalog.model import ModelReference
from stagewright.dialects import notation
from stagewright.dialects.document import Document, ModelSite
from stagewright.text.nodes import AliasNode, MappingNode, Node, ScalarNode, SequenceNode
from stagewright.text.yaml.editing import absolute_node, find_pair, key_of, marked_by, remove_pairs
from stagewright.text.yaml.scan import NULLS

_OFFERED = 3
_SURELY_WRONG = frozenset({"model-unavailable", "model-retired"})


def another_model(
    document: Document, diagnostic: Diagnostic, catalog: Catalog, options: Options
) -> Iterator[Fix]:
    """The successor, the nearest usable models, other providers' closest ones, or no default."""
    reference, index = diagnostic.model, diagnostic.entry
    if reference is None or index is None:
        return
    site = document.sites(index)[diagnostic.site]
    naming = partial(set_site, document, index, diagnostic.site)
    # All that is known here is chats; and two keys of one table must not become the same.
    fits = site.wants_chats and not _is_key(document, index, site)
    # What one provider has retired, another that may be asked may have.
    certain = diagnostic.code != "model-retired" or holds(
        site, {Standing.RETIRED}, catalog, options.now
    )
    successor = catalog.successor(reference)
    follows = catalog.model(successor) if successor is not None else None
    chats = follows is not None and follows.chat  # as a stage needs it
    if successor is not None and (follows is None or chats or diagnostic.code != "model-not-chat"):
        title = f"Use `{successor.model}`, its successor"
        # What is only known to follow is no reason to leave a model that still answers, and what
        # is in no list may be none that can be asked for.
        sure = chats and (diagnostic.code in _SURELY_WRONG or _is_live(successor, catalog))
        yield Fix(title, naming(successor), preferred=sure and fits and certain)
    if diagnostic.code == "model-unrecognized":
        for name in aliases_meant(site, catalog):
            yield Fix(f"Use `{name}`", set_name(document, index, diagnostic.site, name))
        for other in catalog.meant(reference):
            yield Fix(f"Use `{other.model}`", naming(other))
    near = [one for one in catalog.nearest(reference, _OFFERED) if one != successor]
    for place, other in enumerate(near):
        first = fits and successor is None and place == 0 and diagnostic.code in _SURELY_WRONG
        obvious = first and certain and _is_fine(other, catalog, options)
        yield Fix(f"Use `{other.model}`", naming(other), preferred=obvious)
    for other in catalog.closest_elsewhere(reference):
        yield Fix(_use(catalog, other), naming(other))
    yield from _no_default(document, index)


def _is_key(document: Document, index: int, site: ModelSite) -> bool:
    """Whether a literal of source code stands for something else: `{"gpt-4": 30}`, `case "o1":`."""
    if not document.dialect.in_literals:
        return False
    (line, start), (_, end) = site.span.shifted(document.entry_line(index))
    text = document.lines[line]
    is_choice = "?" in text[max(0, start - _NEAR) : start]  # `a ? "gpt-4" : "o1"`
    return not is_choice and _KEY.match(text[end : end + _NEAR]) is not None


_KEY, _NEAR = re.compile(r"\\?[\"'`]+#*\]?\s*(?:[=-]>|:(?!:))"), 40


def another_provider(
    document: Document, diagnostic: Diagnostic, catalog: Catalog, options: Options
) -> Iterator[Fix]:
    """A known provider of nearly the same name, or one that has the model."""
    reference, index = diagnostic.model, diagnostic.entry
    if index is not None and not document.dialect.runs_here:
        yield from _provider_meant(document, diagnostic, index, catalog, options)
        return
    if reference is None or index is None:
        return
    near = [
        ModelReference(provider, reference.model)
        for provider in catalog.nearest_providers(reference.provider)
    ]
    for place, other in enumerate(near):
        title = f"Use provider `{other.provider}`"
        obvious = place == 0 and _is_fine(other, catalog, options)
        yield Fix(title, set_site(document, index, diagnostic.site, other), preferred=obvious)
    for other in catalog.closest_elsewhere(reference, _OFFERED):
        if other not in near:
            yield Fix(_use(catalog, other), set_site(document, index, diagnostic.site, other))
    yield from _no_default(document, index)


def whole_reference(
    document: Document, diagnostic: Diagnostic, catalog: Catalog, options: Options
) -> Iterator[Fix]:
    """What a reference that lacks a half, or has another shape, could mean."""
    index = diagnostic.entry
    if index is not None and not document.dialect.reference_key:
        site = document.sites(index)[diagnostic.site]
        for name in names_meant(document, site, catalog):
            yield Fix(f"Use `{name}`", set_name(document, index, diagnostic.site, name))
        return
    entry = absolute_node(document, index) if index is not None else None
    pair = find_pair(entry, document.dialect.reference_key) if entry else None
    if index is None or pair is None:
        return
    value = pair[1]
    if isinstance(value, MappingNode) and (twice := _repeated(value)):
        first, second = twice
        title = f"Remove the duplicate `{key_of(second)}`"
        same = _text(first[1]) == _text(second[1])
        yield Fix(title, remove_pairs(document, value, [second]), preferred=same)
    else:
        marked = _marked(document, value)
        meant = list(dict.fromkeys(_meant(marked or value, catalog, options)))
        for other in meant:
            same = marked is not None  # as before, whatever is to be said of it
            obvious = len(meant) == 1 and (same or _is_fine(other, catalog, options))
            edits = set_site(document, index, diagnostic.site, other)
            yield Fix(_use(catalog, other), edits, preferred=obvious)
    yield from _no_default(document, index)


def _provider_meant(
    document: Document, diagnostic: Diagnostic, index: int, catalog: Catalog, options: Options
) -> Iterator[Fix]:
    """The providers that a slip in another program's file may mean, in the format's words."""
    site = document.sites(index)[diagnostic.site]
    for place, name in enumerate(names_meant(document, site, catalog)):
        ours, model = notation.ours_of(site.place, name), site.model.value if site.model else ""
        fine = ours is not None and _is_fine(ModelReference(ours, model), catalog, options)
        edits = set_provider(document, index, diagnostic.site, name)
        yield Fix(f"Use provider `{name}`", edits, preferred=place == 0 and fine)


def _is_live(reference: ModelReference, catalog: Catalog) -> bool:
    provider = catalog.provider(reference.provider)
    return provider is not None and provider.live(reference.model) is not None


def _is_fine(reference: ModelReference, catalog: Catalog, options: Options) -> bool:
    """Whether nothing would be said of this reference."""
    return catalog.verdict(reference, now=options.now).standing is Standing.USABLE


def _meant(value: Node, catalog: Catalog, options: Options) -> Iterator[ModelReference]:
    """The references that a value may stand for, likeliest first."""
    if isinstance(value, ScalarNode) and (text := _text(value)):
        pairs = (text.partition(mark)[::2] for mark in "/:")
        yield from _known_pair(pairs, catalog) or _holders(text, catalog)
    elif isinstance(value, SequenceNode) and len(value.items) == 2:
        yield from _known_pair([(_text(value.items[0]), _text(value.items[1]))], catalog)
    elif isinstance(value, MappingNode):
        provider, model = _half(value, "provider"), _half(value, "model")
        if model and provider:
            yield ModelReference(provider, model)
        elif model:
            yield from _holders(model, catalog)
        elif provider:
            usable = (m for _, m in catalog.usable(provider) if not is_retired(m, options.now))
            for _, offered in zip(range(_OFFERED), usable, strict=False):
                yield ModelReference(provider, offered.id)


def _known_pair(pairs: Iterable[tuple[str, str]], catalog: Catalog) -> list[ModelReference]:
    """The first of these that is a known provider and some model, if any is."""
    for provider, model in pairs:
        if model.strip() and catalog.provider(provider.strip()):
            return [ModelReference(provider.strip(), model.strip())]
    return []


def _marked(document: Document, value: Node) -> MappingNode | None:
    """The mapping that an alias stands for, if it is one with both halves of a reference."""
    found = marked_by(document, value) if isinstance(value, AliasNode) else None
    return found if isinstance(found, MappingNode) and _is_whole(found) else None


def _is_whole(value: MappingNode) -> bool:
    return bool(_half(value, "provider") and _half(value, "model"))


def _holders(model: str, catalog: Catalog) -> Iterable[ModelReference]:
    """A model without its provider: with those that have it, else with the nearest there is."""
    exact = [
        ModelReference(provider.id, model) for provider in catalog.askable if provider.model(model)
    ]
    return exact or catalog.closest_elsewhere(ModelReference("", model), _OFFERED)


def _half(value: MappingNode, key: str) -> str:
    return _text(value.get(key))


def _text(node: Node | None) -> str:
    """What a scalar says, without the words that mean nothing."""
    if not isinstance(node, ScalarNode) or (not node.style and node.value in NULLS):
        return ""
    return node.value.strip()


def _repeated(value: MappingNode) -> tuple[tuple[Node, Node], tuple[Node, Node]] | None:
    """The first and the second pair of a key that stands twice."""
    for key in ("provider", "model"):
        found = [pair for pair in value.pairs if key_of(pair) == key]
        if len(found) > 1:
            return found[0], found[1]
    return None


def _no_default(document: Document, index: int) -> Iterator[Fix]:
    if document.dialect.optional:
        yield Fix("Remove the default model", set_model(document, index, None))


def _use(catalog: Catalog, reference: ModelReference) -> str:
    provider = catalog.provider(reference.provider)
    return f"Use {provider.name if provider else reference.provider}'s `{reference.model}`"
