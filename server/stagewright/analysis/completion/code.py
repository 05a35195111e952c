"""Offers within a literal of source code that names a model, or is to name one."""

from __future__ import annotations

import re

from stagewright.analysis.completion.models import (
    by_use,
    candidates,
    cold,
    missing_key,
    model_items,
)
from stagewright.analysis.options import Options
from stagewright.analysis.results import Completion
from stagewright.catalog.catalog import Catalog, ProviderSnapshot, Status
from stagewright.catalog.model import Model
from stagewright.dialects.code.document import CodeDocument
from stagewright.dialects.code.names import is_name
from stagewright.dialects.place import UNVERIFIABLE
from stagewright.text.buffer import Edit, Position, Span
from stagewright.text.cursor import Cursor

_WORD = re.compile(r"[\w.:/@+~-]*")


def complete_code(
    document: CodeDocument, position: Position, catalog: Catalog, options: Options
) -> Completion:
    """Models of all providers that are set up, those first whose library the file uses; where the
    literal names a provider before the model, that one's."""
    position = document.clamp(position)
    literal = document.literal_at(position)
    if literal is None or not literal.asks:
        return Completion(())
    line, text = position.line, document.lines[position.line]
    ends = _WORD.match(text, position.column)
    end = min(ends.end() if ends else position.column, literal.end)
    prefix = text[literal.start : position.column]
    if not _WORD.fullmatch(prefix):
        return Completion(())
    cursor = _cursor(prefix, line, literal.start, max(end, position.column))
    begins, named = _named(document, prefix)
    narrow = cursor
    if begins:
        narrow = _cursor(prefix[begins:], line, literal.start + begins, cursor.word.end.column)
    known = catalog.provider(named) if named else None
    if named and known is None:
        return Completion(())
    first = [literal.provider, *document.facts.sends, *document.facts.uses]
    providers = [known] if known else _ordered(catalog, first)

    def taken(_: ProviderSnapshot, model: Model) -> tuple[Edit, tuple[Edit, ...]] | None:
        if not is_name(model.id):
            return None
        return Edit(cursor.word, f"{prefix[:begins]}{model.id}"), ()

    found, cut = candidates(document, narrow, catalog, providers, options.now)
    items = model_items(found, prefix, taken, options.now, one_provider=known is not None)
    missing = missing_key(document, cursor, known) if known else ()
    return Completion((*missing, *items), cut or cold(providers))


def _cursor(prefix: str, line: int, start: int, end: int) -> Cursor:
    word = Span(Position(line, start), Position(line, end))
    return Cursor("value", (), prefix, word, "", False, {}, frozenset(), False, start)


def _named(document: CodeDocument, prefix: str) -> tuple[int, str]:
    """Where the model begins behind a provider's name, and our name of that provider."""
    for place in document.dialect.places:
        before, separator, _ = prefix.partition(place.separator) if place.separator else ("",) * 3
        ours = place.providers.get(before.lower()) if separator else None
        if ours is not None:
            return len(before) + 1, "" if ours == UNVERIFIABLE else ours
    return 0, ""


def _ordered(catalog: Catalog, first: list[str]) -> list[ProviderSnapshot]:
    """The providers that are set up, or all where none is; these before all others."""
    every = by_use(catalog)
    usable = [one for one in every if one.status is not Status.NOT_CONFIGURED or one.id in first]
    found = usable if any(one.status is not Status.NOT_CONFIGURED for one in usable) else every
    rank = {name: place for place, name in reversed([*enumerate(first)])}
    return sorted(found, key=lambda one: rank.get(one.id, len(first)))
