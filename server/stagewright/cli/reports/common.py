"""What every report says alike: paths, numbers, what is folded into the summary."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from stagewright.analysis.diagnostics.diagnose import ONCE_PER_FILE
from stagewright.analysis.diagnostics.unverified import Unverified
from stagewright.analysis.results import Diagnostic, Severity
from stagewright.cli.checking.result import CheckedFile, Note, Result
from stagewright.foreign import visible
from stagewright.walk import LONGEST_LINE, LeftOut

SKIPPED_SHOWN = 5
"""Skipped files that are named."""

_QUIET = (Severity.INFORMATION, Severity.HINT)


def shown_path(path: Path, folder: Path) -> str:
    """A file as it is named from `folder` (absolute): relative where it lies in it."""
    absolute = os.path.normpath(path.absolute())
    inside = os.path.join(folder, "")  # noqa: PTH118 - with a separator at its end
    return absolute.removeprefix(inside)


def is_told_once(diagnostic: Diagnostic) -> bool:
    """Whether the summary says it for all files together: remarks about a provider as a whole.

    Not where the user's settings made them more than remarks.
    """
    return diagnostic.code in ONCE_PER_FILE and diagnostic.severity in _QUIET


def single_notes(result: Result) -> Iterator[tuple[CheckedFile, Note]]:
    """The diagnostics that are shown one by one."""
    return ((file, note) for file, note in result.notes() if not is_told_once(note.diagnostic))


def not_verified(one: Unverified) -> str:
    """A sentence on a provider's models of which nothing certain could be said."""
    first = f"`{one.models[0]}`"
    rest = len(one.models) - 1
    which = f"{first} and {count(rest, 'other model')}" if rest else first
    return f"Not verified: {one.name}'s {which}. {one.why}"


def skipped(paths: Sequence[str]) -> str:
    """A sentence on files that were named, and that nothing claims; empty where there are none."""
    if not paths:
        return ""
    names = ", ".join(map(visible, paths[:SKIPPED_SHOWN])) + ", ..." * (len(paths) > SKIPPED_SHOWN)
    return f"{count(len(paths), 'file')} skipped as unsupported: {names}."


def left_out(why: Mapping[LeftOut, int] | Mapping[str, int]) -> str:
    """A sentence on files that were found, and are not to be read; empty where there are none."""
    if not why:
        return ""
    reasons = ", ".join(f"{number:,} {one}" for one, number in sorted(why.items()))
    return f"{count(sum(why.values()), 'file')} left out: {reasons}."


def read_in_part(files: int) -> str:
    """A sentence on source files of which lines were passed over; empty where there are none."""
    passed_over = f"lines over {LONGEST_LINE:,} characters are passed over"
    return f"{count(files, 'file')} read in part: {passed_over}." if files else ""


def count(number: int, noun: str) -> str:
    """A number of things: "1 file", "1,200 files"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
