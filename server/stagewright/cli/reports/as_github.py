"""A check as annotations on a pull request: GitHub's workflow commands."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePath

from stagewright.analysis.results import Diagnostic, Severity
from stagewright.cli.checking.result import Result
from stagewright.cli.reports.common import not_verified, shown_path, single_notes
from stagewright.foreign import printable

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning"}


def to_github(result: Result, root: Path) -> Iterator[str]:
    """One command a line. `root` is the repository's folder, which GitHub tells paths from."""
    for file, note in single_notes(result):
        diagnostic = note.diagnostic
        path = PurePath(shown_path(file.path, root)).as_posix()
        yield _command(
            _COMMANDS.get(diagnostic.severity, "notice"),
            diagnostic.message,
            file=path,
            **_place(diagnostic),
            title=f"Stagewright: {diagnostic.code}",
        )
    for problem in result.problems:
        yield _command("error", problem, title="Stagewright")
    for one in result.unverified:
        name = "error" if result.is_failure(one) else "notice"
        yield _command(name, not_verified(one), title="Stagewright: not verified")


def _place(diagnostic: Diagnostic) -> dict[str, int]:
    """Lines, and columns where start and end share a line: GitHub refuses them elsewhere."""
    start, end = diagnostic.span
    lines = {"line": start.line + 1, "endLine": end.line + 1}
    if start.line != end.line:
        return lines
    return {**lines, "col": start.column + 1, "endColumn": end.column + 1}


def _command(name: str, message: str, **properties: str | int) -> str:
    said = ",".join(f"{key}={_property(str(value))}" for key, value in properties.items())
    return f"::{name} {said}::{_data(message)}"


def _data(text: str) -> str:
    escaped = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return printable(escaped, "\ufffd")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
