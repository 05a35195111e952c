"""What is typed at a cursor, in words that are the same for every syntax."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from stagewright.text.buffer import Span
from stagewright.text.nodes import NodePath, ScalarNode

KeyOrValue = Literal["key", "value"]
Quote = Literal["", "'", '"', "'''", '"""']


@dataclass(frozen=True, slots=True)
class Field:
    """A scalar sibling of what is being typed. Spans cover quotes; `value` leaves them out."""

    value: str
    key_span: Span
    value_span: Span  # empty where nothing is written: behind the colon and a space that follows it
    has_value: bool  # False for an empty text in quotes, too


@dataclass(frozen=True, slots=True)
class Cursor:
    """What is being typed. All spans are absolute; the word lies on the cursor's line."""

    place: KeyOrValue
    path: NodePath
    """For a value: the path to it, such as ("stages", 2, "defaultModel", "model"), the item's index
    included. For a key: the path of the mapping that the key would stand in; that of the list,
    where a new item would begin whose dash is not written yet."""
    prefix: str  # what stands between the start of the word and the cursor, quotes left out
    word: Span  # the whole written word that an answer replaces, quotes left out; empty for none
    quote: Quote  # the quote the word stands in
    needs_space: bool  # right behind a colon or dash: an answer must begin with a space
    siblings: Mapping[str, Field]  # the other keys of the mapping around the cursor, scalars only
    keys: frozenset[str]  # all the other keys of that mapping
    flow: bool  # inside `{}` or `[]`
    indent: int  # the column of the keys of the mapping around the cursor
    scalar: ScalarNode | None = None  # what the cursor is in or right before, if it was asked for
    offset: int = 0  # of the cursor in the scalar's value
