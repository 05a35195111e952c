"""Fixes of schema violations: misspelt keys and words, keys too many or too few, wrong shapes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from stagewright.analysis.choragen.contents import key_content
from stagewright.analysis.choragen.structure import is_there
from stagewright.analysis.options import Options
from stagewright.analysis.results import Diagnostic, Fix
from stagewright.dialects.choragen.schema import GATE, shape_at
from stagewright.dialects.choragen.shapes import Shape
from stagewright.dialects.choragen.violations import SchemaViolation, joined, near, violations_in
from stagewright.dialects.document import Document
from stagewright.dialects.key_path import node_at
from stagewright.dialects.sites import is_null
from stagewright.text.buffer import Edit
from stagewright.text.nodes import MappingNode, Node, NodePath, ScalarNode
from stagewright.text.yaml.editing import absolute_node, find_pair, key_of, remove_pairs, said
from stagewright.text.yaml.insertion import insert_keys, put_below, put_in_flow
from stagewright.text.yaml.snippets import Pairs, as_written
from stagewright.text.yaml.writing import quoted_like

_HARMLESS = frozenset({"gate", "type"})
"""Keys whose absence Choragen takes for `auto`: to write that down changes nothing."""


def structure_fixes(document: Document, diagnostic: Diagnostic, options: Options) -> Iterator[Fix]:
    """What would fix a structural diagnostic, best first."""
    violation = diagnostic.cause
    if not isinstance(violation, SchemaViolation) or not is_there(
        document, diagnostic, options.roles
    ):
        return
    index = diagnostic.entry
    root = document.head() if index is None else absolute_node(document, index)
    if root is None:
        return
    listed = document.layout.list_key
    before: NodePath = (listed, index) if listed and index is not None else ()
    node = node_at(root, violation.path)
    shape = shape_at(document.dialect, (*before, *violation.path))
    match violation.remedy:
        case "rename" if isinstance(node, MappingNode) and shape is not None:
            yield from _rename(document, node, shape, violation, diagnostic)
        case "replace" if isinstance(node, ScalarNode):
            parent = node_at(root, violation.path[:-1])
            around = shape_at(document.dialect, (*before, *violation.path[:-1]))
            words = [] if shape is None or shape.open else [word.name for word in shape.values]
            yield from _replace(document, node, parent, around, violation, words)
        case "remove" if isinstance(node, MappingNode):
            yield from _remove(document, node, diagnostic)
        case "add" if shape is not None:
            yield from _add(document, root, node, shape, violation, options)
        case "unfold" if isinstance(node, ScalarNode) and shape is not None:
            yield from _unfold(document, root, node, shape, violation)


def _rename(
    document: Document,
    node: MappingNode,
    shape: Shape,
    violation: SchemaViolation,
    diagnostic: Diagnostic,
) -> Iterator[Fix]:
    key = next((key for key, _ in node.pairs if key.span == diagnostic.span), None)
    if not isinstance(key, ScalarNode):
        return
    for place, name in enumerate(violation.names):
        text = quoted_like(name, key.style, typed=document.dialect.typed, flow=False)
        renamed = [(replace(k, value=name) if k is key else k, v) for k, v in node.pairs]
        obvious = (
            place == 0
            # The values of these are judged elsewhere, and may have violations of their own.
            and name not in (document.dialect.reference_key, document.layout.list_key)
            and _violation_count(replace(node, pairs=tuple(renamed)), shape)
            < _violation_count(node, shape)
        )
        yield Fix(f"Rename to `{name}`", (Edit(key.span, text),), preferred=obvious)


def _replace(
    document: Document,
    node: ScalarNode,
    parent: Node | None,
    around: Shape | None,
    violation: SchemaViolation,
    words: Sequence[str],
) -> Iterator[Fix]:
    """The words that could be meant, else all that are allowed."""
    if node.span.start.line != node.span.end.line or node.style in ("|", ">"):
        return
    anchor = f"&{node.anchor} " if node.anchor else ""
    for place, word in enumerate(violation.names or words):
        text = quoted_like(word, node.style, typed=document.dialect.typed, flow=True)
        obvious = place == 0 and bool(violation.names)
        if (
            isinstance(parent, MappingNode)
            and around is not None
            and violation.code != "role-unknown"
        ):
            other = [(k, replace(v, value=word) if v is node else v) for k, v in parent.pairs]
            fixed = replace(parent, pairs=tuple(other))
            obvious = obvious and _violation_count(fixed, around) < _violation_count(parent, around)
        yield Fix(f"Use `{word}`", (Edit(node.span, anchor + text),), preferred=obvious)


def _remove(document: Document, node: MappingNode, diagnostic: Diagnostic) -> Iterator[Fix]:
    pair = next((pair for pair in node.pairs if pair[0].span == diagnostic.span), None)
    name = key_of(pair) if pair else None
    first = find_pair(node, name) if name else None
    if pair is None or first is None:
        return
    edits = remove_pairs(document, node, [pair])
    yield Fix(f"Remove this `{name}`", edits, preferred=said(first[1]) == said(pair[1]))


def _add(
    document: Document,
    root: MappingNode,
    node: Node | None,
    shape: Shape,
    violation: SchemaViolation,
    options: Options,
) -> Iterator[Fix]:
    """The missing keys, each with the value that stands for its absence, or one to be filled in."""
    keys = [key for name in violation.names if (key := shape.key(name))]
    content = tuple((key.name, as_written(key_content(key, options.now))) for key in keys)
    if isinstance(node, MappingNode):
        order = [key.name for key in shape.keys]
        edits = insert_keys(document, node, content, order[: order.index(violation.names[0])])
    elif node is not None and is_null(node):
        edits = _put(document, root, violation.path, content)
    else:
        return
    harmless = _HARMLESS.issuperset(violation.names) and (
        shape is GATE or "type" not in violation.names
    )
    meant = isinstance(node, MappingNode) and any(
        near(name, violation.names)
        for name in map(key_of, node.pairs)
        if name and not shape.key(name)
    )
    # Where one of them stands misspelt, that is to be renamed.
    yield Fix(f"Add {joined(violation.names, 'and')}", edits, preferred=harmless and not meant)


def _unfold(
    document: Document,
    root: MappingNode,
    node: ScalarNode,
    shape: Shape,
    violation: SchemaViolation,
) -> Iterator[Fix]:
    """A gate's type that stands where the gate should."""
    kind = shape.key("type")
    words = [word.name for word in kind.shape.values] if kind else []
    meant = [node.value] if node.value in words else near(node.value, words)
    for word in meant[:1]:
        edits = _put(document, root, violation.path, (("type", word),))
        title = f"Write `type: {word}` below it"
        yield Fix(title, edits, preferred=node.value == word and word != "verification_pass")


def _put(document: Document, root: MappingNode, path: NodePath, content: Pairs) -> tuple[Edit, ...]:
    """Edits that make a mapping the value at a path."""
    parent = node_at(root, path[:-1])
    pair = find_pair(parent, str(path[-1])) if isinstance(parent, MappingNode) else None
    if pair is None or not isinstance(parent, MappingNode):
        return ()
    put = put_in_flow if parent.flow else put_below
    return put(document, pair, content)


def _violation_count(node: MappingNode, shape: Shape) -> int:
    return len(violations_in(node, shape, node.span, broken=False))
