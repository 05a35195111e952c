"""The typed view of a document: its stages or roles, their model references, each with its span."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from stagewright.catalog.model import ModelReference
from stagewright.templates.buffer import Edit, Position, Span
from stagewright.templates.syntax import Mapping, Scalar, SyntaxProblem

DocumentKind = Literal["template", "roles"]


@dataclass(frozen=True, slots=True)
class ReferenceField:
    """A stage's `defaultModel` or a role's `model`, as written.

    `problem` says, in words, why it names no model (missing, empty or wrongly shaped parts);
    otherwise `reference` is the pair. Spans are relative to the entry's first line.
    """

    key_span: Span  # of the key `defaultModel` or `model`
    span: Span  # of the value; of the key where there is no value
    provider: Scalar | None
    model: Scalar | None
    reference: ModelReference | None
    problem: str | None = None
    problem_span: Span | None = None


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Entry:
    """One stage of a template or one role of the role index.

    All spans inside are relative to the entry's first line, so that an entry read once stays
    valid while lines are inserted above it. Compared by identity: answers about an entry can be
    remembered for as long as it lives.
    """

    name: Scalar | None  # a stage's `name`, a role's `id`
    type: Scalar | None
    role_id: Scalar | None
    model: ReferenceField | None
    problems: tuple[SyntaxProblem, ...]
    broken: bool  # the text does not parse; what is here is the last good reading of what could be kept


class Document:
    """An open file: its text, edited in place, and its entries, re-read only where touched.

    A stage chunk is the run of lines of one list item. Texts that do not chunk (flow style, say)
    are read whole and give the same entries.
    """

    kind: DocumentKind

    def __init__(self, text: str, kind: DocumentKind = "template") -> None: ...

    @property
    def text(self) -> str:
        """The whole text, with its own line ends."""
        ...

    @property
    def lines(self) -> Sequence[str]:
        """Lines without their ends, split only at \\n, \\r\\n and \\r. Never empty."""
        ...

    def edit(self, span: Span | None, text: str) -> None:
        """Replace what `span` covers by `text`; None replaces everything."""

    def entries(self) -> Sequence[Entry]:
        """Every stage or role in order. Unchanged entries are the same objects as before."""
        ...

    def entry_line(self, index: int) -> int:
        """The line on which the entry's spans count as line 0."""
        ...

    def entry_at(self, line: int) -> int | None:
        """The index of the entry that `line` belongs to, if any."""
        ...

    def entry_node(self, index: int) -> Mapping | None:
        """The entry's nodes, relative to its first line; read anew when needed, not kept for all."""
        ...

    def head(self) -> Mapping | None:
        """The top-level mapping without the entries: `name`, `description` ... with absolute spans."""
        ...

    def problems(self) -> Sequence[SyntaxProblem]:
        """What is wrong with the file as YAML outside its entries; absolute spans."""
        ...

    def apply(self, edits: Sequence[Edit]) -> str:
        """The text as it would be after non-overlapping edits; the document stays as it is."""
        ...

    def end(self) -> Position:
        """The end of the text."""
        ...
