"""Other programs' files under test: what is offered at their `$0`, and what is said of them."""

from __future__ import annotations

from dataclasses import replace

from tests.analysis.support import CATALOG, OPTIONS, retiring, with_marks
from tests.dialects.support import claimed, with_cursor

from stagewright.analysis.completion.complete import complete
from stagewright.analysis.diagnostics.diagnose import diagnose
from stagewright.catalog.catalog import Catalog
from stagewright.catalog.model import Lifecycle, Model
from stagewright.dialects.dialect import Dialect, builtin
from stagewright.dialects.document import Document
from stagewright.text.buffer import Position

CLAUDE, PROMPTFOO = builtin("claude-code"), builtin("promptfoo")
ARCHON, GH_AW, TASKS = builtin("archon"), builtin("gh-aw"), builtin("taskmaster")

# A workflow of GitHub with one step, whose action and input are filled in.
STEP = "jobs:\n  a:\n    steps:\n      - uses: {}@v1\n        with:\n          {}\n"
CLAUDE_STEP, CODEX_STEP = "anthropics/claude-code-action", "openai/codex-action"
WORKFLOW, OPENCODE = ".github/workflows/a.yml", "opencode.json"


def at(marked: str, dialect: Dialect) -> tuple[Document, Position]:
    """The document without its `$0`, and where that stood."""
    text, position = with_cursor(marked)
    return Document(text, dialect), position


def claimed_at(path: str, marked: str) -> tuple[Document, Position]:
    """The document that lies at a path, without its `$0`, and where that stood."""
    text, position = with_cursor(marked)
    return claimed(path, text), position


def offered(marked: str, dialect: Dialect, known: Catalog = CATALOG) -> list[str]:
    """The labels of what is offered at the `$0`."""
    return [item.label for item in complete(*at(marked, dialect), known, OPTIONS).items]


def taken(marked: str, label: str, dialect: Dialect) -> str:
    """The text once the one item of this label is chosen at the `$0`."""
    document, position = at(marked, dialect)
    items = complete(document, position, CATALOG, OPTIONS).items
    (item,) = [one for one in items if one.label == label]
    return document.apply([item.edit, *item.also])


def said(text: str, dialect: Dialect, known: Catalog = CATALOG) -> str:
    """The text with its diagnostics under what they mark."""
    document = Document(text, dialect)
    return with_marks(document, diagnose(document, known, OPTIONS))


def retired(name: str, successor: str) -> Model:
    """A model that has ended, and what replaces it."""
    return replace(retiring(name, "2026-01-01", successor), lifecycle=Lifecycle.RETIRED)


def agent(model: str) -> str:
    """An agent of Claude Code."""
    return f"---\nname: a\nmodel: {model}\n---\n\nBe brief. model: nothing\n"


def config(model: str) -> str:
    """A configuration of promptfoo."""
    return f"providers:\n  - {model}\n"
