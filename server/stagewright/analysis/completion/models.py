"""Offers for the two halves of a model reference: providers and models."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import islice

from stagewright.analysis.cards import provider_card
from stagewright.analysis.completion.items import (
    LIMIT,
    Offer,
    filter_text,
    offer,
    ranked,
    sort_text,
)
from stagewright.analysis.completion.name_index import NameIndex
from stagewright.analysis.cursor_text import value_text, written
from stagewright.analysis.diagnostics.messages import not_configured
from stagewright.analysis.missing_key import key_wanted
from stagewright.analysis.options import Options
from stagewright.analysis.phrases import lifecycle, status, tokens
from stagewright.analysis.reference_content import reference_content
from stagewright.analysis.results import Completion, CompletionItem, ItemKind
from stagewright.catalog.catalog import (
    PROVIDER_ALIASES,
    Catalog,
    ProviderSnapshot,
    Status,
    is_retired,
)
from stagewright.catalog.model import Lifecycle, Model, ModelReference, Source
from stagewright.catalog.offered import vendor_of
from stagewright.dialects.document import Document
from stagewright.foreign import markdown
from stagewright.memo import remembered
from stagewright.text.buffer import Edit, Position, Span
from stagewright.text.cursor import Cursor
from stagewright.text.yaml.insertion import layout_at
from stagewright.text.yaml.scan import find_key
from stagewright.text.yaml.snippets import write_key

ROW_COLUMNS = 44
"""What a row of VS Code's list of suggestions shows, as wide as it is by itself."""


@dataclass(frozen=True, slots=True)
class _Table:
    """What a provider offers, best first, with what typed text is compared to."""

    models: tuple[Model, ...]
    words: NameIndex


@remembered
def _table(provider: ProviderSnapshot) -> _Table:
    models = tuple(provider.usable())
    return _Table(models, NameIndex(f"{model.id}\n{model.name or ''}" for model in models))


def complete_provider(
    document: Document, cursor: Cursor, catalog: Catalog, options: Options
) -> Completion:
    """Every provider, those whose models can be used first."""
    providers = by_use(catalog)
    offers = [
        Offer(
            one.id,
            value_text(document, cursor, one.id),
            ItemKind.PROVIDER,
            f"{one.name} · {status(one)}",
            provider_card(one, options.now, offline=False),
            found_by=_other_names(one.id),
        )
        for one in providers
    ]
    answer = offer(cursor, offers, written(document, cursor))
    return replace(answer, incomplete=answer.incomplete or cold(providers))


def complete_model(
    document: Document, cursor: Cursor, catalog: Catalog, options: Options
) -> Completion:
    """Models of the provider that stands beside; without one every provider's, filling in both."""
    beside = cursor.siblings.get("provider")
    known = catalog.provider(beside.value) if beside and beside.has_value else None
    providers = [known] if known else by_use(catalog)
    fill = {} if known else {one.id: fill_provider(document, cursor, one.id) for one in providers}

    def taken(provider: ProviderSnapshot, model: Model) -> tuple[Edit, tuple[Edit, ...]]:
        edit = Edit(cursor.word, value_text(document, cursor, model.id))
        return edit, fill.get(provider.id, ())

    found, cut = candidates(document, cursor, catalog, providers, options.now)
    items = model_items(found, cursor.prefix, taken, options.now, one_provider=known is not None)
    missing = missing_key(document, cursor, known) if known else ()
    return Completion(missing + items, incomplete=cut or cold(providers))


def missing_key(
    document: Document, cursor: Cursor, provider: ProviderSnapshot
) -> tuple[CompletionItem, ...]:
    """A first row that says which key is missing, before anything is typed. It inserts nothing."""
    variable = provider.key_variable
    if provider.status is not Status.NOT_CONFIGURED or not variable or cursor.prefix:
        return ()
    (line, start), (_, end) = cursor.word
    row = CompletionItem(
        label=f"Set {variable}",
        kind=ItemKind.VARIABLE,
        edit=Edit(cursor.word, document.lines[line][start:end]),
        sort_text="-",  # before all numbers
        filter_text=f"Set {variable}",
        detail=f"{provider.name} has no {'usable ' if provider.error else ''}key",
        documentation=f"{markdown(not_configured(provider))} It is read from the environment that "
        "the editor was started in.",
        key=key_wanted(provider),
    )
    return (row,)


def complete_block(
    document: Document, cursor: Cursor, catalog: Catalog, options: Options
) -> Completion:
    """Models where a whole reference belongs and a word stands: the block form takes its place."""
    providers = by_use(catalog)
    line, column = cursor.word.start
    colon = len(document.lines[line][:column].rstrip())
    span = Span(Position(line, colon), cursor.word.end)
    layout = layout_at(document, line, cursor.indent)

    def taken(provider: ProviderSnapshot, model: Model) -> tuple[Edit, tuple[Edit, ...]]:
        content = reference_content(document, ModelReference(provider.id, model.id))
        return Edit(span, write_key("", content, layout).removeprefix(":")), ()

    found, cut = candidates(document, cursor, catalog, providers, options.now)
    typed = document.lines[line][colon:column] + cursor.prefix
    items = model_items(found, typed, taken, options.now, one_provider=False)
    return Completion(items, incomplete=cut or cold(providers))


