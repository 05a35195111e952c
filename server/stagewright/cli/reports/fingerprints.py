"""What tells a file's diagnostics apart from one check to the next, in SARIF and for GitLab."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from hashlib import sha256

from stagewright.cli.checking.result import Note


def fingerprints(notes: Iterable[Note]) -> Iterator[str]:
    """One for each of a file's notes, in their order; no two are the same.

    They stay while lines around come and go, and days pass.
    """
    seen: Counter[str] = Counter()
    for note in notes:
        identity = _identity(note)
        seen[identity] += 1
        yield f"{identity}:{seen[identity]}"


def _identity(note: Note) -> str:
    diagnostic = note.diagnostic
    start, end = diagnostic.span
    marked = note.line[start.column : end.column if start.line == end.line else None]
    parts = (diagnostic.code, diagnostic.stage or "", str(diagnostic.model or ""), marked.strip())
    return sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]
