"""The model sites of a file of another program, where each may depend on all of the file.

Choragen's are read without this: an editor's first completion mostly stands in one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from weakref import WeakKeyDictionary

from stagewright.dialects import outline
from stagewright.dialects.around import Around
from stagewright.dialects.defined import defined_in
from stagewright.dialects.entries import HEAD, Entries
from stagewright.dialects.entry import Entry
from stagewright.dialects.governed import Defined, Governed, together
from stagewright.dialects.key_path import node_at
from stagewright.dialects.outline import Outline
from stagewright.dialects.sites import ModelSite
from stagewright.dialects.text_sites import Source, resolved, sites_in
from stagewright.text.nodes import MappingNode, NodePath


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


class FileSites:
    """What an edited file tells of its sites; what an edit did not touch is kept."""

    def __init__(self, file: Entries, governed: Governed) -> None:
        self._file, self._governed = file, governed
        self._told: WeakKeyDictionary[Entry, _Told] = WeakKeyDictionary()
        self._known: WeakKeyDictionary[Entry, _Known] = WeakKeyDictionary()
        self._now: _Told | None = None  # of all entries; None where the text has changed
        self._before = _Told({}, governed.defined)
        self._paths: list[NodePath] = []
        self._around: frozenset[NodePath] = frozenset()  # mappings in which entries stand
        self._entries_before: Sequence[Entry] = ()

    def changed(self) -> None:
        """Take note that the text is another."""
        self._now = None

    def govern(self, governed: Governed) -> None:
        """Take what the settings files beside it say now."""
        self._governed = governed
        self._known.clear()
        self._now, self._entries_before = None, ()

    def sites(self, index: int) -> tuple[ModelSite, ...]:
        """The model sites of an entry: the same objects as long as nothing about them changes."""
        entry = self._file.entry(index)
        if entry.node is None:
            return ()
        told, known = self._together(), self._known.get(entry)
        if known is not None and known.told is told:
            return known.sites
        path = self._file.path_of(index)
        concerning = outline.concerning(told.outline, path, self._around)
        if known is None or (known.outline, _fixed(known.path)) != (concerning, _fixed(path)):
            first = self._file.entry_line(index)
            source = Source(
                self._file.lines, first, self._file.scalar_syntax, path, told.outline, self._around
            )
            read = sites_in(entry.node, self._file.dialect, source)
        elif known.told.defined is told.defined:
            self._known[entry] = known._replace(told=told)
            return known.sites
        else:
            read = known.read
        found = tuple(resolved(site, told.defined, self._governed) for site in read)
        self._known[entry] = _Known(told, concerning, path, read, found)
        return found

    def around(self, line: int, path: NodePath) -> tuple[Around, bool]:
        """What stands around the value at a path, on a line, as far as it can be followed; and
        whether it could be up to the mapping that the value stands in. Not in a text that is too
        long to be read in parts: who types there would wait for seconds."""
        if self._file.is_long:
            return Around(()), False
        told = self._together()
        for index in self._file.parts_at(line):
            prefix, node = self._file.path_of(index), self._file.entry(index).node
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

    def _together(self) -> _Told:
        """What all entries tell together. Where it says the same as before, the same objects."""
        if self._now is None:
            entries = self._file.entries()
            if self._file.has_parts:
                entries = (self._file.entry(HEAD), *entries)
            paths = [self._file.path_of(index) for index in self._file.parts()]
            if self._file.has_parts and self._paths != (fixed := [*map(_fixed, paths)]):
                self._paths, self._around = fixed, outline.around_parts(paths)
                self._told.clear()
                self._entries_before = ()
            if not self._tell_the_same(entries, paths):
                told = list(map(self._of, entries, paths))
                everything = outline.together(one.outline for one in told)
                defined = together((self._governed.defined, *(one.defined for one in told)))
                before = self._before
                if (before.outline, before.defined) != (everything, defined):
                    self._before = _Told(
                        before.outline if before.outline == everything else everything,
                        before.defined if before.defined == defined else defined,
                    )
            self._entries_before, self._now = entries, self._before
        return self._now

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
            dialect = self._file.dialect
            said = outline.told_by(entry.node, path, self._around, dialect.places)
            found = _Told(said, defined_in(entry.node, dialect.defines, path))
            self._told[entry] = found
        return found

    @property
    def defined(self) -> Defined:
        """What the file declares, and those that govern it."""
        return self._together().defined


def _fixed(path: NodePath) -> NodePath:
    """A path without the numbers at its end, which change with the items above."""
    end = len(path)
    while end and isinstance(path[end - 1], int):
        end -= 1
    return path[:end]
