"""Offers where one text names a model, in the way that its dialect writes one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from stagewright.analysis.cards import provider_card
from stagewright.analysis.completion.items import LIMIT, Offer, offer
from stagewright.analysis.completion.models import (
    by_use,
    candidates,
    cold,
    fill_provider,
    missing_key,
    model_items,
)
from stagewright.analysis.cursor_text import value_text, written
from stagewright.analysis.options import Options
from stagewright.analysis.phrases import status
from stagewright.analysis.results import Completion, CompletionItem, ItemKind
from stagewright.catalog.catalog import Catalog, ProviderSnapshot
from stagewright.catalog.model import Model, ModelReference
from stagewright.catalog.offered import vendor_of
from stagewright.dialects import notation
from stagewright.dialects.around import Around, is_named_here, provider_beside
from stagewright.dialects.document import Document
from stagewright.dialects.extract import Part, encoded, part_at
from stagewright.dialects.key_path import RelativePath, from_value
from stagewright.dialects.place import UNVERIFIABLE, Place
from stagewright.foreign import markdown
from stagewright.text.buffer import Edit, Position, Span
from stagewright.text.cursor import Cursor
from stagewright.text.nodes import MappingNode, ScalarNode
from stagewright.text.source_map import source_map
from stagewright.text.syntaxes import syntax


@dataclass(frozen=True, slots=True)
class _Typed:
    """A text that is typed where a model is named."""

    document: Document
    place: Place
    cursor: Cursor  # of the text alone, where more stands around it
    beside: str | None  # the provider that a key of its own names
    part: Part | None = None  # of a longer text
    scalar: ScalarNode | None = None  # that text

    def put(self, text: str) -> str | None:
        """A name as it has to be written there; None where it cannot be."""
        if self.part is None or self.scalar is None:
            return value_text(self.document, self.cursor, text)
        coded = encoded(self.part, text, self.place.extract)
        write = syntax(self.document.dialect.syntax).inside
        return None if coded is None else write(self.scalar, coded, flow=self.cursor.flow)


def complete_site(
    document: Document, cursor: Cursor, catalog: Catalog, options: Options
) -> Completion:
    """What can stand where a model is named, or its provider beside it; nothing elsewhere."""
    around = _around(document, cursor)
    for place in document.dialect.places:
        if is_named_here(place, around) and (typed := _typed(document, place, cursor, around)):
            return _complete(typed, catalog, options)
    for place in document.dialect.places:
        if notation.is_opaque(place, document.text_of(cursor.word)):
            continue
        if cursor.place == "value" and any(
            key is not None and key.fits(cursor.path)
            for at in place.at
            for path in place.provider.keys
            for key in [from_value(at, path)]
        ):
            return _complete_provider(document, place, cursor, catalog, options)
    return Completion(())


def _around(document: Document, cursor: Cursor) -> Around:
    """What the text at the cursor stands in; what is half typed is known by its siblings."""
    number = cursor.word.start.line
    path = cursor.path if cursor.place == "value" else (*cursor.path, "")
    around, whole = document.around(number, path)
    if whole:
        return around
    pairs = tuple(
        (ScalarNode(name, field.key_span, ""), ScalarNode(field.value, field.value_span, '"'))
        for name, field in cursor.siblings.items()
    )
    return Around((*around.levels, MappingNode(pairs, cursor.word)), around.value)


def _typed(document: Document, place: Place, cursor: Cursor, around: Around) -> _Typed | None:
    """What is typed at a place, if the cursor is at it."""
    whole, scalar = _at(place, cursor), cursor.scalar
    begins = place.extract is None or bool(place.extract.split)  # a name may stand at the start
    if whole is None or (scalar is None and not begins):
        return None
    beside, _ = provider_beside(place, around)
    if scalar is None:
        filled_in = notation.is_opaque(place, document.text_of(whole.word))
        return None if filled_in else _Typed(document, place, whole, beside)
    part = part_at(place, scalar.value, cursor.offset)
    if part is None or notation.is_opaque(place, part.text):
        return None  # what would be replaced is more than a name
    if place.extract is None and part.text == scalar.value.strip():
        return _Typed(document, place, whole, beside)
    places = source_map(scalar, document.lines, syntax=document.scalar_syntax)
    word = places.span(part.start, part.end) if places else None
    if word is None or {word.start.line, word.end.line} != {cursor.word.start.line}:
        return None
    prefix = scalar.value[part.start : cursor.offset]
    narrow = replace(whole, word=word, prefix=prefix, quote="", needs_space=False)
    return _Typed(document, place, narrow, beside, part, scalar)


def _at(place: Place, cursor: Cursor) -> Cursor | None:
    """The cursor in the whole value, or key, of a place; None where it is not there."""
    if place.in_key:
        named = cursor.place == "key" and any(at.names_keys_of(cursor.path) for at in place.at)
        return cursor if named else None
    if cursor.place == "key":
        return None
    if any(at.fits(cursor.path) for at in place.at):
        return cursor
    *before, last = cursor.path or ("",)
    if (
        place.written == "provider:model"
        and cursor.needs_space  # `- openai:`, which is a key to YAML as long as nothing follows
        and isinstance(last, str)
        and any(at.fits(tuple(before)) for at in place.at)
    ):
        (line, column), end = cursor.word
        word = Span(Position(line, column - len(last) - 1), end)
        return replace(cursor, prefix=f"{last}:", word=word, needs_space=False)
    return None


def _complete(typed: _Typed, catalog: Catalog, options: Options) -> Completion:
    """Names that are always right, then models; where the text also says the provider, that of
    the provider before the separator, else of all that can be named here."""
    place, cursor, document = typed.place, typed.cursor, typed.document
    halves = notation.read(place, cursor.prefix, typed.beside)
    separator = place.separator
    begins = halves.begins if separator and separator in cursor.prefix else 0
    narrow, named = cursor, _provider_named(typed, begins, halves.provider)
    if begins:
        (line, column), end = cursor.word
        narrow = replace(
            cursor,
            prefix=cursor.prefix[begins:],
            word=Span(Position(line, column + begins), end),
        )
    known = catalog.provider(named) if named else None
    providers = [known] if known else [] if named is not None else _nameable(typed, catalog)

    def taken(provider: ProviderSnapshot, model: Model) -> tuple[Edit, tuple[Edit, ...]] | None:
        text = f"{cursor.prefix[:begins]}{model.id}"
        also: tuple[Edit, ...] = ()
        reference = ModelReference(provider.id, model.id)
        if place.vendor or (separator and not begins):
            named_so = notation.written(place, reference, beside=typed.beside)
            if named_so is None:
                return None
            text = named_so
        elif not separator and notation.written(place, reference, beside=typed.beside) is None:
            also = _fill(typed, provider)
            if not also:
                return None
        put = typed.put(text)
        return None if put is None else (Edit(cursor.word, put), also)

    found, cut = candidates(document, narrow, catalog, providers, options.now)
    if separator and cursor.prefix and not begins:  # half of a provider's name, perhaps
        begun = [
            one
            for one in providers
            if (notation.theirs_of(place, one.id) or "").startswith(cursor.prefix)
        ]
        nothing = replace(cursor, prefix="", word=Span(cursor.word.end, cursor.word.end))
        theirs, more = candidates(document, nothing, catalog, begun, options.now)
        found, cut = [*theirs, *(one for one in found if one not in theirs)][:LIMIT], cut or more
    items = model_items(found, cursor.prefix, taken, options.now, one_provider=bool(named))
    missing = missing_key(document, cursor, known) if known else ()
    return Completion((*missing, *_names(typed, begins), *items), cut or cold(providers))


def _provider_named(typed: _Typed, begins: int, written_so: str) -> str | None:
    """The one provider whose models belong here; empty where that is none that we know, None where
    several may be meant."""
    place, rule = typed.place, typed.place.provider
    if place.written == "display" and place.vendor:
        return None
    if place.written in ("display", "local"):
        return ""
    if begins:
        return notation.ours_of(place, written_so) or ""
    beside = notation.alone_of(place, "", typed.beside) if typed.beside is not None else None
    if beside is not None:
        return beside
    if place.separator:
        return None
    if typed.beside is not None:
        return ""
    if rule.ids or (rule.keys and not rule.default):
        return None
    return "" if rule.default == UNVERIFIABLE else rule.default


def _nameable(typed: _Typed, catalog: Catalog) -> list[ProviderSnapshot]:
    """The providers whose models can be named here, those whose models can be used first."""
    place, rule = typed.place, typed.place.provider
    if place.vendor:
        return [one for one in catalog.providers.values() if vendor_of(one.id) is not None]
    if place.separator or rule.keys:
        return [one for one in by_use(catalog) if notation.theirs_of(place, one.id)]
    ours = {rule.default, *(one for _, one in rule.ids)}
    return [one for one in by_use(catalog) if one.id in ours]


def _fill(typed: _Typed, provider: ProviderSnapshot) -> tuple[Edit, ...]:
    """Edits that name the provider in the key beside a model."""
    theirs = notation.theirs_of(typed.place, provider.id)
    for path in typed.place.provider.keys:
        match path:
            case RelativePath("@", (str() as key,), 0) if theirs and not typed.part:
                return fill_provider(typed.document, typed.cursor, theirs, key)
    return ()


def _names(typed: _Typed, begins: int) -> Iterator[CompletionItem]:
    """The names that are always right and those that the file defines, before all models."""
    place, cursor = typed.place, typed.cursor
    if begins and not any(place.separator in name for name in place.aliases):
        return
    names = {name: means for name, means in place.aliases.items() if "*" not in name}
    if place.local or place.written == "local":
        defined = sorted(typed.document.defined.models)
        names.update((name, "Defined in this file.") for name in defined if "*" not in name)
    offers = [
        Offer(name, text, ItemKind.ENUM, means, markdown(means))
        for name, means in names.items()
        if (text := typed.put(name)) is not None
    ]
    for item in offer(cursor, offers).items:
        yield replace(item, sort_text=f"-{item.sort_text}")


def _complete_provider(
    document: Document, place: Place, cursor: Cursor, catalog: Catalog, options: Options
) -> Completion:
    """The names by which a format calls providers, those whose models can be used first."""
    names: dict[str, tuple[str, str]] = {}  # with a detail and a card
    for one in by_use(catalog):
        if (theirs := notation.theirs_of(place, one.id)) is not None:
            card = provider_card(one, options.now)
            names.setdefault(theirs, (f"{one.name} · {status(one)}", card))
    for theirs in sorted(document.defined.providers):
        names.setdefault(theirs, ("Defined in this file.", ""))
    for theirs, ours in place.providers.items():
        if ours == UNVERIFIABLE:
            names.setdefault(theirs, ("Its models cannot be checked from here.", ""))
    offers = [
        Offer(name, value_text(document, cursor, name), ItemKind.PROVIDER, detail, card)
        for name, (detail, card) in names.items()
    ]
    return offer(cursor, offers, written(document, cursor))
