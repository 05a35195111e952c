"""What Choragen reads otherwise, as findings; remembered with the entries they stand in."""

from __future__ import annotations

from collections.abc import Iterator

from stagewright.analysis.checks import check, checks
from stagewright.analysis.results import Finding, Severity
from stagewright.templates.choragen import Difference, head_differences
from stagewright.templates.template import Document

CODE = "choragen-reads-differently"


def findings(document: Document) -> Iterator[Finding]:
    """A finding for each difference of a template, in no order; none for a role index."""
    if document.kind != "template":
        return
    for one in head_differences(document):
        yield Finding(CODE, Severity.WARNING, one.message, one.span)
    for index, checked in enumerate(checks(document)):
        if checked.differences:
            line, name = document.entry_line(index), document.entry(index).name
            for one in checked.differences:
                span, stage = one.span.shifted(line), name.value if name else None
                yield Finding(CODE, Severity.WARNING, one.message, span, stage=stage, entry=index)


def difference_of(document: Document, finding: Finding) -> Difference | None:
    """The difference that a finding tells of, as long as it is there; spans as it has them."""
    if finding.entry is None:
        known, line = tuple(head_differences(document)), 0
    elif finding.entry < document.count():
        known, line = check(document, finding.entry).differences, document.entry_line(finding.entry)
    else:
        return None
    told = (finding.message, finding.span)
    return next((one for one in known if (one.message, one.span.shifted(line)) == told), None)
