"""Nodes and the text around them: finding keys, keeping comments, taking keys out."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from stagewright.memo import recently
from stagewright.text import nodes
from stagewright.text.buffer import Edit, Position, Span
from stagewright.text.document import AnyDocument
from stagewright.text.nodes import AliasNode, MappingNode, Node, ScalarNode
from stagewright.text.yaml.anchors import aliases_written, anchors_in
from stagewright.text.yaml.scan import (
    comment_start,
    find_key,
    indent_of,
    is_blank,
    skip_blanks,
    skip_properties,
)

Pair = tuple[Node, Node]


def absolute_node(document: AnyDocument, index: int) -> MappingNode | None:
    """The mapping of the entry at `index`, with spans that count from the top of the document."""
    node = document.entry_node(index)
    moved = _moved(node, document.entry_line(index)) if node else None
    return moved if isinstance(moved, MappingNode) else None


@recently
def _moved(node: Node, lines: int) -> Node:
    return nodes.move(node, lines)


def entries_around(document: AnyDocument, position: Position) -> Sequence[int]:
    """The entries that `position` may lie in; in flow style several share a line."""
    if document.chunks is None:
        return range(len(document.entries()))
    index = document.entry_at(position.line)
    return () if index is None else (index,)


def key_of(pair: Pair) -> str | None:
    """The text of a pair's key; None for keys that are no text."""
    return pair[0].value if isinstance(pair[0], ScalarNode) else None


def find_pair(mapping: MappingNode, key: str) -> Pair | None:
    """The first pair of that key."""
    return next((pair for pair in mapping.pairs if key_of(pair) == key), None)


def is_unwritten(node: Node) -> bool:
    """Whether nothing at all is written where the value would stand."""
    return node.span.start == node.span.end


def said(node: Node) -> object:
    """What a node says, without where and how it is written, to compare it with another's."""
    match node:
        case MappingNode():
            return [(said(key), said(value)) for key, value in node.pairs]
        case nodes.SequenceNode():
            return [said(item) for item in node.items]
        case ScalarNode():
            return node.value
        case _:
            return node


def is_referred_to(document: AnyDocument, *nodes: Node) -> bool:
    """Whether an alias may stand for one of the nodes or a part of it: it would stand for nothing
    without its anchor."""
    anchors = {anchor.name for node in nodes for anchor in anchors_in(node) if not anchor.is_alias}
    return bool(anchors) and not anchors.isdisjoint(aliases_written(document.lines))


def marked_by(document: AnyDocument, alias: AliasNode) -> Node | None:
    """The node that an alias stands for: the last one above it that bears its name."""
    head = document.head()
    marked = _anchored(head, document).get(alias.name, ()) if head else ()
    above = bisect_left(marked, alias.span.start, key=lambda node: node.span.start)
    return marked[above - 1] if above else None


@recently
def _anchored(head: MappingNode, document: AnyDocument) -> dict[str, list[Node]]:
    """The nodes that bear an anchor by its name, in the order of the text.

    Each edit of the document gives it another `head`.
    """
    pending: list[Node | None] = [head]
    pending += [absolute_node(document, index) for index in range(document.count())]
    found: dict[str, list[Node]] = {}
    while pending:
        node = pending.pop()
        if node is None or isinstance(node, AliasNode):
            continue
        if node.anchor:
            found.setdefault(node.anchor, []).append(node)
        match node:
            case MappingNode():
                pending += [part for pair in node.pairs for part in pair]
            case nodes.SequenceNode():
                pending += node.items
    for same_name in found.values():
        same_name.sort(key=lambda node: node.span.start)
    return found


def indentation(document: AnyDocument, start: Position) -> int:
    """The column of a key or dash as YAML counts it: a byte order mark takes none."""
    return start.column - document.lines[start.line].startswith("\ufeff")


def start_of(document: AnyDocument, pair: Pair) -> Position:
    """Where a pair begins: at the `?` that marks its key, if one does on its line."""
    line, column = pair[0].span.start
    before = document.lines[line][:column].rstrip()
    return Position(line, len(before) - 1) if before.endswith("?") else pair[0].span.start


