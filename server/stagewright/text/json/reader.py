"""JSON text to nodes with spans: what is missing is left out, and all that follows is still read.

A text whose brackets do not match is read once more, by its indentation: a bracket that was never
closed ends where a line stands no deeper than the one that opened it.
"""

from __future__ import annotations

from collections.abc import Sequence

from stagewright.text.buffer import Position, Span, span_at
from stagewright.text.json.tokens import TOKEN_LIMIT, Token, is_closed, text_of, tokens_of
from stagewright.text.nodes import (
    DEPTH_LIMIT,
    TOO_MUCH,
    MappingNode,
    Node,
    NodePath,
    Parsed,
    ScalarNode,
    SequenceNode,
    SyntaxProblem,
    scalar,
)
from stagewright.text.slot import Slot
from stagewright.text.yaml.scan import indent_of

Numbered = Sequence[tuple[int, str]]
"""Lines with their numbers, which their spans bear: ascending, not all of them need be there."""

_PROBLEMS_TOLD = 100
_WORDS = frozenset(("true", "false", "null"))
_NUMERIC = frozenset("0123456789+-.eE")
_PAIRS = {"}": "{", "]": "["}


def read(lines: Numbered, *, inside: str = "", depth: int = 0) -> Parsed:
    """Read a text; `inside` says that it is a part of what stands in such a bracket."""
    return _read(lines, inside, depth, None).parsed()


def slot_at(lines: Numbered, cursor: Position, *, inside: str = "") -> Slot | None:
    """Where a cursor stands in the same text; None in comments, and right behind a text."""
    return _read(lines, inside, 0, cursor).slot()


def _read(lines: Numbered, inside: str, depth: int, cursor: Position | None) -> _Reader:
    strictly = _Reader(inside, depth, cursor, by_indentation=False)
    strictly.run(lines)
    if strictly.matched or strictly.too_much:
        return strictly
    kindly = _Reader(inside, depth, cursor, by_indentation=True)
    kindly.run(lines)
    return kindly


class _Frame:
    """A collection that is open, and what has been read of the pair or item that is being read."""

    __slots__ = (
        "bracket", "children", "colon", "column", "comma", "indent", "key", "line", "own", "pairs",
        "step", "value",
    )  # fmt: skip

    def __init__(self, bracket: str, line: int, column: int, indent: int, step: NodePath) -> None:
        self.bracket, self.line, self.column, self.indent = bracket, line, column, indent
        self.step = step  # from the collection around it to this one
        self.pairs: list[tuple[Node, Node]] = []  # of a mapping
        self.children: list[Node] = []  # of a list
        self.key: ScalarNode | None = None
        self.colon: Position | None = None  # its end
        self.value: Node | None = None
        self.comma: Position | None = None  # the end of the last one
        self.own = -1  # which of the pairs the cursor is in

    def here(self) -> NodePath:
        """The step to the value that is being read."""
        if self.bracket == "{":
            return (self.key.value,) if self.key is not None else ()
        return (len(self.children),) if self.bracket == "[" else ()


