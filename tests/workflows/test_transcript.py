"""Conversations as documents: made from the file, read back, followed while an answer comes."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot
from tests.workflows.transcripts import EFFECTIVE, NASTY, NONE, also, answer, said, sample, typed
from tests.workflows.workspace import DEEP, FAST, SAMPLE

from stagewright.catalog.effective import Effective, Origin
from stagewright.catalog.model import ModelReference
from stagewright.workflows.manager import WorkflowManager
from stagewright.workflows.state import Message, ModelPair
from stagewright.workflows.transcript import edited, rebuild, request_in
from stagewright.workflows.transcript_reading import read, text_of
from stagewright.workflows.transcript_updates import appended
from stagewright.workflows.transcript_writing import render


def test_the_document_of_choragens_workflow() -> None:
    workflow = sample()
    for number, message in enumerate(workflow.messages):
        message.id = f"id-{number}"
    assert render(workflow, EFFECTIVE) == snapshot("""\
---
workflow: WF-20261122-001
request: CR-20251214-001
stage: exploration
model:
  provider: anthropic
  model: claude-opus-4-8
---

# exploration (ideation) <!-- stagewright:stage 0 -->

## You · 2026-11-22 15:48 UTC
<!-- stagewright:message id-0 -->

Explore model selection per stage.

## openai/gpt-4o · 2026-11-22 15:48 UTC
<!-- stagewright:message id-1 -->

Three directions are worth comparing.

## Your message <!-- stagewright:write anthropic/claude-opus-4-8#f30d8b2b -->

