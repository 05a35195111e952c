"""The shape of a document: symbols, folds, and the files that it names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from stagewright.analysis.results import Fold, Link, Symbol, SymbolKind
from stagewright.dialects import choragen
from stagewright.dialects.document import Document, Entry
from stagewright.text.buffer import Position, Span
from stagewright.text.nodes import ScalarNode
from stagewright.text.yaml.editing import absolute_node
from stagewright.text.yaml.scan import indent_of, is_blank

_FILE = "file:"


def symbols(document: Document) -> list[Symbol]:
    """The template with its stages below it, or the roles; nothing of other programs' files."""
    if document.dialect not in choragen.NAMED:
        return []
    entries = tuple(_entries(document))
    head = document.head()
    name = head.get("name") if head and document.dialect is choragen.TEMPLATE else None
    if not isinstance(name, ScalarNode) or not name.value:
        return list(entries)
    whole = Span(Position(0, 0), document.end())
    return [Symbol(name.value, SymbolKind.TEMPLATE, whole, name.span, children=entries)]


def _entries(document: Document) -> Iterator[Symbol]:
    kind = SymbolKind.STAGE if document.dialect is choragen.TEMPLATE else SymbolKind.ROLE
    for index, entry in enumerate(document.entries()):
        line = document.entry_line(index)
        span = entry.span.shifted(line)
        name = entry.name if entry.name and entry.name.value.strip() else None
        start = Span(span.start, span.start)
        yield Symbol(
            name.value if name else f"{kind.value} {index + 1}",
            kind,
            span,
            name.span.shifted(line) if name else start,
            detail=_detail(entry),
        )


def _detail(entry: Entry) -> str:
    """What tells stages apart at a glance: type and model."""
    reference = entry.model.reference if entry.model else None
    parts = (entry.type.value if entry.type else "", str(reference) if reference else "")
    return " · ".join(filter(None, parts))


def folds(document: Document) -> list[Fold]:
    """Every line with deeper ones below it, and every run of comment lines."""
    if document.dialect not in choragen.NAMED:
        return []  # other programs' files have editors' own
    return [*_blocks(document.lines), *_comments(document.lines)]


def _blocks(lines: Sequence[str]) -> Iterator[Fold]:
    open_blocks: list[tuple[int, int]] = []  # indentation and line, outermost first
    last_written = 0
    for number, line in enumerate(lines):
        if is_blank(line):
            continue
        indent = indent_of(line)
        while open_blocks and open_blocks[-1][0] >= indent:
            _, first = open_blocks.pop()
            if last_written > first:
                yield Fold(first, last_written)
        open_blocks.append((indent, number))
        last_written = number
    for _, first in open_blocks:
        if last_written > first:
            yield Fold(first, last_written)


def _comments(lines: Sequence[str]) -> Iterator[Fold]:
    first: int | None = None
    for number, line in enumerate([*lines, ""]):
        if line.lstrip().startswith("#"):
            first = number if first is None else first
        elif first is not None:
            if number - 1 > first:
                yield Fold(first, number - 1, comment=True)
            first = None


def links(document: Document) -> list[Link]:
    """The files that roles take their system prompts from."""
    if document.dialect is not choragen.ROLES:
        return []
    found = []
    for index in range(len(document.entries())):
        node = absolute_node(document, index)
        value = node.get("systemPrompt") if node else None
        if isinstance(value, ScalarNode) and value.value.startswith(_FILE):
            path = value.value.removeprefix(_FILE).strip()
            if path and value.span.start.line == value.span.end.line:
                found.append(Link(value.span, path))
    return found
