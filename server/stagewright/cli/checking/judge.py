"""One file under judgement: read, diagnosed and, where that is asked for, fixed."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from stagewright.analysis.diagnostics.diagnose import diagnose
from stagewright.analysis.diagnostics.failures import internal_error
from stagewright.analysis.diagnostics.lookups import references
from stagewright.analysis.diagnostics.unreadable import cut_short
from stagewright.analysis.fixes.actions import fixes, preferred_fixes
from stagewright.analysis.options import Options
from stagewright.analysis.results import Diagnostic, Fix, Severity
from stagewright.catalog.catalog import Catalog
from stagewright.catalog.model import ModelReference
from stagewright.cli.checking.failures import log_failure
from stagewright.cli.checking.files import Opened, Target, root_of, workspace_of
from stagewright.cli.checking.result import CheckedFile, Fixed, Note
from stagewright.dialects.choragen.roles import RoleIndex
from stagewright.dialects.dialect import Dialect
from stagewright.dialects.document import Document, where
from stagewright.dialects.key_path import in_words
from stagewright.files import Stamp, UnreadableFile, read_text, real_path
from stagewright.files import replace as replace_file
from stagewright.options import ignored
from stagewright.settings import Ignored
from stagewright.walk import LONGEST_LINE, LeftOut

_ROUNDS = 10
"""How often a file is fixed: a fix may bring to light what it hid."""

MOST = 1_000
"""Diagnostics that are looked for in one file: a hostile one could give millions."""

_FIXED_AT_ONCE = 2 * MOST


@dataclass(frozen=True, slots=True)
class Evidence:
    """What every file is judged by."""

    catalog: Catalog
    options: Options
    roles: Mapping[Path, RoleIndex]  # by the workspace's folder
    fix: bool
    ignore: Sequence[Ignored] = ()  # what is not reported where


@dataclass(frozen=True, slots=True)
class Judged:
    """What came of one file; `file` is None where it cannot be read at all, and where there is
    nothing in it that we read."""

    file: CheckedFile | None = None
    problem: str | None = None
    references: tuple[ModelReference, ...] = ()
    left_out: LeftOut | None = None
    is_empty: bool = False  # it was read, and names no model


KEPT = 16 * 1024 * 1024
"""Characters of texts that a process keeps between two looks at them: some ten times as many bytes.
Files beyond that are read twice."""

_kept: dict[Path, Opened] = {}
_room = [KEPT]


def survey(_: None, target: Target) -> tuple[ModelReference, ...]:
    """The models that a file names; none where it cannot be read. What has been read of it is kept
    until it is judged by the same process."""
    try:
        document = open_early(target).document
        return () if document is None else tuple(references(document))
    except Exception:  # noqa: BLE001 - files are apart
        return ()  # why it cannot be read is told when it is judged


def open_early(target: Target) -> Opened:
    """A file that is to be judged later, by this process or, where the system can, one that is
    forked from it. Raises UnreadableFile."""
    opened = _take(target)
    size = _size(opened)
    if size <= _room[0]:
        _room[0] -= size
        _kept[target.path] = opened
    return opened


def forget() -> None:
    """Read every file anew from here on."""
    _kept.clear()
    _room[0] = KEPT


def _size(opened: Opened) -> int:
    return 0 if opened.document is None else len(opened.document.text)


def _take(target: Target) -> Opened:
    """A file as it was read before, or else is now. Raises UnreadableFile."""
    if target.path not in _kept:
        return target.open()
    opened = _kept.pop(target.path)
    _room[0] += _size(opened)
    return opened


def judge(evidence: Evidence, target: Target) -> Judged:
    """What is wrong with a file, and what would fix it.

    Where this program fails on it, that is logged and all that is found: other files are apart.
    """
    try:
        return _judge(evidence, target)
    except Exception as error:  # noqa: BLE001 - files are apart
        log = log_failure(target.path, error, os.environ)
        notes = tuple(Note(one, "", ()) for one in internal_error(error, log, evidence.options))
        return Judged(CheckedFile(target.path, target.dialect, notes, failed=True))


def _judge(evidence: Evidence, target: Target) -> Judged:
    try:
        document, bad_byte, left_out, is_ours = _take(target)
    except UnreadableFile as error:
        return Judged(problem=str(error))
    if document is None:
        return Judged(left_out=left_out, is_empty=is_ours and left_out is None)
    path, folder = target.path, target.folder
    roles = evidence.roles.get(workspace_of(path))
    severities = evidence.options.severities
    if evidence.ignore:
        unsaid = ignored(evidence.ignore, path.absolute(), root_of(folder))
        severities = {**severities, **unsaid}
    options = replace(evidence.options, roles=roles, severities=severities)
    evidence = replace(evidence, options=options)
    text, dialect = document.text, document.dialect
    changeable = bad_byte is None and (target.is_named or not dialect.only_advises)
    fixing = evidence.fix and changeable
    most = _FIXED_AT_ONCE if fixing else MOST
    diagnostics = diagnose(document, evidence.catalog, evidence.options, most)
    problem = None
    fixed: Sequence[Fixed] = ()
    fixable = 0
    if bad_byte is not None:
        diagnostics = cut_short(document, diagnostics, bad_byte, evidence.options)
    elif fixing:
        better, left, fixed = _fix(document, diagnostics, evidence)
        problem = _write(path, folder, text, better.text) if fixed else None
        if problem is not None:
            fixed, fixable = (), len(fixed)
        elif fixed:
            document, diagnostics = better, left
    diagnostics = diagnostics[:MOST]
    notes = tuple(_notes(document, diagnostics, evidence))
    if len(diagnostics) >= MOST:
        more = _and_more(dialect, diagnostics)
        notes = (*notes, Note(more, document.lines[more.span.start.line], ()))
        fixable = fixable or sum(note.preferred is not None for note in notes)
    elif not fixing and bad_byte is None and any(note.preferred for note in notes):
        fixable = len(_fix(document, diagnostics, evidence)[2])
    by_name = 0
    if not changeable:
        notes = tuple(map(_unfixed, notes))
        fixable, by_name = 0, fixable if bad_byte is None else 0
    in_part = dialect.in_literals and any(len(one) > LONGEST_LINE for one in document.lines)
    checked = CheckedFile(path, dialect, notes, tuple(fixed), fixable, by_name, in_part)
    return Judged(checked, problem, tuple(references(document)))


def _unfixed(note: Note) -> Note:
    """A note of a file that is not changed: `--fix` applies none of its fixes."""
    return replace(note, fixes=tuple(replace(fix, preferred=False) for fix in note.fixes))


def _notes(
    document: Document, diagnostics: Sequence[Diagnostic], evidence: Evidence
) -> Iterator[Note]:
    """Diagnostics with their fixes."""
    for diagnostic in diagnostics:
        found = fixes(document, diagnostic, evidence.catalog, evidence.options)
        line = document.lines[diagnostic.span.start.line]
        yield Note(diagnostic, line, tuple(found), _where(document, diagnostic))


def _where(document: Document, diagnostic: Diagnostic) -> str | None:
    """The path of keys to the model that is meant, or else to the entry."""
    index = diagnostic.entry
    if index is None:
        return None
    if diagnostic.model is not None or diagnostic.code in ("model-reference", "provider-unknown"):
        return where(document, index, document.sites(index)[diagnostic.site])
    return in_words(document.path_of(index)) or None


def _and_more(dialect: Dialect, diagnostics: Sequence[Diagnostic]) -> Diagnostic:
    """An error whatever the settings say: what was not looked for could be one, of the same kind
    where the file is another program's. In source code as grave as the last one."""
    last = diagnostics[-1]
    code = "template-structure" if dialect.runs_here else last.code
    message = f"This file has {len(diagnostics):,} diagnostics, perhaps more: fix these first."
    severity = last.severity if dialect.only_advises else Severity.ERROR
    return Diagnostic(code, severity, message, last.span)


