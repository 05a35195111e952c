"""Source code and loose configuration in every language: all models found, and nothing else.

Beside each file in `data/code/<language>/` stand two tables, written by hand. `<name>.sites.tsv`
begins with `# as: PATH`, where the file lies in a project; then a line for each model that is named
in it: line, column (both from 1, columns in code points, at the first letter behind the quote),
written, provider, model, what tells that it is one, and code and severity of what is to be said of
it on 22 November 2026 (`-`: nothing). What tells it: `name` (of the argument, field, key or
variable left of it), `call` (the provider's function around it), `pair` (it names its provider
itself), `id` (nothing but its own text). `<name>.decoys.tsv` has what only looks like one: line,
column, text, and why it is none, or none that anything can be said of (`elsewhere`: the file asks
for it at an address of its own). Whatever stands in neither is no model either.

What is known of the models is kept in `data/code/knowledge/`, for these ids alone, so that what the
program knows may change.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pytest
from tests.dialects.test_real_files import ENDS, NOW, OPTIONS, rows

from stagewright.analysis.diagnostics.diagnose import diagnose
from stagewright.analysis.edits import set_site
from stagewright.analysis.fixes.actions import fix_all
from stagewright.catalog.catalog import Catalog, ProviderSnapshot
from stagewright.catalog.knowledge import NOTHING, Knowledge
from stagewright.catalog.knowledge.file import KnowledgeFile
from stagewright.catalog.model import ModelReference
from stagewright.dialects.document import Document, in_order
from stagewright.dialects.opening import open_document
from stagewright.dialects.registry import Dialects
from stagewright.text.buffer import Buffer, Position
from stagewright.workspace import claim

CODE = Path(__file__).parents[1] / "data" / "code"
FILES = [
    file.relative_to(CODE).as_posix().removesuffix(".sites.tsv")
    for file in sorted(CODE.glob("*/*.sites.tsv"))
]
LANGUAGES = {
    *("csharp", "docker", "dotenv", "go", "ini", "java", "javascript", "json", "kotlin"),
    *("notebook", "php", "powershell", "properties", "python", "ruby", "rust", "scala"),
    *("shell", "swift", "toml", "typescript", "yaml"),
}
REASONS = {
    **dict.fromkeys(("comment", "block-comment", "prose", "longer", "word", "version"), 20),
    **dict.fromkeys(("deployment", "path", "car", "package"), 20),
    **dict.fromkeys(("log", "interpolation", "url", "orm", "3d"), 15),
    **dict.fromkeys(("regex", "import", "name-part"), 10),
    **dict.fromkeys(("css", "ml-checkpoint", "docstring", "markdown", "output", "elsewhere"), 5),
    **dict.fromkeys(("escape", "part", "secret", "test-id"), 5),
    "section": 1,
}
"""Why something is no model, and how many of them there are at the least."""

OTHER = {
    "anthropic": "claude-opus-4-6",
    "azure": "gpt-4o-mini",
    "bedrock": "amazon.nova-pro-v1:0",
    "cohere": "command-r-08-2024",
    "dashscope": "qwen3-max",
    "deepinfra": "deepseek-ai/DeepSeek-V3",
    "deepseek": "deepseek-reasoner",
    "gemini": "gemini-2.5-pro",
    "groq": "llama-3.1-8b-instant",
    "minimax": "MiniMax-M2",
    "mistral": "mistral-large-2411",
    "openai": "gpt-4.1",
    "openrouter": "anthropic/claude-sonnet-4.5",
    "perplexity": "sonar-pro",
    "together": "mistralai/Mixtral-8x7B-Instruct-v0.1",
    "vertex": "gemini-2.0-flash",
    "xai": "grok-4",
    "zai": "glm-4.6",
}
"""A model that is put in the place of others, by its provider."""


class Expected(NamedTuple):
    """One model that is named."""

    line: int
    column: int
    written: str
    provider: str
    model: str
    told_by: str = ""
    code: str = ""
    severity: str = ""


class Decoy(NamedTuple):
    """Text that is no model, whatever it looks like."""

    line: int
    column: int
    text: str
    why: str


def expected(name: str) -> list[Expected]:
    table = rows(CODE / f"{name}.sites.tsv")
    return [Expected(int(one[0]), int(one[1]), *one[2:]) for one in table]


def decoys(name: str) -> list[Decoy]:
    table = rows(CODE / f"{name}.decoys.tsv")
    return [Decoy(int(one[0]), int(one[1]), *one[2:]) for one in table]


def content(name: str) -> str:
    return (CODE / name).read_bytes().decode("utf-8")


@pytest.mark.parametrize("name", FILES)
def test_the_tables_say_what_the_file_holds(name: str) -> None:
    lines = Buffer(content(name)).lines
    taken: dict[tuple[int, int], str] = {}
    for line, column, text, *_ in [*expected(name), *decoys(name)]:
        assert lines[line - 1][column - 1 :].startswith(text)
        for place in range(column, column + len(text)):
            assert taken.setdefault((line, place), text) is text, f"{text} overlaps another"
    for site in expected(name):
        assert site.written == site.model or re.fullmatch(
            rf"[a-z_-]+[/:]{re.escape(site.model)}", site.written
        )


def test_there_is_enough_of_each_kind() -> None:
    sites = {name: expected(name) for name in FILES}
    others = {name: decoys(name) for name in FILES}
    assert {name.partition("/")[0] for name in FILES} == LANGUAGES
    for language in LANGUAGES:
        mine = [name for name in FILES if name.startswith(f"{language}/")]
        assert sum(len(sites[name]) for name in mine) >= 8, language
        assert sum(len(others[name]) for name in mine) >= 12, language
    told = Counter(site.told_by for name in FILES for site in sites[name])
    assert told.total() >= 400
    assert told.keys() == {"name", "call", "pair", "id"}
    assert min(told["name"], told["id"]) >= 150
    assert told["call"] >= 15
    assert told["pair"] >= 8
    reasons = Counter(decoy.why for name in FILES for decoy in others[name])
    assert reasons.total() >= 600
    assert reasons.keys() == REASONS.keys()
    assert all(reasons[why] >= least for why, least in REASONS.items())


def test_days_are_those_that_others_know() -> None:
    """What ends, and what does not yet, by tables that the program's knowledge is not made from."""
    known = [
        (site, ENDS[(site.provider, site.model)])
        for name in FILES
        for site in expected(name)
        if (site.provider, site.model) in ENDS
    ]
    assert len(known) >= 150
    for site, end in known:
        due = "model-retired" if end <= NOW.date() else "model-deprecated"
        assert site.code == due, site


