"""Whether fixes keep their promise: the text parses, and less is found in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from stagewright.analysis.diagnostics.diagnose import diagnose
from stagewright.analysis.options import Options
from stagewright.analysis.results import Fix, Severity
from stagewright.catalog.catalog import Catalog
from stagewright.dialects.document import Document
from stagewright.text.buffer import Edit

Count = tuple[int, int]
"""Diagnostics, and those among them that make a text no YAML."""


def verified(
    document: Document,
    entry: int | None,
    fixes: Sequence[Fix],
    catalog: Catalog,
    options: Options,
) -> list[Fix]:
    """Those of the fixes of which each fixes something and breaks nothing, applied together.

    They must not overlap, and concern one entry, or what stands around all entries: diagnostics
    elsewhere do not change. Nearly always it is all of them.
    """
    options = replace(options, severities={**options.severities, _SYNTAX: Severity.ERROR})
    part, gap = _part(document, entry, [edit for fix in fixes for edit in fix.edits])

    def count(tried: Sequence[Fix]) -> Count:
        edits = [_moved(edit, gap) for fix in tried for edit in fix.edits]
        found = diagnose(part.with_text(part.apply(edits)), catalog, options)
        return len(found), sum(one.code == _SYNTAX for one in found)

    tries = iter(range(_TRIES))

    def keep(kept: list[Fix], before: Count, more: Sequence[Fix]) -> tuple[list[Fix], Count]:
        if next(tries, None) is None:
            return kept, before
        after = count(tried := [*kept, *more])
        if after[0] <= before[0] - len(more) and after[1] <= before[1]:
            return tried, after
        if len(more) > 1:
            middle = len(more) // 2
            for half in (more[:middle], more[middle:]):
                kept, before = keep(kept, before, half)
        return kept, before

    return keep([], count(()), fixes)[0]


def parses(document: Document, entry: int | None, edits: Sequence[Edit]) -> bool:
    """Whether an entry, or what stands around all entries, is YAML once the edits are made."""
    part, gap = _part(document, entry, edits)
    fixed = Document(part.apply([_moved(edit, gap) for edit in edits]), part.dialect)
    return not fixed.problems() and not any(one.problems for one in fixed.entries())


_SYNTAX = "template-syntax"
_TRIES = 50
"""How often the fixes of one part are tried. Nearly always once is enough."""


class _Gap(NamedTuple):
    """Lines that a part leaves out, from `first` up to `after`, and how many it has there."""

    first: int
    after: int
    added: int = 0


def _part(document: Document, entry: int | None, edits: Sequence[Edit]) -> tuple[Document, _Gap]:
    """What can be looked at alone of a document, and what was left out above its last lines.

    All of it, where that is not certain.
    """
    chunks, lines = document.chunks, document.lines
    if chunks is None:
        return document, _Gap(0, 0)
    if entry is None:
        gap = _Gap(chunks.lines_of(0)[1], chunks.end)
        kept = [*lines[: gap.first], *lines[gap.after :]]
        inside = all(
            edit.span.end < (chunks.starts[0], 0) or edit.span.start >= (gap.after, 0)
            for edit in edits
        )
    else:
        start, after = chunks.lines_of(entry)
        gap = _Gap(0, start, 1)
        kept = [f"{document.layout.list_key}:", *lines[start:after]]
        kept += [""] if after < len(lines) else []
        inside = all(
            edit.span.start >= (start, 0) and edit.span.end <= (after, 0) for edit in edits
        )
    if not inside:
        return document, _Gap(0, 0)
    return document.with_text(document.newline.join(kept)), gap


def _moved(edit: Edit, gap: _Gap) -> Edit:
    """The same edit in the part."""
    if edit.span.start.line < gap.after:
        return edit
    return Edit(edit.span.shifted(gap.first + gap.added - gap.after), edit.text)
