"""An open transcript follows what is said, by the fewest edits."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.workflows.transcripts import EFFECTIVE, NASTY, also, answer, apply, said, sample, typed
from tests.workflows.workspace import FAST

from stagewright.catalog.effective import Effective, Origin
from stagewright.dialects.document import Document
from stagewright.workflows.transcript import rebuild
from stagewright.workflows.transcript_reading import read, text_of
from stagewright.workflows.transcript_updates import appended, differences, updates
from stagewright.workflows.transcript_writing import render


@pytest.mark.parametrize("content", ["One two three.", "a\n\n\nb \n c", *NASTY])
def test_an_answer_is_followed_by_insertions_only(content: str) -> None:
    workflow = sample()
    text = typed(render(workflow, EFFECTIVE), "my next question")
    for length in range(len(content) + 1):
        edit = appended(text, answer(content[:length], partial=True))
        if edit is not None:
            assert edit.span.start == edit.span.end
            text = apply(text, edit)
    document = read(text)
    assert document.unsent == "my next question"
    final = rebuild(sample(content), EFFECTIVE, text, growing="answer-0")
    (section,) = [each for each in document.sections if each.message_id == "answer-0"]
    (in_final,) = [each for each in read(final).sections if each.message_id == "answer-0"]
    assert text_of(document, section) == text_of(read(final), in_final)
    assert appended(text, answer(content)) is None
    # What the end of the answer changes is its heading alone.
    heading = document.lines[section.heading]
    (edit,) = differences(text, final)
    assert apply(text, edit) == final
    assert final == text.replace(heading, read(final).lines[in_final.heading])


@pytest.mark.parametrize(
    "known",
    [
        {"usage": {"inputTokens": 11}},
        {"usage": {"inputTokens": 11, "outputTokens": 7}, "ended": "whole"},
        {"resolvedModel": "claude-opus-4-8-20260901"},
        {"timings": {"firstDeltaMs": 1}, "ended": "cut", "stopReason": "max_tokens"},
    ],
)
def test_what_becomes_known_of_a_growing_answer_replaces_nothing(known: dict[str, Any]) -> None:
    part = answer("One", partial=True)
    asked = typed(render(sample(), EFFECTIVE), "Count.")
    first = updates(also(said("Count."), part), EFFECTIVE, asked, answer=part, growing=True)
    text = Document(asked).apply(first)
    same = answer("One", partial=True, **known)
    assert updates(also(said("Count."), same), EFFECTIVE, text, answer=same, growing=True) == ()
    more = answer("One two", partial=True, **known)
    (edit,) = updates(also(said("Count."), more), EFFECTIVE, text, answer=more, growing=True)
    assert (edit.text, edit.span.start) == (" two", edit.span.end)


def test_all_that_is_new_comes_in_the_fewest_lines() -> None:
    part, more = answer("One two", partial=True), answer("One two three.", partial=True)
    asked = typed(render(sample(), EFFECTIVE), "Count.")
    first = updates(also(said("Count."), part), EFFECTIVE, asked, answer=part, growing=True)
    text = typed(Document(asked).apply(first), "my next question")
    assert updates(also(said("Count."), part), EFFECTIVE, text, answer=part, growing=True) == ()
    (edit,) = updates(also(said("Count."), more), EFFECTIVE, text, answer=more, growing=True)
    assert (edit.text, edit.span.start) == (" three.", edit.span.end)

    whole = answer("One two three.", usage={"outputTokens": 3})
    heading, tail = updates(also(said("Count."), whole), EFFECTIVE, text, answer=whole)
    assert heading.text == "## anthropic/claude-opus-4-8 · 2026-11-22 15:49 UTC · 3 out\n"
    assert tail.text == " three."
    final = Document(text).apply([heading, tail])
    assert final == typed(render(also(said("Count."), whole), EFFECTIVE), "my next question")

    other = Effective(FAST, Origin.MESSAGE)
    everywhere = updates(also(said("Count."), whole), other, text, answer=whole)
    changed = Document(text).apply(everywhere)
    assert changed == typed(render(also(said("Count."), whole), other), "my next question")
    assert tail in everywhere
    assert [edit.span.start.line for edit in everywhere[:-1]] == [5, heading.span.start.line, 31]


def test_an_answer_goes_on_after_a_rebuild_in_its_middle() -> None:
    text = rebuild(sample("```py\na"), EFFECTIVE, "", growing="answer-0")
    edit = appended(text, answer("```py\na = 1\n```"))
    assert edit is not None
    assert edit.text == " = 1\n```"


def test_an_answer_edited_by_hand_is_not_followed() -> None:
    text = render(sample("One two"), EFFECTIVE).replace("One two", "One, two")
    assert appended(text, answer("One two three")) is None


def test_a_document_whose_end_was_deleted_is_still_followed() -> None:
    text = "---\nworkflow: x\n---\n\nnotes  \n\n"
    assert apply(text, appended(text, answer("Hi"))).startswith(
        "---\nworkflow: x\n---\n\nnotes\n\n"
        "## anthropic/claude-opus-4-8 · 2026-11-22 15:49 UTC\n<!--"
    )


@given(st.lists(st.sampled_from("abc"), max_size=6), st.lists(st.sampled_from("abc"), max_size=6))
def test_the_differences_of_two_texts_make_one_of_the_other(a: list[str], b: list[str]) -> None:
    old, new = "\n".join(a), "\n".join(b)
    edits = differences(old, new)
    assert bool(edits) == (old != new)
    assert Document(old).apply(edits) == new


def test_an_answer_with_reasoning_is_followed_by_insertions_only() -> None:
    workflow = sample()
    text = typed(render(workflow, EFFECTIVE), "my next question")
    content = "One two three."
    for length in range(len(content) + 1):
        # Reasoning counts from the first text on.
        more = {"reasoning": "A plan."} if length else {}
        edit = appended(text, answer(content[:length], partial=True, **more))
        if edit is not None:
            assert edit.span.start == edit.span.end
            text = apply(text, edit)
    assert text.count("A plan.") == text.count(content) == 1


REASONING = [
    "A plan.",
    "</details>\n\n<details open><summary>Mine</summary>",
    "```python\nnever closed",
    "## You <!-- stagewright:message answer-0 -->\n\n## Mine <!-- stagewright:write -->",
    "one\r\ntwo",
]


@pytest.mark.parametrize("reasoning", REASONING)
def test_reasoning_is_folded_and_survives_reading_back(reasoning: str) -> None:
    workflow = sample("The answer.")
    workflow.messages[-1].metadata = {"reasoning": reasoning}
    text = typed(render(workflow, EFFECTIVE), "my next question")
    assert text.count("<details>") == text.count("</details>") == text.count("<summary>") == 1
    document = read(text)
    assert document.unsent == "my next question"
    section = document.sections[-1]
    shown = text_of(document, section)
    assert shown.startswith("<details><summary>Reasoning</summary>\n\n")
    assert shown.endswith("\n\n</details>\n\nThe answer.")
    assert rebuild(workflow, EFFECTIVE, text) == text
    lines = text.split("\n")
    del lines[document.write or 0 :]
    behind = "\n".join([*lines, "my next question"])
    assert read(rebuild(workflow, EFFECTIVE, behind)).unsent == "my next question"
