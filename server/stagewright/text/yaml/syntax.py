"""YAML text to nodes with spans, by libyaml's events; never raises on any text."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import yaml
from yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentEndEvent,
    Event,
    MappingStartEvent,
    ScalarEvent,
    StreamEndEvent,
)

from stagewright.text.buffer import Span, span_at
from stagewright.text.nodes import (
    DEPTH_LIMIT,
    TOO_MUCH,
    AliasNode,
    MappingNode,
    Node,
    Parsed,
    ScalarNode,
    SequenceNode,
    SyntaxProblem,
    scalar,
)
from stagewright.text.yaml.errors import describe

EVENT_LIMIT = 500_000
"""Keys, values and the like that are read at once: more than ten thousand stages have. A hostile
line could hold millions."""

_LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

# What YAML forbids, and what libyaml takes for a line break or skips although LSP does not.
_ODD = re.compile(
    r"[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
_HARMLESS = "\x85\u2028\u2029\ufeff"
_STAND_INS = range(0xE000, 0xF900)  # private use: no meaning to lose


def parse(
    lines: Sequence[str], *, first_line: int = 0, depth: int = 0, ended: bool = False
) -> Parsed:
    """Read a text by libyaml's events, up to the first error.

    `ended` says that a line end follows the last of the lines. Spans count from `first_line`.
    `depth` is the nesting that the text already stands in. Aliases and merge keys stay as written.
    Of several documents the first is returned, the others are only checked.
    """
    bom = lines[0].startswith("\ufeff") if lines else False
    body = [lines[0][1:], *lines[1:]] if bom else lines
    text = "\n".join(body) + ("\n" if ended else "")
    problems: list[SyntaxProblem] = []
    restore: dict[int, int] = {}
    if odd := set(_ODD.findall(text)):
        text, restore = _mask(text, odd)
        problems += _forbidden(body, first_line, bom)
        body = text.split("\n")[: len(body)]
    builder = _Builder(body, first_line, bom, restore)
    try:
        get_event: Callable[[], Event] = _LOADER(text).get_event
        event, read = get_event(), 1
        while not builder.add(event):
            if len(builder.open) + depth > DEPTH_LIMIT:
                message = f"Nested too deeply: the limit is {DEPTH_LIMIT} levels."
                return builder.cut(event, message, problems)
            if read > EVENT_LIMIT:
                return builder.cut(event, TOO_MUCH, problems)._replace(cut=True)
            event, read = get_event(), read + 1
    except yaml.YAMLError as error:
        message, place = describe(error, body)
        problem = SyntaxProblem(message.translate(restore), builder.span(*place))
        return Parsed(builder.close(), (*problems, problem), True)
    return Parsed(builder.root, tuple(problems), False)


def _mask(text: str, odd: set[str]) -> tuple[str, dict[int, int]]:
    """The text with a harmless character for each odd one, and the table that brings them back."""
    stand_ins = (code for code in _STAND_INS if chr(code) not in text)
    table = {ord(char): next(stand_ins, 0xFFFD) for char in sorted(odd)}
    return text.translate(table), {code: char for char, code in table.items() if code != 0xFFFD}


def _forbidden(lines: Sequence[str], first_line: int, bom: bool) -> list[SyntaxProblem]:
    """One problem for each line that holds characters which YAML does not allow."""
    problems = []
    for number, line in enumerate(lines):
        for found in _ODD.finditer(line):
            char, column = found.group(), found.start() + (bom and number == 0)
            if char in _HARMLESS:
                continue
            what = "half a character" if "\ud800" <= char <= "\udfff" else "not allowed in YAML"
            message = f"The character U+{ord(char):04X} is {what}. Remove it."
            at = first_line + number
            problems.append(SyntaxProblem(message, span_at(at, column, at, column + 1)))
            break
    return problems


class _Open:
    """A collection whose end has not come yet."""

    __slots__ = ("anchor", "children", "column", "flow", "is_mapping", "line", "tag")

    def __init__(self, event: CollectionStartEvent, line: int, column: int) -> None:
        self.is_mapping = isinstance(event, MappingStartEvent)
        self.line, self.column = line, column
        self.flow = bool(event.flow_style)
        self.tag, self.anchor = event.tag, event.anchor
        self.children: list[Node] = []


class _Builder:
    """Nodes from events. Iterative: the depth of the text must not become that of our stack."""

    __slots__ = ("bom", "documents", "first_line", "lines", "open", "restore", "root")

    def __init__(
        self, lines: Sequence[str], first_line: int, bom: bool, restore: dict[int, int]
    ) -> None:
        self.lines, self.first_line, self.bom, self.restore = lines, first_line, bom, restore
        self.open: list[_Open] = []
        self.root: Node | None = None
        self.documents = 0

    def span(self, line: int, column: int, end_line: int, end_column: int) -> Span:
        """A place in the parsed text as a place in the document."""
        if end_line >= (count := len(self.lines)):  # libyaml sees a line break at the very end
            end_line, end_column = count - 1, len(self.lines[-1])
            line, column = min((line, column), (end_line, end_column))
        if self.bom:
            column += line == 0
            end_column += end_line == 0
        return span_at(line + self.first_line, column, end_line + self.first_line, end_column)

    def add(self, event: Event) -> bool:
        """Take one event; True when it was the last."""
        start, end = event.start_mark, event.end_mark
        assert start is not None
        assert end is not None
        if isinstance(event, ScalarEvent):
            self._append(self._scalar(event, start.line, start.column, end.line, end.column))
        elif isinstance(event, CollectionStartEvent):
            self.open.append(_Open(event, start.line, start.column))
        elif isinstance(event, CollectionEndEvent):
            self._append(self._collection(self.open.pop(), (end.line, end.column)))
        elif isinstance(event, AliasEvent):
            span = self.span(start.line, start.column, end.line, end.column)
            self._append(AliasNode((event.anchor or "").translate(self.restore), span))
        elif isinstance(event, DocumentEndEvent):
            self.documents += 1
        return isinstance(event, StreamEndEvent)

    def cut(self, event: Event, message: str, problems: list[SyntaxProblem]) -> Parsed:
        """What has been read, where this event is not taken any more."""
        at = event.start_mark
        assert at is not None
        span = self.span(at.line, at.column, at.line, at.column + 1)
        return Parsed(self.close(), (*problems, SyntaxProblem(message, span, unread=True)), True)

    def close(self) -> Node | None:
        """What has been read, where the text broke off."""
        while self.open:
            self._append(self._collection(self.open.pop(), None))
        return self.root

    def _append(self, node: Node) -> None:
        if self.open:
            self.open[-1].children.append(node)
        elif self.documents == 0:
            self.root = node

    def _scalar(
        self, event: ScalarEvent, line: int, column: int, end_line: int, end_column: int
    ) -> ScalarNode:
        style = event.style or ""
        if style in ("|", ">") and end_line > line:  # it ends where the next token begins
            end_line -= end_column == 0 or end_line == len(self.lines)
            while end_line > line and not self.lines[end_line].strip(" \t"):
                end_line -= 1
            end_column = len(self.lines[end_line])
        value = event.value.translate(self.restore) if self.restore else event.value
        span = self.span(line, column, end_line, end_column)
        return scalar(value, span, style, event.tag, event.anchor)

    def _collection(self, opened: _Open, end: tuple[int, int] | None) -> Node:
        """The node of a collection; a block ends with its last child, not at the next token."""
        children = opened.children
        if opened.flow and end is not None:
            span = self.span(opened.line, opened.column, *end)
        else:
            span = self.span(opened.line, opened.column, opened.line, opened.column)
            if children:
                span = Span(span.start, children[-1].span.end)
        tag, anchor = opened.tag, opened.anchor
        if not opened.is_mapping:
            return SequenceNode(tuple(children), span, opened.flow, tag, anchor)
        pairs = tuple(zip(children[::2], children[1::2], strict=False))
        return MappingNode(pairs, span, opened.flow, tag, anchor)
