"""All that is wrong in one of Choragen's files, in the order in which it is found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from stagewright.analysis.choragen.entry_cache import checks
from stagewright.analysis.choragen.structure import diagnostic, entry_violations, head_violations
from stagewright.analysis.options import Options
from stagewright.analysis.results import Diagnostic
from stagewright.dialects.choragen.differences import head_differences
from stagewright.dialects.document import Document, Entry
from stagewright.memo import recently
from stagewright.text.nodes import SyntaxProblem
from stagewright.text.yaml.anchors import (
    Anchor,
    anchors_in,
    anchors_written,
    undefined,
    undefined_problem,
)

_in_head = recently(anchors_in)

OfModels = Callable[[int, Entry], Iterable[Diagnostic]]


def diagnose(document: Document, options: Options, of_models: OfModels) -> Iterator[Diagnostic]:
    """What is wrong around the entries, then in each of them and with its models."""
    tell = partial(diagnostic, document)
    aliases = _Aliases(document)
    names: dict[str, int] = {}
    for around in (head_violations, head_differences, Document.problems):
        yield from map(tell, around(document))
    yield from map(tell, aliases.undefined(aliases.above))
    for index, entry, checked in checks(document):
        for violation in entry_violations(document, index, entry, checked, options.roles, names):
            yield tell(violation, entry, index)
        for difference in checked.differences:
            yield tell(difference, entry, index)
        if entry.problems or entry.anchors:
            for problem in (*entry.problems, *aliases.within(entry)):
                yield tell(problem, entry, index)
        yield from of_models(index, entry)
    yield from map(tell, aliases.undefined(aliases.below))


class _Aliases:
    """Tells which aliases stand for nothing, while a document is gone through from its top."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.above, self.below = _anchors_around(document)
        self.known: set[str] = set()
        self.written: set[str] | None = None  # anchors that may stand in what cannot be read
        self.broken = bool(document.problems())

    def within(self, entry: Entry) -> Iterator[SyntaxProblem]:
        """Spans as the entry has them."""
        self.broken = self.broken or entry.broken
        return self.undefined(entry.anchors)

    def undefined(self, anchors: Iterable[Anchor]) -> Iterator[SyntaxProblem]:
        """Of some anchors and aliases, in the order of the text."""
        for anchor in undefined(anchors, self.known):
            if self.broken and self.written is None:
                self.written = anchors_written(self.document.lines)
            if not self.broken or anchor.name not in (self.written or ()):
                yield undefined_problem(anchor)


def _anchors_around(document: Document) -> tuple[list[Anchor], list[Anchor]]:
    """The anchors above the first entry, and those below the last."""
    if not document.layout.list_key:
        return [], []  # its one entry is all there is
    anchors = _in_head(document.head())
    if not anchors or not document.count():
        return list(anchors), []
    first = document.entry(0).span.start
    first = first._replace(line=first.line + document.entry_line(0))
    above = [anchor for anchor in anchors if anchor.span.start < first]
    return above, [anchor for anchor in anchors if anchor.span.start >= first]
