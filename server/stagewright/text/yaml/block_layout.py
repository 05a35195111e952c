"""How a YAML file is laid out, for what is written into it."""

from __future__ import annotations

from stagewright.text.document import AnyDocument
from stagewright.text.yaml.scan import indent_of, is_blank, is_dash, scan_line


def child_indent(document: AnyDocument, line: int) -> int:
    """By how many columns the file indents what stands under a key; it looks near `line` first."""
    lines = document.lines
    index = document.entry_at(line)
    starts = [document.entry_line(index)] if index is not None else []
    for start in (*starts, 0):
        for number in range(start, min(start + _LOOKED_AT, len(lines)) - 1):
            text = lines[number]
            key = scan_line(text).key
            if key is None or not is_blank(text[key.colon + 1 :]) or is_blank(lines[number + 1]):
                continue
            child = indent_of(lines[number + 1])
            step = child - key.start
            if 0 < step <= _WIDEST and not is_dash(lines[number + 1], child):
                return step
    return 2


def list_indent(document: AnyDocument) -> int:
    """By how many columns the file indents the dashes of a list below its key."""
    return document.chunks.indent if document.chunks else 2


_LOOKED_AT = 200  # lines
_WIDEST = 4  # columns; more is a line that lost its place
