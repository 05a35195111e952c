"""Fixes of text that is no YAML: escapes in double quotes that cannot be read."""

from __future__ import annotations

from collections.abc import Iterator

from stagewright.analysis.results import Finding, Fix
from stagewright.analysis.trial import parses
from stagewright.templates.buffer import Edit, span_at
from stagewright.templates.scan import quote_end, unquote
from stagewright.templates.template import Document


def syntax_fixes(document: Document, finding: Finding) -> Iterator[Fix]:
    """Single quotes around a text whose backslash is meant, where that leaves nothing broken."""
    line, column = finding.span.start
    text = document.lines[line] if line < len(document.lines) else ""
    quoted = _double_quoted(text, column) if text[column : column + 1] == "\\" else None
    if quoted is None:
        return
    start, end = quoted
    said = unquote(text[start:end]).replace("'", "''")
    edits = (Edit(span_at(line, start, line, end), f"'{said}'"),)
    if parses(document, finding.entry, edits):
        yield Fix("Write it in single quotes", edits)


def _double_quoted(text: str, column: int) -> tuple[int, int] | None:
    """Where the text in double quotes around `column` begins and ends, if it does on this line."""
    at = 0
    while at < column:
        end = -1
        if text[at] in ("'", '"') and (at == 0 or text[at - 1] in _BEFORE):
            end = quote_end(text, at)
        if end > column:
            return (at, end) if text[at] == '"' else None
        at = max(end, at + 1)
    return None


_BEFORE = " \t[{,:\ufeff"  # what a quote follows that opens
