"""Offering one of many words: which fit what is typed, and how clients keep their order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from stagewright.analysis.completion.name_index import NameIndex
from stagewright.analysis.results import Completion, CompletionItem, ItemKind
from stagewright.text.buffer import Edit
from stagewright.text.cursor import Cursor

LIMIT = 200
"""Offers in one answer; when there are more, clients ask again as more is typed."""


def ranked(
    typed: str, written: str, groups: Sequence[NameIndex]
) -> tuple[list[Iterator[int]], bool]:
    """For each group of words the places of those to offer, best first; and whether it is a guess.

    Those that begin with what is typed come before those that hold it. Where nothing does, those
    that hold its letters in order. Where that is nothing either, or only what is `written` there
    already, somebody wants another one: then everything follows, and what more typing leaves of it
    cannot be told from here.
    """
    search = NameIndex.holding if _any(groups, typed, NameIndex.holding) else NameIndex.scattered
    others = any(
        not words.is_word(place, written) for words in groups for place in search(words, typed)
    )
    found = [search(words, typed) for words in groups]
    if not others:
        found = [_before_all(places, words) for places, words in zip(found, groups, strict=True)]
    return found, not others


def _any(
    groups: Sequence[NameIndex], typed: str, search: Callable[[NameIndex, str], Iterator[int]]
) -> bool:
    return any(True for words in groups for _ in search(words, typed))


def _before_all(places: Iterator[int], words: NameIndex) -> Iterator[int]:
    return iter(dict.fromkeys((*places, *range(len(words)))))


def filter_text(typed: str, label: str) -> str:
    """What a client compares with what is typed, so that it keeps the offer where we put it.

    Clients drop what does not fit by rules of their own, and order the rest by how well it fits.
    """
    return label if label.startswith(typed) else f"{typed} {label}"


def sort_text(place: int) -> str:
    """A sort key under which clients keep offers in our order."""
    return f"{place:05d}"


@dataclass(frozen=True, slots=True)
class Offer:
    """Something that can stand at the cursor."""

    label: str
    text: str  # what takes the place of the word at the cursor
    kind: ItemKind
    detail: str = ""
    documentation: str = ""  # Markdown
    found_by: str = ""  # what else it may be found by, besides label and detail
    snippet: bool = False


def offer(cursor: Cursor, offers: Sequence[Offer], written: str | None = None) -> Completion:
    """The offers that fit, best first.

    `written` is the whole word at the cursor where a wrong one is to be replaced: then all are
    offered when none fits. Without it, none.
    """
    words = NameIndex(f"{one.label}\n{one.detail}\n{one.found_by}" for one in offers)
    (found,), guessed = ranked(cursor.prefix, written or "", [words])
    places = list(islice(found, LIMIT + 1))
    if guessed and written is None:
        return Completion(())
    items = tuple(
        CompletionItem(
            label=one.label,
            kind=one.kind,
            edit=Edit(cursor.word, one.text),
            sort_text=sort_text(order),
            filter_text=filter_text(cursor.prefix, one.label),
            detail=one.detail,
            documentation=one.documentation,
            snippet=one.snippet,
        )
        for order, one in enumerate(offers[place] for place in places[:LIMIT])
    )
    return Completion(items, incomplete=guessed or len(places) > LIMIT)