""")


def test_headings_say_who_spoke_when_and_how_much() -> None:
    workflow = sample()
    workflow.messages = [
        Message(
            id="1",
            role="human",
            content="Hi",
            stage_index=1,
            timestamp="2026-11-22T23:59:59.999Z",
            model=ModelPair.of(FAST),
        ),
        Message(id="2", role="system", content="Not now", stage_index=1, timestamp="soon"),
        Message(id="3", role="impl", content="", stage_index=2, timestamp="soon"),
        answer(
            "Yes",
            "4",
            resolvedModel="claude-opus-4-8-20260901",
            usage={"inputTokens": 12345, "outputTokens": 6},
            partial=True,
            stopReason="stopped",
        ),
        answer("Yes", "5", resolvedModel=DEEP.model, usage={"outputTokens": 6}, partial=False),
    ]
    lines = render(workflow, NONE).split("\n")
    assert [line.partition(" <!--")[0] for line in lines if line.startswith("#")] == snapshot(
        [
            "# proposal (ideation)",
            "## You, to openai/gpt-5-mini · 2026-11-22 23:59 UTC",
            "## System · soon",
            "# creation (ideation)",
            "## Impl · soon",
            "# exploration (ideation)",
            "## anthropic/claude-opus-4-8 (claude-opus-4-8-20260901) · 2026-11-22 15:49 UTC"
            " · 12,345 in, 6 out · Stopped by you",
            "## anthropic/claude-opus-4-8 · 2026-11-22 15:49 UTC · 6 out",
            "## Your message",
        ]
    )


# Reading back


def test_what_is_read_back() -> None:
    document = read(typed(render(sample("Fine."), EFFECTIVE), "And then?\n\nSecond paragraph.\n\n"))
    assert document.workflow_id == SAMPLE
    assert document.model == DEEP
    assert document.chosen is None
    assert document.unsent == "And then?\n\nSecond paragraph."
    assert [section.message_id for section in document.sections] == [
        "3b0e5c50-51dc-4933-bc7f-3047a6a8b948",
        "fe2a4450-7314-4279-887d-fae8f3a787e8",
        "answer-0",
    ]
    assert text_of(document, document.sections[-1]) == "Fine."


def test_a_model_written_into_the_front_matter_is_chosen_with_its_place() -> None:
    text = render(sample(), EFFECTIVE).replace(
        "  provider: anthropic\n  model: claude-opus-4-8\n",
        "  provider: ollama\n  model: llama3:8b\n",
    )
    document = read(text)
    assert str(document.chosen) == "ollama/llama3:8b"
    assert document.front is not None
    assert document.front.model is not None
    assert document.front.model.model is not None
    span = document.front.model.model.span
    assert text.split("\n")[span.start.line][span.start.column : span.end.column] == "llama3:8b"


@pytest.mark.parametrize("model", ["  provider: open", "  provider: openai\n  model:"])
def test_half_typed_models_survive_a_rebuild(model: str) -> None:
    text = render(sample(), EFFECTIVE).replace(
        "  provider: anthropic\n  model: claude-opus-4-8", model
    )
    assert read(text).chosen is None
    assert rebuild(sample(), Effective(FAST, Origin.MESSAGE), text).count(model) == 1


def test_a_choice_survives_a_rebuild_an_overtaken_model_does_not() -> None:
    untouched = render(sample(), EFFECTIVE)
    chosen = untouched.replace("anthropic\n", "ollama\n", 1).replace("claude-opus-4-8\n", "l:8b\n")
    now = Effective(FAST, Origin.MESSAGE)
    assert read(rebuild(sample(), now, untouched)).model == FAST
    kept = read(rebuild(sample(), now, chosen))
    assert str(kept.model) == str(kept.chosen) == "ollama/l:8b"
    assert str(read(rebuild(also(said("Hi")), now, chosen)).model) == "ollama/l:8b"
    switch = said("Model: x", role="system", type="model_switch")
    switched = rebuild(also(switch), now, chosen)
    assert read(switched).model == FAST
    chosen_since = switched.replace("gpt-5-mini\n", "gpt-6\n", 1)
    assert str(read(rebuild(also(switch), now, chosen_since)).chosen) == "openai/gpt-6"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "---",
        "---\n---",
        "\n",
        "# x",
        "---\nmodel: [\n---\n",
        "---\n\0\n---\n",
        "\ufeff---\n",
        "## Your message <!-- stagewright:write -->",
        "---\n## x <!-- stagewright:write -->\n---",
    ],
)
def test_any_text_can_be_read_and_rebuilt(text: str) -> None:
    read(text)
    assert SAMPLE in rebuild(sample(), EFFECTIVE, text)


def test_nothing_in_a_message_is_taken_for_a_heading_of_the_document() -> None:
    text = typed(render(sample(*NASTY), EFFECTIVE), "not sent")
    document = read(text)
    assert document.unsent == "not sent"
    assert [section.message_id for section in document.sections[2:]] == [
        f"answer-{number}" for number in range(len(NASTY))
    ]
    assert str(document.model) == "anthropic/claude-opus-4-8"
    assert rebuild(sample(*NASTY), EFFECTIVE, text) == text


def test_an_open_code_fence_does_not_swallow_the_rest() -> None:
    text = render(sample("```python\nprint(1)"), EFFECTIVE)
    assert "```python\nprint(1)\n```\n\n## Your message" in text
    text = render(sample("~~~~ a\n~~~\n```\n~~~~~\n`x`"), EFFECTIVE)
    assert "~~~~~\n`x`\n\n## Your message" in text


def test_names_and_ids_of_any_kind_stay_in_their_place() -> None:
    workflow = sample()
    workflow.stages[0].name = 'a: "b" # <!-- stagewright:write -->\n## c'
    workflow.messages = [
        answer("x", "an id <!-- stagewright:write --> ü\n\ud800"),
        answer("y", "b", resolvedModel="m\n## z <!-- stagewright:write -->"),
    ]
    document = read(render(workflow, EFFECTIVE))
    assert [section.message_id for section in document.sections] == [
        "an id <!-- stagewright:write --> ü\n\ud800",
        "b",
    ]
    assert document.model == DEEP
    assert document.unsent == ""


@pytest.mark.parametrize("named", [("a/b", "c"), ("a%2Fb", "c/d%2Fe"), ("é :@", " /x")])
def test_a_model_that_nobody_chose_by_hand_is_not_taken_for_chosen(named: tuple[str, str]) -> None:
    document = read(render(sample(), Effective(ModelReference(*named), Origin.STAGE)))
    assert document.model == document.rendered_model == ModelReference(*named)
    assert document.edited_model_lines == ()


_pieces = ["a", "\n", "```", "~", "# ", "---", " ", "<!-- ", "stagewright:write -->"]


_texts = st.lists(st.sampled_from(_pieces), max_size=12).map("".join)


@given(st.lists(_texts, max_size=4), _texts)
def test_unsent_text_survives_any_rebuild(contents: list[str], unsent: str) -> None:
    text = typed(render(sample(*contents), EFFECTIVE), unsent)
    again = rebuild(sample(*contents, "One more."), EFFECTIVE, text)
    assert read(again).below == f"\n{unsent}"
    assert len(read(again).sections) == 3 + len(contents)
    assert rebuild(sample(*contents), EFFECTIVE, text) == text


# Earlier versions


def as_before(text: str) -> str:
    """The document as earlier versions wrote it: ids in the headings, no request."""
    joined = re.sub(r"\n(<!-- stagewright:message )", r" \1", text)
    return re.sub(r"^request:.*\n", "", joined, count=1, flags=re.MULTILINE)


@pytest.mark.parametrize("contents", [(), ("Fine.",), tuple(NASTY)])
def test_a_document_of_an_earlier_version_is_read_and_made_anew(contents: tuple[str, ...]) -> None:
    now = typed(render(sample(*contents), EFFECTIVE), "not sent")
    before = as_before(now)
    assert before != now
    assert [one.message_id for one in read(before).sections] == [
        one.message_id for one in read(now).sections
    ]
    assert edited(read(before), sample(*contents)) == []
    assert rebuild(sample(*contents), EFFECTIVE, before) == now


def test_an_answer_that_comes_is_followed_in_one(manager: WorkflowManager) -> None:
    text = as_before(render(sample("One"), EFFECTIVE))
    more = appended(text, answer("One two"))
    assert more is not None
    assert more.text == " two"


def test_no_heading_shows_an_id() -> None:
    workflow = sample("Fine.")
    lines = render(workflow, EFFECTIVE).split("\n")
    for message in workflow.messages:
        (line,) = [one for one in lines if message.id in one]
        assert line == f"<!-- stagewright:message {message.id} -->"


# What it is about, and what is seen


def test_a_request_can_be_written_where_there_is_none() -> None:
    workflow = sample()
    workflow.request_id = "ADHOC"
    text = render(workflow, EFFECTIVE)
    assert request_in(read(text), workflow) is None
    written = text.replace("request:\n", "request: 'Dark: mode'\n")
    assert request_in(read(written), workflow) == "Dark: mode"
    assert read(rebuild(workflow, EFFECTIVE, written)).request == "Dark: mode"
    workflow.request_id = "Dark: mode"
    assert request_in(read(written), workflow) is None
    assert 'request: "Dark: mode"' in rebuild(workflow, EFFECTIVE, written)


@pytest.mark.parametrize("request_id", ["CR-20251214-001", "Dark: mode # 1", "ü \U0001f3ad", "'x'"])
@pytest.mark.parametrize("effective", [EFFECTIVE, Effective(None, Origin.NONE)])
def test_a_request_that_was_taken_back_does_not_come_back(
    request_id: str, effective: Effective
) -> None:
    workflow = sample()
    workflow.request_id = request_id
    shown = typed(render(workflow, effective), "not sent")
    assert read(shown).request == request_id
    workflow.request_id = "ADHOC"
    assert request_in(read(shown), workflow) is None
    anew = rebuild(workflow, effective, shown)
    assert read(anew).request == ""
    assert read(anew).rendered_model == effective.model
    assert anew.endswith("not sent")
    again = anew.replace("\nrequest:\n", f"\n{shown.split(chr(10))[2]}\n")
    assert request_in(read(again), workflow) == request_id, "a person wrote it once more"
    other = shown.replace(shown.split("\n")[2], "request: another")
    assert request_in(read(other), workflow) == "another"


def test_the_current_stage_says_what_it_sees() -> None:
    workflow = sample("Fine.")
    workflow.current_stage = 1
    head = "# proposal (ideation) <!-- stagewright:stage 1 -->\n\n"
    assert f"{head}*Sees: exploration's answer.*" in render(workflow, EFFECTIVE)
    alone = render(workflow, EFFECTIVE, context="stage")
    assert f"{head}*Sees: this stage alone.*" in alone
    assert rebuild(workflow, EFFECTIVE, alone, context="stage") == alone


def test_what_was_replaced_says_so() -> None:
    workflow = also(said("Frist"), answer("?"), said("First", insteadOf="said-Frist"))
    lines = render(workflow, EFFECTIVE).split("\n")
    headings = [line for line in lines if line.startswith("## ")]
    assert [line.endswith("replaced, not sent any more") for line in headings] == [
        False, False, True, True, False, False
    ]  # fmt: skip


# Changing what was sent


def test_a_changed_message_is_noticed_whatever_it_holds() -> None:
    contents = ["Fine.", *NASTY]
    text = render(sample(*contents), EFFECTIVE)
    assert edited(read(text), sample(*contents)) == []
    changed = text.replace("Explore model selection", "Explore the selection")
    ((message, found),) = edited(read(changed), sample(*contents))
    assert (message.role, found) == ("human", "Explore the selection per stage.")
    ((message, found),) = edited(
        read(text.replace("\n\nFine.\n", "\n\nFine, but.\n\nMore.\n")), sample(*contents)
    )
    assert (message.id, found) == ("answer-0", "Fine, but.\n\nMore.")
    assert rebuild(sample(*contents), EFFECTIVE, changed) == text


# Sending


def test_what_was_sent_goes_what_was_added_meanwhile_stays() -> None:
    sent = also(said("Go on."))
    text = typed(render(sample(), EFFECTIVE), "Go on. \n")
    assert rebuild(sent, EFFECTIVE, text) == render(sent, EFFECTIVE)
    more = typed(text, "  And another thing \n")
    assert read(rebuild(sent, EFFECTIVE, more)).below == "\n  And another thing \n"
    for other in ("Written anew", "Go on. Please", "Go"):
        text = typed(render(sample(), EFFECTIVE), other)
        assert read(rebuild(sent, EFFECTIVE, text)).unsent == other


def test_what_is_written_once_more_stays() -> None:
    again = typed(render(also(said("Go on.")), EFFECTIVE), "Go on.")
    assert read(rebuild(also(said("Go on."), answer("Yes")), EFFECTIVE, again)).unsent == "Go on."


def test_a_reason_goes_from_below_the_heading_as_a_message_does() -> None:
    text = typed(render(sample(), EFFECTIVE), "Not needed.")
    discarded = also(said("Not needed.", role="system", type="discard_reason"))
    assert read(rebuild(discarded, EFFECTIVE, text)).unsent == ""


def test_text_under_a_heading_that_was_deleted_is_not_lost() -> None:
    text = typed(render(sample("Last."), EFFECTIVE), "mine")
    damaged = "\n".join(line for line in text.split("\n") if "stagewright:write" not in line)
    assert read(damaged).unsent == ""
    assert read(rebuild(sample("Last."), EFFECTIVE, damaged)).unsent == "mine"
