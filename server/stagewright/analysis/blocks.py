"""Writing what Choragen's reader sees: texts on one line, block style, its own columns."""

from __future__ import annotations

from collections.abc import Iterator

from stagewright.analysis.nodes import leaves, source
from stagewright.analysis.writing import scalar
from stagewright.templates import syntax
from stagewright.templates.buffer import Edit, Position, Span
from stagewright.templates.scan import indent_of, is_blank
from stagewright.templates.syntax import Alias, Mapping, Node, Scalar
from stagewright.templates.template import Document

STEP = 2
"""Columns by which that reader wants children and lists to stand deeper than their key."""


def one_line(text: str) -> str | None:
    """`text` as a scalar whose escapes Choragen knows; None where it needs others."""
    if not all(char.isprintable() or char in "\n\t" for char in text):
        return None
    written = scalar(text)
    if not written.startswith('"'):
        return written
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def as_block(document: Document, node: Node, column: int) -> str:
    """A value in block style, its further lines at `column`; collections inside of it as well.

    Empty for an empty collection. It can follow a dash as it is, or a key when it is a text;
    otherwise it begins on the line below, at `column`.
    """
    joint = f"\n{' ' * column}"
    match node:
        case Mapping():
            return joint.join(_pair(document, key, value, column) for key, value in node.pairs)
        case syntax.Sequence():
            items = (as_block(document, item, column + STEP) for item in node.items)
            return joint.join(f"- {item}" for item in items)
        case Scalar():
            return (one_line(node.value) if node.style else None) or source(document, node)
        case Alias():
            return source(document, node)


def _pair(document: Document, key: Node, value: Node, column: int) -> str:
    plain = isinstance(key, Scalar) and one_line(key.value) == key.value
    name = key.value if isinstance(key, Scalar) and plain else source(document, key)
    text = as_block(document, value, column + STEP)
    if text and isinstance(value, Mapping | syntax.Sequence):
        text = f"\n{' ' * (column + STEP)}{text}"
    elif text:
        text = f" {text}"
    return f"{name}:{text}"


def move_stage(
    document: Document, stage: Mapping, first: int, after: int, column: int
) -> Iterator[Edit]:
    """Edits that give a stage's lines, from `first` up to `after`, Choragen's columns.

    `stage` has absolute spans; `column` is that of its dash. Comments and the further lines of a
    text move along. Each edit covers the first character it moves, so that it is seen to touch
    whatever else would be inserted there.
    """
    lines = document.lines
    targets: dict[int, tuple[int, int]] = {}
    _place(document, stage, column + STEP, targets)
    in_text = {
        number
        for leaf in leaves(stage)
        for number in range(leaf.span.start.line + 1, leaf.span.end.line + 1)
    }
    shift = 0
    for number in range(first, after):
        text = lines[number]
        old = indent_of(text)
        if old == len(text):
            continue
        if number in targets:
            new, content = targets[number]
            shift = new - old
            yield from _prefixed(text, number, new, content)
            continue
        if is_blank(text) and number not in in_text:
            below = next((n for n in range(number + 1, after) if n in targets), None)
            shift = shift if below is None else targets[below][0] - indent_of(lines[below])
        yield from _prefixed(text, number, max(0, old + shift), old)


def _place(
    document: Document, node: Node, column: int, targets: dict[int, tuple[int, int]]
) -> None:
    """Note where the lines of a block go: line -> column of its dash or key, old content column."""
    match node:
        case Mapping(flow=False):
            for key, value in node.pairs:
                _place_start(document, key, column, targets)
                _place(document, value, column + STEP, targets)
        case syntax.Sequence(flow=False):
            for item in node.items:
                _place_start(document, item, column + STEP, targets)
                _place(document, item, column + STEP, targets)


def _place_start(
    document: Document, node: Node, column: int, targets: dict[int, tuple[int, int]]
) -> None:
    line, content = node.span.start
    before = document.lines[line][:content].strip(" \t")
    if before == "":
        targets.setdefault(line, (column, content))
    elif before == "-":
        targets.setdefault(line, (column - STEP, content))


def _prefixed(text: str, number: int, column: int, content: int) -> Iterator[Edit]:
    """The edit that puts the content of a line, behind its dash if it has one, where it belongs."""
    dash = "- " if text[:content].strip(" \t") else ""
    prefix, end = f"{' ' * column}{dash}", min(content + 1, len(text))
    if text[:content] != prefix:
        span = Span(Position(number, 0), Position(number, end))
        yield Edit(span, prefix + text[content:end])
