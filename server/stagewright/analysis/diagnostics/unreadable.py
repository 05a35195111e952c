"""What is told of files that cannot be read, or not to their end."""

from __future__ import annotations

from collections.abc import Sequence

from stagewright.analysis.features import features
from stagewright.analysis.options import Options
from stagewright.analysis.results import Diagnostic
from stagewright.dialects.document import Document
from stagewright.text import front_matter
from stagewright.text.buffer import Span, span_at

_UNREADABLE = "file-unreadable"
_SYNTAX = "template-syntax"


def unreadable(message: str, options: Options) -> list[Diagnostic]:
    """The diagnostic of a file or folder that cannot be read; none where the user has turned it
    off. `message` says why not and what to do."""
    severity = options.severity(_UNREADABLE)
    return [Diagnostic(_UNREADABLE, severity, message, span_at(0, 0, 0, 0))] if severity else []


def cut_short(
    document: Document, diagnostics: Sequence[Diagnostic], bad_byte: int, options: Options
) -> list[Diagnostic]:
    """The diagnostics of a text that was read up to its first byte that is not UTF-8.

    Of the entry that breaks off there nothing is said, nor of what the file lacks as a whole. Of
    other programs' files only front matter that is there as a whole is judged.
    """
    if features(document.dialect) is not None:
        code, whole = _SYNTAX, len(document.entries()) - 1
        kept = [one for one in diagnostics if one.entry is not None and one.entry < whole]
        unchecked = "from here on"
    else:
        code = _UNREADABLE
        is_whole = document.layout.front_matter and front_matter.is_whole(document.lines)
        kept = list(diagnostics) if is_whole else []
        unchecked = "from here on" if is_whole else "in this file"
    severity = options.severity(code)
    if severity is not None:
        end = document.end()
        message = (
            f"Invalid UTF-8 at byte {bad_byte + 1}: nothing {unchecked} was checked. Save the "
            "file as UTF-8."
        )
        kept.append(Diagnostic(code, severity, message, Span(end, end)))
    return kept
