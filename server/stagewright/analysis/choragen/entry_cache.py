"""What is wrong inside of entries: worked out once for each, while its nodes are at hand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple
from weakref import WeakKeyDictionary

from stagewright.dialects.choragen.differences import Difference, entry_differences
from stagewright.dialects.choragen.schema import ENTRIES
from stagewright.dialects.choragen.violations import SchemaViolation, structure_error, violations_in
from stagewright.dialects.document import Document
from stagewright.dialects.entry import Entry
from stagewright.text.buffer import span_at


class Check(NamedTuple):
    """What the schema and Choragen's reader have against one entry; spans as the entry has them."""

    violations: tuple[SchemaViolation, ...]
    differences: tuple[Difference, ...]


_CLEAN = Check((), ())
_KNOWN: WeakKeyDictionary[Document, dict[Entry, Check]] = WeakKeyDictionary()
_SPARE = 1_000  # checks of entries that are gone, kept until they are more than the entries


def checks(document: Document) -> Iterator[tuple[int, Entry, Check]]:
    """Each entry in order with its index and its check; nothing is read before it is asked for.

    Only entries that are new or were touched cost anything.
    """
    known = _KNOWN.setdefault(document, {})
    lazily = map(document.entry, range(document.count()))
    for index, entry in enumerate(document.entries() if document.is_read else lazily):
        yield index, entry, known.get(entry) or check(document, index)
    entries = document.entries()
    if len(known) > 2 * len(entries) + _SPARE:
        _KNOWN[document] = {entry: known[entry] for entry in entries}


def check(document: Document, index: int) -> Check:
    """The check of one entry."""
    known = _KNOWN.setdefault(document, {})
    entry = document.entry(index)
    if entry not in known:
        differs = entry_differences(document, index)
        found = Check(tuple(_violations(document, entry, index)), tuple(differs))
        known[entry] = found if any(found) else _CLEAN
    return known[entry]


def _violations(document: Document, entry: Entry, index: int) -> list[SchemaViolation]:
    shape = ENTRIES.get(document.dialect)
    if shape is None:
        return []  # nothing is known of its other keys
    node = document.entry_node(index)
    if node is not None:
        first = node.pairs[0][0].span if node.pairs else node.span
        anchor = entry.name.span if entry.name and entry.name.value else first
        return violations_in(node, shape, anchor, broken=entry.broken)
    start, end = entry.span
    text = document.lines[document.entry_line(index) + start.line]
    if entry.broken or text[start.column : start.column + 1] == "*":
        return []  # an alias is not followed
    if start != end:
        message = f"This {shape.noun} must be a mapping. Write its keys here, each with its value."
        return [structure_error(message, entry.span)]
    dash = text.find("-")
    span = span_at(start.line, dash, start.line, dash + 1) if dash >= 0 else entry.span
    return [structure_error(f"This {shape.noun} is empty.", span)]
