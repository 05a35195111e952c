"""Where a cursor stands: from a position to a path and what is typed there, also in half-typed text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from stagewright.templates.buffer import Position, Span
from stagewright.templates.template import Document


@dataclass(frozen=True, slots=True)
class Field:
    """A scalar sibling of what is being typed."""

    value: str
    key_span: Span
    value_span: Span  # empty, right behind the colon and one space, where nothing is written
    has_value: bool


@dataclass(frozen=True, slots=True)
class Cursor:
    """What is being typed. All spans are absolute."""

    place: Literal["key", "value"]
    path: tuple[str | int, ...]
    """For a value: the path to it, such as ("stages", 2, "defaultModel", "model"), the item's index
    included. For a key: the path of the mapping that the key would stand in."""
    prefix: str  # what stands between the start of the word and the cursor, quotes left out
    word: (
        Span  # the whole written word that an answer replaces, quotes left out; empty where none is
    )
    quote: Literal["", "'", '"']  # the quote the word stands in
    needs_space: bool  # a value right behind its colon: an answer must begin with a space
    siblings: Mapping[str, Field]  # the other keys of the mapping around the cursor, scalars only
    flow: bool  # inside `{}` or `[]`
    indent: int  # the column of the keys of the mapping around the cursor


def cursor_at(document: Document, position: Position) -> Cursor | None:
    """What is typed at `position`; None in comments, block scalars and prose."""
