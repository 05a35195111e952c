"""What files of every format name, whole and half-typed: plain data that holds together."""

from __future__ import annotations

import pickle
from pathlib import Path
from random import Random

import pytest
from tests.analysis.support import CATALOG, OPTIONS
from tests.dialects.test_real_files import REAL, expected, read

from stagewright.analysis.inventory import Inventory, groups, rows, to_json
from stagewright.analysis.inventory_csv import to_csv
from stagewright.analysis.named import Named, declarations, named_at, named_in
from stagewright.dialects.document import Document
from stagewright.dialects.registry import Dialects
from stagewright.workspace import claim

JUNK = (
    "\0",
    "\ud800",
    "{",
    "[",
    "]",
    "}",
    '"',
    "'",
    ":",
    "- ",
    "\t",
    "\r",
    "|",
    "&a *a",
    "😀",
    "=",
)


@pytest.mark.parametrize("name", REAL)
def test_the_inventory_of_a_real_file_is_what_people_read_in_it(name: str) -> None:
    found = list(named_in(read(name)))
    assert [
        (one.span.start.line + 1, one.span.start.column + 1, one.where, one.written, one.silent)
        for one in found
    ] == [
        (one.line, one.column, one.where, one.written, "unknown" if undefined else one.why)
        for one, seen in zip(expected(name), found, strict=True)
        for undefined in [seen.silent == "unknown" and one.why == "local"]
    ]
    for one in found:
        assert (one.reference is None) is bool(one.silent)
        assert named_at(read(name), one.span.start) == one


@pytest.mark.parametrize("name", REAL)
def test_half_typed_files_have_an_inventory_too(name: str) -> None:
    whole = read(name)
    text, random = whole.text, Random(name)
    for _ in range(6):
        at = random.randrange(len(text) + 1)
        rest = text[at + random.choice((0, 1, 40)) :] if random.random() < 0.6 else ""
        document = Document(text[:at] + random.choice(JUNK) + rest, whole.dialect)
        found = list(named_in(document))
        assert found == sorted(found, key=lambda one: one.span.start)
        for one in found:
            assert document.clamp(one.span.start) == one.span.start
            assert document.clamp(one.span.end) == one.span.end
            assert one.written == document.text_of(one.span)
            assert one.model.strip()
        for _, span in declarations(document):
            assert document.clamp(span.end) == span.end
        told = pickle.loads(pickle.dumps(found))
        taken = rows([("a", one) for one in told], CATALOG, OPTIONS)
        assert sum(len(group.rows) for group in groups(taken)) == len(found)
        assert len(to_json(Inventory(taken, 1))["references"]) == len(found)
        assert to_csv(taken)


def test_places_are_put_in_order_whatever_they_name() -> None:
    one = Named(read(REAL[0]).entry(0).span, "d", "w", None, "x", None, "x", None, "opaque")
    assert rows([("b", one), ("a", one)], CATALOG, OPTIONS)[0].path == "a"


def claimed(path: str, text: str) -> Document:
    dialect = claim(Path(path).absolute(), Dialects(), head=text)
    assert dialect is not None
    return Document(text, dialect)


TASKMASTER, CONTINUE = ".taskmaster/config.json", ".continue/config.yaml"
DOCKER, PROMPTFOO = "cagent.yaml", "promptfooconfig.yaml"


@pytest.mark.parametrize(
    ("path", "text", "provider"),
    [
        (TASKMASTER, '{"models": {"main": {"provider": "azure", "modelId": "m"}}}', "azure"),
        (TASKMASTER, '{"models": {"main": {"provider": "vertex", "modelId": "m"}}}', "vertex"),
        (TASKMASTER, '{"models": {"main": {"provider": "google", "modelId": "${M}"}}}', "gemini"),
        (DOCKER, "models:\n  a:\n    provider: ${P}\n    model: m\n", None),
        (TASKMASTER, '{"models": {"main": {"modelId": "m"}}}', None),
        (CONTINUE, "models:\n  - provider: bedrock\n    model: m\n", "bedrock"),
        (CONTINUE, "models:\n  - provider: vertexai\n    model: m\n", "vertexai"),
        (DOCKER, "models:\n  a:\n    provider: custom\n    model: m\n", "custom"),
        (DOCKER, "agents:\n  a:\n    model: mine\nmodels:\n  mine: {provider: x}\n", None),
        (PROMPTFOO, "providers:\n  - azure:chat:m\n", "azure"),
    ],
)  # fmt: skip
def test_the_provider_is_told_where_the_file_names_one(
    path: str, text: str, provider: str | None
) -> None:
    (one,) = named_in(claimed(path, text))
    assert (one.provider, one.reference) == (provider, None)


@pytest.mark.parametrize(
    ("path", "text", "written"),
    [
        ("opencode.json", '{"model": "openai/gpt-4\\u002d32k"}', "openai/gpt-4\\u002d32k"),
        (PROMPTFOO, 'providers:\n  - "openai:gpt\\x2d4"\n', "openai:gpt\\x2d4"),
        (".codex/config.toml", 'model = "gpt\\u002d4"\n', "gpt\\u002d4"),
        (".codex/config.toml", "model = 'gpt-4'\n", "gpt-4"),
    ],
)
def test_what_is_written_stands_without_its_quotes(path: str, text: str, written: str) -> None:
    (one,) = named_in(claimed(path, text))
    assert one.written == written
