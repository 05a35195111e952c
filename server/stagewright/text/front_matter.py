"""Front matter of Markdown: the YAML between its first line and the next one of dashes or dots."""

from __future__ import annotations

from collections.abc import Sequence

from stagewright.text.nodes import Parsed
from stagewright.text.parts import Part
from stagewright.text.yaml import parts, recovery
from stagewright.text.yaml.scan import find_key

MARK = "<!-- stagewright:"
"""Begins the comment by which a heading of a transcript is known."""


_ENDS = ("---", "...")
_FIRSTS = ("-", ".", "#")  # of the lines that end it


def front_matter_end(lines: Sequence[str], ends: tuple[str, ...] = ("---",)) -> int:
    """The line behind the closing dashes; 0 where there is no front matter."""
    if not _begins(lines):
        return 0
    for number in range(1, len(lines)):
        line = lines[number]
        if line[:1] not in _FIRSTS:
            continue
        if line.rstrip() in ends:
            return number + 1
        if _is_heading(line):
            break  # the closing dashes were deleted
    return 0


def body(lines: Sequence[str]) -> tuple[int, int]:
    """The first line of the YAML and the one behind its last; (0, 0) where there is none.

    While its end is not written yet, it goes on up to an empty line, or one that is prose.
    """
    if end := front_matter_end(lines, _ENDS):
        return 1, end - 1
    if not _begins(lines) or any(map(_is_heading, lines)):
        return 0, 0
    for number in range(1, len(lines)):
        line = lines[number]
        if not line.strip() or (line[0] not in " \t-#" and find_key(line, 0) is None):
            # Half a key may stand on the last line.
            is_last = line.strip() and not any(map(str.strip, lines[number + 1 :]))
            return 1, number + 1 if is_last else number
    return 1, len(lines)


def is_whole(lines: Sequence[str]) -> bool:
    """Whether there is front matter, and its end is written."""
    return front_matter_end(lines, _ENDS) > 0


def holds(lines: Sequence[str], line: int) -> bool:
    """Whether a line belongs to the front matter, the lines around it included."""
    start, after = body(lines)
    return start > 0 and line <= after


def read(lines: Sequence[str]) -> Parsed:
    """Read the front matter; absolute spans."""
    start, after = body(lines)
    if not start:
        return Parsed(None, (), False)
    return recovery.read(lines[start:after], first_line=start, ended=after < len(lines))


def divide(lines: Sequence[str]) -> list[Part]:
    """The parts of long front matter."""
    return parts.divide(lines, *body(lines))


def read_rest(lines: Sequence[str], divided: Sequence[Part]) -> Parsed:
    """Read what belongs to no part; absolute spans."""
    return parts.read_rest(lines, divided, *body(lines))


def _begins(lines: Sequence[str]) -> bool:
    return lines[0].removeprefix("\ufeff").rstrip() == "---"


def _is_heading(line: str) -> bool:
    """Whether a line is a heading of a transcript."""
    return line.startswith("#") and MARK in line
