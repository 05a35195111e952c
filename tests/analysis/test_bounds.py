"""What a hostile file may cost: no more is read than the diagnostics that are wanted need."""

import gc
import time

import pytest
from tests.analysis.support import CATALOG, OPTIONS

from stagewright.analysis.choragen.entry_cache import checks
from stagewright.analysis.diagnostics.diagnose import diagnose
from stagewright.analysis.diagnostics.lookups import references
from stagewright.dialects.document import Document

ENOUGH = 1_000


def cost(text: str, most: int | None = None) -> float:
    """The seconds of this process that a diagnosis takes at best, be it slow or held up.

    Only to be compared with others: the machine's pace is in it.
    """
    took = []
    gc.disable()  # what other tests left behind is not to be looked through
    try:
        for _ in range(3):
            document = Document(text)
            start = time.process_time()
            diagnose(document, CATALOG, OPTIONS, most)
            took.append(time.process_time() - start)
    finally:
        gc.enable()
    return min(took)


@pytest.mark.parametrize("stage", ["- {}\n", "- name: a\n", "- name: a # b\n", "- *a\n", "- x\n"])
def test_stages_behind_the_last_wanted_diagnostic_are_not_read(stage: str) -> None:
    few, many = ("stages:\n" + stage * count for count in (ENOUGH, 60 * ENOUGH))
    assert len(diagnose(Document(many), CATALOG, OPTIONS, ENOUGH)) == ENOUGH
    assert cost(many, ENOUGH) < 10 * cost(few) + 0.1


def test_entries_are_checked_when_they_are_asked_for() -> None:
    document = Document("stages:\n" + "- name: a\n" * 50)
    some = checks(document)
    assert next(some)[0] == 0
    assert document.read_some(48)  # another one is still to be read


def test_models_are_looked_for_where_they_can_stand() -> None:
    model = "- defaultModel: {provider: openai, model: gpt-5}\n"
    escaped = '- "default\\u004dodel": {provider: openai, model: gpt-4o}\n'
    document = Document("stages:\n" + "- name: a\n" * 50 + model + escaped + "- name: b\n" * 50)
    assert [one.model for one in references(document)] == ["gpt-5", "gpt-4o"]
    assert document.read_some(99)


@pytest.mark.parametrize(
    ("begin", "line"),
    [
        ('name: "t\n', "a: b\n"),
        ('name: "t\n', "some words\n"),
        ('stages:\n  - name: "a\n', "    key: words\n"),
        ('stages:\n  - name: a\n    gate:\n      prompt: "x\n', "      - x\n"),
        ("stages:\n  - name: 'a\n", "    b: '\n"),
    ],
)
def test_lines_behind_an_unclosed_quote_cost_little(begin: str, line: str) -> None:
    few, many = (cost(begin + line * count, ENOUGH) for count in (10_000, 40_000))
    assert many < 10 * few + 0.1  # 16 times as much if each line were compared with each
