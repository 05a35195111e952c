"""The typed view of a document: its stages or roles, their model references, each with its span."""

from __future__ import annotations

from stagewright.dialects import choragen
from stagewright.dialects.dialect import Dialect
from stagewright.dialects.entry import Entry, read_entry
from stagewright.dialects.sites import ModelSite
from stagewright.text.document import TextDocument
from stagewright.text.yaml.syntax import Node, SyntaxProblem

__all__ = ["Dialect", "Document", "Entry", "ModelSite"]


class Document(TextDocument[Entry]):
    """An open file of a dialect: its text, and its entries, each with the models it names."""

    def __init__(self, text: str, dialect: Dialect = choragen.TEMPLATE) -> None:
        self.dialect = dialect
        super().__init__(text, dialect.layout)

    def read_entry(
        self, node: Node | None, problems: tuple[SyntaxProblem, ...], broken: bool
    ) -> Entry:
        return read_entry(node, self.dialect, problems, broken)
