"""YAML text to nodes with spans, by libyaml's events; never raises on any text."""

from __future__ import annotations

from dataclasses import dataclass

from stagewright.templates.buffer import Span


@dataclass(frozen=True, slots=True)
class Scalar:
    """A plain, quoted or block value. `span` covers the quotes too."""

    value: str
    span: Span
    style: str  # "" plain, "'" or '"' quoted, "|" or ">" block
    tag: str | None = None
    anchor: str | None = None


@dataclass(frozen=True, slots=True)
class Mapping:
    """Key-value pairs in their order, duplicates included. A key is nearly always a Scalar."""

    pairs: tuple[tuple[Node, Node], ...]
    span: Span
    flow: bool = False
    tag: str | None = None
    anchor: str | None = None


@dataclass(frozen=True, slots=True)
class Sequence:
    """The items of a list."""

    items: tuple[Node, ...]
    span: Span
    flow: bool = False
    tag: str | None = None
    anchor: str | None = None


@dataclass(frozen=True, slots=True)
class Alias:
    """`*name`: never resolved, so that no file can expand without end."""

    name: str
    span: Span


Node = Scalar | Mapping | Sequence | Alias


@dataclass(frozen=True, slots=True)
class SyntaxProblem:
    """What makes a text no YAML, or more than we read: a sentence for people, and where."""

    message: str
    span: Span
