"""Writing what Choragen's reader sees: texts on one line, block style, its own columns."""

from __future__ import annotations

from collections.abc import Iterator

from stagewright.dialects.choragen.schema import ACTION, STAGE
from stagewright.dialects.choragen.shapes import Kind, Shape
from stagewright.dialects.document import Document
from stagewright.dialects.sites import is_null
from stagewright.text import nodes
from stagewright.text.buffer import Edit, Position, Span
from stagewright.text.nodes import AliasNode, MappingNode, Node, ScalarNode
from stagewright.text.yaml.editing import Pair, find_pair, key_of, leaves, source
from stagewright.text.yaml.scan import indent_of, is_blank, is_marker
from stagewright.text.yaml.writing import scalar

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


def as_block(document: Document, node: Node, column: int, shape: Shape | None = None) -> str | None:
    """A value in block style, its further lines at `column`; collections inside of it as well.

    Empty for an empty collection and for nothing. It can follow a dash as it is, or a key when it
    is a text; otherwise it begins on the line below, at `column`. `shape` is what belongs there:
    words and the order of keys become those that Choragen needs. None where block style has no way
    to say the same.
    """
    joint = f"\n{' ' * column}"
    match node:
        case MappingNode():
            pairs = [_pair(document, *pair, column, shape) for pair in _in_order(node, shape)]
            return None if None in pairs else joint.join(filter(None, pairs))
        case nodes.SequenceNode():
            below = shape.items if shape else None
            items = [as_block(document, item, column + STEP, below) for item in node.items]
            if any(
                text is None or (text == "" and not is_null(item))
                for text, item in zip(items, node.items, strict=True)
            ):
                return None
            return joint.join(f"- {item}" if item else "-" for item in items)
        case ScalarNode():
            return _text(node, shape)
        case AliasNode():
            return source(document, node)


def boolean(word: str) -> str | None:
    """The word that Choragen knows for one of YAML's words for true and false."""
    if word.lower() in ("true", "yes", "on"):
        return "true"
    return "false" if word.lower() in ("false", "no", "off") else None


def _text(node: ScalarNode, shape: Shape | None) -> str | None:
    """A scalar on one line, without anchor and tag."""
    if is_null(node):
        return ""
    one = node.span.start.line == node.span.end.line and node.value.isprintable()
    if node.style or node.tag == _TEXT_TAG or not one:
        return one_line(node.value)
    meant = boolean(node.value) if shape is not None and shape.kind is Kind.BOOLEAN else None
    return meant or node.value


_TEXT_TAG = "tag:yaml.org,2002:str"


def _in_order(node: MappingNode, shape: Shape | None) -> list[Pair]:
    """The pairs in an order in which Choragen reads all: it stops at some keys."""
    pairs = list(node.pairs)
    if shape is ACTION:
        return sorted(pairs, key=lambda pair: key_of(pair) == "fileMove")
    gate = find_pair(node, "gate") if shape is STAGE else None
    if gate and isinstance(gate[1], MappingNode) and gate[1].pairs:
        place = pairs.index(gate)
        if key_of(gate[1].pairs[-1]) == "options":
            late = [pair for pair in pairs[place:] if key_of(pair) == "hooks"]
            pairs = [*pairs[:place], *late, *(p for p in pairs[place:] if p not in late)]
    return pairs


def _pair(
    document: Document, key: Node, value: Node, column: int, shape: Shape | None
) -> str | None:
    name = _key(key)
    known = shape.key(name) if shape and name else None
    text = as_block(document, value, column + STEP, known.shape if known else None)
    if name is None or text is None:
        return None
    if text and isinstance(value, MappingNode | nodes.SequenceNode):
        text = f"\n{' ' * (column + STEP)}{text}"
    elif text:
        text = f" {text}"
    return f"{name}:{text}"


def _key(key: Node) -> str | None:
    """A key as Choragen knows it: plain, on one line."""
    if not isinstance(key, ScalarNode) or not key.value or is_marker(key.value):
        return None
    one = key.span.start.line == key.span.end.line and key.value.isprintable()
    plain = one and not key.style
    return key.value if plain or one_line(key.value) == key.value else None


def move_stage(
    document: Document, stage: MappingNode, first: int, after: int, column: int
) -> Iterator[Edit]:
    """Edits that give a stage's lines, from `first` up to `after`, Choragen's columns.

    `stage` has absolute spans; `column` is that of its dash. Comments and the further lines of a
    text move along. Each edit covers the first character it moves, so that it is seen to touch
    whatever else would be inserted there.
    """
    lines = document.lines
    targets: dict[int, tuple[int, int]] = {}
    _place_item(document, stage, column, targets)
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
        case MappingNode(flow=False):
            for key, value in node.pairs:
                _place_start(document, key, column, targets)
                _place(document, value, column + STEP, targets)
        case nodes.SequenceNode(flow=False):
            for item in node.items:
                _place_item(document, item, column, targets)


def _place_item(
    document: Document, item: Node, column: int, targets: dict[int, tuple[int, int]]
) -> None:
    """As for a block; `column` is that of the dash, which may stand on a line above."""
    line, content = item.span.start
    if document.lines[line][:content].strip(" \t"):
        _place_start(document, item, column + STEP, targets)
    else:
        dash = next(n for n in range(line - 1, -1, -1) if not is_blank(document.lines[n]))
        targets.setdefault(dash, (column, indent_of(document.lines[dash])))
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
