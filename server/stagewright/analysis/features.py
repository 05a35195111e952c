"""What a dialect has to say of its files besides the models that they name, if it has anything."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Protocol

from stagewright.analysis.options import Options
from stagewright.analysis.results import (
    Completion,
    Diagnostic,
    Fix,
    FixElsewhere,
    Fold,
    InlayHint,
    Lens,
    Link,
    Name,
    NameKind,
    Symbol,
)
from stagewright.catalog.catalog import Catalog
from stagewright.catalog.effective import Effective
from stagewright.dialects.choragen.roles import RoleIndex
from stagewright.dialects.dialect import Dialect
from stagewright.dialects.document import Document, Entry
from stagewright.text.buffer import Edit, Position, Span
from stagewright.text.cursor import Cursor


class Features(Protocol):
    """What is added to the answers that every file has; a module has these functions."""

    def complete_text(self, document: Document, position: Position) -> Completion | None:
        """What is offered within a text; None where something else may be."""

    def complete(
        self, document: Document, cursor: Cursor, catalog: Catalog, options: Options
    ) -> Completion:
        """What is offered where no model is named."""

    def hover(self, document: Document, cursor: Cursor, options: Options) -> str:
        """Markdown about the word at the cursor, where no model is named; else empty."""

    def symbols(self, document: Document) -> Sequence[Symbol]:
        """What stands in a file, as its outline shows it."""

    def folds(self, document: Document) -> Sequence[Fold]:
        """What can be folded."""

    def links(self, document: Document) -> Sequence[Link]:
        """Files that it names."""

    def hints(
        self, document: Document, span: Span, catalog: Catalog, options: Options
    ) -> Sequence[InlayHint]:
        """What is in effect within a span, and does not stand there."""

    def lenses(self, document: Document, catalog: Catalog, options: Options) -> Sequence[Lens]:
        """What is above its parts, and what can be done there."""

    def on_enter(self, document: Document, position: Position) -> Sequence[Edit]:
        """What indents the line that Enter began."""

    def diagnose(
        self,
        document: Document,
        options: Options,
        of_models: Callable[[int, Entry], Iterable[Diagnostic]],
    ) -> Iterator[Diagnostic]:
        """All that is wrong, from the top of the text on. Of an entry's models, by its index,
        `of_models` tells."""

    def check(self, document: Document, index: int) -> object:
        """Work out what is wrong in one entry, so that `diagnose` has little left to do."""

    def fixes(self, document: Document, diagnostic: Diagnostic, options: Options) -> Iterable[Fix]:
        """What would fix a diagnostic that has a cause, best first."""

    def fix_elsewhere(
        self, document: Document, diagnostic: Diagnostic, now: datetime
    ) -> FixElsewhere | None:
        """What would fix it in another file."""

    def name_at(self, document: Document, position: Position) -> Name | None:
        """The name at a place, of something else than a model."""

    def names(self, document: Document, kind: NameKind, text: str) -> Sequence[Name]:
        """The places of a document that have this name."""

    def places(self, document: Document, name: Name) -> Sequence[Name]:
        """What of a document is renamed together."""

    def rename(self, document: Document, name: Name, new: str) -> tuple[Edit, ...]:
        """What gives it another name there. Raises ValueError, with a message for people."""

    def why_kept(self, name: Name, roles: RoleIndex | None) -> str:
        """Why it can have no other name; empty where it can."""

    def models_in_effect(self, document: Document, options: Options) -> Sequence[Effective]:
        """The model that each entry is run with, in order."""


def features(dialect: Dialect) -> Features | None:
    """What a dialect has more; None where it names models and that is all."""
    if dialect.features == "choragen":
        from stagewright.analysis.choragen import features as found  # other files do without

        return found
    return None


def read_in_steps(document: Document, step: int = 50) -> Iterator[None]:
    """Read and check so many entries between two yields, for servers that must stay responsive.

    `diagnose` then has little left to do. The document may be edited meanwhile.
    """
    more = features(document.dialect)
    read = more.check if more else Document.entry
    start = 0
    while some := document.unchecked(start)[:step]:
        for index in some:
            read(document, index)
        document.note_checked(some)
        start = some.stop
        yield