@pytest.fixture(scope="module")
def known(offline: Catalog) -> Catalog:
    """No key, no network, and of knowledge only what is kept here."""
    return Catalog({name: _as_kept(one) for name, one in offline.providers.items()})


def _as_kept(provider: ProviderSnapshot) -> ProviderSnapshot:
    file = CODE / "knowledge" / f"{provider.id}.jsonl"
    if not file.exists():
        return replace(provider, models=(), knowledge=NOTHING)
    read = partial(KnowledgeFile, file.read_text("utf-8"), provider.id, NOW.date())
    return replace(provider, models=(), knowledge=Knowledge(read))


def _place(start: Position) -> tuple[int, int]:
    return start.line + 1, start.column + 1


def opened(name: str, known: Catalog) -> Document:
    """A file of the corpus, as it is read where it lies."""
    head = (CODE / f"{name}.sites.tsv").read_text("utf-8").partition("\n")[0]
    where, text = head.removeprefix("# as: "), content(name)
    dialect = claim(Path("/work") / where, Dialects(), head=text)
    assert dialect is not None
    assert dialect.id == "code"
    document = open_document(text, dialect, name=where)
    document.recognize(known)
    return document


@pytest.mark.parametrize("name", FILES)
def test_all_models_are_found_and_nothing_else(name: str, known: Catalog) -> None:
    document = opened(name, known)
    found, silent = [], []
    for index, number in in_order(document):
        site = document.sites(index)[number]
        text = site.whole or site.model
        assert text is not None
        place = _place(text.span.shifted(document.entry_line(index)).start)
        if reference := site.reference:
            found.append((*place, text.value, reference.provider, reference.model))
        else:
            silent.append((*place, text.value))
    assert found == [site[:5] for site in expected(name)]
    assert silent == [decoy[:3] for decoy in decoys(name) if decoy.why == "elsewhere"]


@pytest.mark.parametrize("name", FILES)
def test_what_is_said_of_them_is_true(name: str, known: Catalog) -> None:
    said = diagnose(opened(name, known), known, OPTIONS)
    assert sorted((*_place(one.span.start), one.code, one.severity.value) for one in said) == [
        (one.line, one.column + len(one.written) - len(one.model), one.code, one.severity)
        for one in expected(name)
        if one.code != "-"
    ]


@pytest.mark.parametrize("name", FILES)
def test_another_model_is_put_in_the_place_of_each(name: str, known: Catalog) -> None:
    """In the way that it is written; nothing else changes."""
    document = opened(name, known)
    named = [
        (index, number, site.reference)
        for index, number in in_order(document)
        if (site := document.sites(index)[number]).reference
    ]
    for place, (index, number, old) in enumerate(named):
        new = ModelReference(old.provider, OTHER[old.provider])
        changed = document.with_text(document.apply(set_site(document, index, number, new)))
        after = [changed.sites(index)[number].reference for index, number, _ in named]
        assert after == [new if at == place else one for at, (*_, one) in enumerate(named)]
        shorter = len(document.text) - len(old.model)
        assert len(changed.text) == shorter + len(new.model)


@pytest.mark.parametrize("name", FILES)
def test_only_what_is_certain_is_fixed_unasked(name: str, known: Catalog) -> None:
    """What one provider has retired and another has still stays as it is written."""
    document = opened(name, known)
    edits = fix_all(document, diagnose(document, known, OPTIONS), known, OPTIONS)
    sure = {
        (one.line, column)
        for one in expected(name)
        if one.severity == "error"
        for column in (one.column, one.column + len(one.written) - len(one.model))
    }
    assert {_place(edit.span.start) for edit in edits} <= sure
