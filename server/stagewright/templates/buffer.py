"""The text of a document: lines, positions, edits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Position(NamedTuple):
    """A place between two characters: 0-based line and column, the column in code points."""

    line: int
    column: int


class Span(NamedTuple):
    """From `start` up to, not including, `end`."""

    start: Position
    end: Position

    def shifted(self, lines: int) -> Span:
        """The same span so many lines further down."""
        return Span(
            Position(self.start.line + lines, self.start.column),
            Position(self.end.line + lines, self.end.column),
        )

    def contains(self, position: Position) -> bool:
        """Whether `position` lies in the span or at its very end, where a cursor still belongs to it."""
        return self.start <= position <= self.end


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace what `span` covers by `text`."""

    span: Span
    text: str
