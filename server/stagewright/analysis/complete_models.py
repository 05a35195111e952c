"""Offers for the two halves of a model reference: providers and models."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import islice

from stagewright.analysis.cards import provider_card
from stagewright.analysis.cursor_text import value_text, written
from stagewright.analysis.edits import reference_content
from stagewright.analysis.insertion import layout_at
from stagewright.analysis.memo import remembered
from stagewright.analysis.messages import not_configured
from stagewright.analysis.name_index import NameIndex
from stagewright.analysis.offers import LIMIT, Offer, filter_text, offer, ranked, sort_text
from stagewright.analysis.options import Options
from stagewright.analysis.phrases import lifecycle, status, tokens
from stagewright.analysis.results import Completion, CompletionItem, ItemKind
from stagewright.analysis.snippets import write_key
from stagewright.catalog.catalog import (
    PROVIDER_ALIASES,
    Catalog,
    ProviderSnapshot,
    Status,
    is_retired,
)
from stagewright.catalog.model import Lifecycle, Model, ModelReference, Source
from stagewright.dialects import notation
from stagewright.dialects.document import Document
from stagewright.dialects.place import Place
from stagewright.foreign import markdown
from stagewright.text.buffer import Edit, Position, Span
from stagewright.text.yaml.cursor import Cursor
from stagewright.text.yaml.scan import find_key

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
    providers = _by_use(catalog)
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
    return replace(answer, incomplete=answer.incomplete or _cold(providers))


def complete_model(
    document: Document, cursor: Cursor, catalog: Catalog, options: Options
) -> Completion:
    """Models of the provider that stands beside; without one every provider's, filling in both."""
    beside = cursor.siblings.get("provider")
    known = catalog.provider(beside.value) if beside and beside.has_value else None
    providers = [known] if known else _by_use(catalog)
    fill = {} if known else {one.id: _fill_provider(document, cursor, one.id) for one in providers}

    def taken(provider: ProviderSnapshot, model: Model) -> tuple[Edit, tuple[Edit, ...]]:
        edit = Edit(cursor.word, value_text(document, cursor, model.id))
        return edit, fill.get(provider.id, ())

    found, cut = _candidates(document, cursor, catalog, providers, options.now)
    items = _items(found, cursor.prefix, taken, options.now, one_provider=known is not None)
    missing = _missing_key(document, cursor, known) if known else ()
    return Completion(missing + items, incomplete=cut or _cold(providers))


def complete_text(
    document: Document, place: Place, cursor: Cursor, catalog: Catalog, options: Options
) -> Completion:
    """Where one text names a model: names that are always right, then models; where the text also
    says the provider, that of the provider before the separator, else of all that it can name."""
    halves = notation.read(place, cursor.prefix)
    separator = place.separator
    narrow, named = cursor, place.provider.default
    begins = halves.begins if separator and separator in cursor.prefix else 0
    if begins:
        (line, column), end = cursor.word
        word = Span(Position(line, column + begins), end)
        narrow = replace(cursor, prefix=cursor.prefix[begins:], word=word)
        named = notation.ours_of(place, halves.provider) or ""
        if not named:
            return Completion(())
    known = catalog.provider(named) if named else None
    providers = [known] if known else [] if named else _by_use(catalog)
    providers = [one for one in providers if named or _theirs(place, one)]

    def taken(provider: ProviderSnapshot, model: Model) -> tuple[Edit, tuple[Edit, ...]]:
        text = f"{cursor.prefix[:begins]}{model.id}"
        if separator and not begins:
            text = notation.written(place, ModelReference(provider.id, model.id)) or model.id
        return Edit(cursor.word, value_text(document, cursor, text)), ()

    found, cut = _candidates(document, narrow, catalog, providers, options.now)
    if separator and cursor.prefix and not begins:  # half of a provider's name, perhaps
        begun = [one for one in providers if _theirs(place, one).startswith(cursor.prefix)]
        nothing = replace(cursor, prefix="", word=Span(cursor.word.end, cursor.word.end))
        theirs, more = _candidates(document, nothing, catalog, begun, options.now)
        found, cut = [*theirs, *(one for one in found if one not in theirs)][:LIMIT], cut or more
    items = _items(found, cursor.prefix, taken, options.now, one_provider=bool(named))
    missing = _missing_key(document, cursor, known) if known else ()
    return Completion(
        (*missing, *_aliases(document, place, cursor), *items), cut or _cold(providers)
    )


def _theirs(place: Place, provider: ProviderSnapshot) -> str:
    return notation.theirs_of(place, provider.id) or ""


def _aliases(document: Document, place: Place, cursor: Cursor) -> Iterator[CompletionItem]:
    """The names that are always right, before all models."""
    offers = [
        Offer(name, value_text(document, cursor, name), ItemKind.ENUM, meaning, markdown(meaning))
        for name, meaning in place.aliases.items()
    ]
    for item in offer(cursor, offers).items:
        yield replace(item, sort_text=f"-{item.sort_text}")


