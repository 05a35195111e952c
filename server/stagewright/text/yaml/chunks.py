"""Stage chunks: the runs of lines of a block list's items, found by the list's own indentation."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from stagewright.text.buffer import Splice
from stagewright.text.yaml.scan import BLANK, find_key, indent_of, is_blank, is_dash, is_marker


@dataclass(frozen=True, slots=True)
class Chunks:
    """Where the items of a top-level list lie: each from its dash to the next one, or `end`."""

    key_line: int  # of `stages:` or `roles:`
    indent: int  # the column of the dashes
    starts: list[int]  # lines, ascending, never empty
    end: int  # the line behind the last chunk

    def index_at(self, line: int) -> int | None:
        """The chunk that `line` belongs to, if any."""
        if self.starts[0] <= line < self.end:
            return bisect_right(self.starts, line) - 1
        return None

    def lines_of(self, index: int) -> tuple[int, int]:
        """The first line of a chunk and the one behind its last."""
        after = self.starts[index + 1] if index + 1 < len(self.starts) else self.end
        return self.starts[index], after


def find_chunks(lines: Sequence[str], key: str) -> Chunks | None:
    """The chunks of the list under the top-level `key`; None where it is not written that way."""
    found = _find_list(lines, key, len(lines))
    if found is None:
        return None
    starts, end = _scan(lines, found.indent, found.first + 1, len(lines))
    starts = [found.first, *starts]
    return Chunks(found.key_line, found.indent, starts, len(lines) if end is None else end)


class Change(NamedTuple):
    """Chunks after an edit: from `first` on, `removed` ones became `added` ones."""

    chunks: Chunks
    first: int
    removed: int
    added: int


def update_chunks(chunks: Chunks, lines: Sequence[str], splice: Splice, key: str) -> Change | None:
    """The chunks after a splice of `lines`; None where they must be found anew.

    Whether a line begins an item, or ends the list, follows from that line alone as long as the
    list begins where it did and has its dashes in the same column: only new lines are looked at.
    """
    first, removed, added = splice
    after, delta, starts = first + removed, added - removed, chunks.starts
    if first > chunks.end:
        return Change(chunks, 0, 0, 0)
    if after <= starts[0]:  # above the list
        found = _find_list(lines, key, starts[0] + delta + 1)
        if found is None or found[1:] != (starts[0] + delta, chunks.indent):
            return None
        moved = Chunks(
            found.key_line, chunks.indent, [start + delta for start in starts], chunks.end + delta
        )
        return Change(moved, 0, 0, 0)
    new, end = _scan(lines, chunks.indent, first, first + added)
    begins = first > starts[0] or (first == starts[0] and new[:1] == [first])
    if not begins or _dash_column(lines, starts[0]) != chunks.indent:
        return None
    low, high = bisect_left(starts, first), bisect_left(starts, after)
    if end is not None:
        high = len(starts)
    elif after > chunks.end:
        return None  # the line that ended the list is gone: it may go on
    else:
        end = chunks.end + delta
    behind = [start + delta for start in starts[high:]] if delta else starts[high:]
    changed = Chunks(chunks.key_line, chunks.indent, [*starts[:low], *new, *behind], end)
    touched = low
    if low:  # the chunk above may reach into the new lines, or have reached into the old ones
        ends = chunks.lines_of(low - 1)[1], changed.lines_of(low - 1)[1]
        touched -= ends != (first, first)
    return Change(changed, touched, high - touched, low + len(new) - touched)


def is_item(line: str, indent: int) -> bool:
    """Whether a list item begins on `line` at column `indent`, with nothing but spaces before."""
    return line.startswith(" " * indent + "-") and line[indent + 1 : indent + 2] in BLANK


class _Found(NamedTuple):
    """Where a list stands."""

    key_line: int
    first: int  # the line of its first item
    indent: int  # the column of its dashes


_SAMPLE = 100  # lines in which the items agree on the column of their dashes


def _find_list(lines: Sequence[str], key: str, limit: int) -> _Found | None:
    """The list under the top-level key, if it is in block style and begins before `limit`."""
    key_line = -1
    for number in range(limit):
        line = lines[number]
        if line[:1] in BLANK or line[0] == "#":
            continue
        if line[0] == "%":
            return None  # directives, which a chunk read alone would not know
        if is_marker(line) and any(not is_blank(before) for before in lines[:number]):
            return None  # only the first document counts
        found = find_key(line, 0)
        if found is not None and found.text == key:
            if not is_blank(line[found.colon + 1 :]):
                return None
            key_line = number
            break
    else:
        return None
    for number in range(key_line + 1, limit):
        line = lines[number]
        if is_blank(line):
            continue
        if not is_item(line, indent_of(line)):
            return None
        return _Found(key_line, number, _dash_column(lines, number))
    return None


def _dash_column(lines: Sequence[str], first: int) -> int:
    """The column of a list's dashes: that of the first one, unless more of the next disagree.

    So a first dash that is being moved does not hide the other items. No list inside of an item
    can have its dashes that near.
    """
    column = indent_of(lines[first])
    counts = {column: 1}
    for number in range(first + 1, min(first + _SAMPLE, len(lines))):
        line = lines[number]
        indent = indent_of(line)
        if indent == 0 and line[:1] not in ("", "#") and _ends_list(line, column):
            break
        if column - 2 <= indent <= column + 1 and is_item(line, indent):
            counts[indent] = counts.get(indent, 0) + 1
    return max(counts, key=lambda indent: (counts[indent], indent != column))


def _scan(
    lines: Sequence[str], indent: int, first: int, after: int
) -> tuple[list[int], int | None]:
    """The lines in the range on which an item begins, and the first on which the list is over."""
    prefix, width = " " * indent + "-", indent + 1
    end = next(
        (
            number
            for number in range(first, after)
            if lines[number][:1] not in ("", " ", "\t", "#") and _ends_list(lines[number], indent)
        ),
        None,
    )
    starts = [
        number
        for number in range(first, after if end is None else end)
        if lines[number].startswith(prefix) and lines[number][width : width + 1] in BLANK
    ]
    return starts, end


def _ends_list(line: str, indent: int) -> bool:
    """Whether a line in column 0 ends the list: a key or a marker, not a half-typed word."""
    if indent == 0 and is_dash(line, 0):
        return False
    return is_marker(line) or find_key(line, 0) is not None
