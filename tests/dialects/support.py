"""Templates with a cursor or with marked problems in them, written as a person sees them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from textwrap import dedent

from stagewright.dialects import choragen
from stagewright.dialects.document import Dialect, Document
from stagewright.dialects.registry import Dialects
from stagewright.text.buffer import Position, Span
from stagewright.text.cursor import Cursor
from stagewright.text.cursor_at import cursor_at
from stagewright.text.nodes import SyntaxProblem
from stagewright.workspace import claim

CURSOR = "$0"
DATA = Path(__file__).parent.parent / "data" / "choragen"

_MARK = re.compile(r"^( *)(\^+) (.*)$")


def with_cursor(text: str) -> tuple[str, Position]:
    """The text without its `$0`, and where that stood."""
    before, found, after = text.partition(CURSOR)
    assert found, "no $0 in the text"
    lines = before.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return before + after, Position(len(lines) - 1, len(lines[-1]))


def cursor_in(text: str, kind: Dialect = choragen.TEMPLATE) -> Cursor | None:
    """What is typed at the `$0` of an indented text."""
    plain, position = with_cursor(dedent(text))
    return cursor_at(Document(plain, kind), position)


def unmarked(text: str) -> str:
    """An indented text without its lines of `^^^ message`."""
    lines = dedent(text).lstrip("\n").split("\n")
    return "\n".join(line for line in lines if not _MARK.match(line))


def marked(document: Document, problems: Iterable[tuple[Span, str]]) -> str:
    """The document's text with `^^^ message` under what each problem marks, in its order."""
    shown: list[str] = []
    under: dict[int, list[str]] = {}
    for (start, end), message in sorted(problems):
        assert document.clamp(start) == start
        assert document.clamp(end) == end
        stop = end.column if end.line == start.line else len(document.lines[start.line])
        marks = "^" * max(1, stop - start.column)
        under.setdefault(start.line, []).append(f"{' ' * start.column}{marks} {message}")
    for number, line in enumerate(document.lines):
        shown += [line, *under.get(number, [])]
    return "\n".join(shown)


def all_problems(document: Document) -> list[tuple[Span, str]]:
    """Every syntax problem with its absolute span."""
    found: list[SyntaxProblem] = list(document.problems())
    placed = [(problem.span, problem.message) for problem in found]
    for index, entry in enumerate(document.entries()):
        line = document.entry_line(index)
        placed += [(problem.span.shifted(line), problem.message) for problem in entry.problems]
    return placed


def assert_problems(text: str, kind: Dialect = choragen.TEMPLATE) -> Document:
    """Check that a text has exactly the problems that are marked in it, and return its document."""
    document = Document(unmarked(text), kind)
    assert marked(document, all_problems(document)) == dedent(text).lstrip("\n")
    return document


def names(document: Document) -> list[str | None]:
    """The names of the entries, None where one cannot be read."""
    return [entry.name.value if entry.name else None for entry in document.entries()]


def templates() -> list[Path]:
    """The real templates."""
    found = sorted((DATA / "workflow-templates").glob("*.yaml"))
    assert found
    return found


def with_models(text: str) -> str:
    """A real template with a `defaultModel` in every stage."""
    block = "    defaultModel:\n      provider: anthropic\n      model: claude-opus-4-1\n"
    lines = text.splitlines(keepends=True)
    return "".join(
        line + (block if before.startswith("  - name:") else "")
        for before, line in pairwise(["", *lines])
    )


def claimed(path: str, text: str) -> Document:
    """A file that lies at this path of a workspace, as the dialect that claims it reads it."""
    dialect = claim(Path("/work") / path, Dialects(), head=text)
    assert dialect is not None, f"{path} is claimed by nothing"
    return Document(text, dialect)