def _missing_key(
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
    )
    return (row,)


def complete_block(
    document: Document, cursor: Cursor, catalog: Catalog, options: Options
) -> Completion:
    """Models where a whole reference belongs and a word stands: the block form takes its place."""
    providers = _by_use(catalog)
    line, column = cursor.word.start
    colon = len(document.lines[line][:column].rstrip())
    span = Span(Position(line, colon), cursor.word.end)
    layout = layout_at(document, line, cursor.indent)

    def taken(provider: ProviderSnapshot, model: Model) -> tuple[Edit, tuple[Edit, ...]]:
        content = reference_content(document, ModelReference(provider.id, model.id))
        return Edit(span, write_key("", content, layout).removeprefix(":")), ()

    found, cut = _candidates(document, cursor, catalog, providers, options.now)
    typed = document.lines[line][colon:column] + cursor.prefix
    items = _items(found, typed, taken, options.now, one_provider=False)
    return Completion(items, incomplete=cut or _cold(providers))


def _items(
    found: Iterable[tuple[ProviderSnapshot, Model]],
    typed: str,
    taken: Callable[[ProviderSnapshot, Model], tuple[Edit, tuple[Edit, ...]]],
    now: datetime,
    *,
    one_provider: bool,
) -> tuple[CompletionItem, ...]:
    """Items in the order of `found`; `taken` gives the edits of one that is chosen."""
    items = []
    for order, (provider, model) in enumerate(found):
        edit, also = taken(provider, model)
        detail = _detail(provider, model, now)
        items.append(
            CompletionItem(
                label=model.id,
                kind=ItemKind.MODEL,
                edit=edit,
                sort_text=sort_text(order),
                filter_text=filter_text(typed, model.id),
                detail=detail,
                description=_beside(model.id, detail) if one_provider else _provider_of(provider),
                model=ModelReference(provider.id, model.id),
                also=also,
                deprecated=model.lifecycle is Lifecycle.DEPRECATED,
            )
        )
    return tuple(items)


def _candidates(
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


def _beside(model_id: str, detail: str) -> str:
    """The facts of `detail` that have room beside an id, which nothing may cut; the last always."""
    facts = detail.split(" · ")
    while len(facts) > 1 and len(model_id) + len(" · ".join(facts)) > ROW_COLUMNS:
        del facts[0]
    return " · ".join(facts)


def _provider_of(provider: ProviderSnapshot) -> str:
    return f"{provider.id}{' · no key' * (provider.status is Status.NOT_CONFIGURED)}"


def _by_use(catalog: Catalog) -> list[ProviderSnapshot]:
    """The providers in their order, those whose models can be used first."""

    def use(provider: ProviderSnapshot) -> int:
        if provider.status is Status.OK:
            return 0
        return 1 if provider.listed else 2 if provider.status is not Status.NOT_CONFIGURED else 3

    return sorted(catalog.askable, key=use)


def _cold(providers: Iterable[ProviderSnapshot]) -> bool:
    return any(provider.status is Status.LOADING for provider in providers)


def _other_names(provider_id: str) -> str:
    return " ".join(alias for alias, name in PROVIDER_ALIASES.items() if name == provider_id)


@remembered
def _details(_: ProviderSnapshot) -> dict[tuple[str, date], str]:
    """What `_detail` has said of the provider's models."""
    return {}


def _detail(provider: ProviderSnapshot, model: Model, now: datetime) -> str:
    """Name, context window, lifecycle, whether it has a key, and if that is offline knowledge."""
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
        said[key] = " · ".join(filter(None, facts))
    return said[key]


def _fill_provider(document: Document, cursor: Cursor, provider_id: str) -> tuple[Edit, ...]:
    """Edits that put the provider beside a model: into its empty value, or as a key before."""
    beside = cursor.siblings.get("provider")
    if beside is not None:
        start = beside.value_span.start
        space = " " if document.lines[start.line][: start.column].endswith(":") else ""
        return (Edit(beside.value_span, space + provider_id),)
    if "provider" in cursor.keys:  # written as something that is no text
        return ()
    line, column = cursor.word.start
    text = document.lines[line]
    if cursor.flow:
        at = Position(line, text.rfind("model", 0, column))
        return (Edit(Span(at, at), f"provider: {provider_id}, "),) if at.column >= 0 else ()
    key = find_key(text, cursor.indent)
    if key is None or key.text != "model":
        return ()
    at = Position(line, cursor.indent)
    indent = " " * cursor.indent
    return (Edit(Span(at, at), f"provider: {provider_id}{document.newline}{indent}"),)
