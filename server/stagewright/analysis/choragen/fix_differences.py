"""Fixes of differences: the same value, written so that Choragen's reader sees it too."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from stagewright.analysis.choragen.blocks import STEP, as_block, boolean, move_stage, one_line
from stagewright.analysis.choragen.structure import is_there
from stagewright.analysis.results import Diagnostic, Fix
from stagewright.dialects.choragen.differences import Difference, Rule
from stagewright.dialects.choragen.schema import DOCUMENTS, ENTRIES
from stagewright.dialects.choragen.shapes import Shape
from stagewright.dialects.document import Document
from stagewright.text import nodes
from stagewright.text.buffer import Edit, Position, Span
from stagewright.text.nodes import MappingNode, Node, ScalarNode
from stagewright.text.yaml.anchors import aliases_written, anchors_in
from stagewright.text.yaml.editing import (
    Pair,
    absolute_node,
    behind_colon,
    comments_above,
    comments_in,
    end_of_line,
    find_pair,
    indentation,
    is_referred_to,
    key_of,
    remove_pairs,
    source,
)
from stagewright.text.yaml.insertion import insert_keys
from stagewright.text.yaml.scan import skip_blanks, skip_properties

Edits = tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class _Case:
    """A difference to be fixed. All spans are absolute."""

    document: Document
    span: Span  # what is marked
    at: Span  # of the node concerned
    root: MappingNode  # the stage, or the top level
    entry: int | None
    node: Node | None  # the node concerned
    parent: Node | None  # the mapping or list around it
    pair: Pair | None  # the key and value that it is a part of
    shape: Shape | None  # what belongs there


def difference_fixes(document: Document, diagnostic: Diagnostic) -> list[Fix]:
    """How to write it so that both read the same, if there is a way that changes nothing else."""
    difference, index = diagnostic.cause, diagnostic.entry
    if not isinstance(difference, Difference) or not is_there(document, diagnostic):
        return []
    root = document.head() if index is None else absolute_node(document, index)
    if root is None or difference.rule not in _FIX:
        return []
    at = difference.node.shifted(0 if index is None else document.entry_line(index))
    whole = (DOCUMENTS if index is None else ENTRIES)[document.dialect]
    found = next(_find(root, at, whole), (None, None, None, None))
    title, fix = _FIX[difference.rule]
    edits = fix(_Case(document, diagnostic.span, at, root, index, *found))
    return [Fix(title, edits, preferred=True, rewrites=True)] if edits else []


def _find(
    node: Node,
    span: Span,
    shape: Shape | None,
    parent: Node | None = None,
    pair: Pair | None = None,
) -> Iterator[tuple[Node, Node | None, Pair | None, Shape | None]]:
    """The nodes of this very span, each with what it stands in, and what belongs there."""
    if node.span == span:
        yield node, parent, pair, shape
    match node:
        case MappingNode():
            for one in node.pairs:
                key = shape.key(key_of(one) or "") if shape else None
                yield from _find(one[0], span, None, node, one)
                yield from _find(one[1], span, key.shape if key else None, node, one)
        case nodes.SequenceNode():
            for item in node.items:
                yield from _find(item, span, shape.items if shape else None, node)


def _comment(case: _Case) -> Edits:
    """Above the line, out of the value's way."""
    (line, start), end = case.span
    text = case.document.lines[line]
    rest = Span(Position(line, len(text[:start].rstrip())), end_of_line(case.document, line))
    return (*_above(case, text[start : end.column]), Edit(rest, ""))


def _above(case: _Case, *comments: str) -> Edits:
    return comments_above(case.document, _first(case), comments)


def _flow(case: _Case) -> Edits:
    """In block style, below its key or beyonds dash."""
    document, whole = case.document, _with_entries(case)
    start: Position | None = case.at.start
    column, before = indentation(document, case.at.start), ""
    if case.pair is not None:
        start = behind_colon(document, case.pair)
        column = indentation(document, case.pair[0].span.start) + STEP
        before = f"\n{' ' * column}"
    if start is None or whole is None or is_referred_to(document, whole):
        return ()
    if document.lines[start.line][: start.column].startswith("---"):
        return ()  # no block can begin behind it
    text = as_block(document, whole, column, case.shape)
    if text is None or (not text and case.pair is None):
        return ()
    text = before + text if text else ""
    end = end_of_line(document, case.at.end.line)
    region = Span(start, end)
    comments = comments_in(document, region, whole)
    return (*_above(case, *comments), Edit(region, text.replace("\n", document.newline)))


def _with_entries(case: _Case) -> Node | None:
    """The node, with the entries in their list: the top level is read without them."""
    document, node = case.document, case.node
    listed = find_pair(case.root, document.layout.list_key)
    if case.entry is not None or (listed and node is not listed[1] and node is not case.root):
        return node
    entries = [absolute_node(document, index) for index in range(document.count())]
    items = tuple(entry for entry in entries if entry is not None)
    if len(items) < len(entries):
        return None
    if isinstance(node, nodes.SequenceNode):
        return replace(node, items=items)
    if not isinstance(node, MappingNode):
        return None
    pairs = [
        (key, replace(value, items=items))
        if isinstance(value, nodes.SequenceNode) and listed is not None and value is listed[1]
        else (key, value)
        for key, value in node.pairs
    ]
    return replace(node, pairs=tuple(pairs))


def _text(case: _Case) -> Edits:
    """A text on one line, without what Choragen does not know."""
    written = one_line(case.node.value) if isinstance(case.node, ScalarNode) else None
    return (Edit(_content(case), written),) if written else ()


