"""What Choragen's own line-by-line template reader takes for something else than YAML does."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from stagewright.dialects import choragen
from stagewright.dialects.choragen.line_reader import Difference, LineReader, Rule
from stagewright.dialects.document import Document
from stagewright.text.buffer import span_at
from stagewright.text.nodes import ScalarNode, SequenceNode
from stagewright.text.yaml.scan import indent_of, is_blank, is_marker

__all__ = ["Difference", "Rule", "entry_differences", "head_differences"]


def entry_differences(document: Document, index: int) -> list[Difference]:
    """What Choragen reads otherwise in one stage; spans as in the entry.

    Empty for roles, and where the text does not parse: it may not say what it seems to say.
    """
    if document.dialect is not choragen.TEMPLATE:
        return []
    entry, node = document.entry(index), document.entry_node(index)
    if entry.broken or _in_flow(document):
        return []
    line = document.entry_line(index)
    end = document.entry_line(index + 1) if index + 1 < document.count() else len(document.lines)
    lines = document.lines[line : max(end, line + 1)]  # two may share a line
    reader = LineReader(lines, document.chunks.indent if document.chunks else 2)
    if node is not None:
        reader.stage(node)
    elif lines[0].lstrip(" -").startswith("*"):
        reader.found(
            "alias", "Choragen does not support aliases: it finds no stage here.", entry.span
        )
    return reader.differences


def head_differences(document: Document) -> list[Difference]:
    """What Choragen reads otherwise outside of the stages; absolute spans. As for an entry."""
    if document.dialect is not choragen.TEMPLATE or document.problems():
        return []
    head, lines = document.head(), document.lines
    reader = LineReader(lines, 2)
    if lines[0].startswith("\ufeff"):
        message = "The file begins with a byte order mark, which Choragen reads as a letter."
        reader.found("byte-order-mark", message, span_at(0, 0, 0, 1))
    if head is not None:
        reader.top(head)
    chunks = document.chunks
    if chunks is not None and chunks.indent != 2:
        first = chunks.starts[0]
        column = indent_of(lines[first])
        dash = span_at(first, column, first, column + 1)
        message = "Choragen finds no stages here: it expects their dashes in column 3."
        reader.found("indentation", message, dash)
    for number in _further_documents(document):
        message = "Choragen does not support several documents: it ignores this line and reads on."
        reader.found("documents", message, span_at(number, 0, number, 3))
    return reader.differences


def _in_flow(document: Document) -> bool:
    """Whether the stages are written in flow style, which is said once of all of them."""
    head = document.head() if document.chunks is None else None
    return head is not None and (
        head.flow
        or any(
            isinstance(listed, SequenceNode) and listed.flow
            for key, listed in head.pairs  # a key may stand there twice
            if isinstance(key, ScalarNode) and key.value == document.layout.list_key
        )
    )


def _further_documents(document: Document) -> Iterator[int]:
    """The lines on which another document begins."""
    chunks, lines = document.chunks, document.lines
    first, after = (chunks.starts[0], chunks.end) if chunks is not None else (0, 0)
    written = False
    for number in chain(range(first), range(after, len(lines))):
        if is_marker(lines[number]):
            if written and lines[number].startswith("---"):
                yield number
        elif not is_blank(lines[number]) and not lines[number].startswith("%"):
            written = True