class _Reader:
    """One reading of a text. Iterative: the depth of the text must not become that of our stack."""

    def __init__(
        self, inside: str, depth: int, cursor: Position | None, *, by_indentation: bool
    ) -> None:
        self.inside, self.depth, self.cursor = inside, depth, cursor
        self.cursor_line = cursor.line if cursor is not None else -1
        self.by_indentation = by_indentation
        self.matched, self.too_much = True, False
        self.problems: list[SyntaxProblem] = []
        self.stack = [_Frame(inside, 0, 0, -1, ())]
        self.end = Position(0, 0)  # of the last token
        self.noted: tuple[_Frame, Slot] | None = None  # where the cursor stands
        self.passed = cursor is None  # the reading is behind the cursor
        self.first = True  # the token is the first of its line
        self.indented = True  # the text is indented at all
        self.last: Position | None = None  # of the last token, for reading by indentation

    def run(self, lines: Numbered) -> None:
        """Take all tokens."""
        if self.by_indentation:
            self._survey(lines)
        in_comment, count = False, 0
        for number, line in lines:
            tokens, in_comment = tokens_of(line, in_comment)
            count += len(tokens)
            if count > TOKEN_LIMIT:
                self._stop(number, tokens[0].start, TOO_MUCH)
                break
            self.first = True
            for at, token in enumerate(tokens):
                is_key = _kind(tokens, at + 1) == ":"
                if not self.passed and number > self.cursor_line:
                    self._watch(number, line, token, is_key)
                if self.first and self.by_indentation and self.indented and token.kind != "#":
                    self._dedent(number, token)
                if not self.passed:
                    self._watch(number, line, token, is_key)
                if token.kind == "#":
                    continue
                self._take(number, line, token, is_key)
                self.first = False
                if self.too_much:
                    return
                self.end = Position(number, token.end)
        if self.cursor is not None and not self.passed:
            self._note(self.cursor, None, False)
        while len(self.stack) > 1:
            self.matched = False
            self._close(None, self.end)
        self._flush()

    def parsed(self) -> Parsed:
        """What the text says."""
        root = self.stack[0]
        node: Node | None
        if self.inside == "{":
            pairs = tuple(root.pairs)
            node = MappingNode(pairs, _around([part for pair in pairs for part in pair]), True)
        elif self.inside:
            node = SequenceNode(tuple(root.children), _around(root.children), True)
        else:
            node = root.children[0] if root.children else None
        problems = tuple(self.problems)
        return Parsed(node, problems, bool(problems), self.too_much)

    def slot(self) -> Slot | None:
        """Where the cursor stands."""
        if self.noted is None:
            return None
        frame, slot = self.noted
        others = (pair for number, pair in enumerate(frame.pairs) if number != frame.own)
        return slot._replace(others=tuple(others))

    def _survey(self, lines: Numbered) -> None:
        """Look where the last token is, and whether what is inside stands deeper."""
        in_comment, columns = False, []
        for number, line in lines:
            tokens, in_comment = tokens_of(line, in_comment)
            solid = [token for token in tokens if token.kind != "#"]
            if solid:
                self.last = Position(number, solid[-1].start)
                if solid[0].kind not in "]}":
                    columns.append(solid[0].start)
        self.indented = len(set(columns[1:])) > 1 or (len(columns) > 1 and columns[0] < columns[1])

    def _watch(self, number: int, line: str, token: Token, is_key: bool) -> None:
        """Note the cursor's place, if this is the first token that is not before it."""
        cursor = self.cursor
        if cursor is None or self.passed or cursor > (number, token.end):
            return
        inside = cursor > (number, token.start)
        is_text = token.kind in '"a'
        if inside and not is_text:
            # Behind a mark or a comment that is closed, what follows says where we are.
            over = cursor.column == token.end and line.endswith("*/", 0, token.end)
            self.passed = token.kind == "#" and not over
        elif inside and token.kind == '"' and cursor.column == token.end and is_closed(line, token):
            self.passed = True
        elif not is_text or number > cursor.line:
            self._note(cursor, None, False)
        elif is_key and not inside and self.stack[-1].colon is not None:
            self._note(cursor, None, False)  # in place of a value, before the next key
        else:
            closed = token.kind == '"' and is_closed(line, token)
            self._note(cursor, self._scalar(number, line, token), is_key, closed)

    def _note(
        self, cursor: Position, text: ScalarNode | None, is_key: bool, closed: bool = False
    ) -> None:
        """The cursor is in this text or right before it, or in the gap before the next token."""
        self.passed = True
        frame = self.stack[-1]
        behind = frame.value or (None if frame.colon else frame.key)
        if behind is not None and behind.span.end.line == cursor.line:
            return  # where nothing can stand but a comma or a colon
        read = behind is not None or (is_key and frame.key is not None)
        path = [step for one in self.stack[1:] for step in one.step]
        is_place = frame.bracket == "{" and (read or frame.key is None)
        if frame.bracket == "[":
            path.append(len(frame.children) + read)
        elif frame.key is not None and not read:
            path.append(frame.key.value)
        if text is not None or not is_place:
            frame.own = len(frame.pairs) + read
        tight = cursor in (frame.colon, frame.comma)
        self.noted = frame, Slot(is_place, tuple(path), text, closed, tight, (), True)

    def _dedent(self, number: int, token: Token) -> None:
        """Close what was never closed: the first token of a line stands too far left for it."""
        column, closes = token.start, token.kind in "]}"
        while len(self.stack) > 1:
            top = self.stack[-1]
            if top.line == number or column > top.indent or (closes and column == top.indent):
                return
            if len(self.stack) == 2 and not self.inside:
                return
            self._close(None, self.end)

    def _take(self, number: int, line: str, token: Token, is_key: bool) -> None:
        kind, frame = token.kind, self.stack[-1]
        if kind in '"a':
            self._text(self._scalar(number, line, token), is_key)
            if (kind == "a" and not _is_word(line[token.start : token.end])) or (
                kind == '"' and not (line[token.start] == '"' and is_closed(line, token))
            ):
                self._problem("A string must stand in double quotes, on one line.", number, token)
        elif kind in "{[":
            self._open(number, line, token)
        elif kind in "}]":
            self._end(number, token)
        elif kind == ",":
            frame.comma = Position(number, token.end)
            if frame.key is None and frame.value is None:
                self._problem("Expected a value before this comma.", number, token)
            self._flush()
        elif frame.bracket == "{" and frame.key and not frame.colon and frame.value is None:
            frame.colon = Position(number, token.end)
        else:
            self._problem("Unexpected `:`: only a key has one.", number, token)

    def _text(self, text: ScalarNode, is_key: bool) -> None:
        frame = self.stack[-1]
        if frame.value is not None or (frame.bracket == "{" and is_key and frame.key is not None):
            if frame.value is not None:
                self._missing("Expected `,` here.")
            self._flush()
        if frame.bracket != "{":
            frame.value = text
        elif frame.key is None:
            frame.key = text
        elif frame.colon is None and text.span.start.line > frame.key.span.end.line:
            self._flush()
            frame.key = text
        else:
            if frame.colon is None:
                self._missing("A colon is missing here.")
            frame.value = text

    def _open(self, number: int, line: str, token: Token) -> None:
        frame = self.stack[-1]
        if len(self.stack) + self.depth > DEPTH_LIMIT:
            message = f"Nested too deeply: the limit is {DEPTH_LIMIT} levels."
            self._stop(number, token.start, message)
            return
        if frame.value is not None:
            self._missing("Expected `,` here.")
            self._flush()
        if frame.bracket == "{":
            if frame.key is None:
                self._problem("Expected a key before this.", number, token)
                frame.key = ScalarNode("", span_at(number, token.start, number, token.start), '"')
            elif frame.colon is None:
                self._missing("A colon is missing here.")
        step = frame.here()
        self.stack.append(_Frame(token.kind, number, token.start, indent_of(line), step))

    def _end(self, number: int, token: Token) -> None:
        """A closing bracket: of the collection that is open, or of one around it."""
        wanted = _PAIRS[token.kind]
        end = Position(number, token.end)
        opened = [frame.bracket for frame in self.stack[1:]]
        if opened[-1:] == [wanted] and not self._closes_too_much(number, token):
            self._close(token, end)
            return
        self.matched = False
        self._problem("Unmatched closing bracket.", number, token)
        if not self.by_indentation or wanted not in opened or self._closes_too_much(number, token):
            return
        while self.stack[-1].bracket != wanted:
            self._close(None, self.end)
        self._close(token, end)

    def _closes_too_much(self, number: int, token: Token) -> bool:
        """Whether a bracket stands deeper than what it would close, or would close the whole text,
        which goes on behind it."""
        if not self.by_indentation:
            return False
        top = self.stack[-1]
        if self.first and self.indented and number > top.line and token.start > top.indent:
            return True
        at_top = len(self.stack) == 2 and not self.inside
        return at_top and self.last is not None and (number, token.start) < self.last

    def _close(self, token: Token | None, end: Position) -> None:
        """Close the innermost collection; without a token, where the text before it ends."""
        self._flush()
        frame = self.stack.pop()
        if token is None:
            self._problem_at("This bracket is never closed.", frame.line, frame.column)
        span = span_at(frame.line, frame.column, *max(end, Position(frame.line, frame.column + 1)))
        node: Node = (
            MappingNode(tuple(frame.pairs), span, True)
            if frame.bracket == "{"
            else SequenceNode(tuple(frame.children), span, True)
        )
        self.stack[-1].value = node

    def _flush(self) -> None:
        """Keep the pair or item that has been read, if one has."""
        frame = self.stack[-1]
        key, value = frame.key, frame.value
        if frame.bracket == "{":
            if key is not None:
                if value is None:
                    self._missing(
                        "Expected a value here."
                        if frame.colon
                        else "Expected `:` and a value behind this key."
                    )
                    line, column = frame.colon or key.span.end
                    value = ScalarNode("", span_at(line, column, line, column), "")
                frame.pairs.append((key, value))
        elif value is not None:
            frame.children.append(value)
            if not frame.bracket and len(frame.children) == 2:
                self.matched = False
                self._problem_at("Unexpected text: the document has ended.", *value.span.start)
        frame.key = frame.colon = frame.value = None

    def _scalar(self, number: int, line: str, token: Token) -> ScalarNode:
        value = text_of(line, token)
        style = line[token.start] if token.kind == '"' else ""
        return scalar(value, span_at(number, token.start, number, token.end), style)

    def _stop(self, number: int, column: int, message: str) -> None:
        self.too_much = True
        span = span_at(number, column, number, column + 1)
        self.problems.append(SyntaxProblem(message, span, unread=True))
        while len(self.stack) > 1:
            self._flush()
            frame = self.stack.pop()
            span = span_at(frame.line, frame.column, *max(self.end, (frame.line, frame.column)))
            self.stack[-1].value = (
                MappingNode(tuple(frame.pairs), span, True)
                if frame.bracket == "{"
                else SequenceNode(tuple(frame.children), span, True)
            )
        self._flush()

    def _missing(self, message: str) -> None:
        self._problem_at(message, *self.end)

    def _problem(self, message: str, number: int, token: Token) -> None:
        if len(self.problems) < _PROBLEMS_TOLD:
            span = span_at(number, token.start, number, token.end)
            self.problems.append(SyntaxProblem(message, span))

    def _problem_at(self, message: str, line: int, column: int) -> None:
        if len(self.problems) < _PROBLEMS_TOLD:
            span = span_at(line, column, line, column + 1)
            self.problems.append(SyntaxProblem(message, span))


def _kind(tokens: Sequence[Token], at: int) -> str:
    """The kind of the token at `at`, comments left out."""
    while at < len(tokens) and tokens[at].kind == "#":
        at += 1
    return tokens[at].kind if at < len(tokens) else ""


def _is_word(word: str) -> bool:
    return word in _WORDS or (word[0] in "-0123456789" and _NUMERIC.issuperset(word))


def _around(nodes: Sequence[Node]) -> Span:
    if not nodes:
        return span_at(0, 0, 0, 0)
    return Span(nodes[0].span.start, nodes[-1].span.end)
