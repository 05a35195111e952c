"""The typed view of a document: its stages or roles, their model references, each with its span."""

from __future__ import annotations

from stagewright.dialects.entry import DocumentKind, Entry, ReferenceField, read_entry
from stagewright.text.document import Layout, TextDocument
from stagewright.text.yaml.syntax import Node, SyntaxProblem

__all__ = ["LIST_KEYS", "Document", "DocumentKind", "Entry", "ReferenceField"]

LIST_KEYS: dict[DocumentKind, str] = {"template": "stages", "roles": "roles"}
"""The key of the list of entries. A transcript has one entry, its front matter."""

TEXT_LISTS = frozenset(("commands", "toolIds"))

_LAYOUTS: dict[DocumentKind, Layout] = {
    "template": Layout("stages", text_lists=TEXT_LISTS),
    "roles": Layout("roles", text_lists=TEXT_LISTS),
    "transcript": Layout(front_matter=True, text_lists=TEXT_LISTS),
}


class Document(TextDocument[Entry]):
    """An open file of Choragen's: its text, and its stages or roles.

    Of a transcript only the front matter is read, as its one entry.
    """

    def __init__(self, text: str, kind: DocumentKind = "template") -> None:
        self.kind: DocumentKind = kind
        super().__init__(text, _LAYOUTS[kind])

    def read_entry(
        self, node: Node | None, problems: tuple[SyntaxProblem, ...], broken: bool
    ) -> Entry:
        return read_entry(node, self.kind, problems, broken)
