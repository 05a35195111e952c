"""The shapes of answers: plain data in code-point positions; `lsp` and `cli` make theirs of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from stagewright.analysis.missing_key import MissingKey
from stagewright.catalog.model import ModelReference
from stagewright.dialects.document import Document
from stagewright.text.buffer import Edit, Position, Span


class Severity(StrEnum):
    """The contract's words; `off` is the absence of a diagnostic."""

    ERROR = "error"
    WARNING = "warning"
    INFORMATION = "information"
    HINT = "hint"


@dataclass(frozen=True, slots=True)
class Fix:
    """A change that fixes a diagnostic, for people to choose by its title."""

    title: str
    edits: tuple[Edit, ...]
    preferred: bool = False  # the one obvious fix
    rewrites: bool = False  # says the same in another way, and is good for nothing else
    silences: bool = False  # fixes nothing: a comment that keeps the diagnostic from being shown


@dataclass(frozen=True, slots=True)
class FixElsewhere:
    """A change of another file that fixes a diagnostic."""

    title: str
    path: str  # of that file, below the workspace folder
    text: str  # what it holds where there was none
    edits: Callable[[Document], tuple[Edit, ...]]  # else; none where it is for a person to change


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One diagnostic. `span` is absolute.

    `cause` is what it was made of, with what its fixes need, where the dialect's own check of its
    files made it. Other diagnostics have all of that in their own fields.
    """

    code: str  # the contract's code
    severity: Severity
    message: str
    span: Span
    stage: str | None = None  # the stage's or role's name
    model: ModelReference | None = None
    deprecated: bool = False  # shown struck through
    entry: int | None = None  # the index of the stage, role or other entry it stands in
    site: int = 0  # which of the entry's model sites it is about, where it is about one
    key: MissingKey | None = None  # what another key would solve
    cause: object = field(default=None, compare=False, repr=False)


class ItemKind(StrEnum):
    """What an offer is, for its icon."""

    MODEL = "model"
    PROVIDER = "provider"
    KEY = "key"
    ENUM = "enum"
    REFERENCE = "reference"
    SNIPPET = "snippet"
    VARIABLE = "variable"


@dataclass(frozen=True, slots=True)
class CompletionItem:
    """One offer. `edit` replaces the written word; `also` are edits elsewhere in the file."""

    label: str
    kind: ItemKind
    edit: Edit
    sort_text: str
    filter_text: str
    detail: str = ""
    description: str = ""  # short, right of the label
    documentation: str = ""  # Markdown; a model's is made when it is asked for, see `completion`
    model: ModelReference | None = None
    snippet: bool = False  # `edit.text` holds $0 and ${1:...} places
    also: tuple[Edit, ...] = ()
    deprecated: bool = False
    key: MissingKey | None = None  # what it tells to be missing, instead of offering something


@dataclass(frozen=True, slots=True)
class Completion:
    """Offers for one place; `incomplete` asks the client to ask again as more is typed or known."""

    items: tuple[CompletionItem, ...]
    incomplete: bool = False


@dataclass(frozen=True, slots=True)
class Hover:
    """Markdown about what `span` covers."""

    markdown: str
    span: Span


@dataclass(frozen=True, slots=True)
class Lens:
    """Words above a stage; a click runs `command` with the document's URI and the stage's index."""

    span: Span
    title: str
    stage: int
    command: str


@dataclass(frozen=True, slots=True)
class InlayHint:
    """Words that are shown behind a place in the text without being in it."""

    position: Position
    label: str
    tooltip: str  # Markdown


class SymbolKind(StrEnum):
    """What a symbol stands for, for its icon."""

    TEMPLATE = "template"
    STAGE = "stage"
    ROLE = "role"
    KEY = "key"


@dataclass(frozen=True, slots=True)
class Symbol:
    """A named part of a document. `span` is all of it, `name_span` lies inside."""

    name: str
    kind: SymbolKind
    span: Span
    name_span: Span
    detail: str = ""
    children: tuple[Symbol, ...] = ()

    def fitting(self, query: str) -> Iterator[Symbol]:
        """Of itself and what is in it, those whose names hold the letters of `query` in order."""
        letters = iter(self.name.lower())
        if all(letter in letters for letter in query.lower()):
            yield self
        for child in self.children:
            yield from child.fitting(query)


@dataclass(frozen=True, slots=True)
class Fold:
    """Lines that can be folded into the first of them; both are 0-based and included."""

    first: int
    last: int
    comment: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """A place in the text that names a file, as it is written: relative to the workspace folder."""

    span: Span
    path: str


class NameKind(StrEnum):
    """What a name stands for: a role is known in the whole workspace, a stage in its template."""

    ROLE = "role"
    STAGE = "stage"
    TEMPLATE = "template"


@dataclass(frozen=True, slots=True)
class Name:
    """A name as it is written at one place; `defines` where the role or stage itself stands."""

    kind: NameKind
    text: str
    span: Span  # with its quotes
    quote: str
    defines: bool
    obstacle: str  # why no other name can be written there: "has an anchor"; empty where one can
