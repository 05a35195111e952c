"""What Choragen reads otherwise, as findings."""

from __future__ import annotations

from stagewright.analysis.results import Finding, Severity
from stagewright.dialects.choragen.differences import Difference
from stagewright.dialects.document import Document, Entry

CODE = "choragen-reads-differently"


def finding(
    document: Document, one: Difference, entry: Entry | None = None, index: int | None = None
) -> Finding:
    """The finding that tells of a difference in an entry, or around all entries."""
    line = 0 if index is None else document.entry_line(index)
    name = entry.name.value if entry and entry.name else None
    span = one.span.shifted(line)
    return Finding(CODE, Severity.WARNING, one.message, span, stage=name, entry=index, cause=one)
