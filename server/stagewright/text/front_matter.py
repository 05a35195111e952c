"""The front matter of a transcript: the YAML between its first line and the next one of dashes."""

from __future__ import annotations

from collections.abc import Sequence

MARK = "<!-- stagewright:"
"""Begins the comment by which a heading of a transcript is known."""


def front_matter_end(lines: Sequence[str]) -> int:
    """The line behind the closing dashes; 0 where there is no front matter."""
    if lines[0].rstrip() != "---":
        return 0
    for number in range(1, len(lines)):
        line = lines[number]
        if line.rstrip() == "---":
            return number + 1
        if line.startswith("#") and MARK in line:
            break  # the closing dashes were deleted
    return 0
