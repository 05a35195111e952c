"""A check for programs: the contract's object."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from stagewright.analysis.report_text import counted, to_text
from stagewright.analysis.results import Fix
from stagewright.cli.checking.result import CheckedFile, Note, Result
from stagewright.cli.reports.common import shown_path

VERSION = 1
"""Of the object's shape; grows when a field changes its meaning or goes."""


def to_json(result: Result, folder: Path) -> str:
    """One object. Positions are 1-based, in code points, ends exclusive; paths as from `folder`."""
    fixed = [
        {
            "path": shown_path(file.path, folder),
            "line": one.line,
            "code": one.code,
            "title": one.title,
        }
        for file in result.files
        for one in file.fixed
    ]
    report = {
        "version": VERSION,
        "findings": [_diagnostic(file, note, folder) for file, note in result.notes()],
        "fixed": fixed,
        "mended": fixed,  # its older name
        "problems": list(result.problems),
        "unverified": [one.to_json() for one in result.unverified],
        "summary": {
            "files": result.read,
            "skipped": len(result.skipped),
            "leftOut": {why.value: number for why, number in result.left_out.items()},
            **{severity.value: number for severity, number in result.counts().items()},
        },
    }
    return to_text(report)


def _diagnostic(file: CheckedFile, note: Note, folder: Path) -> dict[str, Any]:
    diagnostic = note.diagnostic
    model = diagnostic.model
    return {
        "path": shown_path(file.path, folder),
        **counted(diagnostic.span),
        "severity": diagnostic.severity.value,
        "code": diagnostic.code,
        "message": diagnostic.message,
        "dialect": file.dialect.id if file.dialect else None,
        "where": note.where,
        "stage": diagnostic.stage,
        "model": model and model.to_json(),
        "fixes": [_fix(fix) for fix in note.fixes],
    }


def _fix(fix: Fix) -> dict[str, Any]:
    edits = [{**counted(edit.span), "text": edit.text} for edit in fix.edits]
    return {"title": fix.title, "preferred": fix.preferred, "edits": edits}
