"""Conversations as documents: made from the file, read back, followed while an answer comes."""

from __future__ import annotations

import logging
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from filelock import FileLock
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot
from tests.workflows.workspace import DEEP, FAST, SAMPLE, SAMPLE_FILE

from stagewright.catalog.effective import Effective, Origin
from stagewright.catalog.model import ModelReference
from stagewright.dialects.document import Document
from stagewright.text.buffer import Edit
from stagewright.workflows import state
from stagewright.workflows.errors import WorkflowError
from stagewright.workflows.manager import WorkflowManager
from stagewright.workflows.state import Message, ModelPair, Workflow
from stagewright.workflows.transcript import edited, rebuild, request_in
from stagewright.workflows.transcript_reading import places, read, text_of
from stagewright.workflows.transcript_updates import appended, differences, updates
from stagewright.workflows.transcript_writing import render

EFFECTIVE = Effective(DEEP, Origin.STAGE)
NONE = Effective(None, Origin.NONE)


def sample(*contents: str) -> Workflow:
    """Choragen's workflow, with these answers at its end."""
    workflow = state.read(Workflow, SAMPLE_FILE.read_bytes())
    for number, content in enumerate(contents):
        workflow.messages.append(answer(content, f"answer-{number}"))
    return workflow


def said(content: str, *, role: str = "human", **metadata: object) -> Message:
    return Message(
        id=f"said-{content}",
        role=role,
        content=content,
        stage_index=0,
        timestamp="2026-11-22T15:50:00.000Z",
        metadata=metadata,
    )


def also(*messages: Message) -> Workflow:
    """Choragen's workflow, with these messages at its end."""
    workflow = sample()
    workflow.messages += messages
    return workflow


def answer(content: str, message_id: str = "answer-0", **metadata: object) -> Message:
    return Message(
        id=message_id,
        role="control",
        content=content,
        stage_index=0,
        timestamp="2026-11-22T15:49:00.000Z",
        metadata=metadata,
        model=ModelPair.of(DEEP),
    )


def typed(document: str, text: str) -> str:
    """The document with something written under its last heading."""
    return f"{document}{text}"


def apply(text: str, edit: Edit | None) -> str:
    return Document(text).apply([edit]) if edit else text


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


NASTY = [
    "---\nmodel:\n  provider: evil\n---",
    "## Your message <!-- stagewright:write -->\nmine now",
    "# <!--stagewright:write-->\n## You <!-- stagewright:message answer-0 -->",
    "## x <!--\n stagewright:write -->",
    "```python\nnever closed",
    "~~~\n```\n~~~\n````\n```",
    "<!-- never closed",
    "one\r\ntwo\rthree\u2028four\x85five",
    "  indented\n\n\nlines  \n\n",
    "\ud800 alone, \0 and \ufeff",
]


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


# Following an answer


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


# Places


@pytest.mark.parametrize(
    ("gate", "running", "expected"),
    [
        ({"type": "human_approval", "satisfied": False}, False, ["Send", "Approve gate"]),
        ({"type": "chain_complete", "satisfied": False}, True, ["Stop", "Approve gate"]),
        ({"type": "human_approval", "satisfied": True}, False, ["Send", "Advance to proposal"]),
        ({"type": "post_commit", "satisfied": False}, False, ["Send", "Advance to proposal"]),
    ],
)
def test_what_can_be_done_is_offered_where_it_belongs(
    gate: dict[str, object], running: bool, expected: list[str]
) -> None:
    workflow = sample()
    workflow.stages[0].gate = state.Gate.model_validate(gate)
    document = read(render(workflow, EFFECTIVE))
    switch, *others = places(document, workflow, running=running)
    assert (switch.action, switch.title) == ("switch-model", "Switch model")
    assert document.lines[switch.span.start.line] == "model:"
    quiet = ["Preview what is sent", "Pause the workflow"]
    assert [place.title for place in others if not place.quiet] == expected
    assert [place.title for place in others if place.quiet] == quiet
    assert {document.lines[place.span.start.line] for place in others} == {
        "## Your message <!-- stagewright:write anthropic/claude-opus-4-8#f30d8b2b -->"
    }


def test_the_last_stage_completes_the_workflow() -> None:
    workflow = sample()
    workflow.current_stage = 2
    found = places(read(render(workflow, NONE)), workflow, running=False)
    titles = [place.title for place in found if not place.quiet]
    assert titles == ["Switch model", "Send", "Complete the workflow"]


@pytest.mark.parametrize("status", ["paused", "failed"])
def test_what_was_set_aside_can_be_resumed(status: str) -> None:
    workflow = sample()
    workflow.status = status
    (place,) = places(read(render(workflow, EFFECTIVE)), workflow, running=False)
    assert (place.action, place.title) == ("resume", "Resume")


@pytest.mark.parametrize("status", ["completed", "discarded"])
def test_nothing_is_offered_where_nothing_can_be_done(status: str) -> None:
    workflow = sample()
    workflow.status = status
    text = render(workflow, EFFECTIVE)
    assert f"## Your message (the workflow is {status}) <!--" in text
    assert places(read(text), workflow, running=False) == ()


# On disk


def test_the_file_is_made_anew_and_keeps_what_a_person_left_in_it(
    manager: WorkflowManager, root: Path
) -> None:
    path = manager.write_transcript(SAMPLE, EFFECTIVE)
    assert path == root / f".choragen/workflows/{SAMPLE}.chat.md"
    path.write_text(typed(path.read_text("utf-8"), "not sent"), "utf-8")
    _, message = manager.append_human(SAMPLE, "From elsewhere")
    manager.write_transcript(SAMPLE, EFFECTIVE)
    document = read(path.read_text("utf-8"))
    assert document.unsent == "not sent"
    assert document.sections[-1].message_id == message.id


class Listener(logging.Filter):
    """Lets every record pass and tells when one of this text came."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text
        self.heard = Event()

    def filter(self, record: logging.LogRecord) -> bool:
        if self.text in record.getMessage():
            self.heard.set()
        return True


def test_what_is_saved_while_the_file_waits_to_be_made_anew_is_kept(
    manager: WorkflowManager, root: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Another window's editor saves while another program holds the lock."""
    path = manager.write_transcript(SAMPLE, EFFECTIVE)
    _, message = manager.append_human(SAMPLE, "From elsewhere")
    caplog.set_level(logging.DEBUG, "filelock")
    listener = Listener("not acquired")
    with ThreadPoolExecutor(1) as thread, caplog.filtering(listener):
        with FileLock(root / ".choragen/workflows/.stagewright.lock"):
            writing = thread.submit(manager.write_transcript, SAMPLE, EFFECTIVE)
            assert listener.heard.wait(30)  # it waits for the lock
            assert not writing.done()
            path.write_text(typed(path.read_text("utf-8"), "not sent"), "utf-8")
        writing.result()
    document = read(path.read_text("utf-8"))
    assert document.unsent == "not sent"
    assert document.sections[-1].message_id == message.id


def test_a_transcript_that_cannot_be_read_is_left_alone(manager: WorkflowManager) -> None:
    path = manager.transcript_path(SAMPLE)
    path.write_bytes(b"\xff")
    with pytest.raises(WorkflowError) as refusal:
        manager.write_transcript(SAMPLE, EFFECTIVE)
    assert refusal.value.code == "transcript-unreadable"
    assert path.read_bytes() == b"\xff"


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
