"""Real files of every format, spoilt at random: no text raises, and an edited text is its text."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from tests.analysis.support import CATALOG, OPTIONS, applied
from tests.dialects.support import claimed

from stagewright.analysis.completion.complete import complete
from stagewright.analysis.diagnostics.diagnose import diagnose
from stagewright.analysis.edits import set_site
from stagewright.analysis.fixes.actions import fixes
from stagewright.analysis.hover import hover
from stagewright.catalog.model import ModelReference
from stagewright.dialects.document import Document, in_order
from stagewright.text.buffer import Position, Span

FORMATS = Path(__file__).parents[1] / "data" / "formats"
EXPECTED = sorted(FORMATS.glob("*/*.sites.tsv"))
SPOILS = ("", " ", '"', "'", "{", "[", ": ", "- ", "\n", "${{", "&a ", "*a", "<<: *a\n", "\t", "|")
SPOILS += ("#", "\\", "}", ",", "😀", "model: ", "--model ")
TYPED = ("x", "\n", '"', ":", "/", " ")
LONGEST = 5_000
ROUNDS = 2


def spoilt(text: str, chance: random.Random) -> str:
    for _ in range(chance.randrange(4)):
        start = chance.randrange(len(text) + 1)
        end = min(len(text), start + chance.randrange(1, 40))
        text = text[:start] + chance.choice(SPOILS) + text[end:]
    return text


def seen(document: Document) -> list[object]:
    """All that is read of the models in a document."""
    found = []
    for index, number in in_order(document):
        site = document.sites(index)[number]
        span = site.span.shifted(document.entry_line(index))
        assert document.clamp(span.start) == span.start
        assert document.clamp(span.end) == span.end
        found.append((span, site.reference, site.standing_word, site.is_undefined, site.beside))
    return found


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_a_file_that_is_half_typed(expected: Path) -> None:
    where = expected.read_text("utf-8").partition("\n")[0].removeprefix("# as: ")
    text = expected.with_name(expected.name.removesuffix(".sites.tsv")).read_text("utf-8")
    dialect = claimed(where, text).dialect
    chance = random.Random(expected.name)
    for _ in range(ROUNDS):
        document = Document(spoilt(text[:LONGEST], chance), dialect)
        for _ in range(3):
            line = chance.randrange(len(document.lines))
            place = Position(line, chance.randrange(len(document.lines[line]) + 1))
            document.edit(Span(place, place), chance.choice(TYPED))
            for item in complete(document, place, CATALOG, OPTIONS).items[:3]:
                assert {item.edit.span.start.line, item.edit.span.end.line} == {line}
                applied(document, [item.edit, *item.also])
            hover(document, place, CATALOG, OPTIONS)
        assert seen(document) == seen(Document(document.text, dialect))
        for one in diagnose(document, CATALOG, OPTIONS):
            for fix in fixes(document, one, CATALOG, OPTIONS):
                applied(document, fix.edits)
        for index, number in in_order(document):
            applied(document, set_site(document, index, number, ModelReference("openai", "new")))
