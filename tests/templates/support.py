"""Templates with a cursor in them, written as a person sees them."""

from __future__ import annotations

from textwrap import dedent

from stagewright.templates.buffer import Position
from stagewright.templates.cursor import Cursor, cursor_at
from stagewright.templates.template import Document, DocumentKind

CURSOR = "$0"


def with_cursor(text: str) -> tuple[str, Position]:
    """The text without its `$0`, and where that stood."""
    before, found, after = text.partition(CURSOR)
    assert found, "no $0 in the text"
    lines = before.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return before + after, Position(len(lines) - 1, len(lines[-1]))


def cursor_in(text: str, kind: DocumentKind = "template") -> Cursor | None:
    """What is typed at the `$0` of an indented text."""
    plain, position = with_cursor(dedent(text))
    return cursor_at(Document(plain, kind), position)


def stage(body: str) -> str:
    """A template of three stages whose middle one has this body, indented by four."""
    return (
        'name: "t"\nstages:\n  - name: "one"\n    type: "request"\n'
        + dedent(body).rstrip(" ")
        + '  - name: "three"\n    type: "review"\n    roleId: "r"\n'
    )
