"""A reader of single lines, as Choragen's for templates is: what it takes for something else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from stagewright.dialects.choragen.schema import ACTION, DEFAULT_MODEL, STAGE, TEMPLATE
from stagewright.dialects.choragen.shapes import SPOKEN_BOOLEANS, Kind, Shape
from stagewright.dialects.sites import is_null
from stagewright.text.buffer import Span, span_at
from stagewright.text.nodes import AliasNode, MappingNode, Node, ScalarNode, SequenceNode
from stagewright.text.yaml.scan import (
    comment_start,
    indent_of,
    is_blank,
    skip_blanks,
    skip_properties,
)

Rule = Literal[
    "alias",
    "anchor",
    "bare-dash",
    "boolean",
    "byte-order-mark",
    "comment",
    "documents",
    "escape",
    "file-move",
    "flow",
    "hooks",
    "indentation",
    "key",
    "lines",
    "merge",
    "null",
    "quotes",
    "tag",
    "unread",
]


@dataclass(frozen=True, slots=True)
class Difference:
    """A place where Choragen reads something else, and what it reads there.

    Spans count from the entry's first line, or absolutely outside of the entries. `node` is the
    span of the value or key that would have to be written otherwise.
    """

    rule: Rule
    message: str = field(compare=False)  # for people
    span: Span
    node: Span


# Actions of which Choragen reads back the type alone.
_UNREAD = frozenset({"spawn_agent", "post_message", "emit_event"})
# Keys with children that are not read when a comment stands behind them.
_BARE_HEADS = frozenset({"onEnter", "onExit", "commands", "options"})
_EXACT = frozenset({"gate", "hooks"})  # their keys stand two columns deeper, no more
_ESCAPES = 'n"\\'


class LineReader:
    """Looks through nodes for what a reader of single lines cannot know."""

    def __init__(self, lines: Sequence[str], dash: int) -> None:
        self.lines, self.dash = lines, dash
        self.differences: list[Difference] = []

    def found(self, rule: Rule, message: str, span: Span, node: Span | None = None) -> None:
        self.differences.append(Difference(rule, message, span, node or span))

    def top(self, head: MappingNode) -> None:
        if head.flow:
            self._flow(head)
            return
        self._column(head, 0, exact=True)
        self._mapping(head, TEMPLATE)

    def stage(self, stage: MappingNode) -> None:
        if stage.flow:
            self._flow(stage)
            return
        base = self.dash
        if stage.span.start.line > 0:
            self._bare_dash(stage)
        self._column(stage, base + 2, exact=True)
        for name, value in stage.pairs:
            if not isinstance(name, ScalarNode) or not isinstance(value, MappingNode) or value.flow:
                continue
            if STAGE.key(name.value) is None or not value.pairs:
                continue
            self._column(value, base + 4, exact=name.value in _EXACT)
            for _, items in value.pairs:
                if isinstance(items, SequenceNode) and not items.flow:
                    self._list_column(items, base + 6)
        self._late_hooks(stage)
        self._mapping(stage, STAGE)

    def _column(self, mapping: MappingNode, column: int, *, exact: bool) -> None:
        if not mapping.pairs:
            return
        start = mapping.pairs[0][0].span.start
        found = start.column - self.lines[start.line].startswith("\ufeff")  # told of already
        if found == column or (found > column and not exact):
            return
        if any(found.rule == "indentation" for found in self.differences):
            return  # once: the whole stage is to be moved
        least = "" if exact else " or beyond"
        message = (
            f"Choragen finds nothing here: it expects these keys in column {column + 1}{least}."
        )
        self.found("indentation", message, mapping.pairs[0][0].span)

    def _list_column(self, items: SequenceNode, column: int) -> None:
        start = items.span.start
        if start.column >= column or any(d.rule == "indentation" for d in self.differences):
            return
        message = f"Choragen finds no items here: it expects dashes from column {column + 1} on."
        span = span_at(start.line, start.column, start.line, start.column + 1)
        self.found("indentation", message, span)

    def _late_hooks(self, stage: MappingNode) -> None:
        after_options = False
        for name, value in stage.pairs:
            if not isinstance(name, ScalarNode):
                continue
            if name.value == "gate" and isinstance(value, MappingNode) and value.pairs:
                last = value.pairs[-1][0]
                after_options = isinstance(last, ScalarNode) and last.value == "options"
            elif name.value == "hooks" and after_options:
                message = "Choragen ignores these hooks: they follow a gate that ends in `options`."
                self.found("hooks", message, name.span)

    def _mapping(self, mapping: MappingNode, shape: Shape | None) -> None:
        kind = mapping.get("type")
        unread = (
            shape is ACTION
            and isinstance(kind, ScalarNode)
            and kind.value in _UNREAD
            and kind.value
        )
        after_move = False
        for name, value in mapping.pairs:
            if not isinstance(name, ScalarNode):
                self.found("key", "Choragen reads only keys that are strings.", name.span)
                continue
            key = shape.key(name.value) if shape else None
            self._key(name, value)
            if unread and key is not None and unread in key.only_for:
                message = f"Choragen loses `{name.value}`: it does not read it back from a file."
                self.found("unread", message, name.span)
                continue
            if after_move:
                message = "Choragen ignores this key, because it follows `fileMove`."
                self.found("file-move", message, name.span)
            after_move = after_move or (shape is ACTION and name.value == "fileMove")
            below = key.shape if key else None
            self._value(
                value, below, name, in_reference=shape is DEFAULT_MODEL or below is DEFAULT_MODEL
            )

    def _key(self, name: ScalarNode, value: Node) -> None:
        if name.value == "<<" and not name.style:
            message = "Choragen does not support merge keys: it misses what they bring in."
            self.found("merge", message, name.span)
        elif name.style:
            message = f"Choragen does not support quoted keys: it ignores `{name.value}`."
            self.found("key", message, name.span)
        elif name.anchor or name.tag:
            self._property(name)
        if name.value in _BARE_HEADS and value.span.start.line > name.span.end.line:
            line = name.span.end.line
            colon = self.lines[line].find(":", name.span.end.column)
            self._comment_behind(line, colon + 1, name, "and reads nothing below it")

    def _value(
        self,
        value: Node,
        shape: Shape | None,
        key: ScalarNode | None = None,
        *,
        in_reference: bool = False,
    ) -> None:
        below = key is not None and value.span.start.line > key.span.end.line
        match value:
            case ScalarNode() if below and value.value:
                self._text_below(value, *value.span.start)
            case AliasNode():
                message = f"Choragen does not support aliases: it reads the text `*{value.name}`."
                self.found("alias", message, value.span)
            case ScalarNode():
                self._scalar(value, shape, in_reference)
            case MappingNode() | SequenceNode() if value.flow:
                self._flow(value)
            case MappingNode():
                self._property(value)
                self._mapping(value, shape)
            case SequenceNode():
                self._property(value)
                for item in value.items:
                    self._item(item, shape.items if shape else None)

    def _item(self, item: Node, shape: Shape | None) -> None:
        line, column = item.span.start
        if not self.lines[line][:column].strip(" \t") and line > 0:
            self._bare_dash(item)
        self._value(item, shape)

    def _bare_dash(self, item: Node) -> None:
        """An item that does not begin on the line of its dash."""
        line = item.span.start.line
        above = next((n for n in range(line - 1, -1, -1) if not is_blank(self.lines[n])), line)
        dash = self.lines[above].rfind("-", 0, comment_start(self.lines[above], 0))
        if dash >= 0:
            message = (
                "Choragen reads this dash as an empty item: its keys must start on the same line."
            )
            self.found("bare-dash", message, span_at(above, dash, above, dash + 1), item.span)

    def _flow(self, value: Node) -> None:
        (line, start), end = value.span
        stop = end.column if end.line == line else len(self.lines[line])
        text = _short(self.lines[line][start:stop])
        message = f"Choragen does not support flow style: it reads the text `{text}`."
        self.found("flow", message, value.span)

    def _property(self, node: ScalarNode | MappingNode | SequenceNode) -> None:
        if not (node.anchor or node.tag):
            return
        line, column = node.span.start
        text = self.lines[line]
        rule: Rule = "anchor" if text[column] == "&" else "tag"
        end = min(
            (at for blank in " \t" if (at := text.find(blank, column)) > 0), default=len(text)
        )
        word = text[column:end]
        message = f"Choragen reads `{_short(word)}` as part of the text."
        self.found(rule, message, span_at(line, column, line, end), node.span)

    def _scalar(self, value: ScalarNode, shape: Shape | None, in_reference: bool) -> None:
        (line, column), end = value.span
        if value.span.start == value.span.end:
            return
        if value.anchor or value.tag:
            self._property(value)
            if not (value.value or value.style):
                return
            column = skip_properties(self.lines[line], column)
            if self.lines[line][column : column + 1] in ("", "#"):
                below = next(
                    n for n in range(line + 1, end.line + 1) if not is_blank(self.lines[n])
                )
                self._text_below(value, below, indent_of(self.lines[below]))
                return
        if value.style in ("|", ">"):
            head = self.lines[line][column : comment_start(self.lines[line], column)].rstrip(" \t")
            message = f"Choragen reads only `{head}` here, and the lines below as keys."
            span = span_at(line, column, line, column + len(head))
            self.found("lines", message, span, value.span)
        elif line != end.line:
            message = "Choragen reads only this line of the text, and those below as keys."
            span = span_at(line, column, line, len(self.lines[line]))
            self.found("lines", message, span, value.span)
        else:
            self._one_line(value, column, shape, in_reference)
            self._comment_behind(line, end.column, value, "and reads it as part of the text")

    def _text_below(self, value: ScalarNode, line: int, column: int) -> None:
        message = "Choragen expects this text on the line of its key, not below it."
        end = value.span.end
        stop = end.column if end.line == line else len(self.lines[line])
        self.found("lines", message, span_at(line, column, line, stop), value.span)

    def _one_line(
        self, value: ScalarNode, column: int, shape: Shape | None, in_reference: bool
    ) -> None:
        line, end = value.span.start.line, value.span.end
        source = self.lines[line][column : end.column]
        if value.style == "'" and "''" in source[1:-1]:
            message = "Choragen does not support doubled quotes: it reads both."
            at = column + 1 + source[1:].find("''")
            self.found("quotes", message, span_at(line, at, line, at + 2), value.span)
        elif value.style == '"':
            at = _foreign_escape(source)
            if at >= 0:
                message = (
                    f"Choragen does not support this escape: it reads `{source[at : at + 2]}`."
                )
                span = span_at(line, column + at, line, column + at + 2)
                self.found("escape", message, span, value.span)
        elif not value.style and is_null(value) and not in_reference:
            message = f"Choragen reads the text `{value.value}` here."
            self.found("null", message, value.span)
        elif not value.style and shape is not None and shape.kind is Kind.BOOLEAN:
            word = value.value
            if word not in ("true", "false") and word.lower() in SPOKEN_BOOLEANS:
                message = f"Choragen knows only `true` and `false`, and reads `{word}` as neither."
                self.found("boolean", message, value.span)

    def _comment_behind(self, line: int, column: int, owner: ScalarNode, what: str) -> None:
        text = self.lines[line]
        at = skip_blanks(text, column)
        if at > column and text[at : at + 1] == "#":
            message = f"Choragen does not support comments after a value, {what}."
            self.found("comment", message, span_at(line, at, line, len(text.rstrip())), owner.span)


def _foreign_escape(source: str) -> int:
    """Where the first escape stands that Choragen keeps as typed, or -1."""
    at = source.find("\\")
    while 0 <= at < len(source) - 1:
        if source[at + 1] not in _ESCAPES:
            return at
        at = source.find("\\", at + 2)
    return -1


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"
