"""Parts of a long JSON text: items and pairs that begin and end on lines of their own."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from stagewright.text.buffer import Position
from stagewright.text.json import reader
from stagewright.text.json.reader import read
from stagewright.text.json.tokens import text_of, tokens_of
from stagewright.text.nodes import MappingNode, NodePath, Parsed, SequenceNode
from stagewright.text.parts import LONG, Part, around
from stagewright.text.slot import Slot


def divide(lines: Sequence[str]) -> list[Part]:
    """The parts of a text; none where it is short, or not laid out in lines."""
    if len(lines) <= LONG:
        return []
    shapes: list[_Shape] = []
    in_comment = False
    for line in lines:
        shape = _shape(line, in_comment)
        in_comment = shape.in_comment
        shapes.append(shape)
    for known, parts in _RECENT:
        if known == shapes:  # most keystrokes change no line's shape
            return parts
    root = _outline(shapes, by_indentation=False) or _outline(shapes, by_indentation=True)
    parts = list(_parts(root, ())) if root is not None else []
    _RECENT.append((shapes, parts))
    return parts


def read_part(lines: Sequence[str], part: Part) -> Parsed:
    """Read a part, which is all of these lines; its spans count from the first of them."""
    inside = "[" if isinstance(part.path[-1], int) else "{"
    parsed = read(tuple(enumerate(lines)), inside=inside, depth=min(len(part.path), 50))
    match parsed.node:
        case MappingNode() as node:
            return parsed._replace(node=node.pairs[0][1] if node.pairs else None)
        case SequenceNode() as node:
            return parsed._replace(node=node.items[0] if node.items else None)
    return parsed


def read_rest(lines: Sequence[str], parts: Sequence[Part]) -> Parsed:
    """Read the lines that belong to no part, as if it were not there; absolute spans."""
    return read(tuple((number, lines[number]) for number in around(len(lines), parts)))


def slot_at(
    lines: Sequence[str], parts: Sequence[Part], part: Part | None, cursor: Position
) -> Slot | None:
    """Where a cursor stands that is in this part, or in none; as if there were only this one."""
    if part is None:
        numbers = around(len(lines), parts)
        return reader.slot_at(tuple((number, lines[number]) for number in numbers), cursor)
    numbered = tuple(enumerate(lines[part.first : part.after], part.first))
    *above, last = part.path
    inside = "[" if isinstance(last, int) else "{"
    slot = reader.slot_at(numbered, cursor, inside=inside)
    if slot is None:
        return None
    path = slot.path
    if isinstance(last, int) and path and isinstance(path[0], int):
        path = (last + path[0], *path[1:])
    return slot._replace(path=(*above, *path))


class _Shape(NamedTuple):
    """What a line does to the collections around it."""

    column: int  # of its first token; -1 where there is none
    closers: str  # closing brackets that it begins with
    key: str | None  # of the pair that it begins with
    begins: bool  # a pair or item begins with the line
    openers: str  # opening brackets that it ends with
    is_plain: bool  # no more than one pair or item begins, and it is not closed before another
    in_comment: bool


class _Collection:
    """A collection and the lines on which what stands in it begins."""

    __slots__ = ("after", "bracket", "children", "column", "is_plain", "line", "starts", "step")

    def __init__(self, bracket: str, line: int, column: int, step: str | int) -> None:
        self.bracket, self.line, self.column, self.step = bracket, line, column, step
        self.after = line  # the line that it is closed on
        self.starts: list[tuple[int, str | int]] = []
        self.children: dict[int, _Collection] = {}  # by the lines that they begin on
        self.is_plain = True


def _parts(one: _Collection, path: NodePath) -> Iterator[Part]:
    """The parts of a long collection."""
    if not one.is_plain or one.after - one.line <= LONG:
        return
    ends = [line for line, _ in one.starts[1:]] + [one.after]
    for (line, step), end in zip(one.starts, ends, strict=True):
        child, here = one.children.get(line), (*path, step)
        deeper = list(_parts(child, here)) if child and one.bracket == "{" else []
        if deeper:
            yield from deeper
        elif path and (one.bracket == "[" or (child and end - line > 1)):
            yield Part(here, line, end)


_RECENT: deque[tuple[list[_Shape], list[Part]]] = deque(maxlen=4)


def _outline(shapes: Sequence[_Shape], *, by_indentation: bool) -> _Collection | None:
    """The collections of a text; None where the brackets do not match."""
    root: _Collection | None = None
    stack: list[_Collection] = []
    for number, shape in enumerate(shapes):
        if shape.column < 0:
            continue
        if by_indentation:
            while len(stack) > 1 and (
                shape.column < stack[-1].column
                or (shape.column == stack[-1].column and not shape.closers)
            ):
                stack.pop().after = number
        for at, closer in enumerate(shape.closers):
            if not stack or _OPENS[closer] != stack[-1].bracket:
                if by_indentation:
                    continue
                return None
            if by_indentation and len(stack) == 1 and number < len(shapes) - 2:
                continue
            stack.pop().after = number
            if at and stack:
                stack[-1].is_plain = False
        if stack:
            top = stack[-1]
            top.is_plain = top.is_plain and shape.is_plain
            if shape.begins:
                is_map = top.bracket == "{"
                top.is_plain = top.is_plain and is_map == (shape.key is not None)
                step = shape.key if is_map else len(top.starts)
                top.starts.append((number, step if step is not None else ""))
        for opener in shape.openers:
            step = stack[-1].starts[-1][1] if stack and stack[-1].starts else ""
            made = _Collection(opener, number, shape.column, step)
            if stack:
                stack[-1].children[number] = made
            elif root is None:
                root = made
            elif not by_indentation:
                return None
            stack.append(made)
        if len(shape.openers) > 1:
            for outer in stack[-len(shape.openers) : -1]:
                outer.is_plain = False
    if stack and not by_indentation:
        return None
    for one in stack:
        one.after = len(shapes)
    return root


_OPENS = {"}": "{", "]": "["}


def _shape_of(line: str, in_comment: bool) -> _Shape:
    tokens, in_comment = tokens_of(line, in_comment)
    solid = [token for token in tokens if token.kind != "#"]
    if not solid:
        return _Shape(-1, "", None, False, "", True, in_comment)
    kinds = "".join(token.kind for token in solid)
    rest = kinds.lstrip("}]")
    closers = kinds[: len(kinds) - len(rest)]
    middle = rest.rstrip("{[")
    openers = rest[len(middle) :]
    key = None
    if not closers and rest[:1] in ('"', "a") and rest[1:2] == ":":
        key = text_of(line, solid[0])
    begins = bool(rest) and not closers
    is_plain = not (closers and rest.strip(",")) and _is_one(middle)
    return _Shape(solid[0].start, closers, key, begins, openers, is_plain, in_comment)


def _is_one(kinds: str) -> bool:
    """Whether these tokens are those of one pair or item at most, with all brackets closed."""
    depth = 0
    for at, kind in enumerate(kinds):
        depth += (kind in "{[") - (kind in "}]")
        if depth < 0 or (kind == "," and depth == 0 and at < len(kinds) - 1):
            return False
    return depth == 0


_shape = lru_cache(maxsize=1 << 13)(_shape_of)
