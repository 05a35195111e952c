"""The shapes of a check: what was found, file by file; plain data that processes can exchange."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from stagewright.analysis.diagnostics.unverified import Unverified
from stagewright.analysis.results import Diagnostic, Fix, Severity
from stagewright.dialects.document import Dialect
from stagewright.walk import LeftOut


class Asking(StrEnum):
    """How far a check goes to know about models."""

    LIVE = "live"  # a provider in use that cannot be asked is a failure
    OFFLINE = "offline"  # no socket is opened
    USUAL = "usual"  # ask who is configured, say what could not be verified


@dataclass(frozen=True, slots=True)
class Note:
    """A diagnostic with what reports show besides: its first line, and what would fix it."""

    diagnostic: Diagnostic
    line: str  # the source line that it begins in, whole
    fixes: tuple[Fix, ...]
    where: str | None = None  # the path of keys to what it is about, as far as that is an entry's

    @property
    def fixing(self) -> list[Fix]:
        """The fixes that do more than silence the diagnostic."""
        return [fix for fix in self.fixes if not fix.silences]

    @property
    def preferred(self) -> Fix | None:
        """The fix that `--fix` applies."""
        return next((fix for fix in self.fixes if fix.preferred), None)


@dataclass(frozen=True, slots=True)
class Fixed:
    """A fix that was applied; the line is 1-based, of the file as it was just before."""

    line: int
    code: str
    title: str
    change: str = ""  # of a model: its text before and after


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file that was read: what is wrong with it now, and what was until it was fixed."""

    path: Path
    dialect: Dialect | None  # None where this program failed before it knew
    notes: tuple[Note, ...] = ()
    fixed: tuple[Fixed, ...] = ()
    fixable: int = 0  # how many fixes `--fix` would apply now
    by_name: int = 0  # and if the file, which is source code, were named by itself
    in_part: bool = False  # lines of it are too long to be looked into
    failed: bool = False  # by a fault of this program's: nothing is known of the file

    @property
    def entry(self) -> str:
        """What people call an entry of it, such as `stage`; nothing where it has none."""
        return self.dialect.entry if self.dialect else ""


@dataclass(frozen=True, slots=True)
class Result:
    """A whole check."""

    files: tuple[CheckedFile, ...]
    problems: tuple[str, ...]  # paths that are wrong, files that cannot be opened; in sentences
    unverified: tuple[Unverified, ...]
    asking: Asking = Asking.USUAL
    skipped: tuple[Path, ...] = ()  # files that were named, and name no model that is read
    empty: int = 0  # files of source code that name no model
    left_out: Mapping[LeftOut, int] = field(default_factory=dict)  # files not read, by why

    @property
    def read(self) -> int:
        """How many files were read."""
        return len(self.files) + self.empty

    @property
    def is_uncertain(self) -> bool:
        """Whether a provider in use could not be asked although that was demanded."""
        return any(map(self.is_failure, self.unverified))

    def is_failure(self, one: Unverified) -> bool:
        """Whether this is a provider that had to be asked, and could not be."""
        return self.asking is Asking.LIVE and not one.answered

    def notes(self) -> Iterator[tuple[CheckedFile, Note]]:
        """Every diagnostic with its file, in order."""
        return ((file, note) for file in self.files for note in file.notes)

    def counts(self) -> dict[Severity, int]:
        """How many diagnostics of each severity there are."""
        found = dict.fromkeys(Severity, 0)
        for _, note in self.notes():
            found[note.diagnostic.severity] += 1
        return found
