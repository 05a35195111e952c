"""A diagnostic under the line it is about, as compilers show it."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from rich.cells import cell_len, set_cell_size
from rich.text import Text

from stagewright.foreign import visible
from stagewright.text.buffer import Span

COLOURS = {"error": "red", "warning": "yellow", "information": "blue", "hint": "cyan"}

_LONGEST_LINE = 200
"""Cells of a source line that are shown where no width is given."""

_NARROWEST = 30
_BAR = "bold blue"

Styled = tuple[str, str]
"""A text and its style."""


def frame(
    *,
    place: str,
    line: str,
    span: Span,
    severity: str,
    code: str,
    message: str,
    within: str = "",
    helps: Sequence[str] = (),
    width: int | None = None,
) -> Text:
    """Severity, code and message, the source line with the span marked, and what would fix it.

    `place` is the file as it should be shown, `within` what the span stands in, `line` the source
    line in which it begins. Columns are code points; marks are laid under wide characters by their
    width in cells. With a `width` in cells, texts are wrapped and the line is cut around the span.
    """
    colour = COLOURS[severity]
    number = str(span.start.line + 1)
    gutter = " " * len(number)
    end = span.end.column if span.end.line == span.start.line else len(line)
    room = max(_NARROWEST, width - len(number) - 4) if width else _LONGEST_LINE
    shown, before, marked = _excerpt(line, span.start.column, end, room)
    said = _wrapped(f"{severity}[{code}]: {visible(message)}", width, "  ")
    head = len(severity) + len(code) + 2
    return Text.assemble(
        (said[:head], f"bold {colour}"),
        (f"{said[head:]}\n", "bold"),
        (f"{gutter}--> ", _BAR),
        f"{visible(place)}:{number}:{span.start.column + 1}",
        (f"  {visible(within)}\n" if within else "\n", "dim"),
        (f"{gutter} |\n", _BAR),
        (f"{number} | ", _BAR),
        f"{shown}\n",
        (f"{gutter} | ", _BAR),
        " " * before,
        ("^" * marked, f"bold {colour}"),
        "\n",
        *(
            part
            for index, title in enumerate(helps)
            for part in _help(title, "or" if index else "fix", gutter, width)
        ),
    )


def _help(title: str, word: str, gutter: str, width: int | None) -> tuple[str | Styled, ...]:
    """One line of advice, set off by a word."""
    lead = f"{gutter} = {word}: "
    text = _wrapped(f"{lead}{visible(title)}", width, " " * len(lead))[len(lead) :]
    return f"{gutter} ", ("= ", _BAR), (f"{word}:", "bold green"), f" {text}\n"


def _wrapped(text: str, width: int | None, indent: str) -> str:
    """The text on as many lines as it needs, all but the first indented; long words stay whole."""
    if width is None:
        return text
    return textwrap.fill(
        text,
        max(_NARROWEST, width - 1),
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _excerpt(line: str, start: int, end: int, room: int) -> tuple[str, int, int]:
    """What is shown of a line in `room` cells, with the cells before the mark and under it."""
    begin = 0
    if cell_len(line[:end]) >= room:
        begin = max(0, start - room // 3)
    lead = "…" if begin else ""
    part = visible(line[begin : begin + room])  # no more than that fits
    text, before = lead + part, cell_len(lead + part[: start - begin])
    marked = cell_len(part[start - begin : end - begin])
    if cell_len(text) > room or begin + room < len(line):
        text = set_cell_size(text, room - 1) + "…"
    return text, before, max(1, min(marked, room - before))