def model_items(
    found: Iterable[tuple[ProviderSnapshot, Model]],
    typed: str,
    taken: Callable[[ProviderSnapshot, Model], tuple[Edit, tuple[Edit, ...]] | None],
    now: datetime,
    *,
    one_provider: bool,
) -> tuple[CompletionItem, ...]:
    """Items in the order of `found`; `taken` gives the edits of one that is chosen, None for one
    that cannot be."""
    items = []
    for order, (provider, model) in enumerate(found):
        edits = taken(provider, model)
        if edits is None:
            continue
        edit, also = edits
        detail, beside = _detail(provider, model, now)
        items.append(
            CompletionItem(
                label=model.id,
                kind=ItemKind.MODEL,
                edit=edit,
                sort_text=sort_text(order),
                filter_text=filter_text(typed, model.id),
                detail=detail,
                description=beside if one_provider else _provider_of(provider),
                model=ModelReference(provider.id, model.id),
                also=also,
                deprecated=model.lifecycle is Lifecycle.DEPRECATED,
            )
        )
    return tuple(items)


def candidates(
    document: Document,
    cursor: Cursor,
    catalog: Catalog,
    providers: Sequence[ProviderSnapshot],
    now: datetime,
) -> tuple[list[tuple[ProviderSnapshot, Model]], bool]:
    """What to offer, best first, and whether the client has to ask again as more is typed."""
    tables = [_table(provider) for provider in providers]
    word = written(document, cursor)
    places, guessed = ranked(cursor.prefix, word, [table.words for table in tables])
    fitting: list[list[Model]] = []
    for provider, table, own in zip(providers, tables, places, strict=True):
        offered: Iterator[Model] = (table.models[place] for place in own)
        if guessed and len(providers) == 1 and provider.model(word) is None:
            offered = _nearest_first(catalog, ModelReference(provider.id, word), offered)
        fitting.append(list(islice((m for m in offered if not is_retired(m, now)), LIMIT + 1)))
    # Every provider gets its share of a list that is cut, so that none hides another.
    share = max(1, LIMIT // max(1, sum(map(bool, fitting))))
    cut = (guessed and bool(word)) or any(len(models) > share for models in fitting)
    found = [
        (provider, model)
        for provider, models in zip(providers, fitting, strict=True)
        for model in models[:share]
    ]
    return found, cut


def _nearest_first(
    catalog: Catalog, wanted: ModelReference, models: Iterable[Model]
) -> Iterator[Model]:
    """The models that could be meant before the others."""
    near = [model for one in catalog.nearest(wanted) if (model := catalog.model(one))]
    yield from near
    yield from (model for model in models if model not in near)


def _provider_of(provider: ProviderSnapshot) -> str:
    name = vendor_of(provider.id) or provider.id
    return f"{name}{' · no key' * (provider.status is Status.NOT_CONFIGURED)}"


def by_use(catalog: Catalog) -> list[ProviderSnapshot]:
    """The providers in their order, those whose models can be used first."""

    def use(provider: ProviderSnapshot) -> int:
        if provider.status is Status.OK:
            return 0
        return 1 if provider.listed else 2 if provider.status is not Status.NOT_CONFIGURED else 3

    return sorted(catalog.askable, key=use)


def cold(providers: Iterable[ProviderSnapshot]) -> bool:
    return any(provider.status is Status.LOADING for provider in providers)


def _other_names(provider_id: str) -> str:
    return " ".join(alias for alias, name in PROVIDER_ALIASES.items() if name == provider_id)


@remembered
def _details(_: ProviderSnapshot) -> dict[tuple[str, date], tuple[str, str]]:
    """What `_detail` has said of the provider's models."""
    return {}


def _detail(provider: ProviderSnapshot, model: Model, now: datetime) -> tuple[str, str]:
    """Name, context window, lifecycle, whether it has a key, and if that is offline knowledge; and
    those of them that have room beside the model's id, which nothing may cut."""
    said = _details(provider)
    key = model.id, now.date()
    if key not in said:
        facts = (
            model.name or provider.name,
            tokens(model.context_window) if model.context_window else "",
            lifecycle(model, now),
            "no key" if provider.status is Status.NOT_CONFIGURED else "",
            "offline knowledge" if model.source is Source.OFFLINE else "",
        )
        told = [fact for fact in facts if fact]
        said[key] = " · ".join(told), _beside(model.id, told)
    return said[key]


def _beside(model_id: str, facts: Sequence[str]) -> str:
    """The facts that have room beside an id; the last always."""
    for first in range(len(facts)):
        told = " · ".join(facts[first:])
        if len(model_id) + len(told) <= ROW_COLUMNS:
            return told
    return facts[-1]


def fill_provider(
    document: Document, cursor: Cursor, provider_id: str, name: str = "provider"
) -> tuple[Edit, ...]:
    """Edits that put the provider beside a model: into its empty value, or as a key before."""
    beside, own = cursor.siblings.get(name), str(cursor.path[-1])
    if beside is not None:
        start = beside.value_span.start
        space = " " if document.lines[start.line][: start.column].endswith(":") else ""
        return (Edit(beside.value_span, space + provider_id),)
    if name in cursor.keys:  # written as something that is no text
        return ()
    line, column = cursor.word.start
    text = document.lines[line]
    if cursor.flow:
        at = Position(line, text.rfind(own, 0, column))
        return (Edit(Span(at, at), f"{name}: {provider_id}, "),) if at.column >= 0 else ()
    key = find_key(text, cursor.indent)
    if key is None or key.text != own:
        return ()
    at = Position(line, cursor.indent)
    indent = " " * cursor.indent
    return (Edit(Span(at, at), f"{name}: {provider_id}{document.newline}{indent}"),)
