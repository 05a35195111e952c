"""Where a cursor stands among the tokens of a text, as our readers of JSON and TOML find it."""

from __future__ import annotations

from typing import NamedTuple, cast

from stagewright.text.buffer import Position, Span
from stagewright.text.cursor import Cursor, Field, Quote
from stagewright.text.nodes import Node, NodePath, ScalarNode


class Slot(NamedTuple):
    """A place between or in texts."""

    is_key: bool
    path: NodePath  # of the value; of the mapping that the key would stand in
    text: ScalarNode | None  # the text or word that the cursor is in or before; None in a gap
    is_closed: bool  # the text has its closing quotes
    tight: bool  # right behind a colon, comma or equals sign
    others: tuple[tuple[Node, Node], ...]  # the other pairs of the mapping around the cursor
    flow: bool  # in brackets


def cursor_of(slot: Slot, position: Position, line: str) -> Cursor | None:
    """The cursor that stands there, on this line; None in the midst of the quotes that open a
    text."""
    siblings: dict[str, Field] = {}
    keys: set[str] = set()
    for key, value in slot.others:
        if isinstance(key, ScalarNode):
            keys.add(key.value)
            if isinstance(value, ScalarNode):
                field = Field(value.value, key.span, value.span, bool(value.value))
                siblings.setdefault(key.value, field)
    text, column = slot.text, position.column
    start = end = column
    quote = ""
    if text is not None:
        (first, begins), (last, over) = text.span
        over = over if last == position.line else len(line)
        start, end = column, max(over, column)
        if position > text.span.start:
            quote = text.style
            start = begins + len(quote) if first == position.line else 0
            if start > column:
                return None
            ours = slot.is_closed and last == position.line
            end = max(over - (len(quote) if ours else 0), column)
    word = Span(Position(position.line, start), Position(position.line, end))
    return Cursor(
        "key" if slot.is_key else "value",
        slot.path,
        line[start:column],
        word,
        cast("Quote", quote),
        slot.tight and not quote,
        siblings,
        frozenset(keys),
        slot.flow,
        start,
        text,
    )
