"""Templates with `$0` at the cursor, catalogues in three lines, diagnostics under their marks."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from textwrap import dedent

from stagewright.analysis.diagnostics.diagnose import diagnose
from stagewright.analysis.options import Options
from stagewright.analysis.results import Diagnostic, Edit
from stagewright.catalog.catalog import Catalog, ProviderSnapshot, Status
from stagewright.catalog.model import Lifecycle, Model, Price, Source
from stagewright.dialects import choragen
from stagewright.dialects.choragen.roles import RoleIndex
from stagewright.dialects.document import Dialect, Document
from stagewright.text.buffer import Position

NOW = datetime(2026, 11, 22, 14, 30, tzinfo=UTC)
CHECKED = NOW - timedelta(minutes=3)
OPTIONS = Options(now=NOW)


def provider(name: str, *models: str | Model, **facts: object) -> ProviderSnapshot:
    """A provider that has answered with these models, unless told otherwise."""
    known = {"openai": "OpenAI", "openrouter": "OpenRouter"}
    made = tuple(Model(model) if isinstance(model, str) else model for model in models)
    answered = ProviderSnapshot(
        name,
        known.get(name, name.title()),
        Status.OK,
        made,
        complete=True,
        checked_at=CHECKED,
        asks_single=True,
        key_variable=f"{name.upper()}_API_KEY",
    )
    return replace(answered, **facts)  # type: ignore[arg-type]


def without_key(name: str, *models: Model, **facts: object) -> ProviderSnapshot:
    """A provider without a key, known from offline knowledge alone."""
    locked = provider(
        name,
        *(replace(model, source=Source.OFFLINE) for model in models),
        status=Status.NOT_CONFIGURED,
        complete=False,
        checked_at=None,
    )
    return replace(locked, **facts)  # type: ignore[arg-type]


def catalog(*providers: ProviderSnapshot) -> Catalog:
    return Catalog({one.id: one for one in providers})


def retiring(model_id: str, day: str, successor: str | None = None, **facts: object) -> Model:
    """A deprecated model that ends on a day."""
    return Model(  # type: ignore[arg-type]
        model_id,
        lifecycle=Lifecycle.DEPRECATED,
        retires_at=date.fromisoformat(day),
        successors=(successor,) if successor else (),
        **facts,
    )


OPUS = Model(
    "claude-opus-4-5",
    "Claude Opus 4.5",
    lifecycle=Lifecycle.ACTIVE,
    created=datetime(2026, 2, 1, tzinfo=UTC),
    context_window=200_000,
    max_output=64_000,
    price=Price(5, 25),
    offline_facts={"price": "litellm 1.2, 2026-11-20"},
)
SONNET = Model("claude-sonnet-4-5", "Claude Sonnet 4.5", created=datetime(2025, 9, 29, tzinfo=UTC))
OLD_OPUS = retiring(
    "claude-opus-4-1",
    "2026-11-30",
    "claude-opus-4-5",
    name="Claude Opus 4.1",
    created=datetime(2025, 8, 5, tzinfo=UTC),
    context_window=200_000,
)
EMBEDDING = Model("text-embedding-3-large", chat=False)

CATALOG = catalog(
    provider("anthropic", OPUS, SONNET, OLD_OPUS),
    provider("openai", "gpt-5", "gpt-5-mini", "gpt-4o", EMBEDDING),
    without_key("mistral", Model("mistral-large-latest")),
)


def document_at(marked: str, kind: Dialect = choragen.TEMPLATE) -> tuple[Document, Position]:
    """The document without its `$0`, and where that stood."""
    text = dedent(marked).lstrip("\n")
    if kind is choragen.TRANSCRIPT:
        text = f"---\n{text}\n---\n"
    before, found, after = text.partition("$0")
    assert found, "no $0 in the text"
    lines = before.split("\n")
    return Document(before + after, kind), Position(len(lines) - 1, len(lines[-1]))


_MARK = re.compile(r"^( *)(\^+) ([a-z-]+): (.*)$")


def unmarked(text: str) -> str:
    """A text without the diagnostics marked in it."""
    return "\n".join(
        line for line in dedent(text).lstrip("\n").split("\n") if not _MARK.match(line)
    )


def with_marks(document: Document, diagnostics: Iterable[Diagnostic]) -> str:
    """The text with diagnostics under the lines they begin in; `severity` where it is not usual."""
    under: dict[int, list[str]] = {}
    for diagnostic in diagnostics:
        start, end = diagnostic.span
        width = (end.column - start.column) if end.line == start.line else 1
        mark = f"{' ' * start.column}{'^' * max(width, 1)} {diagnostic.code}: {diagnostic.message}"
        under.setdefault(start.line, []).append(mark)
    shown = []
    for number, line in enumerate(document.lines):
        shown += [line, *under.get(number, [])]
    return "\n".join(shown)


READS_DIFFERENTLY = "choragen-reads-differently"
STRUCTURAL = frozenset(
    {
        "template-structure",
        "key-unknown",
        "role-unknown",
        "stage-duplicate",
        READS_DIFFERENTLY,
    }
)


def structural(document: Document, roles: RoleIndex | None = None) -> list[Diagnostic]:
    """The diagnostics about structure alone."""
    found = diagnose(document, CATALOG, replace(OPTIONS, roles=roles))
    return [one for one in found if one.code in STRUCTURAL - {READS_DIFFERENTLY}]


def read_differently(document: Document) -> list[Diagnostic]:
    """What Choragen reads otherwise."""
    return [one for one in diagnose(document, CATALOG, OPTIONS) if one.code == READS_DIFFERENTLY]


def about_models(
    document: Document, known: Catalog = CATALOG, options: Options = OPTIONS
) -> list[Diagnostic]:
    """The diagnostics about models and syntax: most templates here hold nothing else."""
    return [one for one in diagnose(document, known, options) if one.code not in STRUCTURAL]


def assert_diagnostics(
    text: str,
    known: Catalog = CATALOG,
    options: Options = OPTIONS,
    kind: Dialect = choragen.TEMPLATE,
) -> list[Diagnostic]:
    """Check that those about models are marked under the text they concern, and return them."""
    document = Document(unmarked(text), kind)
    diagnostics = about_models(document, known, options)
    assert with_marks(document, diagnostics) == dedent(text).lstrip("\n")
    return diagnostics


def applied(document: Document, edits: Iterable[Edit]) -> str:
    """The text after the edits, which must not overlap and must lie inside of it."""
    ordered = sorted(edits, key=lambda edit: edit.span)
    for edit in ordered:
        assert document.clamp(edit.span.start) == edit.span.start
        assert document.clamp(edit.span.end) == edit.span.end
        assert edit.span.start <= edit.span.end
    for one, other in pairwise(ordered):
        assert one.span.end <= other.span.start
    return document.apply(ordered)
