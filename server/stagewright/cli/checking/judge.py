"""One file under judgement: read, diagnosed and, where that is asked for, mended."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from stagewright.analysis.actions import fixes, preferred_fixes
from stagewright.analysis.diagnostics import diagnose
from stagewright.analysis.failures import internal_error
from stagewright.analysis.options import Options
from stagewright.analysis.references import references
from stagewright.analysis.results import Finding, Severity
from stagewright.analysis.unreadable import cut_short
from stagewright.catalog.catalog import Catalog
from stagewright.catalog.model import ModelReference
from stagewright.cli.checking.failures import log_failure
from stagewright.cli.checking.files import Target, workspace_of
from stagewright.cli.checking.result import CheckedFile, Mended, Note
from stagewright.dialects.choragen.roles import RoleIndex
from stagewright.dialects.document import Document
from stagewright.files import Stamp, UnreadableFile, read_text, real_path
from stagewright.files import replace as replace_file

_ROUNDS = 10
"""How often a file is mended: a fix may bring to light what it hid."""

MOST = 1_000
"""Findings that are looked for in one file: a hostile one could give millions."""

_MENDED_AT_ONCE = 2 * MOST


@dataclass(frozen=True, slots=True)
class Evidence:
    """What every file is judged by."""

    catalog: Catalog
    options: Options
    roles: Mapping[Path, RoleIndex]  # by the workspace's folder
    mend: bool


@dataclass(frozen=True, slots=True)
class Judged:
    """What came of one file; `file` is None where it cannot be read at all."""

    file: CheckedFile | None
    problem: str | None = None
    references: tuple[ModelReference, ...] = ()


def survey(_: None, target: Target) -> tuple[ModelReference, ...]:
    """The models that a file names; none where it cannot be read."""
    try:
        return tuple(references(Document(read_text(target.path).text, target.dialect)))
    except Exception:  # noqa: BLE001 - files are apart
        return ()  # why it cannot be read is told when it is judged


def judge(evidence: Evidence, target: Target) -> Judged:
    """What is wrong with a file, and what would mend it.

    Where this program fails on it, that is logged and all that is found: other files are apart.
    """
    try:
        return _judge(evidence, target)
    except Exception as error:  # noqa: BLE001 - files are apart
        path, dialect, _ = target
        told = internal_error(error, log_failure(path, error, os.environ), evidence.options)
        notes = tuple(Note(one, "", ()) for one in told)
        return Judged(CheckedFile(path, dialect, notes, failed=True))


def _judge(evidence: Evidence, target: Target) -> Judged:
    path, dialect, folder = target
    roles = evidence.roles.get(workspace_of(path))
    evidence = replace(evidence, options=replace(evidence.options, roles=roles))
    try:
        file = read_text(path)
    except UnreadableFile as error:
        return Judged(None, str(error))
    document = Document(file.text, dialect)
    most = _MENDED_AT_ONCE if evidence.mend else MOST
    findings = diagnose(document, evidence.catalog, evidence.options, most)
    problem = None
    mended: Sequence[Mended] = ()
    mendable = 0
    if file.bad_byte is not None:
        findings = cut_short(document, findings, file.bad_byte, evidence.options)
    elif evidence.mend:
        better, left, mended = _mend(document, findings, evidence)
        problem = _write(path, folder, file.text, better.text) if mended else None
        if problem is not None:
            mended, mendable = (), len(mended)
        elif mended:
            document, findings = better, left
    findings = findings[:MOST]
    notes = tuple(_notes(document, findings, evidence, changeable=file.bad_byte is None))
    if len(findings) >= MOST:
        more = _and_more(findings)
        notes = (*notes, Note(more, document.lines[more.span.start.line], ()))
        mendable = mendable or sum(note.preferred is not None for note in notes)
    elif not evidence.mend and any(note.preferred for note in notes):
        mendable = len(_mend(document, findings, evidence)[2])
    checked = CheckedFile(path, dialect, notes, tuple(mended), mendable)
    return Judged(checked, problem, tuple(references(document)))


def _notes(
    document: Document, findings: Sequence[Finding], evidence: Evidence, *, changeable: bool
) -> Iterator[Note]:
    """The findings with their fixes, of which `--fix` applies none where the file cannot change."""
    for finding in findings:
        found = fixes(document, finding, evidence.catalog, evidence.options)
        if not changeable:
            found = [replace(fix, preferred=False) for fix in found]
        yield Note(finding, document.lines[finding.span.start.line], tuple(found))


def _and_more(findings: Sequence[Finding]) -> Finding:
    """An error whatever the settings say: what was not looked for could be one."""
    message = f"This file has {len(findings):,} findings, perhaps more: mend these first."
    return Finding("template-structure", Severity.ERROR, message, findings[-1].span)


def _mend(
    document: Document, findings: list[Finding], evidence: Evidence
) -> tuple[Document, list[Finding], list[Mended]]:
    """The document after its preferred fixes, what is left, and what was done."""
    catalog, options = evidence.catalog, evidence.options
    mended: list[Mended] = []
    for _ in range(_ROUNDS):
        chosen = preferred_fixes(document, findings, catalog, options)
        if not chosen:
            break
        edits = [edit for _, fix in chosen for edit in fix.edits]
        better = Document(document.apply(edits), document.dialect)
        left = diagnose(better, catalog, options, _MENDED_AT_ONCE)
        if len(left) >= len(findings) and len(findings) < _MENDED_AT_ONCE:
            break
        mended += [
            Mended(finding.span.start.line + 1, finding.code, fix.title) for finding, fix in chosen
        ]
        document, findings = better, left
    return document, findings, mended


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
        if stamp is None or read_text(real).text != before:
            return f"{path} was changed by another program meanwhile and is left as it is."
        if replace_file(real, after.encode(), expected=stamp) is None:
            return f"{path} was changed by another program meanwhile and is left as it is."
    except (OSError, UnicodeError, UnreadableFile) as error:
        reason = getattr(error, "strerror", None) or str(error)
        return f"{path} could not be fixed: {reason}."
    return None
