"""The document of a file: of the class that its dialect's syntax wants."""

from __future__ import annotations

from stagewright.dialects.dialect import Dialect
from stagewright.dialects.document import Document
from stagewright.dialects.governed import UNGOVERNED, Governed


def open_document(
    text: str, dialect: Dialect, governed: Governed = UNGOVERNED, name: str = ""
) -> Document:
    """The document of a file of this name, or path."""
    if dialect.syntax != "code":
        return Document(text, dialect, governed)
    from stagewright.dialects.code.document import CodeDocument  # few files are source code

    return CodeDocument(text, dialect, governed, name)
