"""Real files of every format: all models found, at their place, and nothing said that is untrue.

Beside each file stands `<name>.sites.tsv`, written by hand. Its first line says where a dialect
claims the file, `# as: PATH`; then a line for each site: line, column (both from 1, columns in
code points), where as `check` prints it (`stages[0].model`, without `$.`), written, provider,
model, and where that is silent (`-`) why: alias, local (a name of the file's own, also of a
provider), opaque (nothing can be said of it, as of what is sent elsewhere).
"""

from __future__ import annotations

import csv
import json
import re
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from tests.analysis.support import NOW, OPTIONS
from tests.dialects.support import claimed

from stagewright.analysis.diagnostics.diagnose import diagnose
from stagewright.analysis.edits import set_site
from stagewright.analysis.fixes.actions import fix_all
from stagewright.catalog.catalog import Catalog
from stagewright.catalog.model import ModelReference
from stagewright.dialects.document import Document, ModelSite, in_order, where
from stagewright.dialects.key_path import in_words

FORMATS = Path(__file__).parents[1] / "data" / "formats"
KNOWLEDGE = FORMATS.parent / "knowledge"
REAL = [
    file.relative_to(FORMATS).as_posix().removesuffix(".sites.tsv")
    for file in sorted(FORMATS.glob("*/*.sites.tsv"))
]
PERMISSIVE = {"MIT", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC"}


class Expected(NamedTuple):
    """One line of a `.sites.tsv`."""

    line: int
    column: int
    where: str
    written: str
    provider: str
    model: str
    why: str = ""


def rows(path: Path) -> Iterator[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        lines = (line for line in file if not line.startswith("#"))
        yield from csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)


ENDS = {
    (one[0], one[1]): date.fromisoformat(one[2])
    for name in ("agreed.tsv", "by_hand.tsv")
    for one in rows(KNOWLEDGE / name)
    if one[2]
}
"""Last days that were found apart from the program's own knowledge."""
ALONE = {
    ("anthropic", "claude-opus-4-5"): date(2027, 1, 22),  # Anthropic's own SDK
    ("gemini", "gemini-2.5-flash"): date(2026, 12, 1),
}
"""Those that a single source of that knowledge says."""


def read(name: str) -> Document:
    """A real file, as the dialect that claims it reads it."""
    head = (FORMATS / f"{name}.sites.tsv").read_text("utf-8").partition("\n")[0]
    where = head.removeprefix("# as: ")
    assert where != head
    document = claimed(where, (FORMATS / name).read_text("utf-8"))
    assert document.dialect.id == name.partition("/")[0]
    return document


def expected(name: str) -> list[Expected]:
    return [
        Expected(int(one[0]), int(one[1]), *one[2:]) for one in rows(FORMATS / f"{name}.sites.tsv")
    ]


@pytest.mark.parametrize("name", REAL)
def test_every_model_is_found_at_its_place(name: str) -> None:
    document = read(name)
    assert [_as_expected(document, entry, site) for entry, site in numbered(document)] == expected(
        name
    )


@pytest.mark.parametrize("name", REAL)
def test_what_is_said_is_true(name: str, offline: Catalog) -> None:
    """Offline, only ends may be told, and such as others know of as well."""
    for diagnostic in diagnose(read(name), offline, OPTIONS):
        assert diagnostic.code in ("model-retired", "model-deprecated"), diagnostic
        assert diagnostic.model is not None
        end = last_day(diagnostic.model.provider, diagnostic.model.model)
        assert (end <= NOW.date()) is (diagnostic.code == "model-retired"), diagnostic


@pytest.mark.parametrize("name", REAL)
def test_fixes_change_nothing_else(name: str, offline: Catalog) -> None:
    document = read(name)
    found = diagnose(document, offline, OPTIONS)
    edits = fix_all(document, found, offline, OPTIONS)
    fixed = Document(document.apply(edits), document.dialect)
    before, after = (leaves_of(name, one) for one in (document, fixed))
    assert before.keys() == after.keys()
    changed = {path for path in before if before[path] != after[path]}
    named = {where(document, index, site) for index, site in numbered(document)}
    assert changed <= named
    assert bool(changed) is bool(edits)
    assert beside(document) == beside(fixed)
    assert not fix_all(fixed, diagnose(fixed, offline, OPTIONS), offline, OPTIONS)


@pytest.mark.parametrize("name", REAL)
def test_another_model_is_put_in_the_place_of_each(name: str) -> None:
    """Of each that is named with what stands for its provider; all else stays as it is."""
    document = read(name)
    names = in_order(document)
    before = [document.sites(index)[number].reference for index, number in names]
    for at, (index, number) in enumerate(names):
        if (old := before[at]) is None:
            continue
        new = ModelReference(old.provider, f"{old.model}-next")
        edits = set_site(document, index, number, new)
        assert edits or not document.sites(index)[number].is_settable
        changed = Document(document.apply(edits), document.dialect)
        after = [changed.sites(index)[number].reference for index, number in in_order(changed)]
        assert after == [new if edits and place == at else one for place, one in enumerate(before)]
        assert len(leaves_of(name, changed)) == len(leaves_of(name, document))


def leaves_of(name: str, document: Document) -> dict[str, Any]:
    """All single values, by their paths; none of what is no YAML, as some front matter is that its
    own program reads all the same."""
    try:
        return dict(leaves(parsed(name, document.text)))
    except YAMLError:
        return {}


def last_day(provider: str, model: str) -> date:
    """When a model ends; an id without a day ends with its newest version."""
    versions = [
        day
        for (theirs, one), day in (ENDS | ALONE).items()
        if theirs == provider and re.fullmatch(re.escape(model) + r"(-\d{4}-?\d{2}-?\d{2})?", one)
    ]
    assert versions, f"nobody else knows that {provider}'s {model} ends"
    return max(versions)


def test_every_file_has_an_origin_and_a_licence() -> None:
    """So that whoever copies it further knows under which terms."""
    origin = {one[0]: one for one in rows(FORMATS / "SOURCES.tsv")}
    for name in REAL:
        _, repository, path, licence, commit = origin[name]
        assert repository.count("/") == 1
        assert path
        assert licence in PERMISSIVE
        assert re.fullmatch("[0-9a-f]{40}", commit)


def numbered(document: Document) -> Iterator[tuple[int, ModelSite]]:
    """Every site, with the index of its entry."""
    for index, number in in_order(document):
        yield index, document.sites(index)[number]


def _as_expected(document: Document, index: int, site: ModelSite) -> Expected:
    text = site.whole or site.model
    assert text is not None
    line, column = text.span.shifted(document.entry_line(index)).start
    while document.lines[line][column] in "\"'" and not text.value.startswith(("'", '"')):
        column += 1
    reference, why = site.reference, ""
    if reference is None:
        why = site.standing_word or "opaque"
    return Expected(
        line + 1,
        column + 1,
        where(document, index, site),
        text.value,
        reference.provider if reference else "-",
        reference.model if reference else "-",
        why,
    )


def parsed(name: str, text: str) -> Any:
    """What a parser that is not ours makes of it."""
    match Path(name).suffix:
        case ".json" | ".jsonc":
            text = _COMMENT.sub(lambda found: found["text"] or "", text)
            return json.loads(_TRAILING_COMMA.sub(lambda found: found["text"] or "", text))
        case ".toml":
            return tomllib.loads(text)
        case ".md" | ".prompty":
            text = text.removeprefix("---").partition("\n---")[0]
    return YAML(typ="safe").load(text)


_STRING = r'(?P<text>"(?:[^"\\]|\\.)*")'
_COMMENT = re.compile(rf"{_STRING}|//[^\n]*|/\*.*?\*/", re.DOTALL)
_TRAILING_COMMA = re.compile(rf"{_STRING}|,(?=\s*[\]}}])")


def leaves(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for key, part in value.items():
            yield from leaves(part, (*path, str(key)))
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from leaves(part, (*path, index))
    else:
        yield in_words(path), value


def beside(document: Document) -> list[str]:
    """The lines without a model: comments and blank ones too."""
    lines = {
        site.span.shifted(document.entry_line(index)).start.line
        for index, site in numbered(document)
    }
    return [line for number, line in enumerate(document.lines) if number not in lines]