def _fix(
    document: Document, diagnostics: list[Diagnostic], evidence: Evidence
) -> tuple[Document, list[Diagnostic], list[Fixed]]:
    """The document after its preferred fixes, what is left, and what was done."""
    catalog, options = evidence.catalog, evidence.options
    fixed: list[Fixed] = []
    for _ in range(_ROUNDS):
        chosen = preferred_fixes(document, diagnostics, catalog, options)
        if not chosen:
            break
        edits = [edit for _, fix in chosen for edit in fix.edits]
        better = document.with_text(document.apply(edits))
        left = diagnose(better, catalog, options, _FIXED_AT_ONCE)
        if len(left) >= len(diagnostics) and len(diagnostics) < _FIXED_AT_ONCE:
            break
        fixed += [
            Fixed(
                diagnostic.span.start.line + 1,
                diagnostic.code,
                fix.title,
                _change(document, diagnostic, fix),
            )
            for diagnostic, fix in chosen
        ]
        document, diagnostics = better, left
    return document, diagnostics, fixed


def _change(document: Document, diagnostic: Diagnostic, fix: Fix) -> str:
    """What a fix of one model's name writes, and in whose place; empty for any other fix."""
    if diagnostic.model is None or len(fix.edits) != 1:
        return ""
    [edit] = fix.edits
    before, after = (one.strip("\"' ") for one in (document.text_of(edit.span), edit.text))
    plain = before and after and "\n" not in before + after
    return f"`{before}` → `{after}`" if plain else ""


def _write(path: Path, folder: Path, before: str, after: str) -> str | None:
    """Put the new text into the file, whole or not at all; why it could not be done.

    Nothing is written through a link that leads out of the folder that is checked.
    """
    real = real_path(path, folder)
    if real is None:
        return (
            f"{path} is a link to a file outside {folder} and is left as it is. Name that file to "
            "have it fixed."
        )
    try:
        stamp = Stamp.of(real)
        is_same = stamp is not None and read_text(real).text == before
        if not is_same or replace_file(real, after.encode(), expected=stamp) is None:
            return f"{path} was changed by another program meanwhile and is left as it is."
    except (OSError, UnicodeError, UnreadableFile) as error:
        reason = getattr(error, "strerror", None) or str(error)
        return f"{path} could not be fixed: {reason}."
    return None
