"""What stands at the cursor, and how an answer is written there."""

from __future__ import annotations

from stagewright.dialects.document import Document
from stagewright.text.cursor import Cursor
from stagewright.text.syntaxes import syntax


def written(document: Document, cursor: Cursor) -> str:
    """The whole word around the cursor; words do not span lines."""
    (line, start), (_, end) = cursor.word
    return document.lines[line][start:end]


def value_text(document: Document, cursor: Cursor, text: str, *, is_text: bool = True) -> str:
    """`text` as it has to be inserted in place of the cursor's word.

    In the quotes that stand there, closed if they are not; with a space behind a bare colon.
    What is no text to YAML, such as `true`, is not to be quoted.
    """
    end = cursor.word.end
    closed = document.lines[end.line].startswith(cursor.quote, end.column)
    closing = "" if closed else cursor.quote
    space = " " if cursor.needs_space else ""
    if is_text:
        within = syntax(document.layout.syntax).within
        text = within(text, cursor.quote, typed=document.dialect.typed, flow=cursor.flow)
    return space + text + closing


def reference_part(document: Document, cursor: Cursor) -> str:
    """The part of a model reference whose value this is: "provider", "model", "reference" or ""."""
    path = cursor.path
    if entries := document.layout.list_key:
        if len(path) < 2 or path[0] != entries or not isinstance(path[1], int):
            return ""
        path = path[2:]
    if not document.dialect.reference_key or path[:1] != (document.dialect.reference_key,):
        return ""
    match path[1:]:
        case ():
            return "reference"
        case ("provider" | "model" as half,):
            return str(half)
        case _:
            return ""


def type_beside(cursor: Cursor) -> str | None:
    """The value of the key `type` beside the cursor, on which the other keys depend."""
    field = cursor.siblings.get("type")
    return field.value if field and field.has_value else None
