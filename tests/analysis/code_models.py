"""Source code under test, and who is known to have the models that it names."""

from __future__ import annotations

from textwrap import dedent

from tests.analysis.support import OPTIONS, catalog, provider, retiring, without_key
from tests.catalog.knowing import known

from stagewright.analysis.completion.complete import complete
from stagewright.analysis.diagnostics.diagnose import diagnose
from stagewright.catalog.catalog import Catalog
from stagewright.catalog.model import Lifecycle, Model
from stagewright.dialects.dialect import builtin
from stagewright.dialects.document import Document
from stagewright.dialects.opening import open_document
from stagewright.text.buffer import Position

GONE = {"a": {"mode": "chat", "end": "2026-01-05", "next": ["gpt-5"]}}
ENDING = {"a": {"mode": "chat", "end": "2027-01-05", "next": ["gpt-5"]}}
LIVES = {"a": {"mode": "chat"}}
OPENAI = without_key(
    "openai",
    knowledge=known(
        {"gpt-5": LIVES, "gpt-4-gone": GONE, "gpt-3-gone": GONE, "gpt-4-ending": ENDING}
        | {"text-embed-3": {"a": {"mode": "embedding"}}}
    ),
)
AZURE = without_key(
    "azure",
    knowledge=known({"gpt-4-gone": LIVES, "gpt-4-ending": LIVES, "open-1b": GONE, "open-2b": GONE}),
    askable=False,
)
TOGETHER = without_key("together", knowledge=known({"open-1b": LIVES, "open-2b": GONE}))
CLAUDE = provider("anthropic", "claude-opus-5", Model("claude-2.9", lifecycle=Lifecycle.RETIRED))
KNOWN = catalog(OPENAI, AZURE, CLAUDE, TOGETHER)


def opened(text: str, name: str = "a.py", by: Catalog = KNOWN) -> Document:
    """A source file in which the models of a catalogue are recognised."""
    document = open_document(dedent(text).lstrip("\n"), builtin("code"), name=name)
    document.recognize(by)
    return document


def said(text: str, name: str = "a.py", by: Catalog = KNOWN) -> list[tuple[int, str, str]]:
    """Line, code and severity of each diagnostic."""
    found = diagnose(opened(text, name, by), by, OPTIONS)
    return [(one.span.start.line, one.code, one.severity.value) for one in found]


def offered(marked: str, name: str = "a.py", by: Catalog = KNOWN) -> tuple[list[str], list[str]]:
    """The labels that are offered at `$0`, and the texts with the first of each put in."""
    before, _, after = marked.partition("$0")
    document = open_document(before + after, builtin("code"), name=name)
    lines = before.split("\n")
    answer = complete(document, Position(len(lines) - 1, len(lines[-1])), by, OPTIONS)
    return [one.label for one in answer.items], [
        document.apply((one.edit,)) for one in answer.items[:1]
    ]


LIVE = catalog(
    provider("openai", "gpt-5", "gpt-5-mini"),
    provider("anthropic", "claude-opus-5", retiring("claude-opus-4", "2026-11-30")),
    without_key("mistral", Model("mistral-large")),
)
