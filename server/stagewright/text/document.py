"""An open text: edited in place, divided into items that are read only where they were touched."""

from __future__ import annotations

from abc import ABC, abstractmethod
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar, cast

from stagewright.text import nodes
from stagewright.text.buffer import Buffer, Edit, Position, Span, Splice, span_at
from stagewright.text.nodes import MappingNode, Node, NodePath, Parsed, ScalarNode, SyntaxProblem
from stagewright.text.parts import LONGEST, MOST, Part, around, untouched
from stagewright.text.syntaxes import SyntaxName, syntax
from stagewright.text.yaml import recovery
from stagewright.text.yaml.chunks import Chunks, find_chunks, update_chunks
from stagewright.text.yaml.errors import MISALIGNED_ITEM
from stagewright.text.yaml.head import list_span, read_around
from stagewright.text.yaml.scan import indent_of

E = TypeVar("E")

_NODES_KEPT = 64


@dataclass(frozen=True, slots=True)
class Layout:
    """How a text is divided into entries."""

    list_key: str = ""  # the top-level list whose items they are; without one, all is one entry
    syntax: SyntaxName = "yaml"
    text_lists: frozenset[str] = frozenset()
    """Keys of lists whose items are texts; the items of all others are mappings."""
    has_parts: bool = False  # a long text is divided wherever it can be, and the rest is the head

    @property
    def front_matter(self) -> bool:
        """Whether only what stands between lines of dashes at the top is read."""
        return self.syntax == "front-matter"