def behind_colon(document: AnyDocument, pair: Pair) -> Position | None:
    """The place right behind a pair's colon; None where it is not on the key's line."""
    line, column = pair[0].span.start
    key = find_key(document.lines[line], column)
    return Position(line, key.colon + 1) if key else None


def leaves(node: Node) -> Iterator[Node]:
    """Everything below that is no collection."""
    pending = [node]
    while pending:
        node = pending.pop()
        match node:
            case MappingNode():
                pending += [part for pair in node.pairs for part in pair]
            case nodes.SequenceNode():
                pending += node.items
            case _:
                yield node


def continues_text(document: AnyDocument, line: int) -> bool:
    """Whether a line begins inside of a text of several lines: what it holds is no comment."""
    if document.chunks is not None:
        index = document.entry_at(line)
    else:  # only the last that begins above the line can reach into it
        index = bisect_left(range(document.count()), line, key=document.entry_line) - 1
    if index is not None and index >= 0:
        node = document.entry_node(index)
        if node is not None and line - document.entry_line(index) in _continued(node):
            return True
        if document.chunks is not None:
            return False
    head = document.head()
    return head is not None and line in _continued(head)


@recently
def _continued(node: Node) -> frozenset[int]:
    """The lines of a node that begin inside of a text of several lines."""
    return frozenset(
        number
        for leaf in leaves(node)
        for number in range(leaf.span.start.line + 1, leaf.span.end.line + 1)
    )


def comments_in(document: AnyDocument, region: Span, node: Node) -> list[str]:
    """The comments, each from its `#`, in a region of which `node` holds all values."""
    written = [span for leaf in leaves(node) for span in _written(document, leaf)]
    return [
        document.lines[at.line][at.column :].rstrip()
        for number in range(region.start.line, region.end.line + 1)
        if (at := _comment_at(document, number, region, written)) is not None
    ]


def _written(document: AnyDocument, leaf: Node) -> Iterator[Span]:
    """Where the text of a leaf stands; the line that a block text begins on may have a comment."""
    if not isinstance(leaf, ScalarNode) or leaf.style not in ("|", ">"):
        yield leaf.span
        return
    (line, column), end = leaf.span
    head = document.lines[line]
    yield Span(leaf.span.start, Position(line, comment_start(head, skip_properties(head, column))))
    yield Span(Position(line + 1, 0), end)


def _comment_at(
    document: AnyDocument, number: int, region: Span, written: Sequence[Span]
) -> Position | None:
    text = document.lines[number]
    at = region.start.column if number == region.start.line else 0
    while (at := comment_start(text, at)) < len(text):
        place = Position(number, at)
        if not region.start <= place < region.end:
            return None
        around = next((span for span in written if span.start <= place < span.end), None)
        if around is None:
            return place
        at = around.end.column if around.end.line == number else len(text)
    return None


def comments_above(document: AnyDocument, key: Node, comments: Sequence[str]) -> tuple[Edit, ...]:
    """An edit that puts comments on lines of their own above the line of `key`."""
    if not comments:
        return ()
    line, column = key.span.start
    column = min(column, indent_of(document.lines[line]))  # above the dash of an item's first key
    text = "".join(f"{comment}{document.newline}{' ' * column}" for comment in comments)
    at = above(document, line, column)
    return (Edit(Span(at, at), text),)


def above(document: AnyDocument, line: int, column: int) -> Position:
    """Where lines are put in above a line that begins at `column`: behind a byte order mark."""
    return Position(line, column + document.lines[line].startswith("\ufeff"))


def source(document: AnyDocument, node: Node) -> str:
    """The text of a node as it is written, on as many lines."""
    start, end = node.span
    lines = list(document.lines[start.line : end.line + 1])
    lines[-1] = lines[-1][: end.column]
    lines[0] = lines[0][start.column :]
    return "\n".join(lines)


