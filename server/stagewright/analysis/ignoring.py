"""Comments that silence diagnostics: `stagewright: ignore`, or `ignore[code, code]` for these."""

from __future__ import annotations

import re
from itertools import takewhile

from stagewright.codes import CODES
from stagewright.dialects.document import Document
from stagewright.text.yaml.editing import continues_text

_IGNORE = re.compile(r"stagewright:[ \t]*ignore(?:\[(?P<codes>[^\]]*)\])?(?![\w-])")
_WORD = re.compile(r"[\w-]*\w")
_ABOVE = re.compile(r"(?:#|//)[ \t]*")
_COMMENTS_ABOVE = 20  # comment lines above a value that are searched for codes to ignore


def is_ignored(document: Document, code: str, line: int) -> bool:
    """Whether a comment silences the code on `line` (absolute): right above it, and in source code
    also behind it."""
    if document.dialect.syntax == "code":
        return any(
            _names(document.comment_on(number, alone=number != line), code)
            for number in (line, line - 1)
            if number >= 0 and "stagewright:" in document.lines[number]
        )
    lines = document.lines
    mark = "//" if document.dialect.syntax == "json" else "#"
    for above in range(line - 1, max(-1, line - 1 - _COMMENTS_ABOVE), -1):
        text = lines[above].removeprefix("\ufeff").strip()
        if not text.startswith(mark):
            return False
        begins = _ABOVE.match(text)
        if begins and _IGNORE.match(text, begins.end()) and _names(text, code):
            return not continues_text(document, above)
    return False


def _names(comment: str, code: str) -> bool:
    found = _IGNORE.search(comment)
    if found is None:
        return False
    if found["codes"] is not None:
        return code in (word.strip() for word in found["codes"].split(","))
    behind = _WORD.findall(comment, found.end())  # `ignore model-retired`, without brackets
    codes = [*takewhile(CODES.__contains__, behind)]
    return not codes or code in codes
