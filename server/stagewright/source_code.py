"""Source code on disk: which files are worth reading, and why others are left out."""

from __future__ import annotations

from pathlib import Path

from stagewright.dialects.code.sieve import may_name
from stagewright.files import UnreadableFile, read_bytes
from stagewright.text.code.languages import language_of
from stagewright.walk import LeftOut, machine_made

_MARKS = (b"\xff\xfe", b"\xfe\xff")
"""How texts in UTF-16 begin."""


def read_source(path: Path) -> str | LeftOut | None:
    """The text of a source file; None where nothing in it may name a model; or why it is not read.

    Never raises: what has vanished meanwhile, or cannot be read, is left out as well.
    """
    try:
        data = read_bytes(path)
    except UnreadableFile as error:
        return why_unread(error)
    return source_text(data, path.name)


def why_unread(error: UnreadableFile) -> LeftOut:
    """Why a source file that cannot be read is left out."""
    return LeftOut.TOO_LARGE if error.too_large else LeftOut.UNREADABLE


def source_text(data: bytes, name: str) -> str | LeftOut | None:
    """The text of a source file of this name and content, as `read_source` gives it."""
    language = language_of(name)
    try:
        text, why = data.decode("utf-8"), None
    except UnicodeDecodeError:
        text, why = data.decode("latin-1"), LeftOut.NOT_UTF8
        if data.startswith(_MARKS):
            return why
    if not may_name(text, language):
        return None
    if "\0" in text:
        return LeftOut.BINARY
    # The outputs in a notebook are lines that nobody writes.
    by_program = None if language is None or language.notebook else machine_made(text)
    return why or by_program or text
