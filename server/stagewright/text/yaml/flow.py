"""Flow style by hand: the tokens between brackets, also where brackets or quotes are not closed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from stagewright.text.yaml.scan import (
    Word,
    indent_of,
    is_blank,
    quote_end,
    tight_value,
    unquote,
    word_in_text,
)

LINES_READ, CHARACTERS_READ, DEPTH_READ = 500, 20_000, 100
_INDICATORS = ",[]{}"


class Token(NamedTuple):
    """A piece of one line: a bracket, comma or colon as `kind`, "a" a plain or quoted text, "#"."""

    kind: str
    line: int
    start: int
    end: int
    quote: str = ""


def tokens(lines: Sequence[str], line: int, column: int) -> Iterator[Token]:
    """The tokens of the flow collection that opens at this place, up to its end.

    A collection that is never closed ends where a line stands no deeper than the one it opened
    on, and after a bounded length and depth.
    """
    depth, budget = 0, CHARACTERS_READ
    base = indent_of(lines[line]) if column else -1
    for number in range(line, min(line + LINES_READ, len(lines))):
        text = lines[number]
        if number > line and not is_blank(text):
            closer = text.lstrip(" \t")[0] in "]}"
            if indent_of(text) <= base and not closer:
                return
        budget -= len(text)
        if budget < 0:
            return
        for token in _of_line(text, number, column if number == line else 0):
            yield token
            depth += (token.kind in "{[") - (token.kind in "}]")
            if not 0 < depth <= DEPTH_READ:
                return


def is_open(line: str, column: int) -> bool:
    """Whether the flow collection that opens here goes on behind the end of its line."""
    if len(line) > CHARACTERS_READ:
        return False
    last = list(tokens([line], 0, column))
    brackets = sum((token.kind in "{[") - (token.kind in "}]") for token in last)
    return brackets > 0


def _of_line(text: str, number: int, at: int) -> Iterator[Token]:
    after_text = False  # a colon right behind a quoted text needs no space
    while at < len(text):
        char = text[at]
        if char in " \t":
            at += 1
            continue
        if char == "#" and (at == 0 or text[at - 1] in " \t"):
            yield Token("#", number, at, len(text))
            return
        if char in _INDICATORS or (char == ":" and (after_text or _separates(text, at))):
            yield Token(char, number, at, at + 1)
            at += 1
            after_text = False
            continue
        if char in "\"'":
            end = quote_end(text, at)
            closed = end > 0
            if not closed:
                end = _plain_end(text, at + 1, quoted=True)
            yield Token("a", number, at, end, char)
            at, after_text = end, closed
            continue
        end = _plain_end(text, at)
        yield Token("a", number, at, end)
        at, after_text = end, False


def _separates(text: str, colon: int) -> bool:
    behind = text[colon + 1 : colon + 2]
    return behind in ("", " ", "\t") or behind in _INDICATORS


def _plain_end(text: str, start: int, *, quoted: bool = False) -> int:
    """Where a plain text ends: before an indicator, a colon that separates, or a comment.

    In one whose quote is not closed yet only a blank shows that a colon separates.
    """
    at = start
    while at < len(text):
        char = text[at]
        separates = text[at + 1 : at + 2] in (" ", "\t") if quoted else _separates(text, at)
        if char in _INDICATORS or (char == ":" and separates):
            break
        if char == "#" and text[at - 1] in " \t":
            break
        at += 1
    return start + len(text[start:at].rstrip(" \t"))


class Pair(NamedTuple):
    """What stands between two commas."""

    key: Token | None = None
    colon: Token | None = None
    value: Token | None = None
    nested: bool = False  # the value is a collection


class Slot(NamedTuple):
    """A cursor's place in a flow collection; `path` is relative to that collection."""

    place: Literal["key", "value"]
    path: tuple[str | int, ...]
    word: Word
    others: Sequence[Pair]  # the other pairs of the mapping around it


