"""Anchors and aliases: which alias of a document stands for nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from stagewright.text import nodes
from stagewright.text.buffer import Span
from stagewright.text.nodes import AliasNode, MappingNode, Node, SyntaxProblem


class Anchor(NamedTuple):
    """An anchor, `&name`, or an alias, `*name`. The span is the alias's, or the anchored node's."""

    name: str
    span: Span
    is_alias: bool


def anchors_in(node: Node | None) -> tuple[Anchor, ...]:
    """The anchors and aliases of a node and all below it, in the order of the text."""
    found: list[Anchor] = []
    if node is not None:
        _collect(node, found)
    return tuple(found)


def undefined(anchors: Iterable[Anchor], known: set[str]) -> Iterator[Anchor]:
    """The aliases before which nothing bears their name; `known` are the names met so far.

    Names that are met are added to `known`, so that a document can be followed part by part.
    """
    for anchor in anchors:
        if not anchor.is_alias:
            known.add(anchor.name)
        elif anchor.name not in known:
            yield anchor


def undefined_problem(anchor: Anchor) -> SyntaxProblem:
    """Why an alias that stands for nothing makes the file no YAML."""
    name = anchor.name
    message = (
        f"Undefined alias `*{name}`: no value above is marked `&{name}`. Write the value out, or "
        "mark the one that is meant."
    )
    return SyntaxProblem(message, anchor.span)


def anchors_written(lines: Sequence[str]) -> set[str]:
    """Every name that is written like an anchor's, also in text that does not parse."""
    return {name for line in lines if "&" in line for name in _ANCHOR.findall(line)}


def aliases_written(lines: Sequence[str]) -> set[str]:
    """Every name that is written like an alias's, also in text that does not parse."""
    return {name for line in lines if "*" in line for name in _ALIAS.findall(line)}


_ANCHOR = re.compile(r"&([\w-]+)", re.ASCII)
_ALIAS = re.compile(r"\*([\w-]+)", re.ASCII)


def _collect(node: Node, found: list[Anchor]) -> None:
    if isinstance(node, AliasNode):
        found.append(Anchor(node.name, node.span, True))
        return
    if node.anchor:
        found.append(Anchor(node.anchor, node.span, False))
    match node:
        case MappingNode():
            for key, value in node.pairs:
                _collect(key, found)
                _collect(value, found)
        case nodes.SequenceNode():
            for item in node.items:
                _collect(item, found)
