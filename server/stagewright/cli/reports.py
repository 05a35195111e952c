"""The findings of a check, as text for people and as JSON for programs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from stagewright.analysis.actions import fixes
from stagewright.analysis.results import Finding, Fix, Severity
from stagewright.cli.checking import CheckedFile, Result
from stagewright.cli.frames import frame

FIXES_SHOWN = 3


def write_text(result: Result, console: Console) -> None:
    """Each finding under its source line, then a summary that says what could not be verified."""
    for file in result.files:
        for finding in file.findings:
            offered = fixes_of(result, file, finding)
            console.print(
                frame(
                    place=shown_path(file.path),
                    lines=file.document.lines,
                    span=finding.span,
                    severity=finding.severity.value,
                    code=finding.code,
                    message=finding.message,
                    helps=[fix.title for fix in offered[:FIXES_SHOWN]],
                ),
                soft_wrap=True,
            )
    for problem in result.problems:
        console.print(Text.assemble(("error", "bold red"), (f": {problem}", "bold")))
    console.print(_summary(result), soft_wrap=True)


def to_json(result: Result) -> dict[str, Any]:
    """The contract's object: positions are 1-based, in code points."""
    return {
        "version": 1,
        "findings": [
            _finding_json(result, file, finding)
            for file in result.files
            for finding in file.findings
        ],
        "problems": list(result.problems),
        "unverified": [
            {"provider": provider.id, "status": provider.status.value, "error": provider.error}
            for provider in result.unverified
        ],
        "summary": {"files": len(result.files), **counts(result)},
    }


def write_json(result: Result) -> str:
    """The same as text."""
    return json.dumps(to_json(result), indent=2, ensure_ascii=False)


def counts(result: Result) -> dict[str, int]:
    """How many findings of each severity there are."""
    found = Counter(finding.severity for file in result.files for finding in file.findings)
    return {severity.value: found[severity] for severity in Severity}


def fixes_of(result: Result, file: CheckedFile, finding: Finding) -> list[Fix]:
    """What would mend a finding."""
    return list(fixes(file.document, finding, result.catalog, result.options))


def shown_path(path: Path) -> str:
    """Relative to the working folder where it lies in it."""
    absolute, here = path.absolute(), Path.cwd()
    return str(absolute.relative_to(here) if absolute.is_relative_to(here) else path)


def _finding_json(result: Result, file: CheckedFile, finding: Finding) -> dict[str, Any]:
    start, end = finding.span
    model = finding.model
    return {
        "path": shown_path(file.path),
        "line": start.line + 1,
        "column": start.column + 1,
        "endLine": end.line + 1,
        "endColumn": end.column + 1,
        "severity": finding.severity.value,
        "code": finding.code,
        "message": finding.message,
        "stage": finding.stage,
        "model": model and {"provider": model.provider, "model": model.model},
        "fixes": [_fix_json(fix) for fix in fixes_of(result, file, finding)],
    }


def _fix_json(fix: Fix) -> dict[str, Any]:
    return {
        "title": fix.title,
        "preferred": fix.preferred,
        "edits": [
            {
                "line": edit.span.start.line + 1,
                "column": edit.span.start.column + 1,
                "endLine": edit.span.end.line + 1,
                "endColumn": edit.span.end.column + 1,
                "text": edit.text,
            }
            for edit in fix.edits
        ],
    }


def _summary(result: Result) -> Text:
    files = len(result.files)
    found = counts(result)
    parts = [_number(found[severity.value], severity.value) for severity in Severity]
    said = ", ".join(part for part in parts if part) or "nothing to report"
    colour = "red" if found["error"] else "yellow" if found["warning"] else "green"
    text = Text.assemble((f"{_number(files, 'file') or 'no files'} checked: {said}.", colour))
    for sentence in _unverified(result):
        text.append(f"\n{sentence}", style="dim")
    return text


def _unverified(result: Result) -> Iterator[str]:
    for provider in result.unverified:
        why = provider.error or provider.status.value
        yield f"Not verified: models of {provider.name} ({why.rstrip('.')})."


def _number(count: int, noun: str) -> str:
    if not count or noun == "information":
        return f"{count} to note" if count else ""
    return f"{count} {noun}{'' if count == 1 else 's'}"
