"""Quotes that begin no literal: those in an unquoted value, and in the text of markup."""

from __future__ import annotations

import re

from stagewright.text.code.languages import Language

_BEGINS = re.compile(
    r"(?:^[ \t]*(?:-[ \t]+)*|[=:][ \t]*(?:[!&]\S+[ \t]+)*|[\[{][ \t]*|[\[{][^\]}]*,[ \t]*)"
    r'(?:"[^"]*"[ \t]*,[ \t]*)*$'
    r"|\{\{(?:(?!\}\}).)*$"  # an expression, as Helm and GitHub have them
)
"""What stands left of a string where strings are whole values."""

_WORD = r"(?P<word>[A-Za-z_$][\w$]*)"
_BEFORE, _BEHIND = re.compile(rf"(?<![\w$.]){_WORD}[ \t]+$"), re.compile(rf"[ \t]+{_WORD}")
_TEXT = re.compile(r"[>,;.][ \t]*$")  # `model="…" stream` is no text
_KEYWORDS = frozenset(
    {
        *("as", "await", "case", "default", "delete", "do", "else", "extends", "if", "in", "infer"),
        *("instanceof", "is", "keyof", "new", "of", "readonly", "return", "satisfies", "throw"),
        *("typeof", "void", "yield"),
    }
)
"""Words that a string of JavaScript may stand beside."""


def is_prose(code: str, begins: int, over: int, language: Language) -> bool:
    """Whether what is in quotes from `begins` up to `over` is a part of a text. `code` is its line
    without comments, with all quotes alike."""
    match language.prose:
        case "value":
            return _BEGINS.search(code[:begins]) is None
        case "markup":
            left = code[:begins]
            words = _BEFORE.search(left), _TEXT.search(left) and _BEHIND.match(code, over)
            return any(found is not None and found["word"] not in _KEYWORDS for found in words)
    return False