def _content(case: _Case) -> Span:
    """Where a text stands, without its anchor and tag."""
    line, column = case.at.start
    column = skip_properties(case.document.lines[line], column)
    return Span(Position(line, column), case.at.end)


def _lines(case: _Case) -> Edits:
    document, edits = case.document, _text(case)
    if not edits or case.node is None or is_referred_to(document, case.node):
        return ()
    start = behind_colon(document, case.pair) if case.pair else None
    region = Span(start or case.at.start, end_of_line(document, case.at.start.line))
    region = Span(region.start, max(region.end, case.at.end))
    comments = comments_in(document, region, case.node)
    text = f" {edits[0].text}" if start else edits[0].text
    return (*_above(case, *comments), Edit(region, text))


def _first(case: _Case) -> Node:
    """Above what comments go: the key of a value, or else the text itself."""
    return case.pair[0] if case.pair else ScalarNode("", case.at, "")


def _null(case: _Case) -> Edits:
    start = behind_colon(case.document, case.pair) if case.pair else None
    if start is None or case.node is None or is_referred_to(case.document, case.node):
        return ()
    return (Edit(Span(start, case.at.end), ""),)


def _boolean(case: _Case) -> Edits:
    word = boolean(case.node.value) if isinstance(case.node, ScalarNode) else None
    return (Edit(_content(case), word),) if word else ()


def _key(case: _Case) -> Edits:
    key = case.node
    if not isinstance(key, ScalarNode) or one_line(key.value) != key.value:
        return ()
    return (Edit(case.at, key.value),)


def _delete(case: _Case) -> Edits:
    if isinstance(case.node, ScalarNode) and not case.node.value:
        return ()  # nothing would be left
    (line, start), end = case.span
    text = case.document.lines[line]
    behind = skip_blanks(text, end.column)
    if behind == len(text):
        start = len(text[:start].rstrip(" \t"))
    return (Edit(Span(Position(line, start), Position(line, behind)), ""),)


def _anchor(case: _Case) -> Edits:
    (line, start), end = case.span
    name = case.document.lines[line][start + 1 : end.column]
    return () if name in aliases_written(case.document.lines) else _delete(case)


def _bare_dash(case: _Case) -> Edits:
    (line, dash), end = case.span
    document, start = case.document, case.at.start
    gap = Span(end, start)
    comments = [text.strip() for text in document.lines[line + 1 : start.line] if text.strip()]
    if behind := document.lines[line][dash + 1 :].strip():
        comments.insert(0, behind)
    if start.column == dash + 1:
        return ()  # there is no room
    apart = " " * (start.column - dash - 1)
    above = comments_above(document, ScalarNode("", case.span, ""), comments)
    return (*above, Edit(gap, apart))


def _indentation(case: _Case) -> Edits:
    document, chunks = case.document, case.document.chunks
    if chunks is None:
        return ()
    indexes = range(document.count()) if case.entry is None else (case.entry,)
    column = STEP if case.entry is None else chunks.indent
    stages = [(absolute_node(document, index), chunks.lines_of(index)) for index in indexes]
    if any(stage is not None and stage.flow for stage, _ in stages):
        return ()  # it would stay behind: it is to be written in block style first
    return tuple(
        edit
        for stage, lines in stages
        if stage is not None
        for edit in move_stage(document, stage, *lines, column)
    )


def _hooks(case: _Case) -> Edits:
    """`satisfied`, which Choragen writes last itself, at the end of the gate."""
    gate = case.root.get("gate")
    if not isinstance(gate, MappingNode):
        return ()
    pair = find_pair(gate, "satisfied")
    value = source(case.document, pair[1]) if pair else "false"
    moved = remove_pairs(case.document, gate, [pair]) if pair else ()
    if pair and (not moved or anchors_in(pair[1])):
        return ()  # what is called by a name, or by another's, may not change its place
    names = [key_of(one) or "" for one in gate.pairs]
    return (*moved, *insert_keys(case.document, gate, [("satisfied", value)], names))


def _file_move(case: _Case) -> Edits:
    """The key that comes too late, in front of `fileMove`."""
    action = case.parent
    move = find_pair(action, "fileMove") if isinstance(action, MappingNode) else None
    if move is None or case.pair is None or not isinstance(action, MappingNode) or action.flow:
        return ()
    if any(anchors_in(part) for part in case.pair):
        return ()  # what is called by a name, or by another's, may not change its place
    document, (key, value) = case.document, case.pair
    whole = Span(key.span.start, max(key.span.end, value.span.end))
    at = move[0].span.start
    text = f"{source(document, ScalarNode('', whole, ''))}\n{' ' * at.column}"
    text = text.replace("\n", document.newline)
    return (Edit(Span(at, at), text), *remove_pairs(document, action, [case.pair]))


_SAME = "Rewrite it as Choragen reads it"

_FIX: dict[Rule, tuple[str, Callable[[_Case], Edits]]] = {
    "anchor": ("Remove the anchor", _anchor),
    "bare-dash": ("Start on the line of the dash", _bare_dash),
    "boolean": (_SAME, _boolean),
    "byte-order-mark": ("Remove the byte order mark", _delete),
    "comment": ("Move the comment above", _comment),
    "escape": (_SAME, _text),
    "file-move": ("Move it before `fileMove`", _file_move),
    "flow": ("Convert to block style", _flow),
    "hooks": ("Add `satisfied` at the end of the gate", _hooks),
    "indentation": ("Indent it as Choragen expects", _indentation),
    "key": ("Remove the quotes", _key),
    "lines": ("Put it on one line", _lines),
    "null": ("Remove the value", _null),
    "quotes": (_SAME, _text),
    "tag": ("Remove the tag", _delete),
}
