"""An edited document is its text: every answer equals that of the same text opened anew."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.analysis.editing import EDITS, MANY, STAGES, Editing, answers, places_in

from stagewright.dialects import choragen
from stagewright.dialects.document import Dialect, Document
from stagewright.text.buffer import Encoding, Position, Span, span_at

ENCODINGS: tuple[Encoding, ...] = ("utf-8", "utf-16", "utf-32")
KINDS: tuple[Dialect, ...] = (
    choragen.TEMPLATE,
    choragen.TEMPLATE,
    choragen.TEMPLATE,
    choragen.ROLES,
    choragen.TRANSCRIPT,
)
RUNS = 20  # which processes can share
READ = 8  # after so many edits entries are compared
COMPARED = 256, range(5)  # and all answers, some times in a row: all has just been read then


@pytest.mark.parametrize("run", range(RUNS))
def test_answers_after_random_edits(run: int) -> None:
    editing = Editing(KINDS[run % len(KINDS)], ENCODINGS[run % 3], random.Random(run))
    for number in range(EDITS // RUNS):
        editing.step()
        everything = number % COMPARED[0] in COMPARED[1]
        if everything or number % READ == 0:
            editing.compare(everything)
    editing.compare(True)


@settings(max_examples=50)
@given(
    st.sampled_from(KINDS),
    st.sampled_from(ENCODINGS),
    st.randoms(use_true_random=False),
    st.integers(1, 12),
)
def test_answers_after_edits_that_can_be_made_fewer(
    kind: Dialect, encoding: Encoding, chance: random.Random, count: int
) -> None:
    """The same property, for small examples where it fails."""
    editing = Editing(kind, encoding, chance)
    for _ in range(count):
        editing.document.entries()
        editing.step()
    editing.compare(True)


def line_of(text: str, line: str) -> int:
    return text.split("\n").index(line)


def edited(text: str, *edits: tuple[Span, str], kind: Dialect = choragen.TEMPLATE) -> None:
    """Make the edits one by one, each with everything read before, and compare all answers."""
    document = Document(text, kind)
    for span, new in edits:
        list(answers(document, places_in(document, random.Random(1), 3)))
        document.edit(span, new)
    fresh = Document(document.text, kind)
    places = [Position(line, len(text)) for line, text in enumerate(fresh.lines)]
    for (name, ours), (_, theirs) in zip(
        answers(document, places), answers(fresh, places), strict=True
    ):
        assert ours == theirs, name


def deleted(line: int) -> tuple[Span, str]:
    return span_at(line, 0, line + 1, 0), ""


TWO_COLUMNS = STAGES.replace("  - name: two", "    - name: two")
AGAIN = "roles:\n  - id: a\n    toolIds:\n      - x\nroles:\n  - id: b\n    toolIds:\n      - y\n"


@pytest.mark.parametrize(
    ("text", "edit"),
    [
        pytest.param(STAGES, deleted(line_of(STAGES, "  - name: two")), id="the second dash"),
        pytest.param(STAGES, deleted(line_of(STAGES, "  - name: one")), id="the first dash"),
        pytest.param(STAGES, deleted(line_of(STAGES, "stages:")), id="the list's key"),
        pytest.param(STAGES, deleted(line_of(STAGES, "version: 1")), id="the line behind"),
        pytest.param(TWO_COLUMNS, deleted(2), id="the first of two columns"),
        pytest.param(TWO_COLUMNS, (span_at(7, 0, 7, 2), ""), id="the second column moves"),
        pytest.param(STAGES, (span_at(2, 0, 2, 0), "  "), id="the first dash moves"),
        pytest.param(STAGES, (span_at(7, 0, 7, 0), "x: 1\n"), id="the list ends early"),
        pytest.param(STAGES, (span_at(14, 0, 14, 0), "  - name: x\n"), id="one more stage"),
        pytest.param(MANY, (span_at(7, 0, 14, 0), ""), id="one stage less in the middle"),
        pytest.param(MANY, (span_at(7, 0, 7, 0), "  - name: x\n"), id="one more in the middle"),
        pytest.param(STAGES, (span_at(7, 2, 7, 4), "# "), id="a dash becomes a comment"),
        pytest.param(STAGES, (span_at(14, 0, 14, 0), "# about version\n"), id="a comment behind"),
    ],
)
def test_edits_of_the_list_itself(text: str, edit: tuple[Span, str]) -> None:
    edited(text, edit)
    edited(text + "  - name: below\n", edit)


@pytest.mark.parametrize("line", range(8))
def test_a_list_that_stands_twice(line: int) -> None:
    edited(AGAIN, deleted(line), kind=choragen.ROLES)
    edited(AGAIN, (span_at(line, 2, line, 2), "x"), deleted(7 - line), kind=choragen.ROLES)
    edited(AGAIN.replace("roles", "stages").replace("id", "name"), deleted(line))


def test_a_stage_read_whole_knows_the_comments_around_its_values() -> None:
    """Choragen reads the comment as part of the value, though the stage says what it said."""
    text = "stages:\n    \n    # c\n  ? name\n"  # not divided into chunks
    edited(text, (span_at(2, 0, 2, 9), ""))
    flow = "name: t\nstages:\n  [{name: a,\n  type: design}]\n"
    edited(flow, (span_at(3, 15, 3, 15), " # c"), (span_at(3, 2, 3, 2), "# x\n  "))
