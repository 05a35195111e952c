"""The outline of a template: its symbols, folds, selections and links."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from tests.analysis.reading import TEMPLATE

from stagewright.analysis.choragen.symbols import folds, links, symbols
from stagewright.analysis.results import Fold, Link, Symbol
from stagewright.analysis.selection_range import selection_ranges
from stagewright.dialects import choragen
from stagewright.dialects.document import Dialect, Document
from stagewright.text.buffer import Position, Span


def outline(found: list[Symbol], indent: str = "") -> list[str]:
    return [
        line
        for one in found
        for line in (f"{indent}{one.name}|{one.detail}", *outline(list(one.children), f"{indent} "))
    ]


def test_symbols_are_the_template_and_its_stages() -> None:
    assert outline(symbols(TEMPLATE)) == [
        "team|",
        " plan|request",
        " design|design",
        " build|implementation · openai/gpt-5",
        " check|verification",
    ]
    (template,) = symbols(TEMPLATE)
    for stage in template.children:
        assert stage.span.start <= stage.name_span.start <= stage.name_span.end <= stage.span.end
    assert template.children[2].span == Span(Position(7, 4), Position(11, 18))


def test_symbols_without_names_are_counted() -> None:
    assert outline(symbols(Document("stages:\n  - type: x\n  -\n"))) == ["stage 1|x", "stage 2|"]
    assert outline(symbols(Document("roles:\n  - id: a\n", choragen.ROLES))) == ["a|"]


def test_symbols_are_found_by_their_letters() -> None:
    (template,) = symbols(TEMPLATE)
    assert [one.name for one in template.fitting("dsg")] == ["design"]
    assert len(list(template.fitting(""))) == 5


def test_folds_follow_the_indentation_and_the_comments() -> None:
    text = "# a\n# b\nstages:\n  - name: a\n    gate:\n      type: auto\n\n  - name: b\n# end\n"
    assert sorted(folds(Document(text)), key=lambda fold: (fold.first, fold.last)) == [
        Fold(0, 1, comment=True),
        Fold(2, 7),
        Fold(3, 5),
        Fold(4, 5),
    ]


def texts(document: Document, spans: list[Span]) -> list[str]:
    lines = list(document.lines)
    return [
        "\n".join(
            [*lines[span.start.line : span.end.line], lines[span.end.line][: span.end.column]]
        )[span.start.column :]
        for span in spans
    ]


def test_a_selection_widens_from_the_word_to_the_whole_text() -> None:
    found = texts(TEMPLATE, selection_ranges(TEMPLATE, Position(11, 15)))
    assert found[:4] == [
        "gpt-5",
        "model: gpt-5",
        "provider: openai\n      model: gpt-5",
        "defaultModel:\n      provider: openai\n      model: gpt-5",
    ]
    assert found[4].startswith("name: build")
    assert found[-1] == TEMPLATE.text
    head = texts(TEMPLATE, selection_ranges(TEMPLATE, Position(0, 7)))
    assert head[:2] == ["team", "name: team"]


def test_prompts_in_files_are_links() -> None:
    index = Document(
        "roles:\n  - id: a\n    systemPrompt: file:prompts/a.md\n  - id: b\n"
        "    systemPrompt: text\n  - id: c\n    systemPrompt: 'file: '\n",
        choragen.ROLES,
    )
    assert links(index) == [Link(Span(Position(2, 18), Position(2, 35)), "prompts/a.md")]
    assert links(TEMPLATE) == []


def test_real_templates_and_roles_read_well() -> None:
    data = Path(__file__).parents[1] / "data/choragen"
    for path in [*(data / "workflow-templates").iterdir(), data / "roles/index.yaml"]:
        kind: Dialect = choragen.ROLES if path.name == "index.yaml" else choragen.TEMPLATE
        document = Document(path.read_text(encoding="utf-8"), kind)
        assert symbols(document)
        assert folds(document)
        for number, line in enumerate(document.lines):
            spans = selection_ranges(document, Position(number, len(line)))
            for inner, outer in pairwise(spans):
                assert outer.start <= inner.start <= inner.end <= outer.end
