"""What Choragen's line reader takes otherwise, marked in a text; and the text once it is fixed."""

from __future__ import annotations

from textwrap import dedent, indent

from tests.analysis.support import applied, read_differently, unmarked, with_marks

from stagewright.analysis.choragen.fix_differences import difference_fixes
from stagewright.analysis.results import Severity
from stagewright.dialects.document import Document

CODE = "choragen-reads-differently"


def stage(body: str) -> str:
    """A template whose one stage goes on with this body."""
    lines = indent(dedent(body).strip("\n"), "    ")
    return f"name: t\nstages:\n  - name: a\n    type: review\n{lines}\n"


def short(text: str) -> str:
    """Marks without the code, which is always the same."""
    return text.replace(f"{CODE}: ", "")


def assert_marks(text: str) -> Document:
    """Check that a text has exactly the differences that are marked in it; its document."""
    document = Document(short(unmarked(text.replace("^ ", f"^ {CODE}: "))))
    found = sorted(read_differently(document), key=lambda diagnostic: diagnostic.span)
    assert short(with_marks(document, found)) == text
    assert {diagnostic.severity for diagnostic in found} <= {Severity.WARNING}
    return document


def after_fixes(document: Document) -> tuple[str, list[str]]:
    """The text after each diagnostic's fix in turn, and what is left."""
    for _ in range(20):
        for diagnostic in read_differently(document):
            if fixes := difference_fixes(document, diagnostic):
                document = Document(applied(document, fixes[0].edits))
                break
        else:
            break
    return document.text, [diagnostic.message for diagnostic in read_differently(document)]
