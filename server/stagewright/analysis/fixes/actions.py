"""Quick fixes: what fixes a diagnostic, and what fixes all diagnostics of a file."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from stagewright.analysis.features import features
from stagewright.analysis.fixes.models import another_model, another_provider, whole_reference
from stagewright.analysis.fixes.syntax import syntax_fixes
from stagewright.analysis.fixes.verify import verified
from stagewright.analysis.options import Options
from stagewright.analysis.results import Diagnostic, Fix
from stagewright.catalog.catalog import Catalog
from stagewright.dialects.document import Document
from stagewright.text.buffer import Edit, Position, Span
from stagewright.text.syntaxes import SyntaxName
from stagewright.text.yaml.editing import above, continues_text
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


def fixes(
    document: Document, diagnostic: Diagnostic, catalog: Catalog, options: Options
) -> list[Fix]:
    """What would fix the diagnostic, best first. At most one is preferred: the obvious one.

    Nothing is obvious in text that does not parse.
    """
    candidates: Iterable[Fix] = _candidates(document, diagnostic, catalog, options)
    if _may_uncover(diagnostic):
        candidates = _tried(document, diagnostic, candidates, catalog, options)
    return [*candidates, *_ignore(document, diagnostic)]


def _candidates(
    document: Document, diagnostic: Diagnostic, catalog: Catalog, options: Options
) -> list[Fix]:
    """The same without the comment that silences it, and before any of them is tried."""
    found: Iterable[Fix] = ()
    if diagnostic.code in _ANOTHER_MODEL:
        found = another_model(document, diagnostic, catalog, options)
    elif diagnostic.code == "provider-unknown":
        found = another_provider(document, diagnostic, catalog, options)
    elif diagnostic.code == "model-reference":
        found = whole_reference(document, diagnostic, catalog, options)
    elif diagnostic.code == "template-syntax":
        found = syntax_fixes(document, diagnostic)
    elif diagnostic.cause is not None and (more := features(document.dialect)):
        found = more.fixes(document, diagnostic, options)
    candidates = [fix for fix in found if fix.edits]
    if any(fix.preferred for fix in candidates) and _is_broken(document, diagnostic.entry):
        candidates = [replace(fix, preferred=False) for fix in candidates]
    if after := document.dialect.after:
        candidates = [replace(fix, title=f"{fix.title} (then run: {after})") for fix in candidates]
    return candidates


def _tried(
    document: Document,
    diagnostic: Diagnostic,
    candidates: Iterable[Fix],
    catalog: Catalog,
    options: Options,
) -> Iterator[Fix]:
    """The fixes, of which only such are preferred that bring nothing else to light.

    One that only writes the same in another way is good for nothing else.
    """
    for fix in candidates:
        costly = document.chunks is None and diagnostic.entry is not None
        if (
            not fix.preferred
            or costly
            or verified(document, diagnostic.entry, [fix], catalog, options)
        ):
            yield fix
        elif not fix.rewrites:
            yield replace(fix, preferred=False)


def _may_uncover(diagnostic: Diagnostic) -> bool:
    """Whether its fixes may bring something else to light: keys and values that were hidden."""
    return diagnostic.code == "model-reference" or diagnostic.cause is not None


def _is_broken(document: Document, index: int | None) -> bool:
    """Whether the text around a diagnostic does not parse, or that around all entries."""
    return bool(document.problems()) or (index is not None and document.entry(index).broken)


def touched(diagnostics: Iterable[Diagnostic], span: Span) -> list[Diagnostic]:
    """Those of the diagnostics that a span touches."""
    return [one for one in diagnostics if one.span.start <= span.end and span.start <= one.span.end]


def fix_all(
    document: Document, diagnostics: Iterable[Diagnostic], catalog: Catalog, options: Options
) -> tuple[Edit, ...]:
    """The edits of every preferred fix; where two change the same text, those of the first."""
    chosen = preferred_fixes(document, diagnostics, catalog, options)
    return tuple(edit for _, fix in chosen for edit in fix.edits)


def preferred_fixes(
    document: Document, diagnostics: Iterable[Diagnostic], catalog: Catalog, options: Options
) -> list[tuple[Diagnostic, Fix]]:
    """The preferred fixes that can be applied together, each with its diagnostic."""
    chosen: list[tuple[Diagnostic, Fix]] = []
    by_line: defaultdict[int, list[Edit]] = defaultdict(list)
    moved: set[int | None] = set()
    laid_out: set[int | None] = set()
    for diagnostic in diagnostics:
        preferred = (
            one for one in _candidates(document, diagnostic, catalog, options) if one.preferred
        )
        fix = next(preferred, None)
        if fix is None or any(
            _collide(edit, other) for edit in fix.edits for other in _near(edit, by_line)
        ):
            continue
        # Lines are written, joined and moved for the columns that their entry has now.
        moves = any(_moves(edit) for edit in fix.edits)
        lays_out = not moves and any(map(_lays_out, fix.edits))
        if (moves and _concerns(diagnostic.entry, moved | laid_out)) or (
            lays_out and _concerns(diagnostic.entry, moved)
        ):
            continue
        moved |= {diagnostic.entry} if moves else set()
        laid_out |= {diagnostic.entry} if lays_out else set()
        chosen.append((diagnostic, fix))
        for edit in fix.edits:
            for line in _lines(edit):
                by_line[line].append(edit)
    return list(_together(document, chosen, catalog, options))


def _together(
    document: Document,
    chosen: Sequence[tuple[Diagnostic, Fix]],
    catalog: Catalog,
    options: Options,
) -> Iterator[tuple[Diagnostic, Fix]]:
    """Those that still fix what they promise when all are applied."""
    groups: defaultdict[int | None, list[Fix]] = defaultdict(list)
    uncertain: set[int | None] = set()
    for diagnostic, fix in chosen:
        group = diagnostic.entry if document.chunks else None
        groups[group].append(fix)
        if _may_uncover(diagnostic):
            uncertain.add(group)
    kept: set[int] = set()
    for group, found in groups.items():
        sure = group not in uncertain and len(found) == 1
        kept.update(map(id, found if sure else verified(document, group, found, catalog, options)))
    return ((diagnostic, fix) for diagnostic, fix in chosen if id(fix) in kept)


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


def _begins(line: str, syntax: SyntaxName) -> int | None:
    """The column at which a key, an item or a value begins a line, so that a comment can stand
    above it; None where none can. Most readers of JSON take no comments at all."""
    if syntax == "json":
        return None
    if syntax == "toml":
        found = _OF_TOML.match(line)
        return found.start("begins") if found else None
    scanned = scan_line(line)
    if scanned.key is None and not scanned.dashes:
        return None
    return scanned.dashes[0] if scanned.dashes else scanned.content


_OF_TOML = re.compile(r"""\ufeff?[ \t]*(?P<begins>[\w."'-]+[ \t]*[=,\]]|["'][^"']*["'][ \t]*$)""")


def _ignore(document: Document, diagnostic: Diagnostic) -> Iterator[Fix]:
    """A comment above the value that silences the diagnostic there."""
    if diagnostic.code == "template-syntax" or document.dialect.follows_workflow:
        return  # what is made anew keeps no comments
    line = diagnostic.span.start.line
    if line >= len(document.lines):
        return  # the text has changed since
    title = f"Ignore {diagnostic.code} here"
    if document.dialect.in_literals:
        own = document.comment_line(f"stagewright: ignore[{diagnostic.code}]", line)
        if own is not None:
            start = Span(Position(line, 0), Position(line, 0))
            yield Fix(title, (Edit(start, f"{own}{document.newline}"),), silences=True)
        return
    column = _begins(document.lines[line], document.dialect.syntax)
    if column is None or continues_text(document, line):
        return
    at = above(document, line, column)
    if diagnostic.span.start < at:
        return  # of a byte order mark: nothing can stand above it
    text = f"# stagewright: ignore[{diagnostic.code}]{document.newline}{' ' * column}"
    yield Fix(title, (Edit(Span(at, at), text),), silences=True)
