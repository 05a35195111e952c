"""Fixes of text that is no YAML: texts that need quotes, and escapes that cannot be read."""

from __future__ import annotations

from collections.abc import Iterator

from stagewright.analysis.fixes.verify import parses
from stagewright.analysis.results import Diagnostic, Fix
from stagewright.dialects.document import Document
from stagewright.text.buffer import Edit, span_at
from stagewright.text.yaml.scan import quote_end, scan_line, skip_blanks, text_end, unquote
from stagewright.text.yaml.writing import within


def syntax_fixes(document: Document, diagnostic: Diagnostic) -> Iterator[Fix]:
    """Quotes around a text that is meant as it stands, where that leaves nothing broken.

    Single ones instead of double ones where a backslash is meant; double ones where there are none.
    """
    line, column = diagnostic.span.start
    text = document.lines[line] if line < len(document.lines) else ""
    if text[column : column + 1] == "\\" and (place := _double_quoted(text, column)):
        title = "Use single quotes"
        start, end = place
        new = "'" + unquote(text[start:end]).replace("'", "''") + "'"
    elif (place := _plain_value(text)) and place[0] <= column <= place[1]:
        title = "Add quotes"
        start, end = place
        new = f'"{within(text[start:end], _DOUBLE, typed=document.dialect.typed)}"'
    else:
        return
    edits = (Edit(span_at(line, start, line, end), new),)
    if parses(document, diagnostic.entry, edits):
        yield Fix(title, edits)


_DOUBLE = '"'


def _plain_value(text: str) -> tuple[int, int] | None:
    """Where the value of the line's key stands, if it is a text on this line without quotes."""
    key = scan_line(text).key
    start = skip_blanks(text, key.colon + 1) if key else len(text)
    if start == len(text) or text[start] in "\"'|>{[#":
        return None
    return start, text_end(text, start)


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
