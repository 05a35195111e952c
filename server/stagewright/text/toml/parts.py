"""Parts of a long TOML text: its tables."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from stagewright.text.buffer import Position
from stagewright.text.nodes import Parsed
from stagewright.text.parts import LONG, Part
from stagewright.text.slot import Slot
from stagewright.text.toml import whole
from stagewright.text.toml.reader import read_table
from stagewright.text.toml.scan import Table, tables
from stagewright.text.toml.whole import paths


def divide(lines: Sequence[str]) -> list[Part]:
    """The parts of a text; none where it is short."""
    if len(lines) <= LONG:
        return []
    found = [table for table in tables(lines) if table.has_header]
    headers = (_header(lines[table.start]) for table in found)
    return [
        Part(path, table.start, table.after)
        for path, table in zip(paths(headers), found, strict=True)
    ]


def read_part(lines: Sequence[str], _: Part) -> Parsed:
    """Read a part, which is all of these lines; its spans count from the first of them."""
    return _parsed(lines, Table(0, len(lines), True))


def read_rest(lines: Sequence[str], parts: Sequence[Part]) -> Parsed:
    """Read the lines above all parts."""
    return _parsed(lines, Table(0, parts[0].first, False))


def slot_at(
    lines: Sequence[str], parts: Sequence[Part], part: Part | None, cursor: Position
) -> Slot | None:
    """Where a cursor stands that is in this part, or in none."""
    if part is None:
        if not parts:
            return whole.slot_at(lines, cursor)
        return read_table(lines, Table(0, parts[0].first, False), cursor=cursor).slot
    slot = read_table(lines, Table(part.first, part.after, True), cursor=cursor).slot
    if slot is None or cursor.line == part.first:
        return slot  # in the header, where a path begins at the top
    return slot._replace(path=(*part.path, *slot.path))


def _parsed(lines: Sequence[str], table: Table) -> Parsed:
    read = read_table(lines, table)
    return Parsed(read.table.frozen(), read.problems, bool(read.problems), read.cut)


@lru_cache(maxsize=1 << 12)
def _header(line: str) -> tuple[tuple[str, ...], bool]:
    read = read_table([line], Table(0, 1, True))
    return tuple(key.value for key in read.keys), read.is_item
