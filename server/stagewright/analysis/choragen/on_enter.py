"""Where the cursor belongs on the line that Enter has just begun: below the key above it."""

from __future__ import annotations

from stagewright.dialects.choragen.schema import DOCUMENTS, shape_at
from stagewright.dialects.choragen.shapes import Kind
from stagewright.dialects.document import Document
from stagewright.text.buffer import Edit, Position, span_at
from stagewright.text.cursor_at import cursor_at
from stagewright.text.yaml.insertion import layout_at
from stagewright.text.yaml.scan import quote_end, scan_line, skip_blanks, value_kind


def on_enter(document: Document, position: Position) -> tuple[Edit, ...]:
    """What gives the new, empty line its indentation; nothing where that is for the editor to tell.

    In a text of several lines, behind a blank line, and where something moved down with the cursor
    nothing is changed.
    """
    number = position.line
    line = document.lines[number]
    if number == 0 or line.strip(" ") or not document.holds(number):
        return ()
    if document.dialect not in DOCUMENTS:
        return ()
    column = _column_below(document, number - 1)
    if column is None or column == len(line):
        return ()
    return (Edit(span_at(number, 0, number, len(line)), " " * column),)


def _column_below(document: Document, number: int) -> int | None:
    """The column at which the line below this one goes on."""
    text = document.lines[number]
    _, content, key = scan_line(text)
    cursor = cursor_at(document, Position(number, key.start)) if key else None
    if key is None or cursor is None:
        return None  # no key, or in a text
    start = skip_blanks(text, key.colon + 1)
    layout = layout_at(document, number, content)
    match value_kind(text, start):
        case "":
            shape = shape_at(document.dialect, (*cursor.path, key.text))
            if shape is not None and shape.kind is Kind.LIST:
                return content + layout.dash
            scalar = shape is not None and shape.kind not in (Kind.MAPPING, Kind.ANY)
            return content if scalar else content + layout.child
        case "|":
            return content + layout.child
        case "{":
            return None
        case '"' if text[start] in "'\"" and quote_end(text, start) < 0:
            return None
        case _:
            return content
