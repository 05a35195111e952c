"""Tables that fit: what matters always shows, the rest as far as there is room."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.cells import cell_len, set_cell_size

GAP = 2

SHORTEST = 20
"""Cells to which words may be cut."""

Row = Sequence[str]


def lines(
    rows: Sequence[Row], width: int | None, *, first: int = 2, words: int | None = None
) -> Iterator[str]:
    """Each row as a line of at most `width` cells, None for any; columns stand below each other.

    The `first` columns matter, the others are dropped from the end where there is no room; the
    column of `words` is cut before that, and stands on a line of its own in place of being dropped.
    Where even the first do not fit, one stands on a line of its own with the others on a second
    one. Columns in which nothing stands are left out.
    """
    columns = [at for at in range(len(rows[0])) if any(row[at] for row in rows)] if rows else []
    widths = {at: max(cell_len(row[at]) for row in rows) for at in columns}
    below: int | None = None
    while width is not None and (over := _total(columns, widths) - width) > 0:
        if words in columns and widths[words] - over >= SHORTEST:
            widths[words] -= over
        elif words in columns[1:] and columns[-1] == words:
            below = columns.pop()
            widths[below] = min(widths[below], max(width - GAP, 1))
        elif len(columns) > first:
            columns.pop()
        else:
            break
    stacked = width is not None and _total(columns, widths) > width
    for row in rows:
        if stacked:
            line = "\n  ".join(filter(None, (row[columns[0]], _joined(row, columns[1:]))))
        else:
            line = (" " * GAP).join(_cell(row[at], widths[at]) for at in columns).rstrip()
        said = _cell(row[below], widths[below]).rstrip() if below is not None else ""
        yield f"{line}\n{' ' * GAP}{said}" if said else line


def _joined(row: Row, columns: Sequence[int]) -> str:
    return (" " * GAP).join(row[at] for at in columns if row[at])


def _cell(text: str, width: int) -> str:
    """A text in so many cells."""
    if cell_len(text) > width:
        return f"{set_cell_size(text, width - 1)}…"
    return set_cell_size(text, width)


def _total(columns: Sequence[int], widths: dict[int, int]) -> int:
    return sum(widths[at] for at in columns) + GAP * (len(columns) - 1)
