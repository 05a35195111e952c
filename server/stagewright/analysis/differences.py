"""What Choragen reads otherwise, as findings."""

from __future__ import annotations

from stagewright.analysis.checks import check
from stagewright.analysis.results import Finding, Severity
from stagewright.dialects.choragen.differences import Difference, head_differences
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


def is_there(document: Document, finding: Finding) -> bool:
    """Whether the difference that a finding tells of is still there: the text may have changed."""
    if finding.entry is None:
        known, line = tuple(head_differences(document)), 0
    elif finding.entry < document.count():
        known, line = check(document, finding.entry).differences, document.entry_line(finding.entry)
    else:
        return False
    return any(one == finding.cause and one.span.shifted(line) == finding.span for one in known)
