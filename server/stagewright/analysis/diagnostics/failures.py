"""What is told of a file on which this program itself fails: one diagnostic, and no other."""

from __future__ import annotations

from pathlib import Path
from traceback import extract_tb

from stagewright.analysis.options import Options
from stagewright.analysis.results import Diagnostic
from stagewright.text.buffer import span_at

CODE = "internal-error"
_PACKAGE = Path(__file__).parents[1]


def internal_error(error: Exception, log: str, options: Options) -> list[Diagnostic]:
    """The diagnostic, at the top of the file; none where the user has turned it off.

    `log` is a sentence that says where the details are.
    """
    severity = options.severity(CODE)
    message = (
        f"Internal error while checking this file: {what_failed(error)}. This is a "
        f"bug in Stagewright; other files are still checked. {log}"
    )
    return [Diagnostic(CODE, severity, message, span_at(0, 0, 0, 0))] if severity else []


def what_failed(error: Exception) -> str:
    """ "IndexError in text/yaml/errors.py, line 124": nothing of what the file holds."""
    ours = [
        (Path(frame.filename).relative_to(_PACKAGE).as_posix(), frame.lineno)
        for frame in extract_tb(error.__traceback__)
        if Path(frame.filename).is_relative_to(_PACKAGE)
    ]
    where = f" in {ours[-1][0]}, line {ours[-1][1]}" if ours else ""
    return f"{type(error).__name__}{where}"
