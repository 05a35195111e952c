"""What is known about a word of Choragen's files: its keys, the words of its values, roles."""

from __future__ import annotations

from stagewright.analysis.choragen.cards import key_card, role_card, value_card
from stagewright.analysis.cursor_text import type_beside, written
from stagewright.analysis.options import Options
from stagewright.dialects.choragen.schema import key_at, words_at
from stagewright.dialects.choragen.shapes import BOOLEAN
from stagewright.dialects.document import Document
from stagewright.text.cursor import Cursor


def hover(document: Document, cursor: Cursor, options: Options) -> str:
    """Markdown about the word at the cursor; empty where there is nothing to say."""
    word = written(document, cursor)
    if cursor.place == "key":
        key = key_at(document.dialect, (*cursor.path, word))
        return key_card(key, type_beside(cursor)) if key else ""
    key = key_at(document.dialect, cursor.path)
    if key is None:
        return ""
    if key.refers_to == "role":
        role = options.roles.roles.get(word) if options.roles else None
        return role_card(role) if role else ""
    value = next((one for one in words_at(document.dialect, cursor.path) if one.name == word), None)
    return value_card(value, key) if value and key.shape is not BOOLEAN else ""
