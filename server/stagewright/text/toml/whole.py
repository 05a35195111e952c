"""All of a TOML file as one node: its tables, each where its header says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from stagewright.text.buffer import Position
from stagewright.text.nodes import DEPTH_LIMIT, NodePath, Parsed, SyntaxProblem
from stagewright.text.slot import Slot
from stagewright.text.toml.reader import PROBLEMS_TOLD, Read, read_table
from stagewright.text.toml.scan import Table, tables
from stagewright.text.toml.tables import Open


def read(lines: Sequence[str]) -> Parsed:
    """Read a whole file."""
    root = Open(Position(0, 0))
    problems: list[SyntaxProblem] = []
    cut, count = False, 0
    for table in tables(lines):
        if table.start < table.after:
            one = read_table(lines, table, count=count)
            hang(root, one)
            count = one.values
            problems += one.problems[: PROBLEMS_TOLD - len(problems)]
            if cut := one.cut:
                break
    return Parsed(root.frozen(), tuple(problems), bool(problems), cut)


def slot_at(lines: Sequence[str], cursor: Position) -> Slot | None:
    """Where a cursor stands; None in comments, and right behind a value."""
    headers: list[tuple[list[str], bool]] = []
    for table in tables(lines):
        if table.after <= cursor.line:
            if table.has_header:
                headers.append(header(lines, table.start))
            continue
        read = read_table(lines, table, cursor=cursor)
        slot = read.slot
        if slot is None or (table.has_header and cursor.line == table.start):
            return slot  # in a header, whose path begins at the top
        if table.has_header:
            headers.append(([key.value for key in read.keys], read.is_item))
            slot = slot._replace(path=(*paths(headers)[-1], *slot.path))
        return slot
    return None


def header(lines: Sequence[str], number: int) -> tuple[list[str], bool]:
    """The keys of a header, and whether it is that of a list's item."""
    read = read_table(lines, Table(number, number + 1, True))
    return [key.value for key in read.keys], read.is_item


def hang(root: Open, read: Read) -> None:
    """Put a table where its header says."""
    keys = read.keys[:DEPTH_LIMIT]
    table = root
    for key in keys[:-1]:
        table = table.below(key)
    if keys:
        table = table.add(keys[-1]) if read.is_item else table.below(keys[-1])
    table.pairs += read.table.pairs
    table.tables = read.table.tables | table.tables
    table.end = max(table.end, read.table.end)
    root.end = max(root.end, table.end)


def paths(headers: Iterable[tuple[Sequence[str], bool]]) -> list[NodePath]:
    """Where each table stands, by its header: its keys, and whether it is one of a list."""
    counts: dict[NodePath, int] = {}
    found = []
    for keys, is_item in headers:
        path: NodePath = ()
        for number, key in enumerate(keys):
            path = (*path, key)
            if is_item and number == len(keys) - 1:
                counts[path] = counts.get(path, 0) + 1
            if path in counts:
                path = (*path, counts[path] - 1)
        found.append(path)
    return found