class TextDocument(ABC, Generic[E]):
    """An open file: its text, edited in place, and its entries, re-read only where touched.

    With a list key, an entry's chunk is the run of lines of one list item; texts that do not chunk
    (flow style, say) are read whole and give the same entries. Without one, a text is one entry;
    or, if it is long and the layout has parts, each part is one, and what is left is the head. No
    method raises on any text; places outside of the text are moved into it.
    """

    def __init__(self, text: str, layout: Layout) -> None:
        self.layout = layout
        self.is_long = False  # too long to be read in parts: reading it takes seconds
        self._chunks: Chunks | None = None
        self._parts: Sequence[Part] = ()
        self._rest: tuple[object, Parsed] | None = None  # the last head around entries
        self._slots: list[E | None] = []
        self._unread = (0, 0)  # outside of this range every slot holds its entry
        self._unchecked = (0, 0)  # and outside of this every entry was checked
        self._nodes: OrderedDict[int, Node | None] = OrderedDict()  # those of the entries read last
        self._whole: list[tuple[int, Node]] = []  # first line and relative node, where not chunked
        self._head: Parsed | None = None
        self._snapshot: tuple[E, ...] | None = None
        self._load(text)

    @abstractmethod
    def read_entry(self, node: Node | None, problems: tuple[SyntaxProblem, ...], broken: bool) -> E:
        """What is kept of an entry; spans as in its node."""

    @property
    def text(self) -> str:
        """The whole text, with its own line ends. Put together anew on each call."""
        return self._buffer.text

    @property
    def lines(self) -> Sequence[str]:
        """Lines without their ends, split only at \\n, \\r\\n and \\r. Never empty."""
        return self._buffer.lines

    @property
    def newline(self) -> str:
        """The line end in use, for text that is to be inserted."""
        return self._buffer.newline

    @property
    def chunks(self) -> Chunks | None:
        """Where the entries lie, or None where the text is read whole. Not to be changed."""
        return self._chunks

    def holds(self, line: int) -> bool:
        """Whether a line is read: with front matter, whether it belongs to that."""
        return syntax(self.layout.syntax).holds(self.lines, line)

    def end(self) -> Position:
        """The end of the text."""
        return self._buffer.end

    def clamp(self, position: Position) -> Position:
        """The nearest place that the text has."""
        return self._buffer.clamp(position)

    def edit(self, span: Span | None, text: str) -> None:
        """Replace what `span` covers by `text`; None replaces everything."""
        if span is None:
            self._load(text)
            return
        splice = self._buffer.splice(span, text)
        self._forget()
        chunks, key = self._chunks, self.layout.list_key
        change = update_chunks(chunks, self._buffer.lines, splice, key) if chunks else None
        if change is None:
            self._divide(splice)
            return
        self._chunks, first, removed, added = change
        if removed or added:
            self._renew(first, first + removed, added)

    def text_of(self, span: Span) -> str:
        """What a span covers; lines are joined by \\n."""
        (line, start), (last, end) = span
        if line == last:
            return self.lines[line][start:end]
        return "\n".join(
            (self.lines[line][start:], *self.lines[line + 1 : last], self.lines[last][:end])
        )

    def apply(self, edits: Sequence[Edit]) -> str:
        """The text as it would be after non-overlapping edits; the document stays as it is."""
        buffer = self._buffer.copy()
        for edit in sorted(edits, key=lambda edit: edit.span)[::-1]:
            buffer.splice(edit.span, edit.text)
        return buffer.text

    def read_some(self, limit: int) -> bool:
        """Read up to `limit` entries that are new or were touched; False once all are read.

        For long files: a server that calls this in steps stays responsive, and `entries()` then
        has nothing left to do. A text that does not chunk is read in one step.
        """
        if not self._is_divided:
            self._read_head()
            return False
        low, high = self._unread
        while low < high and limit > 0:
            if self._slots[low] is None:
                self.entry(low)
                limit -= 1
            low += 1
        self._unread = low, high
        return low < high

    def entries(self) -> Sequence[E]:
        """Every entry in order. Unchanged entries are the same objects as before.

        The result is a snapshot: later edits do not change it.
        """
        if self._snapshot is None:
            while self.read_some(1 << 10):
                pass
            self._snapshot = tuple(cast("list[E]", self._slots))  # none is unread now
        return self._snapshot

    def unchecked(self, start: int) -> range:
        """The indexes among which are all entries that are new or were touched since
        `note_checked`. In a text that has to be read whole, which this does, all from `start` on.
        """
        return range(*self._unchecked) if self._is_divided else range(start, self.count())

    def note_checked(self, indexes: range) -> None:
        """Take the first of the `unchecked` for checked, until they are touched."""
        self._unchecked = indexes.stop, self._unchecked[1]

    @property
    def is_read(self) -> bool:
        """Whether every entry has been read since it was touched: `entries()` then costs little."""
        low, high = self._unread
        while low < high and self._slots[low] is not None:
            low += 1
        self._unread = low, high
        return low >= high

    def count(self) -> int:
        """The number of entries. Reads none of them, unless the text has to be read whole."""
        if not self._is_divided:
            self._read_head()
        return len(self._slots)

    def entry(self, index: int) -> E:
        """One entry, without reading the others: the same object as in `entries()`."""
        if self._chunks is None and not self._parts:  # in full, for it is asked most often of all
            self._read_head()
        found = self._slots[index]
        if found is None:
            parsed = self._read_piece(index)
            found = self._slots[index] = self.read_entry(
                parsed.node, parsed.problems, parsed.broken
            )
        return found

    @property
    def has_parts(self) -> bool:
        """Whether the text is divided, and the head is what belongs to no entry."""
        return bool(self._parts)

    def path_of(self, index: int) -> NodePath:
        """The path at which an entry's node stands."""
        if self._parts:
            return self._parts[index].path
        return (self.layout.list_key, index) if self.layout.list_key else ()

    def entry_line(self, index: int) -> int:
        """The line on which the entry's spans count as line 0."""
        if self._is_divided:
            return self._lines_of(index)[0]
        self._read_head()
        return self._whole[index][0]

    @property
    def parts_of_text(self) -> Sequence[Part]:
        """The parts of a long text, each of which is an entry. Not to be changed."""
        return self._parts

    def entry_at(self, line: int) -> int | None:
        """The index of the entry that `line` belongs to, if any."""
        if self._chunks is not None:
            return self._chunks.index_at(line)
        if self._parts:
            index = bisect_right(self._parts, line, key=lambda part: part.first) - 1
            return index if index >= 0 and line < self._parts[index].after else None
        self._read_head()
        for index, (start, node) in enumerate(self._whole):
            if start <= line <= start + node.span.end.line:
                return index
        return None

    def entry_node(self, index: int) -> MappingNode | None:
        """The entry's nodes, relative to its first line; None where the item is no mapping.

        Read anew when needed: only a few are kept.
        """
        if not self._is_divided:
            self._read_head()
            node: Node | None = self._whole[index][1]
        elif index in self._nodes:
            self._nodes.move_to_end(index)
            node = self._nodes[index]
        else:
            node = self._read_piece(index).node
        return node if isinstance(node, MappingNode) else None

    def head(self) -> MappingNode | None:
        """The top-level mapping without the entries: `name`, `description` ... with absolute spans.

        The list stands in it under its key, empty, as a Sequence whose span is that of all its
        lines. None where the text is no mapping at all.
        """
        node = self._read_head().node
        return node if isinstance(node, MappingNode) else None

    def problems(self) -> Sequence[SyntaxProblem]:
        """What is wrong with the file as YAML outside its entries; absolute spans."""
        return self._read_head().problems

    def _load(self, text: str) -> None:
        self._buffer = Buffer(text)
        self._forget()
        self._divide(None)

    def _forget(self) -> None:
        """Drop what was derived from the text as it was before an edit."""
        self._nodes.clear()
        self._head = self._snapshot = None

    @property
    def _is_divided(self) -> bool:
        return self._chunks is not None or bool(self._parts)

    def _divide(self, splice: Splice | None) -> None:
        """Divide the text; what was read of parts that a splice did not touch is kept."""
        key, lines = self.layout.list_key, self._buffer.lines
        divisible = key and self.layout.syntax == "yaml"
        self._chunks = find_chunks(lines, key) if divisible else None
        before = self._parts
        has_parts = self.layout.has_parts and sum(map(len, lines)) <= LONGEST
        after = syntax(self.layout.syntax).divide(lines) if has_parts else ()
        self.is_long = self.layout.has_parts and (not has_parts or len(after) > MOST)
        self._parts = after = after if len(after) <= MOST else ()
        count = len(self._chunks.starts) if self._chunks else len(after)
        self._whole = []
        if splice is None or not before:
            self._slots = [None] * count
            self._unread = self._unchecked = (0, count)
            return
        first, last = untouched(before, after, splice, len(lines))
        self._renew(first, len(before) - last, count - last - first)

    def _renew(self, first: int, end: int, added: int) -> None:
        """Put so many new entries in the place of those from `first` to before `end`."""
        self._slots[first:end] = [None] * added
        self._unread = _widened(self._unread, first, end, added)
        self._unchecked = _widened(self._unchecked, first, end, added)

    def _lines_of(self, index: int) -> tuple[int, int]:
        if self._chunks is not None:
            return self._chunks.lines_of(index)
        return self._parts[index][1:]

    def _read_piece(self, index: int) -> Parsed:
        """Read the chunk or part of an entry."""
        parsed = self._read_chunk(self._chunks, index) if self._chunks else self._read_part(index)
        self._nodes[index] = parsed.node
        if len(self._nodes) > _NODES_KEPT:
            self._nodes.popitem(last=False)
        return parsed

    def _read_part(self, index: int) -> Parsed:
        part, lines = self._parts[index], self._buffer.lines
        # With the end of its last line, where another follows it.
        own = lines[part.first : part.after] + [""] * (part.after < len(lines))
        return syntax(self.layout.syntax).read_part(own, part)

    def _read_chunk(self, chunks: Chunks, index: int) -> Parsed:
        start, after = chunks.lines_of(index)
        lines = self._buffer.lines
        parsed = recovery.read(lines[start:after], depth=1, ended=after < len(lines))
        items = parsed.node.items if isinstance(parsed.node, nodes.SequenceNode) else ()
        parsed = parsed._replace(node=items[0] if items else None)
        column = indent_of(lines[start])
        if column != chunks.indent:
            stray = SyntaxProblem(MISALIGNED_ITEM, span_at(0, column, 0, column + 1))
            parsed = Parsed(parsed.node, (*parsed.problems, stray), True)
        return parsed

    def _read_head(self) -> Parsed:
        if self._head is None:
            self._head = self._read_rest() if self._is_divided else self._read_whole()
        return self._head

    def _read_rest(self) -> Parsed:
        """What belongs to no entry; the same as before where nothing of it was touched."""
        lines, chunks = self._buffer.lines, self._chunks
        parts = (Part((), chunks.starts[0], chunks.end),) if chunks else self._parts
        numbers = [*around(len(lines), parts), len(lines)]
        kept = [lines[number] for number in numbers[:-1]]
        basis = numbers, kept, chunks and list_span(lines, chunks)
        if self._rest is None or self._rest[0] != basis:
            read = syntax(self.layout.syntax).read_rest
            self._rest = basis, read_around(lines, chunks) if chunks else read(lines, parts)
        return self._rest[1]

    def _read_whole(self) -> Parsed:
        """Read a text that does not chunk, entries and all."""
        parsed = syntax(self.layout.syntax).read(self._buffer.lines)
        list_key = self.layout.list_key
        if isinstance(parsed.node, nodes.SequenceNode) and not list_key:
            self._whole = [(0, parsed.node)]
            self._slots.append(self.read_entry(parsed.node, (), parsed.broken))
        if not isinstance(parsed.node, MappingNode):
            return parsed
        pairs: list[tuple[Node, Node]] = []
        for key, value in parsed.node.pairs:
            is_list = list_key and isinstance(key, ScalarNode) and key.value == list_key
            if is_list and isinstance(value, nodes.SequenceNode) and not self._whole:
                for item in value.items:
                    start = item.span.start.line
                    self._whole.append((start, nodes.move(item, -start)))
                value = replace(value, items=())
            pairs.append((key, value))
        if not list_key:
            self._whole = [(0, parsed.node)]
        self._slots += [self.read_entry(node, (), parsed.broken) for _, node in self._whole]
        return parsed._replace(node=replace(parsed.node, pairs=tuple(pairs)))


AnyDocument = TextDocument[Any]
"""A document of which only the text matters."""


def _widened(span: tuple[int, int], first: int, end: int, added: int) -> tuple[int, int]:
    """A range of indexes with the new ones in it that stand where `first` to `end` stood."""
    low, high = span if span[0] < span[1] else (first, 0)
    return min(low, first), max(high, end) + added - (end - first)
