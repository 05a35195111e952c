"""A check as GitLab's code quality report: the list that a merge request shows."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path, PurePath
from typing import Any

from stagewright.analysis.results import Severity
from stagewright.cli.checking.result import CheckedFile, Result
from stagewright.cli.reports.common import is_told_once, shown_path
from stagewright.cli.reports.fingerprints import fingerprints

_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor"}


def to_gitlab(result: Result, root: Path) -> str:
    """One list. `root` (absolute) is the repository's folder, which GitLab tells paths from.

    The format has no room for what concerns no line: the summary says it.
    """
    issues = [issue for file in result.files for issue in _issues(file, root)]
    return json.dumps(issues, indent=2, ensure_ascii=False)


def _issues(file: CheckedFile, root: Path) -> Iterator[dict[str, Any]]:
    path = PurePath(shown_path(file.path, root)).as_posix()
    for note, fingerprint in zip(file.notes, fingerprints(file.notes), strict=True):
        diagnostic = note.diagnostic
        if is_told_once(diagnostic):
            continue
        identity = b"\0".join((os.fsencode(path), fingerprint.encode()))
        yield {
            "description": diagnostic.message,
            "check_name": diagnostic.code,
            "fingerprint": sha256(identity).hexdigest(),
            "severity": _SEVERITIES.get(diagnostic.severity, "info"),
            "location": {
                "path": path,
                "lines": {"begin": diagnostic.span.start.line + 1},
            },
        }
