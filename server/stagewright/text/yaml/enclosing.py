"""Block structure by indentation alone: from a line upwards to the path of what it stands in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from stagewright.text.document import AnyDocument
from stagewright.text.nodes import NodePath
from stagewright.text.yaml import flow
from stagewright.text.yaml.scan import (
    Line,
    find_key,
    indent_of,
    is_blank,
    is_dash,
    is_marker,
    scan_line,
    skip_blanks,
    skip_properties,
    value_kind,
)

LINES_ABOVE = 2_000  # lines looked at above the cursor
SIBLING_LIMIT = 500  # lines looked at below it


@dataclass(slots=True)
class Surroundings:
    """What a line stands in: a mapping or list with its path, and the sibling keys' lines above it.

    `flow` is where the flow collection opens that the line stands in, if any; `path` is then that
    of this collection.
    """

    path: NodePath
    above: list[int] = field(default_factory=list)
    flow: tuple[int, int] | None = None


def surroundings(
    document: AnyDocument, number: int, column: int, dashes: tuple[int, ...], *, strict: bool
) -> Surroundings | None:
    """What the line `number` stands in, when its content begins at `column` behind its `dashes`.

    None in block scalars and in text that goes on over several lines; with `strict`, as is right
    for an empty line, also where nothing lines up with `column`.
    """
    chunks, lines = document.chunks, document.lines
    if chunks is None and (opened := _opening_bracket(lines)) and opened[0] < number:
        return Surroundings((), flow=opened)
    enclosing = _EnclosingPath(column, strict)
    for dash in reversed(dashes):
        enclosing.into_item(dash)
    chunk = chunks.index_at(number) if chunks is not None else None
    top = dashes[0] if dashes else column
    if chunks is None or chunk is None or (top == 0 and number != chunks.starts[chunk]):
        for count, above in enumerate(lines_above(document, number)):
            if count >= LINES_ABOVE:
                return None
            if is_marker(lines[above]):
                break
            if not enclosing.step(above, lines[above]):
                return None
        return enclosing.result(())
    root: NodePath = (document.layout.list_key,)
    first = chunks.starts[chunk]
    if top <= chunks.indent and number != first:
        return Surroundings(root) if top == chunks.indent and not dashes else None
    if number - first > LINES_ABOVE:
        return None
    for above in range(number - 1, first - 1, -1):
        if not enclosing.step(above, lines[above]):
            return None
    if enclosing.list_column != chunks.indent:
        return None
    enclosing.index = chunk
    return enclosing.result(root)


def _opening_bracket(lines: Sequence[str]) -> tuple[int, int] | None:
    """Where the flow collection opens that is all of the text, as in JSON."""
    first = next((n for n, line in enumerate(lines) if not (is_blank(line) or is_marker(line))), 0)
    column = indent_of(lines[first])
    return (first, column) if lines[first][column : column + 1] in ("{", "[") else None


def lines_above(document: AnyDocument, number: int) -> Iterator[int]:
    """The lines above one, nearest first; the entries' lines are left out."""
    chunks = document.chunks
    if chunks is None:
        yield from range(number - 1, -1, -1)
        return
    yield from range(number - 1, chunks.end - 1, -1)
    yield from range(min(number, chunks.starts[0]) - 1, -1, -1)


def siblings_below(document: AnyDocument, number: int, column: int) -> Iterator[int]:
    """The lines below one on which keys of the same mapping stand, in their order."""
    chunks, lines = document.chunks, document.lines
    below = number + 1
    for _ in range(SIBLING_LIMIT):
        if column == 0 and chunks is not None and chunks.starts[0] <= below < chunks.end:
            below = chunks.end
        if below >= len(lines):
            return
        line = lines[below]
        indent = indent_of(line)
        if not is_blank(line) and indent <= column:
            if indent < column or is_marker(line):
                return
            if not is_dash(line, column) and find_key(line, column) is not None:
                yield below
        below += 1


class _EnclosingPath:
    """What is known: the column of the mapping or list that we are in, and the path to it."""

    def __init__(self, column: int, strict: bool) -> None:
        self.column, self.strict = column, strict
        self.list_column: int | None = None  # of the dashes, while we are in an item of a list
        self.index = 0  # how many items of that list have been passed
        self.path: list[str | int] = []  # innermost first
        self.above: list[int] = []
        self.flow: tuple[int, int] | None = None
        self.at_start = True  # still in the mapping that the walk upwards began in
        self.passed_deeper = self.passed_dashes = False

    def result(self, root: NodePath) -> Surroundings:
        """The surroundings, when there is nothing more above."""
        if self.list_column is not None:
            self.path.append(self.index)
        return Surroundings((*root, *reversed(self.path)), self.above, self.flow)

    def into_item(self, dash: int) -> None:
        """What we are in is the content of an item whose dash is at this column."""
        if self.list_column is not None:
            self.path.append(self.index)
        self.column = self.list_column = dash
        self.index, self.at_start = 0, False

    def step(self, number: int, line: str) -> bool:
        """Take the next line above; False when the place turns out to be text."""
        indent = indent_of(line)
        if is_blank(line):
            return True
        if indent > self.column:
            self.passed_deeper = True
            return True
        scanned = scan_line(line)
        ours = False  # whether what we are in begins on this line, or is a sibling of what does
        if scanned.content < len(line):
            if scanned.content < self.column or (
                scanned.content == self.column and self.list_column is not None
            ):
                inside = self._into_value(number, line, scanned)
                if inside is None:
                    return False
                ours = inside
            elif scanned.content == self.column:
                ours = True
                if scanned.key is not None:
                    self.passed_dashes = False  # they are the list of this key
                    if self.at_start:
                        self.above.append(number)
        return self._pass_dashes(line, scanned, ours)

    def _pass_dashes(self, line: str, scanned: Line, ours: bool) -> bool:
        for dash in reversed(scanned.dashes):
            if ours:
                self.into_item(dash)
            elif dash == self.list_column:
                self.index += 1
                ours = True
            elif dash < self.column:
                taken = self.passed_deeper or line[scanned.content :].strip()
                if self.strict and self.at_start and taken:
                    return False
                self.into_item(dash)
                ours = True
            elif dash == self.column:
                self.passed_dashes = True
        return True

    def _into_value(self, number: int, line: str, scanned: Line) -> bool | None:
        """The line may be the key that we are the value of; None when we are in text instead."""
        key = scanned.key
        start = key.colon + 1 if key is not None else scanned.content
        kind = value_kind(line, start)
        if key is None and kind != "{":
            passed_by = not scanned.dashes and (
                self.list_column is not None or line[scanned.content] in "]}"
            )
            return False if passed_by else None
        if kind == "{":
            at = skip_properties(line, skip_blanks(line, start))
            if not flow.is_open(line, at):
                return None
            self.flow, self.path, self.list_column = (number, at), [], None
        elif kind or (
            self.strict and self.at_start and self.passed_deeper and not self.passed_dashes
        ):
            return None
        if self.list_column is not None:
            self.path.append(self.index)
        if key is not None:
            self.path.append(key.text)
        self.column, self.list_column, self.at_start = scanned.content, None, False
        return True
