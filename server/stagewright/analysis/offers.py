"""Offering one of many words: which fit what is typed, and how clients keep their order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from stagewright.analysis.results import Completion, CompletionItem, ItemKind
from stagewright.templates.buffer import Edit
from stagewright.templates.cursor import Cursor

LIMIT = 200
"""Offers in one answer; when there are more, clients ask again as more is typed."""


def ranked(
    typed: str, written: str, groups: Sequence[Sequence[str]]
) -> tuple[list[list[int]], bool]:
    """For each group of keys the places of those to offer, best first; and whether that is a guess.

    A key is a word in lower case, and after a newline what else it may be found by. Those that
    begin with what is typed come before those that hold it. Where nothing does, those that hold
    its letters in order. Where that is nothing either, or only what is `written` there already,
    somebody wants another one: then everything follows, and what more typing leaves of it cannot
    be told from here.
    """
    typed, written = typed.lower(), written.lower()
    found = [_holding(typed, keys) for keys in groups]
    if not any(found):
        found = [_scattered(typed, keys) for keys in groups]
    others = any(
        keys[place].partition("\n")[0] != written
        for keys, places in zip(groups, found, strict=True)
        for place in places
    )
    if others:
        return found, False
    return [
        list(dict.fromkeys((*places, *range(len(keys)))))
        for keys, places in zip(groups, found, strict=True)
    ], True


def _holding(typed: str, keys: Sequence[str]) -> list[int]:
    if not typed:
        return list(range(len(keys)))
    holding = [place for place, key in enumerate(keys) if typed in key]
    return sorted(holding, key=lambda place: not keys[place].startswith(typed))


def _scattered(typed: str, keys: Sequence[str]) -> list[int]:
    # Classes that leave the letter out instead of `.*`: a match takes linear time.
    letters = "".join(f"[^{re.escape(letter)}\n]*{re.escape(letter)}" for letter in typed)
    begins_so = re.compile(letters).match
    return [place for place, key in enumerate(keys) if begins_so(key)]


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
    keys = [f"{one.label}\n{one.detail}\n{one.found_by}".lower() for one in offers]
    (places,), guessed = ranked(cursor.prefix, written or "", [keys])
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
