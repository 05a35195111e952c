"""Source code and loose configuration in every language: all models found, and nothing else.

Beside each file in `data/code/<language>/` stand two tables, written by hand. `<name>.sites.tsv`
begins with `# as: PATH`, where the file lies in a project; then a line for each model that is named
in it: line, column (both from 1, columns in code points, at the first letter behind the quote),
written, provider, model, what tells that it is one, and the code of what is to be said of it on
22 November 2026 (`-`: nothing). What tells it: `name` (of the argument, field, key or variable left
of it), `call` (the provider's function around it), `pair` (it names its provider itself), `id`
(nothing but its own text). `<name>.decoys.tsv` has what only looks like one: line, column, text,
and why it is none. Whatever stands in neither is no model either.

What is known of the models is kept in `data/code/knowledge/`, for these ids alone, so that what the
program knows may change.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest
from tests.dialects.test_real_files import ENDS, NOW, rows

from stagewright.text.buffer import Buffer

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
    **dict.fromkeys(("css", "ml-checkpoint", "docstring", "markdown", "output"), 5),
    **dict.fromkeys(("escape", "secret", "test-id"), 5),
    "section": 1,
}
"""Why something is no model, and how many of them there are at the least."""


class Expected(NamedTuple):
    """One model that is named."""

    line: int
    column: int
    written: str
    provider: str
    model: str
    told_by: str = ""
    code: str = ""


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
            rf"[a-z]+[/:]{re.escape(site.model)}", site.written
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
