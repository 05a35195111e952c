"""Which report is wanted, and the same result as any of them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from io import StringIO
from pathlib import Path

import typer

from stagewright.cli.checking.result import Result
from stagewright.cli.reports.as_github import to_github
from stagewright.cli.reports.as_gitlab import to_gitlab
from stagewright.cli.reports.as_json import to_json
from stagewright.cli.reports.as_sarif import to_sarif
from stagewright.cli.reports.as_text import write_text
from stagewright.cli.terminal import console
from stagewright.foreign import json_escaped


class Format(StrEnum):
    """How diagnostics are written."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"
    SARIF = "sarif"
    GITLAB = "gitlab"


@dataclass(frozen=True, slots=True)
class ReportFile:
    """A report that goes into a file."""

    format: Format
    path: Path


def report_file(written: str) -> ReportFile:
    """`FORMAT=FILE` as it is written on the command line. Raises typer.BadParameter."""
    name, _, path = written.partition("=")
    if name not in list(Format) or not path:
        known = ", ".join(Format)
        raise typer.BadParameter(f"--report takes FORMAT=FILE, where FORMAT is one of {known}.")
    return ReportFile(Format(name), Path(path))


def rendered(result: Result, format_: Format, here: Path, code: int) -> str:
    """A report as text, its last line ended. `here` is the working folder, `code` the exit code."""
    if format_ is Format.TEXT:
        out = StringIO()
        write_text(result, console(file=out), here)
        return out.getvalue()
    if format_ is Format.JSON:
        return json_escaped(f"{to_json(result, here)}\n")
    root = _root(here, os.environ)
    if format_ is Format.GITHUB:
        return "".join(f"{line}\n" for line in to_github(result, root))
    if format_ is Format.SARIF:
        return json_escaped(f"{to_sarif(result, root, code)}\n")
    return json_escaped(f"{to_gitlab(result, root)}\n")


_CHECKOUTS = ("GITHUB_WORKSPACE", "CI_PROJECT_DIR")  # of GitHub, of GitLab


def _root(here: Path, environ: Mapping[str, str]) -> Path:
    """The folder that reports for a forge tell paths from: its checkout if we are in it."""
    folders = (Path(environ[name]) for name in _CHECKOUTS if environ.get(name))
    return next((folder for folder in folders if here.is_relative_to(folder)), here)
