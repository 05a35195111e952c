"""What stands in a text, as nodes with spans: the same of every syntax."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from stagewright.text.buffer import Span

NodePath = tuple[str | int, ...]
"""The keys and indexes that lead to a node from the top of its document."""


@dataclass(frozen=True, slots=True)
class ScalarNode:
    """A plain, quoted or block value. `span` covers the quotes too."""

    value: str
    span: Span
    style: str  # "" plain, "'" or '"' quoted, "|" or ">" block; of TOML three quotes as well
    tag: str | None = None
    anchor: str | None = None


@dataclass(frozen=True, slots=True)
class MappingNode:
    """Key-value pairs in their order, duplicates included. A key is nearly always a scalar."""

    pairs: tuple[tuple[Node, Node], ...]
    span: Span
    flow: bool = False
    tag: str | None = None
    anchor: str | None = None

    def get(self, key: str) -> Node | None:
        """The value of the first such key."""
        for name, value in self.pairs:
            if isinstance(name, ScalarNode) and name.value == key:
                return value
        return None

    def scalar(self, key: str) -> ScalarNode | None:
        """The value of the first such key, if it is a single one."""
        value = self.get(key)
        return value if isinstance(value, ScalarNode) else None


@dataclass(frozen=True, slots=True)
class SequenceNode:
    """The items of a list."""

    items: tuple[Node, ...]
    span: Span
    flow: bool = False
    tag: str | None = None
    anchor: str | None = None


@dataclass(frozen=True, slots=True)
class AliasNode:
    """`*name`: never resolved, so that no file can expand without end."""

    name: str
    span: Span


Node = ScalarNode | MappingNode | SequenceNode | AliasNode


@dataclass(frozen=True, slots=True)
class SyntaxProblem:
    """What makes a text no YAML, or more than we read: a sentence for people, and where."""

    message: str
    span: Span
    unread: bool = False  # nothing from there on is read


class Parsed(NamedTuple):
    """What a text says, as far as it can be read, and what is wrong with it."""

    node: Node | None  # of the first document; None where nothing could be read
    problems: tuple[SyntaxProblem, ...]
    broken: bool  # the text does not parse as it stands; `node` is what could be kept of it
    cut: bool = False  # it is too much for one file: nothing is gained by reading it in parts


DEPTH_LIMIT = 100
"""Levels of nesting that are read: libyaml needs 47 s for 100,000 open brackets."""

TOO_MUCH = "Too much for one file: nothing from here on is read. Split it."
"""What is said where reading ends, for what is read takes about a kilobyte of memory each."""


def move(node: Node, lines: int) -> Node:
    """The same node, and all below it, so many lines further down."""
    span = node.span.shifted(lines)
    match node:
        case MappingNode():
            pairs = tuple((move(key, lines), move(value, lines)) for key, value in node.pairs)
            return MappingNode(pairs, span, node.flow, node.tag, node.anchor)
        case SequenceNode():
            items = tuple(move(item, lines) for item in node.items)
            return SequenceNode(items, span, node.flow, node.tag, node.anchor)
        case ScalarNode():
            return ScalarNode(node.value, span, node.style, node.tag, node.anchor)
        case AliasNode():
            return AliasNode(node.name, span)


def scalar(
    value: str, span: Span, style: str, tag: str | None = None, anchor: str | None = None
) -> ScalarNode:
    """A scalar; short ones that are equal, as keys of like entries are, are one object."""
    make = _share if len(value) <= _LONGEST_SHARED else ScalarNode
    return make(value, span, style, tag, anchor)


_share = lru_cache(maxsize=1 << 10)(ScalarNode)
_LONGEST_SHARED = 80
