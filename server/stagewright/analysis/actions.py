"""Quick fixes: what mends a finding, and what mends all findings of a file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from stagewright.analysis import differences
from stagewright.analysis.diagnostics import diagnose
from stagewright.analysis.fix_differences import difference_fixes
from stagewright.analysis.fix_models import another_model, another_provider, whole_reference
from stagewright.analysis.fix_structure import structure_fixes
from stagewright.analysis.fix_syntax import syntax_fixes
from stagewright.analysis.nodes import above, continues_text
from stagewright.analysis.options import Options
from stagewright.analysis.results import Finding, Fix
from stagewright.analysis.trial import helping
from stagewright.catalog.catalog import Catalog
from stagewright.dialects.document import Document
from stagewright.text.buffer import Edit, Span
from stagewright.text.yaml.scan import scan_line

_ANOTHER_MODEL = frozenset(
    {
        "model-unavailable",
        "model-unlisted",
        "model-retired",
        "model-deprecated",
        "model-not-chat",
        "model-unrecognized",
    }
)
_STRUCTURAL = frozenset({"template-structure", "key-unknown", "role-unknown"})


def fixes(document: Document, finding: Finding, catalog: Catalog, options: Options) -> list[Fix]:
    """What would mend the finding, best first. At most one is preferred: the obvious one.

    Nothing is obvious in text that does not parse.
    """
    mending: Iterable[Fix] = _mending(document, finding, catalog, options)
    if finding.code in _TRIED:
        mending = _tried(document, finding, mending, catalog, options)
    return [*mending, *_ignore(document, finding)]


def _mending(document: Document, finding: Finding, catalog: Catalog, options: Options) -> list[Fix]:
    """The same without the comment that silences it, and before any of them is tried."""
    found: Iterable[Fix] = ()
    if finding.code in _ANOTHER_MODEL:
        found = another_model(document, finding, catalog, options)
    elif finding.code == "provider-unknown":
        found = another_provider(document, finding, catalog, options)
    elif finding.code == "model-reference":
        found = whole_reference(document, finding, catalog, options)
    elif finding.code in _STRUCTURAL:
        found = structure_fixes(document, finding, options)
    elif finding.code == differences.CODE:
        found = difference_fixes(document, finding)
    elif finding.code == "template-syntax":
        found = syntax_fixes(document, finding)
    mending = [fix for fix in found if fix.edits]
    if any(fix.preferred for fix in mending) and _is_broken(document, finding.entry):
        mending = [replace(fix, preferred=False) for fix in mending]
    return mending


def _tried(
    document: Document,
    finding: Finding,
    mending: Iterable[Fix],
    catalog: Catalog,
    options: Options,
) -> Iterator[Fix]:
    """The fixes, of which only such are preferred that bring nothing else to light.

    One that only writes the same in another way is good for nothing else.
    """
    for fix in mending:
        costly = document.chunks is None and finding.entry is not None
        if not fix.preferred or costly or helping(document, finding.entry, [fix], catalog, options):
            yield fix
        elif finding.code != differences.CODE:
            yield replace(fix, preferred=False)


_TRIED = _STRUCTURAL | {"model-reference", differences.CODE}
"""Codes whose fixes may uncover something: keys and values that were hidden, say."""


def _is_broken(document: Document, index: int | None) -> bool:
    """Whether the text around a finding does not parse, or that around all entries."""
    return bool(document.problems()) or (index is not None and document.entry(index).broken)


def fixes_at(
    document: Document, span: Span, catalog: Catalog, options: Options
) -> list[tuple[Finding, Fix]]:
    """The fixes of every finding that the span touches, each with its finding."""
    return [
        (finding, fix)
        for finding in diagnose(document, catalog, options)
        if finding.span.start <= span.end and span.start <= finding.span.end
        for fix in fixes(document, finding, catalog, options)
    ]


def fix_all(
    document: Document, findings: Iterable[Finding], catalog: Catalog, options: Options
) -> tuple[Edit, ...]:
    """The edits of every preferred fix; where two change the same text, those of the first."""
    chosen = preferred_fixes(document, findings, catalog, options)
    return tuple(edit for _, fix in chosen for edit in fix.edits)


def preferred_fixes(
    document: Document, findings: Iterable[Finding], catalog: Catalog, options: Options
) -> list[tuple[Finding, Fix]]:
    """The preferred fixes that can be applied together, each with its finding."""
    chosen: list[tuple[Finding, Fix]] = []
    by_line: defaultdict[int, list[Edit]] = defaultdict(list)
    moved: set[int | None] = set()
    laid_out: set[int | None] = set()
    for finding in findings:
        preferred = (one for one in _mending(document, finding, catalog, options) if one.preferred)
        fix = next(preferred, None)
        if fix is None or any(
            _collide(edit, other) for edit in fix.edits for other in _near(edit, by_line)
        ):
            continue
        # Lines are written, joined and moved for the columns that their entry has now.
        moves = any(_moves(edit) for edit in fix.edits)
        lays_out = not moves and any(map(_lays_out, fix.edits))
        if (moves and _concerns(finding.entry, moved | laid_out)) or (
            lays_out and _concerns(finding.entry, moved)
        ):
            continue
        moved |= {finding.entry} if moves else set()
        laid_out |= {finding.entry} if lays_out else set()
        chosen.append((finding, fix))
        for edit in fix.edits:
            for line in _lines(edit):
                by_line[line].append(edit)
    return list(_together(document, chosen, catalog, options))


def _together(
    document: Document,
    chosen: Sequence[tuple[Finding, Fix]],
    catalog: Catalog,
    options: Options,
) -> Iterator[tuple[Finding, Fix]]:
    """Those that still mend what they promise when all are applied."""
    groups: defaultdict[int | None, list[Fix]] = defaultdict(list)
    uncertain: set[int | None] = set()
    for finding, fix in chosen:
        group = finding.entry if document.chunks else None
        groups[group].append(fix)
        if finding.code in _TRIED:
            uncertain.add(group)
    kept: set[int] = set()
    for group, found in groups.items():
        sure = group not in uncertain and len(found) == 1
        kept.update(map(id, found if sure else helping(document, group, found, catalog, options)))
    return ((finding, fix) for finding, fix in chosen if id(fix) in kept)


def _moves(edit: Edit) -> bool:
    """Whether it gives a line another indentation."""
    start, end = edit.span
    return start.column == 0 < end.column and start.line == end.line and edit.text[:1] == " "


def _lays_out(edit: Edit) -> bool:
    """Whether it gives the text another number of lines."""
    return not {"\n", "\r"}.isdisjoint(edit.text) or edit.span.start.line != edit.span.end.line


def _concerns(entry: int | None, others: set[int | None]) -> bool:
    """Whether a change is within one of the others; None is the whole file."""
    return bool(others) if entry is None else bool({entry, None} & others)


def _lines(edit: Edit) -> range:
    return range(edit.span.start.line, edit.span.end.line + 1)


def _near(edit: Edit, by_line: dict[int, list[Edit]]) -> Iterator[Edit]:
    for line in _lines(edit):
        yield from by_line.get(line, ())


def _collide(one: Edit, other: Edit) -> bool:
    """Whether both change one piece of text, or insert at one place, in an order unknown."""
    if one.span == other.span:
        return True
    return one.span.start < other.span.end and other.span.start < one.span.end


def _ignore(document: Document, finding: Finding) -> Iterator[Fix]:
    """A comment above the value that silences the finding there."""
    if finding.code == "template-syntax" or not document.dialect.comments:
        return  # a transcript is made anew, without comments
    line = finding.span.start.line
    if line >= len(document.lines):
        return  # the text has changed since
    scanned = scan_line(document.lines[line])
    if (scanned.key is None and not scanned.dashes) or continues_text(document, line):
        return
    column = scanned.dashes[0] if scanned.dashes else scanned.content
    at = above(document, line, column)
    if finding.span.start < at:
        return  # of a byte order mark: nothing can stand above it
    text = f"# stagewright: ignore[{finding.code}]{document.newline}{' ' * column}"
    yield Fix(f"Ignore {finding.code} here", (Edit(Span(at, at), text),), silences=True)
