"""The typed view of a document: its stages or roles, their model references, each with its span."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple
from weakref import WeakKeyDictionary

from stagewright.dialects import choragen, outline
from stagewright.dialects.around import Around
from stagewright.dialects.defined import Defined, defined_in, together
from stagewright.dialects.dialect import Dialect
from stagewright.dialects.entry import Entry, read_entry
from stagewright.dialects.governed import UNGOVERNED, Governed
from stagewright.dialects.key_path import in_words, node_at
from stagewright.dialects.outline import Outline
from stagewright.dialects.sites import ModelSite, Source, resolved, sites_in
from stagewright.text.buffer import Position, Span
from stagewright.text.document import TextDocument
from stagewright.text.nodes import MappingNode, Node, NodePath, SyntaxProblem

__all__ = ["HEAD", "Dialect", "Document", "Entry", "ModelSite", "site_at", "sites", "where"]

HEAD = -1
"""The index of the entry that is all of a file but its list; where the models of other programs'
files may be named as well."""


class SiteAt(NamedTuple):
    """A model site of a document: which of which entry's, and where that entry's line 0 is."""

    entry: int
    number: int
    site: ModelSite
    line: int


class _Told(NamedTuple):
    """What an entry tells about the whole file."""

    outline: Outline
    defined: Defined


class _Known(NamedTuple):
    """An entry's sites, and what they were read and resolved with."""

    told: _Told
    outline: Outline  # as far as it concerns the entry
    path: NodePath
    read: tuple[ModelSite, ...]
    sites: tuple[ModelSite, ...]


