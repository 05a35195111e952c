"""Comments that silence diagnostics: `stagewright: ignore`, or `ignore[code, code]` for these;
`ignore-file` in the whole file."""

from __future__ import annotations

import re
from itertools import islice, takewhile

from stagewright.codes import CODES
from stagewright.dialects.document import Document
from stagewright.text.syntaxes import syntax
from stagewright.text.yaml.editing import continues_text

_CODES = r"(?:\[(?P<codes>[^\]]*)\])?(?![\w-])"
_IGNORE = re.compile(rf"stagewright:[ \t]*ignore{_CODES}")
_IGNORE_FILE = re.compile(rf"stagewright:[ \t]*ignore-file{_CODES}")
_WORD = re.compile(r"[\w-]*\w")
_ABOVE = re.compile(r"(?:#|//)[ \t]*")
_COMMENTS_ABOVE = 20  # comment lines above a value that are searched for codes to ignore
_HEAD = 20  # lines of a file that are searched for what it ignores as a whole


def is_ignored(document: Document, code: str, line: int) -> bool:
    """Whether a comment silences the code on `line` (absolute): right above it, in source code also
    behind it, or for the whole file at its head."""
    if _in_file(document, code):
        return True
    if document.dialect.in_literals:
        return any(
            _names(_IGNORE.search(document.comment_on(number, alone=number != line)), code)
            for number in (line, line - 1)
            if number >= 0 and "stagewright:" in document.lines[number]
        )
    for above in range(line - 1, max(-1, line - 1 - _COMMENTS_ABOVE), -1):
        comment = _comment(document, above)
        if comment is None:
            return False
        if _names(_IGNORE.match(comment), code):
            return not continues_text(document, above)
    return False


def _in_file(document: Document, code: str) -> bool:
    for number, line in enumerate(islice(document.lines, _HEAD)):
        if "ignore-file" not in line:
            continue
        if document.dialect.in_literals:
            comment = document.comment_on(number, alone=True)
        else:
            comment = "" if continues_text(document, number) else _comment(document, number) or ""
        if _names(_IGNORE_FILE.search(comment), code):
            return True
    return False


def _comment(document: Document, number: int) -> str | None:
    """What a comment says that stands alone on a line; None where none does."""
    text = document.lines[number].removeprefix("\ufeff").strip()
    begins = _ABOVE.match(text)
    if not text.startswith(syntax(document.layout.syntax).comment):
        return None
    return text[begins.end() :] if begins else ""


def _names(found: re.Match[str] | None, code: str) -> bool:
    if found is None:
        return False
    if found["codes"] is not None:
        return code in (word.strip() for word in found["codes"].split(","))
    behind = _WORD.findall(found.string, found.end())  # `ignore model-retired`, without brackets
    codes = [*takewhile(CODES.__contains__, behind)]
    return not codes or code in codes
