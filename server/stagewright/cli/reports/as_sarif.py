"""A check as SARIF 2.1.0, the format of code scanning."""

from __future__ import annotations

import json
import os
from pathlib import Path, PurePath
from typing import Any
from urllib.parse import quote

from stagewright import __version__
from stagewright.analysis.diagnostics.diagnose import SEVERITIES
from stagewright.analysis.report_text import counted
from stagewright.analysis.results import Fix, Severity
from stagewright.cli.checking.result import CheckedFile, Note, Result
from stagewright.cli.reports.common import not_verified, shown_path
from stagewright.cli.reports.fingerprints import fingerprints
from stagewright.cli.reports.rules import Rule, rules

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning"}  # all others are notes
_REGION = ("startLine", "startColumn", "endLine", "endColumn")

_ROOT = "%SRCROOT%"  # the name that readers know for the root of the sources
_FINGERPRINT = "stagewrightFinding/v1"


def to_sarif(result: Result, root: Path, exit_code: int) -> str:
    """One log with one run. Locations are relative to `root` (absolute) where they lie in it."""
    codes = list(SEVERITIES)
    told = [
        *(_notification("error", problem) for problem in result.problems),
        *(
            _notification("error" if result.is_failure(one) else "warning", not_verified(one))
            for one in result.unverified
        ),
    ]
    run = {
        "tool": {
            "driver": {
                "name": "Stagewright",
                "version": __version__,
                "semanticVersion": __version__,
                "rules": [_rule(code, rules()[code]) for code in codes],
            }
        },
        "invocations": [
            {
                "executionSuccessful": exit_code < 2,
                "exitCode": exit_code,
                "toolExecutionNotifications": told,
            }
        ],
        "originalUriBaseIds": {_ROOT: {"uri": f"{root.as_uri()}/"}},
        "columnKind": "unicodeCodePoints",
        "newlineSequences": ["\r\n", "\n", "\r"],
        "results": [one for file in result.files for one in _results(file, root, codes)],
    }
    log = {
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/"
        "sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [run],
    }
    return json.dumps(log, indent=2, ensure_ascii=False)


def _rule(code: str, rule: Rule) -> dict[str, Any]:
    level = _LEVELS.get(SEVERITIES[code], "note")
    return {
        "id": code,
        "name": "".join(word.capitalize() for word in code.split("-")),
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": rule.text},
        "help": {"text": rule.text, "markdown": rule.markdown},
        "defaultConfiguration": {"level": level},
        "properties": {"problem.severity": _PROBLEMS[level]},
    }


_PROBLEMS = {"error": "error", "warning": "warning", "note": "recommendation"}
"""What code scanning calls the levels of diagnostics that are none of security."""


def _notification(level: str, text: str) -> dict[str, Any]:
    return {"level": level, "message": {"text": text}}


def _results(file: CheckedFile, root: Path, codes: list[str]) -> list[dict[str, Any]]:
    artifact = _artifact(file.path, root)
    results = []
    for note, fingerprint in zip(file.notes, fingerprints(file.notes), strict=True):
        diagnostic = note.diagnostic
        region = counted(diagnostic.span, _REGION)
        location: dict[str, Any] = {
            "physicalLocation": {"artifactLocation": artifact, "region": region}
        }
        if logical := _logical(file, note):
            location["logicalLocations"] = [logical]
        result: dict[str, Any] = {
            "ruleId": diagnostic.code,
            "ruleIndex": codes.index(diagnostic.code),
            "level": _LEVELS.get(diagnostic.severity, "note"),
            "message": {"text": diagnostic.message},
            "locations": [location],
            "partialFingerprints": {_FINGERPRINT: fingerprint},
        }
        if note.fixing:
            result["fixes"] = [_fix(fix, artifact) for fix in note.fixing]
        results.append(result)
    return results


def _logical(file: CheckedFile, note: Note) -> dict[str, str]:
    """Where in the file's structure it is: the path of keys, and the stage or role."""
    path = {"fullyQualifiedName": note.where} if note.where else {}
    stage = note.diagnostic.stage
    return {**path, **({"name": stage, "kind": file.entry} if stage else {})}


def _artifact(path: Path, root: Path) -> dict[str, str]:
    shown = PurePath(shown_path(path, root))
    if shown.is_absolute():
        return {"uri": shown.as_uri()}
    # Of bytes: a name need not be UTF-8.
    return {"uri": quote(os.fsencode(shown.as_posix())), "uriBaseId": _ROOT}


def _fix(fix: Fix, artifact: dict[str, str]) -> dict[str, Any]:
    replacements = [
        {
            "deletedRegion": counted(edit.span, _REGION),
            "insertedContent": {"text": edit.text},
        }
        for edit in fix.edits
    ]
    return {
        "description": {"text": fix.title},
        "artifactChanges": [{"artifactLocation": artifact, "replacements": replacements}],
    }
