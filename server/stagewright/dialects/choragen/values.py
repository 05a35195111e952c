"""A template as plain values, for those who want what it says and not where."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from stagewright.dialects.document import Document
from stagewright.dialects.sites import is_null
from stagewright.text.buffer import Span, span_at
from stagewright.text.nodes import (
    AliasNode,
    MappingNode,
    Node,
    ScalarNode,
    SequenceNode,
    SyntaxProblem,
    move,
)

MAX_ALIASED = 100_000
"""Values that aliases may stand for in all; more are refused, so that no file can explode."""


def template_values(document: Document) -> dict[str, Any]:
    """What a template says: its top-level keys, and its stages as a list under `stages`.

    Scalars are strings, as Choragen takes them, or None where nothing is written; of a key that
    stands twice the last counts. Raises ValueError, naming the line, for what is not YAML.
    """
    found: dict[str, Any] = {"stages": [], **plain(resolved(document))}
    return found


def plain(node: Node) -> Any:
    """A node without aliases as plain values, scalars as for `template_values`."""
    match node:
        case MappingNode():
            pairs = ((key, value) for key, value in node.pairs if isinstance(key, ScalarNode))
            return {key.value: plain(value) for key, value in pairs}
        case SequenceNode():
            return [plain(item) for item in node.items]
        case ScalarNode():
            return None if is_null(node) else node.value
        case AliasNode():
            raise TypeError("an alias stands for no value")


def resolved(document: Document) -> MappingNode:
    """All of a template as one node, with what aliases and merge keys stand for in their place.

    Spans are those of the text, also of what an alias stands for. Raises ValueError, a sentence
    that names the line, for what is not YAML.
    """
    for line, problem in _problems(document):
        raise ValueError(f"line {line + 1}: {problem.message}")
    resolver = _Resolver()
    head = document.head()
    if head is None:
        return MappingNode((), span_at(0, 0, 0, 0))
    try:
        whole = resolver.mapping(head)
        stages = tuple(resolver.node(stage) for stage in _stages(document))
    except RecursionError as error:
        raise ValueError("its aliases are nested too deeply.") from error
    if not stages:
        return whole
    return replace(
        whole, pairs=tuple((key, _filled(key, value, stages)) for key, value in whole.pairs)
    )


def _filled(key: Node, value: Node, stages: tuple[Node, ...]) -> Node:
    """The value of a top-level key; the list of stages, which stands there empty, with them."""
    is_list = (
        isinstance(key, ScalarNode) and key.value == "stages" and isinstance(value, SequenceNode)
    )
    return SequenceNode(stages, value.span) if is_list else value


def _stages(document: Document) -> Iterator[Node]:
    """The nodes of the stages, with the spans of the text."""
    for index, entry in enumerate(document.entries()):
        line = document.entry_line(index)
        node = document.entry_node(index) or _no_mapping(document.lines[line], entry.span)
        yield move(node, line)


def _no_mapping(line: str, span: Span) -> Node:
    """A stage that is no mapping, of which no node is kept: an alias, or what cannot be one."""
    (row, start), (end_row, end) = span
    text = line[start : end if row == end_row else None] if row == 0 else ""
    if text.startswith("*"):
        return AliasNode(text[1:], span)
    return SequenceNode((), span) if text.startswith("[") else ScalarNode(text, span, "")


def _problems(document: Document) -> Iterator[tuple[int, SyntaxProblem]]:
    for problem in document.problems():
        yield problem.span.start.line, problem
    for index, entry in enumerate(document.entries()):
        for problem in entry.problems:
            yield document.entry_line(index) + problem.span.start.line, problem


class _Resolver:
    """Nodes without aliases, with the anchors met so far."""

    def __init__(self) -> None:
        self._anchors: dict[str, Node] = {}
        self._aliases = 0  # how many lead to what is being read
        self._aliased = 0  # values read through them so far

    def node(self, node: Node) -> Node:
        self._aliased += self._aliases > 0
        if self._aliased > MAX_ALIASED:
            raise ValueError(f"its aliases stand for more than {MAX_ALIASED} values.")
        match node:
            case AliasNode():
                if node.name not in self._anchors:
                    line = node.span.start.line + 1
                    raise ValueError(f"line {line}: nothing is called &{node.name}.")
                self._aliases += 1
                found = self.node(self._anchors[node.name])
                self._aliases -= 1
                return found
            case ScalarNode():
                found = node
            case SequenceNode():
                found = replace(node, items=tuple(self.node(item) for item in node.items))
            case MappingNode():
                found = self.mapping(node)
        # Noted last: an alias inside its own anchor would never end.
        if node.anchor:
            self._anchors[node.anchor] = node
        return found

    def mapping(self, node: MappingNode) -> MappingNode:
        merged: dict[str, tuple[Node, Node]] = {}
        own: list[tuple[Node, Node]] = []
        for key, item in node.pairs:
            value = self.node(item)
            if not isinstance(key, ScalarNode):
                continue
            if key.value == "<<" and key.style == "":
                for source in value.items if isinstance(value, SequenceNode) else (value,):
                    if isinstance(source, MappingNode):
                        merged = {**_by_name(source), **merged}
            else:
                own.append((key, value))
        names = {key.value for key, _ in own if isinstance(key, ScalarNode)}
        others = (pair for name, pair in merged.items() if name not in names)
        return replace(node, pairs=(*others, *own))


def _by_name(mapping: MappingNode) -> dict[str, tuple[Node, Node]]:
    return {pair[0].value: pair for pair in mapping.pairs if isinstance(pair[0], ScalarNode)}