class _Frame:
    """A collection that is open."""

    def __init__(self, bracket: str, path: tuple[str | int, ...]) -> None:
        self.is_list, self.path = bracket == "[", path
        self.pair = Pair()
        self.count = 0  # commas passed
        self.others: list[Pair] = []


def slot_at(lines: Sequence[str], opened: tuple[int, int], cursor: tuple[int, int]) -> Slot | None:
    """Where `cursor` stands in the flow collection that opens at `opened`; None outside, in
    comments, and right behind a text that is over."""
    stack: list[_Frame] = []
    slot: Slot | None = None
    around: tuple[_Frame, int] | None = None  # of the slot: its frame and which pair of it
    for token in tokens(lines, *opened):
        if around is None and stack and cursor <= (token.line, token.end):
            if token.kind != "a" and cursor > (token.line, token.start):
                if token.kind == "#":
                    return None
            else:
                around = (stack[-1], stack[-1].count)
                slot = _slot(lines, stack[-1], token, cursor)
        own = around is not None and around == (stack[-1], stack[-1].count) if stack else False
        _take(lines, stack, token, own)
        if around is not None and around[0] not in stack:
            return slot
    if around is None and stack:
        slot = _slot(lines, stack[-1], None, cursor)
    return slot


def _take(lines: Sequence[str], stack: list[_Frame], token: Token, own: bool) -> None:
    """Follow one token; the pair that the cursor is in, `own`, is not among its own siblings."""
    frame = stack[-1] if stack else None
    if token.kind in "{[":
        path: tuple[str | int, ...] = ()
        if frame is not None:
            path = (*frame.path, *_step(lines, frame))
            frame.pair = frame.pair._replace(nested=True)
        stack.append(_Frame(token.kind, path))
    elif frame is None or token.kind == "#":
        return
    elif token.kind in "}],":
        if frame.pair.key is not None and not own:
            frame.others.append(frame.pair)
        frame.pair, frame.count = Pair(), frame.count + 1
        if token.kind != ",":
            stack.pop()
    elif token.kind == ":":
        frame.pair = frame.pair._replace(colon=frame.pair.colon or token)
    elif frame.pair.colon is None:
        frame.pair = frame.pair._replace(key=frame.pair.key or token)
    else:
        frame.pair = frame.pair._replace(value=frame.pair.value or token)


def text_of(lines: Sequence[str], token: Token) -> str:
    """What a text token says."""
    return unquote(lines[token.line][token.start : token.end])


def _step(lines: Sequence[str], frame: _Frame) -> tuple[str | int, ...]:
    """The path from a collection to what stands at its current place."""
    key = (text_of(lines, frame.pair.key),) if frame.pair.key and frame.pair.colon else ()
    return (frame.count, *key) if frame.is_list else key


def _slot(
    lines: Sequence[str], frame: _Frame, token: Token | None, cursor: tuple[int, int]
) -> Slot | None:
    """The slot for a cursor in `token`, or in the gap before it."""
    line, column = cursor
    pair, text = frame.pair, lines[line]
    written = pair.value if pair.colon is not None else pair.key
    if pair.nested:
        return None
    if written is not None:  # behind a text, or in the second of two
        if written.line != line or written.quote:
            return None
        word: Word | None = Word(written.start, column, text[written.start : column])
    elif token is not None and token.kind == "a" and token.line == line:
        word = word_in_text(text, token.start, token.end, column)
    else:
        word = Word(column, column)
    if word is None:
        return None
    path = (*frame.path, *_step(lines, frame))
    if pair.colon is not None or frame.is_list:
        behind = pair.colon is not None and (pair.colon.line, pair.colon.end) == cursor
        return Slot("value", path, word._replace(needs_space=behind), frame.others)
    if not word.quote and (tight := tight_value(text, word.start, word.end, column)):
        return Slot("value", (*path, tight[0]), tight[1], frame.others)
    return Slot("key", path, word, frame.others)