class Document(TextDocument[Entry]):
    """An open file of a dialect: its text, and its entries, each with the models it names."""

    def __init__(
        self,
        text: str,
        dialect: Dialect = choragen.TEMPLATE,
        governed: Governed = UNGOVERNED,
    ) -> None:
        self.dialect, self.governed = dialect, governed
        self._head_entry: tuple[MappingNode | None, Entry] | None = None
        self._told: WeakKeyDictionary[Entry, _Told] = WeakKeyDictionary()
        self._known: WeakKeyDictionary[Entry, _Known] = WeakKeyDictionary()
        self._together: _Told | None = None  # of all entries; None where the text has changed
        self._before = _Told({}, governed.defined)
        self._paths: list[NodePath] = []
        self._around: frozenset[NodePath] = frozenset()  # mappings in which entries stand
        self._entries_before: Sequence[Entry] = ()
        super().__init__(text, dialect.layout)

    def read_entry(
        self, node: Node | None, problems: tuple[SyntaxProblem, ...], broken: bool
    ) -> Entry:
        return read_entry(node, self.dialect, problems, broken)

    @property
    def scalar_syntax(self) -> str:
        """The syntax that its values are written in."""
        return "yaml" if self.layout.front_matter else self.dialect.syntax

    def parts(self) -> Sequence[int]:
        """The indexes of all entries in which models may be named."""
        return (HEAD, *range(self.count())) if self._has_head else range(self.count())

    def parts_at(self, line: int) -> Sequence[int]:
        """The indexes of those that a line may belong to."""
        if self.chunks is None and not self.has_parts:
            return self.parts()
        index = self.entry_at(line)
        return (index,) if index is not None else (HEAD,) if self._has_head else ()

    def path_of(self, index: int) -> NodePath:
        """The path at which an entry's node stands."""
        return () if index == HEAD else super().path_of(index)

    def sites(self, index: int) -> tuple[ModelSite, ...]:
        """The model sites of an entry: the same objects as long as nothing about them changes."""
        entry = self.entry(index)
        if entry.node is None:  # a Choragen file's
            return entry.sites
        told, known = self._of_all(), self._known.get(entry)
        if known is not None and known.told is told:
            return known.sites
        path = self.path_of(index)
        concerning = outline.concerning(told.outline, path, self._around)
        if known is None or (known.outline, _fixed(known.path)) != (concerning, _fixed(path)):
            first = self.entry_line(index)
            source = Source(self.lines, first, self.scalar_syntax, path, told.outline, self._around)
            read = sites_in(entry.node, self.dialect, source)
        elif known.told.defined is told.defined:
            self._known[entry] = known._replace(told=told)
            return known.sites
        else:
            read = known.read
        found = tuple(resolved(site, told.defined, self.governed) for site in read)
        self._known[entry] = _Known(told, concerning, path, read, found)
        return found

    def around(self, line: int, path: NodePath) -> tuple[Around, bool]:
        """What stands around the value at a path, on a line, as far as it can be followed; and
        whether it could be up to the mapping that the value stands in. Not in a text that is too
        long to be read in parts: who types there would wait for seconds."""
        if self.is_long:
            return Around(()), False
        told = self._of_all()
        for index in self.parts_at(line):
            prefix, node = self.path_of(index), self.entry(index).node
            if path[: len(prefix)] != prefix:
                continue
            steps, passed = path[len(prefix) :], []
            for step in steps:
                if isinstance(node, MappingNode) and isinstance(step, str):
                    passed.append(node)
                node = node_at(node, (step,))
            levels = outline.levels(told.outline, self._around, prefix, steps, passed)
            keys = sum(isinstance(step, str) for step in path)
            return Around(levels, node), len(levels) >= keys
        return Around(()), False

    @property
    def defined(self) -> Defined:
        """What the file declares, and those that govern it."""
        return self._of_all().defined

    def govern(self, governed: Governed) -> None:
        """Take what the settings files beside it say now."""
        if governed != self.governed:
            self.governed = governed
            self._known.clear()
            self._together, self._entries_before = None, ()

    def entry(self, index: int) -> Entry:
        if index != HEAD:
            return super().entry(index)
        node = self.head()
        if self._head_entry is None or self._head_entry[0] is not node:
            entry = read_entry(node, self.dialect, (), bool(self.problems()))
            self._head_entry = node, entry
        return self._head_entry[1]

    def entry_line(self, index: int) -> int:
        return 0 if index == HEAD else super().entry_line(index)

    def entry_node(self, index: int) -> MappingNode | None:
        return self.head() if index == HEAD else super().entry_node(index)

    def _forget(self) -> None:
        super()._forget()
        self._together = None

    @property
    def _has_head(self) -> bool:
        return self.has_parts

    def _of_all(self) -> _Told:
        """What all entries tell together. Where it says the same as before, the same objects."""
        if self._together is None:
            entries = self.entries()
            if self._has_head:
                entries = (self.entry(HEAD), *entries)
            paths = [self.path_of(index) for index in self.parts()]
            if self._has_head and self._paths != (fixed := [*map(_fixed, paths)]):
                self._paths, self._around = fixed, outline.around_parts(paths)
                self._told.clear()
                self._entries_before = ()
            if not self._tell_the_same(entries, paths):
                told = list(map(self._of, entries, paths))
                everything = outline.together(one.outline for one in told)
                defined = together((self.governed.defined, *(one.defined for one in told)))
                before = self._before
                if (before.outline, before.defined) != (everything, defined):
                    self._before = _Told(
                        before.outline if before.outline == everything else everything,
                        before.defined if before.defined == defined else defined,
                    )
            self._entries_before, self._together = entries, self._before
        return self._together

    def _tell_the_same(self, entries: Sequence[Entry], paths: Sequence[NodePath]) -> bool:
        """Whether these tell together what those before did; nearly always one alone is another."""
        before = self._entries_before
        return len(before) == len(entries) and all(
            old is new or self._told[old] == self._of(new, path)
            for old, new, path in zip(before, entries, paths, strict=True)
        )

    def _of(self, entry: Entry, path: NodePath) -> _Told:
        found = self._told.get(entry)
        if found is None:
            dialect = self.dialect
            said = outline.told_by(entry.node, path, self._around, dialect.places)
            found = _Told(said, defined_in(entry.node, dialect.defines, path))
            self._told[entry] = found
        return found


def _fixed(path: NodePath) -> NodePath:
    """A path without the numbers at its end, which change with the items above."""
    end = len(path)
    while end and isinstance(path[end - 1], int):
        end -= 1
    return path[:end]


def sites(document: Document) -> Iterator[tuple[Entry, ModelSite]]:
    """Every model site, in order, with its entry."""
    for index, number in in_order(document):
        yield document.entry(index), document.sites(index)[number]


def in_order(document: Document) -> list[tuple[int, int]]:
    """Every model site in the order of the text, as the indexes of its entry and of itself."""
    found = [
        (site.span.shifted(document.entry_line(index)), index, number)
        for index in document.parts()
        for number, site in enumerate(document.sites(index))
    ]
    return [(index, number) for _, index, number in sorted(found)]


def where(document: Document, entry: int, site: ModelSite) -> str:
    """The path of keys from the top of the document to a site: `stages[2].defaultModel`."""
    return in_words((*document.path_of(entry), *site.path))


def site_at(document: Document, position: Position) -> SiteAt | None:
    """The model site whose value, or key, is at a position."""
    for entry in document.parts_at(position.line):
        line = document.entry_line(entry)
        for number, site in enumerate(document.sites(entry)):
            extent = Span(min(site.key_span.start, site.span.start), site.span.end)
            if extent.shifted(line).contains(position):
                return SiteAt(entry, number, site, line)
    return None
