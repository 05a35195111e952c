"""One table of TOML to nodes with spans: what is missing is left out, the rest is read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from stagewright.text.buffer import Position, span_at
from stagewright.text.nodes import (
    DEPTH_LIMIT,
    TOO_MUCH,
    MappingNode,
    Node,
    NodePath,
    ScalarNode,
    SequenceNode,
    SyntaxProblem,
)
from stagewright.text.slot import Slot
from stagewright.text.toml.scan import KEY, Table, long_end, reach
from stagewright.text.toml.strings import BARE, CLOSING, SHORT, TYPED, closes, unescaped, unquoted
from stagewright.text.toml.tables import Open

VALUE_LIMIT = 500_000
"""Values and tables that are read of one text."""

PROBLEMS_TOLD = 100


class Read(NamedTuple):
    """One table: the keys of its header, what stands in it, and what is wrong."""

    keys: tuple[ScalarNode, ...]
    is_item: bool  # the header has two brackets: of a list of tables
    table: Open
    problems: tuple[SyntaxProblem, ...]
    cut: bool
    values: int  # how many have been read
    slot: (
        Slot | None
    )  # where the cursor stands that was asked for; its path begins below the header


def read_table(
    lines: Sequence[str], table: Table, *, cursor: Position | None = None, count: int = 0
) -> Read:
    """Read one table, where so many values were read before it.

    With a cursor, the slot says where it stands; None in comments, and right behind a value.
    """
    return _Reader(lines, table, cursor, count).run(table.has_header)


class _Reader:
    """A place in the text, and what has been read before it."""

    def __init__(
        self, lines: Sequence[str], table: Table, cursor: Position | None, count: int
    ) -> None:
        self.lines, self.cursor = lines, cursor
        self.line, self.after, self.at = table.start, table.after, 0
        self.limit = self.line  # the last line of the statement
        self.problems: list[SyntaxProblem] = []
        self.cut, self.count = False, count + 1
        self.passed = cursor is None  # the reading is behind the cursor
        self.noted: tuple[Slot, Open | None, int] | None = None

    @property
    def text(self) -> str:
        """The line that is being read."""
        return self.lines[self.line]

    def run(self, has_header: bool) -> Read:
        """Read all lines."""
        top = Open(Position(self.line, 0))
        keys: tuple[ScalarNode, ...] = ()
        is_item = False
        if self.line == 0 and self.after and self.text.startswith("\ufeff"):
            self.at = 1
        if has_header:
            keys, is_item = self._header()
            self._next_line()
        while self.line < self.after and not self.cut:
            self.limit = self.line
            self._blanks()
            if self._is_here() and not (
                self.at < len(self.text)
                and self.text[self.at] == "#"
                and self.cursor != (self.line, self.at)
            ):
                self._note_key((), top, len(top.pairs))
            if self.at < len(self.text) and self.text[self.at] != "#":
                self._pair(top, (), has_to_end=True)
            self._rest()
            self._next_line()
        return Read(keys, is_item, top, tuple(self.problems), self.cut, self.count, self._slot())

    # Where the cursor stands

    def _is_here(self) -> bool:
        """Whether the cursor stands before or at the place that is read next."""
        return not self.passed and self.cursor is not None and self.cursor <= (self.line, self.at)

    def _note_key(self, path: NodePath, around: Open | None, own: int) -> None:
        self.passed = True
        text = None
        found = KEY.match(self.text, self.at)
        assert self.cursor is not None
        if found and self.cursor.line == self.line:
            text = self._key_scalar(found)
        closed = text is not None and self._is_closed(text)
        slot = Slot(True, path, text, closed, False, (), False)
        self.noted = slot, around, own if text is not None else -1

    def _note_value(
        self, path: NodePath, text: ScalarNode | None, tight: bool, around: Open | None, own: int
    ) -> None:
        self.passed = True
        closed = text is not None and self._is_closed(text)
        self.noted = Slot(False, path, text, closed, tight, (), False), around, own

    def _slot(self) -> Slot | None:
        if self.noted is None:
            return None
        slot, around, own = self.noted
        pairs = around.frozen_pairs() if around is not None else []
        others = tuple(pair for number, pair in enumerate(pairs) if number != own)
        return slot._replace(others=others)

    # Moving on

    def _blanks(self) -> None:
        text = self.text
        while self.at < len(text) and text[self.at] in " \t":
            self.at += 1

    def _gap(self) -> None:
        """Move on to what stands next in a list, over blanks, comments and ends of lines."""
        while True:
            self._blanks()
            if self.at < len(self.text) and self.text[self.at] != "#":
                return
            cursor = self.cursor
            if not self.passed and cursor is not None and cursor.line == self.line:
                if cursor.column > self.at:
                    self.passed = True
                return
            if self.line >= self.limit:
                return
            self._next_line()

    def _next_line(self) -> None:
        cursor = self.cursor
        if not self.passed and cursor is not None and cursor.line <= self.line:
            self.passed = True
        self.line, self.at = self.line + 1, 0

    def _rest(self) -> None:
        """What stands behind a statement on its last line."""
        self._blanks()
        if self.at < len(self.text) and self.text[self.at] != "#":
            self._problem("Expected a new line before this.", self.at, len(self.text))

    # Reading

    def _header(self) -> tuple[tuple[ScalarNode, ...], bool]:
        self._blanks()
        is_item = self.text.startswith("[[", self.at)
        start = self.at
        self.at += 1 + is_item
        keys = self._keys(None, 0, ())
        self._blanks()
        if not self.text.startswith("]]" if is_item else "]", self.at):
            self._problem("Unclosed table header.", start, len(self.text))
        else:
            self.at += 1 + is_item
        if not keys:
            keys = [ScalarNode("", span_at(self.line, self.at, self.line, self.at), "")]
        self._rest()
        return tuple(keys), is_item

    def _keys(self, around: Open | None, own: int, path: NodePath) -> list[ScalarNode]:
        """The parts of a dotted key."""
        keys: list[ScalarNode] = []
        while True:
            self._blanks()
            found = KEY.match(self.text, self.at)
            end = found.end() if found else self.at
            cursor = self.cursor
            if not self.passed and cursor is not None and cursor <= (self.line, end):
                self._note_key((*path, *(key.value for key in keys)), around, own)
            if not found:
                return keys
            keys.append(self._key_scalar(found))
            self.at = end
            self._blanks()
            if self.text[self.at : self.at + 1] != "." or len(keys) > DEPTH_LIMIT:
                return keys
            self.at += 1

    def _key_scalar(self, found: re.Match[str]) -> ScalarNode:
        bare, basic, literal = found.groups()
        written = bare or basic or literal
        start, end = found.end() - len(written), found.end()
        style = "" if bare else written[0]
        value = bare or unquoted(written, style)
        return ScalarNode(value, span_at(self.line, start, self.line, end), style)

    def _pair(self, around: Open, path: NodePath, *, has_to_end: bool, depth: int = 0) -> None:
        """A statement: a key, an equals sign and a value."""
        start, own = self.at, around.count
        keys = self._keys(around, own, path)
        if not keys:
            end = len(self.text) if has_to_end else self.at + 1
            self._problem("Expected a key here.", start, end)
            self.at = end
            return
        self._blanks()
        if self.text[self.at : self.at + 1] != "=":
            self._problem("Expected `=` after this key.", start, self.at)
            if self._is_here():
                self.passed = True  # behind a key, where nothing can stand but an equals sign
            nothing = Position(self.line, keys[-1].span.end.column)
            around.put(keys, ScalarNode("", span_at(*nothing, *nothing), ""))
            self.at = len(self.text) if has_to_end else self.at
            return
        self.at += 1
        place = (*path, *(key.value for key in keys))
        if depth == 0 and self.limit == self.line:
            after = self.at
            self._blanks()
            if self.text[self.at : self.at + 1] in ("[", "{"):
                self.limit = reach(self.lines, self.line, self.at)
            self.at = after
        value = self._value(place, depth + len(keys), around, own)
        around.put(keys, value)

    def _value(self, path: NodePath, depth: int, around: Open | None, own: int) -> Node:
        begins = Position(self.line, self.at)
        self._blanks()
        text, at = self.text, self.at
        self.count += 1
        if self.count > VALUE_LIMIT or depth > DEPTH_LIMIT:
            message = f"Nested too deeply: the limit is {DEPTH_LIMIT} levels."
            message = TOO_MUCH if depth <= DEPTH_LIMIT else message
            span = span_at(self.line, at, self.line, at + 1)
            self.problems.append(SyntaxProblem(message, span, unread=True))
            self.cut = True
        first = text[at : at + 1]
        tight = self.cursor == begins
        if self.cut or first in ("", "#", ",", "]", "}", "="):
            if self._is_here():
                self._note_value(path, None, tight, around, own)
            if not self.cut:
                self._problem("Expected a value here.", begins.column, begins.column + 1)
            return ScalarNode("", span_at(*begins, *begins), "")
        if first in "[{":
            if self._is_here():
                self.passed = True
            return self._list(path, depth) if first == "[" else self._inline(path, depth)
        scalar = self._scalar()
        cursor, end = self.cursor, scalar.span.end
        if not self.passed and cursor is not None and cursor <= end:
            if cursor == end and scalar.style and self._is_closed(scalar):
                self.passed = True
            else:
                self._note_value(path, scalar, tight, around, own)
        return scalar

    def _list(self, path: NodePath, depth: int) -> SequenceNode:
        start = Position(self.line, self.at)
        items: list[Node] = []

        def note(here: str) -> None:
            if here in ("", "#", "]", ",") or self.cursor < (self.line, self.at):  # type: ignore[operator]
                self._note_value((*path, len(items)), None, False, None, -1)

        for _ in self._each("]", depth, note):
            items.append(self._value((*path, len(items)), depth + 1, None, -1))
        return SequenceNode(tuple(items), span_at(*start, self.line, self.at), True)

    def _inline(self, path: NodePath, depth: int) -> MappingNode:
        around = Open(Position(self.line, self.at))
        for _ in self._each("}", depth, lambda _: self._note_key(path, around, around.count)):
            self._pair(around, path, has_to_end=False, depth=depth + 1)
        return around.frozen(Position(self.line, self.at), flow=True)

    def _each(self, close: str, depth: int, note: Callable[[str], None]) -> Iterator[None]:
        """Stop where each value or pair in brackets begins, for it to be read, until these close.

        `note` notes a cursor that stands before the sign it is given.
        """
        opened = Position(self.line, self.at)
        unclosed = f"Unclosed `{self.text[self.at]}`.", opened.column, opened.column + 1
        self.at += 1
        after_value = False
        while not self.cut:
            before = self.line
            self._gap()
            here = self.text[self.at : self.at + 1]
            if self._is_here():
                if after_value and self.cursor is not None and self.cursor.line == before:
                    self.passed = True
                else:
                    note(here)
            if here in ("", "#"):
                if self.line < self.limit:
                    self._next_line()
                    continue
                self._problem(*unclosed)
                return
            if here == close:
                self.at += 1
                return
            if here == ",":
                if not after_value:
                    self._problem("Expected a value before this comma.", self.at, self.at + 1)
                self.at, after_value = self.at + 1, False
                continue
            if close == "]" and here in "}=":
                self._problem("Unmatched closing bracket.", self.at, self.at + 1)
                if here == "}" and depth:
                    return
                self.at += 1
                continue
            if here == "]" and depth:
                self._problem(*unclosed)
                return
            if after_value:
                self._problem("Expected `,` before this.", self.at, self.at + 1)
            yield
            after_value = True

    def _scalar(self) -> ScalarNode:
        text, start, line = self.text, self.at, self.line
        quote = text[start : start + 3]
        if quote in ('"""', "'''") and (end := long_end(self.lines, line, start)) is not None:
            self.line, self.at = end
            self.limit = max(self.limit, end.line)
            body = [text[start + 3 :], *self.lines[line + 1 : end.line + 1]]
            body[-1] = (self.text if end.line > line else text)[
                0 if end.line > line else start + 3 : end.column - 3
            ]
            value = "\n".join(body)
            value = value.removeprefix("\n")
            value = unescaped(value) if quote == '"""' else value
            return ScalarNode(value, span_at(line, start, *end), quote)
        if quote in ('"""', "'''"):
            self.at = len(text.rstrip())
            self._problem("Unclosed string.", start, self.at)
            value, span = text[start + 3 : self.at], span_at(line, start, line, self.at)
            return ScalarNode(value, span, quote)
        if (style := quote[:1]) in SHORT:
            found = SHORT[style].match(text, start)
            stop = found.end() if found else len(text)
            if stop == len(text) and not closes(text[start:stop], style):
                # What closes a line is more likely meant so than as a part of the text.
                stop = max(len(text.rstrip(CLOSING)), start + 1)
                self._problem("Unclosed string.", start, stop)
            value = unquoted(text[start:stop], style)
        else:
            found = BARE.match(text, start)
            stop, style = found.end() if found else start + 1, ""
            value = text[start:stop]
            if not TYPED.fullmatch(value):
                self._problem("A string must be quoted.", start, stop)
        self.at = stop
        return ScalarNode(value, span_at(line, start, line, stop), style)

    def _is_closed(self, scalar: ScalarNode) -> bool:
        (line, start), (last, end) = scalar.span
        if len(scalar.style) == 3:
            closed = self.lines[last][:end].endswith(scalar.style)
            return closed and (line < last or end - start >= 6)
        return (
            bool(scalar.style)
            and line == last
            and closes(self.lines[line][start:end], scalar.style)
        )

    def _problem(self, message: str, start: int, end: int) -> None:
        if len(self.problems) < PROBLEMS_TOLD:
            span = span_at(self.line, start, self.line, max(start, end))
            self.problems.append(SyntaxProblem(message, span))
