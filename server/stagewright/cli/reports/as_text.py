"""A check for people: each diagnostic under its source line, and a summary."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.text import Text

from stagewright.analysis.results import Severity
from stagewright.cli.checking.result import CheckedFile, Note, Result
from stagewright.cli.frames import frame
from stagewright.cli.reports.common import (
    count,
    left_out,
    not_verified,
    read_in_part,
    shown_path,
    single_notes,
    skipped,
)
from stagewright.cli.terminal import fitted, room
from stagewright.foreign import visible
from stagewright.mask import starred

FIXES_SHOWN = 3

NOTHING = "Nothing to check: no file here names models. `stagewright dialects` lists what is read."

LIVE_FAILED = (
    "--live failed: every provider that the files name must answer. Fix the above, or run "
    "without --live to report it without failing."
)

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow"}


def write_text(result: Result, console: Console, folder: Path) -> None:
    """Print diagnostics and summary; paths are told from `folder`. Wrapped to fit a terminal."""
    width = room(console)
    for file in result.files:
        if file.fixed:
            console.print(_fixed(file, folder), soft_wrap=True)
    for file, note in single_notes(result):
        console.print(_framed(file, note, folder, width), soft_wrap=True)
    for problem in result.problems:
        said = fitted(f"error: {visible(problem)}", width).removeprefix("error")
        console.print(Text.assemble(("error", "bold red"), (f"{said}\n", "bold")), soft_wrap=True)
    console.print(summary(result, width), soft_wrap=width is None)


def _framed(file: CheckedFile, note: Note, folder: Path, width: int | None) -> Text:
    diagnostic = note.diagnostic
    entry = file.entry
    return frame(
        place=shown_path(file.path, folder),
        line=starred(note.line, diagnostic.span.start.column),
        span=diagnostic.span,
        severity=diagnostic.severity.value,
        code=diagnostic.code,
        message=diagnostic.message,
        within=f"{entry} `{diagnostic.stage}`" if diagnostic.stage else note.where or "",
        helps=[f"{fix.title}{' (--fix)' * fix.preferred}" for fix in note.fixing[:FIXES_SHOWN]],
        width=width,
    )


def _fixed(file: CheckedFile, folder: Path) -> Text:
    text = Text.assemble(("fixed", "bold green"), f": {visible(shown_path(file.path, folder))}\n")
    for one in file.fixed:
        text.append(f"  line {one.line}: {visible(one.change or one.title)} ")
        text.append(f"({one.code})\n", "dim")
    return text


def summary(result: Result, width: int | None = None) -> Text:
    """How many files, how many diagnostics, what could be fixed, and what is not certain."""
    counts = result.counts()
    noted = counts[Severity.INFORMATION] + counts[Severity.HINT]
    found = [count(counts[severity], severity.value) for severity in _COLOURS if counts[severity]]
    if noted:
        found += [] if found else ["no errors"]
        found.append(count(noted, "note"))
    text = Text()
    if not result.read and (result.skipped or result.problems):
        text.append("Nothing was checked.", "yellow")
    elif not result.read:
        text.append(fitted(NOTHING, width), "yellow")
    else:
        colour = next((_COLOURS[one] for one in _COLOURS if counts[one]), "green")
        said = ", ".join(found) or "no problems"
        text.append(f"{count(result.read, 'file')} checked: {said}.", colour)
    fixed = sum(len(file.fixed) for file in result.files)
    if fixed:
        text.append(f" {fixed:,} fixed.", "green")
    if fixable := sum(file.fixable for file in result.files):
        text.append(f" {fixable:,} fixable with --fix.", "green")
    if by_name := sum(file.by_name for file in result.files):
        text.append(f" {by_name:,} in source code: name the files to fix them.", "green")
    asides = (
        skipped([shown_path(one, Path.cwd()) for one in result.skipped]),
        left_out(result.left_out),
        read_in_part(sum(file.in_part for file in result.files)),
    )
    for said in filter(None, asides):
        text.append(f"\n{fitted(said, width)}", "dim")
    for one in result.unverified:
        said = f"\n{visible(not_verified(one))}"
        text.append(said, "bold red" if result.is_failure(one) else "dim")
    if result.is_uncertain:
        text.append(f"\n{LIVE_FAILED}", "bold red")
    return text
