"""A finding under the line it is about, as compilers show it."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from rich.text import Text

from stagewright.templates.buffer import Span

COLOURS = {"error": "red", "warning": "yellow", "information": "blue", "hint": "cyan"}


def frame(
    *,
    place: str,
    lines: Sequence[str],
    span: Span,
    severity: str,
    code: str,
    message: str,
    helps: Sequence[str] = (),
) -> Text:
    """Severity, code and message, the source line with the span marked, and what would help.

    `place` is the file as it should be shown. Columns are code points; marks are laid under wide
    characters by their width in cells.
    """
    colour = COLOURS[severity]
    line = lines[span.start.line] if span.start.line < len(lines) else ""
    end = span.end.column if span.end.line == span.start.line else len(line)
    number = str(span.start.line + 1)
    gutter = " " * len(number)
    shown = line.replace("\t", " ")
    before = " " * cell_len(shown[: span.start.column])
    marks = "^" * max(1, cell_len(shown[span.start.column : end]))
    bar = ("|", "bold blue")
    text = Text.assemble((f"{severity}[{code}]", f"bold {colour}"), (f": {message}\n", "bold"))
    text.append_text(
        Text.assemble(
            (f"{gutter}--> ", "bold blue"),
            f"{place}:{number}:{span.start.column + 1}\n",
            *(f"{gutter} ", bar, "\n"),
            *((number, "bold blue"), " ", bar, f" {shown}\n"),
            *(f"{gutter} ", bar, f" {before}", (marks, f"bold {colour}"), "\n"),
        )
    )
    for help_ in helps:
        text.append_text(
            Text.assemble(f"{gutter} ", ("= ", "bold blue"), ("fix: ", "bold green"), f"{help_}\n")
        )
    return text
