"""The entries of a document: stages, roles, or the parts of another program's file and its head."""

from __future__ import annotations

from collections.abc import Sequence

from stagewright.dialects.dialect import Dialect
from stagewright.dialects.entry import Entry, read_entry
from stagewright.text.document import TextDocument
from stagewright.text.nodes import MappingNode, Node, NodePath, SyntaxProblem

HEAD = -1
"""The index of the entry that is all of a file but its list; where the models of other programs'
files may be named as well."""


class Entries(TextDocument[Entry]):
    """A text of a dialect, as its entries, each with its index, path and first line."""

    def __init__(self, text: str, dialect: Dialect) -> None:
        self.dialect = dialect
        self._head_entry: tuple[MappingNode | None, Entry] | None = None
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
        return (HEAD, *range(self.count())) if self.has_parts else range(self.count())

    def parts_at(self, line: int) -> Sequence[int]:
        """The indexes of those that a line may belong to."""
        if self.chunks is None and not self.has_parts:
            return self.parts()
        index = self.entry_at(line)
        return (index,) if index is not None else (HEAD,) if self.has_parts else ()

    def path_of(self, index: int) -> NodePath:
        """The path at which an entry's node stands."""
        return () if index == HEAD else super().path_of(index)

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
