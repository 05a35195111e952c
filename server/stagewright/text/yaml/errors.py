"""A parser's complaint in plain words: what is wrong, where exactly, and what to do."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress

import yaml
from yaml.error import Mark

from stagewright.text.yaml.scan import (
    comment_start,
    find_key,
    is_blank,
    quote_end,
    scan_line,
    skip_blanks,
)

Extent = tuple[int, int, int, int]  # line, column, end line, end column

NO_COLON = "Expected `:` after this key."
TAB = "Tabs cannot be used for indentation. Use spaces."
MISALIGNED_ITEM = "This `-` does not line up with the other items."
DIRECTIVE = "Unexpected `%`: a directive needs `---` below it. Remove the line."
MISALIGNED = "This line does not line up with the keys above it."

_UNEXPECTED = ("expected key", "<block end>", "'-' indicator", "<document start>")


_DIGITS = {"x": 2, "u": 4, "U": 8}
"""The hexadecimal digits that an escape of a character by its number has."""


def _bad_escape(text: str) -> tuple[int, str]:
    """How long the escape is that a text begins with, and why YAML takes it for none."""
    digits = _DIGITS.get(text[1:2], 0)
    found = re.match(rf"[0-9A-Fa-f]{{0,{digits}}}", text[2:])
    number = found[0] if found else ""
    escape = text[: 2 + len(number)]
    if digits > len(number):
        what = f"Incomplete escape `{escape}`: `\\{text[1]}` takes {digits} hexadecimal digits"
        return len(escape), f"{what}. For a backslash, write `\\\\`."
    if not digits:
        what = f"Invalid escape `{escape}`"
        return 2, f"{what}. Write `\\\\` for a backslash, or use single quotes."
    if not 0xD800 <= int(number, 16) <= 0xDFFF:
        return len(escape), f"Invalid escape `{escape}`: the last character is `\\U0010FFFF`."
    if pair := re.match(r"\\u(d[89ab]..)\\u(d[c-f]..)", text, re.IGNORECASE):
        with suppress(ValueError):  # where `..` are no digits
            high, low = (int(half, 16) for half in pair.groups())
            whole = 0x10000 + (high - 0xD800) * 0x400 + low - 0xDC00
            return 12, f"`{pair[0]}` is one character in two halves. Write `\\U{whole:08X}`."
    return len(escape), f"`{escape}` is half of a character. Write the whole character."


def describe(error: yaml.YAMLError, lines: Sequence[str]) -> tuple[str, Extent]:
    """The sentence and the place, counted in `lines`, for an error of either PyYAML parser."""
    if not isinstance(error, yaml.MarkedYAMLError):
        return f"Invalid YAML: {str(error).splitlines()[0]}.", _rest(lines, 0, 0)
    context, problem = error.context or "", error.problem or ""
    line, column = _inside(lines, error.problem_mark)
    from_line, from_column = _inside(lines, error.context_mark or error.problem_mark)
    text = lines[line] if lines else ""
    opener = lines[from_line][from_column : from_column + 1] if lines else ""

    if "directive" in context + problem or "incompatible" in problem:
        return DIRECTIVE, _rest(lines, from_line, 0)
    if "document start" in problem and (above := _directive_above(lines, line)) is not None:
        return DIRECTIVE, _rest(lines, above, 0)
    if "quoted scalar" in context:
        if "escape" not in problem and "hex" not in problem:
            message = f"Unclosed quote. Add `{opener}` at the end of the text."
            return message, _rest(lines, from_line, from_column)
        slash = max(0, text.rfind("\\", 0, column + 1))
        length, message = _bad_escape(text[slash:])
        return message, (line, slash, line, slash + length)
    if "simple key" in context:
        return NO_COLON, _rest(lines, from_line, from_column)
    if problem.startswith("mapping values"):
        return _second_colon(lines, line, column)
    if "entries are not allowed" in problem:
        message = "A list cannot start here. Put each item on its own line below the key."
        return message, (line, column, line, column + 1)
    if "\t" in text[column : column + 1] and ("token" in context or "tab" in problem):
        end = skip_blanks(text, column)
        return TAB, (line, column, line, end)
    if "cannot start any token" in problem:
        message = f"A value cannot start with `{text[column : column + 1]}`. Quote it."
        return message, _rest(lines, line, column)
    if "alias" in context or "anchor" in context:
        what = "an alias" if opener == "*" else "an anchor"
        message = f"A value that starts with `{opener}` is {what} in YAML. Quote it."
        return message, _rest(lines, from_line, from_column)
    if "tag" in context or "tag handle" in problem:
        message = "A value that starts with `!` is a tag in YAML. Quote it."
        return message, _rest(lines, from_line, from_column)
    if "block scalar" in context:
        message = f"Start the text on the line below `{opener}`, indented with spaces."
        return message, _rest(lines, from_line, from_column + 1)
    if "flow" in context and ("',' or" in problem or not text[column:].strip()):
        opened = (from_line, from_column) if opener in ("{", "[") else _opener(lines, line, column)
        if opened is not None:
            return _unclosed(lines, opened, (line, column))
    if "node content" in problem and text[column:].strip():
        message = f"Expected a value before `{text[column]}`."
        return message, (line, column, line, column + 1)
    if any(words in problem for words in _UNEXPECTED):
        return _misplaced(lines, line, column)
    return f"Invalid YAML: {problem}.", _rest(lines, line, column)


def _second_colon(lines: Sequence[str], line: int, column: int) -> tuple[str, Extent]:
    """A colon where none may stand: in an unquoted value, or on a line indented too deep."""
    text = lines[line]
    start = scan_line(text).content
    key = find_key(text, start)
    if key is not None and key.colon < column:
        value = skip_blanks(text, key.colon + 1)
        return "A value with `: ` in it must be quoted.", _rest(lines, line, value)
    message = "Unexpected key: this line is indented deeper than the keys above it."
    return message, (line, start, line, max(column, start + 1))


def _unclosed(
    lines: Sequence[str], opened: tuple[int, int], found: tuple[int, int]
) -> tuple[str, Extent]:
    """A flow collection without its end, or without a comma between two items."""
    (from_line, from_column), (line, column) = opened, found
    bracket = lines[from_line][from_column]
    closing = "}" if bracket == "{" else "]"
    text = lines[line]
    if line > from_line or not text[column:].strip() or closing not in text[column:]:
        message = f"Unclosed `{bracket}`. Add `{closing}` after the last item."
        return message, _rest(lines, from_line, from_column)
    return f"Expected `,` or `{closing}` before this.", (line, column, line, column + 1)


def _opener(lines: Sequence[str], line: int, column: int) -> tuple[int, int] | None:
    """The bracket before a place that nothing closes, quotes not regarded."""
    closed = 0
    for number in range(line, -1, -1):
        text = lines[number]
        for at in range((column if number == line else len(text)) - 1, -1, -1):
            closed += (text[at] in "}]") - (text[at] in "{[")
            if closed < 0:
                return number, at
    return None


def _misplaced(lines: Sequence[str], line: int, column: int) -> tuple[str, Extent]:
    """Something behind a value that is already over, or a line of the wrong indentation."""
    text = lines[line]
    scanned = scan_line(text)
    if column <= scanned.content:
        return MISALIGNED, _rest(lines, line, column)
    if text[column : column + 1] in ("}", "]"):
        return f"Unmatched `{text[column]}`.", (line, column, line, column + 1)
    value = skip_blanks(text, scanned.key.colon + 1) if scanned.key else scanned.content
    quoted = text[value : value + 1] in ("'", '"') and 0 < quote_end(text, value) <= column
    what = "after the closing quote" if quoted else "after the value"
    message = f"Unexpected text {what}. Quote all of it, or remove it."
    return message, _rest(lines, line, column)


def _directive_above(lines: Sequence[str], line: int) -> int | None:
    """The nearest line above (or the line itself) that begins with `%`, with no text between."""
    for number in range(line, -1, -1):
        if lines[number].startswith("%"):
            return number
        if number < line and not is_blank(lines[number]):
            return None
    return None


def _inside(lines: Sequence[str], mark: Mark | None) -> tuple[int, int]:
    """A mark as a line and column that exist; past the end means the end of the last line."""
    if mark is None or not lines:
        return 0, 0
    line, column = mark.line, mark.column
    if line >= len(lines):
        line, column = len(lines) - 1, len(lines[-1])
    return line, min(column, len(lines[line]))


def _rest(lines: Sequence[str], line: int, column: int) -> Extent:
    """From a place to the end of what is written on its line, its comment left out."""
    if not lines:
        return 0, 0, 0, 0
    text = lines[line]
    end = len(text[: comment_start(text, column + 1)].rstrip(" \t"))
    return line, column, line, min(max(end, column + 1), len(text))