def end_of_line(document: AnyDocument, line: int) -> Position:
    """The place behind the last character of a line."""
    return Position(line, len(document.lines[line]))


def remove_pairs(
    document: AnyDocument, mapping: MappingNode, pairs: Sequence[Pair]
) -> tuple[Edit, ...]:
    """Edits that take keys and their values out of `mapping`; the comments among their lines stay.

    Empty where an alias may stand for a part of them, and in block style where `?` marks one.
    """
    if is_referred_to(document, *(part for pair in pairs for part in pair)):
        return ()
    if not mapping.flow and any(start_of(document, pair) != pair[0].span.start for pair in pairs):
        return ()
    runs: list[list[Pair]] = []
    before: Pair | None = None
    for pair in mapping.pairs:
        if pair in pairs:
            runs.append([*runs.pop(), pair] if before in pairs else [pair])
        before = pair
    return tuple(edit for run in runs for edit in _remove_run(document, mapping, run))


def _remove_run(
    document: AnyDocument, mapping: MappingNode, run: Sequence[Pair]
) -> tuple[Edit, ...]:
    """Edits that take out pairs of which each follows the one before it."""
    first, last = run[0][0].span, max(part.span.end for part in run[-1])
    whole = MappingNode(tuple(run), Span(first.start, last))
    if mapping.flow:
        region = _with_comma(document, Span(start_of(document, run[0]), last))
        comments = comments_in(document, region, whole)
        return (*comments_above(document, run[0][0], comments), Edit(region, ""))
    start, end = first.start, _end_of_run(document, mapping, whole.span)
    if not document.lines[start.line][: start.column].strip():
        indent = document.lines[start.line][: start.column]
        comments = comments_in(document, Span(first.end, end), whole)
        kept = document.newline.join(indent + comment for comment in comments)
        return (Edit(_whole_lines(document, start.line, end.line, bool(kept)), kept),)
    following = (pair[0].span.start for pair in mapping.pairs if pair[0].span.start > last)
    end = min(following, default=end)  # it moves up behind the item's dash
    comments = comments_in(document, Span(first.end, end), whole)
    return (*comments_above(document, run[0][0], comments), Edit(Span(start, end), ""))


def _end_of_run(document: AnyDocument, mapping: MappingNode, run: Span) -> Position:
    """The end of the last line that goes with pairs in block style.

    Those are also comments below them that would become a part of the block text above them.
    """
    above = [pair for pair in mapping.pairs if pair[0].span.start < run.start]
    texts = [leaf for leaf in leaves(above[-1][1]) if isinstance(leaf, ScalarNode)] if above else []
    last = run.end.line
    if texts and max(texts, key=lambda leaf: leaf.span.end).style in ("|", ">"):
        for number in range(last + 1, len(document.lines)):
            line = document.lines[number]
            if not is_blank(line) or (line.strip() and indent_of(line) <= run.start.column):
                break
            last = number if line.strip() else last
    return end_of_line(document, last)


def _whole_lines(document: AnyDocument, first: int, last: int, keep: bool) -> Span:
    """The text of these lines; with one of their line ends, unless something is kept there."""
    start, end = Position(first, 0), end_of_line(document, last)
    if keep:
        return Span(start, end)
    if last + 1 < len(document.lines):
        return Span(start, Position(last + 1, 0))
    return Span(end_of_line(document, first - 1), end) if first else Span(start, end)


def _with_comma(document: AnyDocument, pairs: Span) -> Span:
    """Pairs of a flow mapping with one comma beside them, if there is one on their lines."""
    start, end = pairs
    text = document.lines[end.line]
    behind = skip_blanks(text, end.column)
    if text[behind : behind + 1] == ",":
        return Span(start, Position(end.line, skip_blanks(text, behind + 1)))
    before = document.lines[start.line][: start.column].rstrip()
    if before.endswith(","):
        return Span(Position(start.line, len(before) - 1), end)
    return Span(start, end)
