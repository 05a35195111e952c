"""What Choragen reads otherwise, as diagnostics."""

from __future__ import annotations

from stagewright.analysis.choragen.entry_cache import check
from stagewright.analysis.results import Diagnostic, Severity
from stagewright.dialects.choragen.differences import Difference, head_differences
from stagewright.dialects.document import Document, Entry

CODE = "choragen-reads-differently"


def diagnostic(
    document: Document, one: Difference, entry: Entry | None = None, index: int | None = None
) -> Diagnostic:
    """The diagnostic that tells of a difference in an entry, or around all entries."""
    line = 0 if index is None else document.entry_line(index)
    name = entry.name.value if entry and entry.name else None
    span = one.span.shifted(line)
    return Diagnostic(CODE, Severity.WARNING, one.message, span, stage=name, entry=index, cause=one)


def is_there(document: Document, diagnostic: Diagnostic) -> bool:
    """Whether the difference that it tells of is still there: the text may have changed."""
    if diagnostic.entry is None:
        known, line = tuple(head_differences(document)), 0
    elif diagnostic.entry < document.count():
        known, line = (
            check(document, diagnostic.entry).differences,
            document.entry_line(diagnostic.entry),
        )
    else:
        return False
    return any(
        one == diagnostic.cause and one.span.shifted(line) == diagnostic.span for one in known
    )
