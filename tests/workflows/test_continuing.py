"""How answers end, and going on with those that are not whole."""

from __future__ import annotations

import pytest
from tests.loopback.chat import Fault, Script
from tests.workflows.talk import CLAUDE, GPT, LLAMA, ChatDelta, ChatFinished, Talk

from stagewright.catalog.model import ModelReference
from stagewright.workflows.continuing import Seam, request_to_continue
from stagewright.workflows.endings import outcome
from stagewright.workflows.errors import WorkflowError
from stagewright.workflows.state import Message


def answer(**metadata: object) -> Message:
    return Message(
        id="a", role="impl", content="x", stage_index=0, timestamp="t", metadata=metadata
    )


@pytest.mark.parametrize(
    ("metadata", "how", "why"),
    [
        ({}, "whole", None),
        ({"stopReason": "end_turn"}, "whole", None),
        ({"ended": "whole", "stopReason": "tool_calls"}, "whole", None),
        ({"stopReason": "max_tokens"}, "cut", "Stopped at the output limit."),
        ({"stopReason": "MAX_TOKENS"}, "cut", "Stopped at the output limit."),
        ({"ended": "cut", "stopReason": "length"}, "cut", "Stopped at the output limit."),
        ({"ended": "cut", "stopReason": "refusal"}, "cut", "The model refused to go on."),
        ({"ended": "cut", "stopReason": "new-word"}, "cut", "Ended early by the provider."),
        ({"ended": "cut"}, "cut", "Ended early by the provider."),
        ({"partial": True, "stopReason": "stopped"}, "stopped", "Stopped by you."),
        ({"partial": True, "stopReason": "It broke."}, "broken", "It broke."),
        ({"partial": True, "ended": "broken", "stopReason": "It broke."}, "broken", "It broke."),
        (
            {"partial": True},
            "broken",
            "Stagewright was closed before the answer was complete; the partial answer is kept.",
        ),
        ({"ended": "some-day", "stopReason": "stop"}, "whole", None),
        ({"ended": "whole", "stopReason": "refusal_of_sorts"}, "whole", "Ended: refusal_of_sorts."),
        ({"ended": "whole", "stopReason": "Quota.SPENT"}, "whole", "Ended: Quota.SPENT."),
        ({"stopReason": "n/a"}, "whole", "Ended: n/a."),
        ({"ended": 7, "stopReason": ["stop"]}, "whole", None),
    ],
)
def test_how_an_answer_ended_is_read_from_its_metadata(
    metadata: dict[str, object], how: str, why: str | None
) -> None:
    assert outcome(answer(**metadata)) == (how, why)


# The seam


@pytest.mark.parametrize(
    ("before", "after", "new"),
    [
        # as asked: the last words once more
        ("The quick brown fox", "The quick brown fox jumps.", " jumps."),
        ("The quick brown fox", "“The quick brown fox jumps.", " jumps."),
        ("The quick brown fox", "\n\n… quick brown fox jumps.", " jumps."),
        ("Say antidis", "Say antidisestablishment.", "establishment."),
        ("One.\n\n- Two", "- Two\n- Three", "\n- Three"),
        ("It ends with a blank ", "ends with a blank and goes on", "and goes on"),
        # nothing repeated
        ("The quick brown", "fox jumps.", " fox jumps."),
        ("The quick brown", " fox jumps.", " fox jumps."),
        ("The quick brown ", "fox jumps.", "fox jumps."),
        ("A sentence.", "\n\nAnother.", "\n\nAnother."),
        ("```py\nx = (", "1 + 2)", "1 + 2)"),
        # in the middle of a word, where that can be told
        ("A longer way is the lon", "ger way.", "ger way."),
        ("Pi is 3.1", "4159.", "4159."),
        ("我喜欢", "苹果。", "苹果。"),
        ("これは", "ペンです。", "ペンです。"),
        ("ผม", "ชอบ", "ชอบ"),
        ("Name: longe, lon", "ger", " ger"),
        # a provider that gives the blank at the beginning gives it here too
        (" The lon", "ger way.", "ger way."),
        (" The quick brown", " fox jumps.", " fox jumps."),
        (" The quick brown fox", "Then", " Then"),
        # alike by chance
        ("I think so", "so be it", " so be it"),
        # all that there was
        ("Yes", "Yes, indeed", ", indeed"),
        ("Yes", "Yes", ""),
        ("Yes", "", ""),
    ],
)
@pytest.mark.parametrize("size", [1, 3, 1000])
def test_what_a_continuation_repeats_is_taken_away(
    before: str, after: str, new: str, size: int
) -> None:
    seam = Seam(before)
    pieces = [seam.feed(after[at : at + size]) for at in range(0, len(after), size)]
    assert "".join(pieces) + seam.end() == new


def test_the_model_is_asked_to_begin_with_the_last_words() -> None:
    assert "“last line”" in request_to_continue("First line\nlast line\n")
    assert "“" + "word " * 11 + "word”" in request_to_continue("a b " + "word " * 200)
    assert len(request_to_continue("x" * 10_000)) < 400


# Whole chats


@pytest.mark.parametrize(
    ("model", "word"), [(CLAUDE, "max_tokens"), (GPT, "max_output_tokens"), (LLAMA, "length")]
)
async def test_a_cut_answer_says_so_and_is_continued_as_one(
    chat: Talk, model: ModelReference, word: str
) -> None:
    chat.server.then(
        Script(text="One two three four", stop=word), Script(text="two three four five.")
    )
    workflow = chat.workflow()
    sent = await chat.send(workflow, "Count", model)
    ended = await chat.end(sent.run_id)
    assert isinstance(ended, ChatFinished)
    assert (ended.ended, ended.reason, ended.partial) == (
        "cut",
        "Stopped at the output limit.",
        False,
    )
    first = chat.messages(workflow)[-1]
    assert first.metadata
    assert (first.metadata["ended"], first.metadata["stopReason"]) == ("cut", word)

    going_on = await chat.chats.continue_run(chat.root, chat.manager, workflow)
    assert (going_on.answer_id, going_on.message_id) == (first.id, None)
    whole = await chat.finished(going_on.run_id)
    assert whole.content == "One two three four five."
    assert "".join(chat.deltas(going_on.run_id)) == " five."
    turns = chat.server.calls[-1].asked["turns"]
    assert turns[:-1] == [["user", "Count"], ["assistant", "One two three four"]]
    assert turns[-1] == ["user", request_to_continue("One two three four")]

    human, saved = chat.messages(workflow)
    assert saved.to_json() == whole.to_json()
    assert (saved.id, saved.timestamp, human.content) == (first.id, first.timestamp, "Count")
    assert saved.metadata
    assert saved.metadata["ended"] == "whole"
    assert saved.metadata["usage"] == {"inputTokens": 22, "outputTokens": 14}

    await chat.turn(workflow, "And then?")
    assert chat.server.calls[-1].asked["turns"] == [
        ["user", "Count"],
        ["assistant", "One two three four five."],
        ["user", "And then?"],
    ]


async def test_a_stopped_answer_is_continued_by_its_own_model(chat: Talk) -> None:
    chat.server.then(Script(fault="stall"), Script(text="An answer in full."))
    workflow = chat.workflow()
    sent = await chat.send(workflow, "Hello", CLAUDE)
    await chat.first(ChatDelta, sent.run_id)
    await (await chat.server.call()).stalled.wait()
    chat.chats.stop(sent.run_id)
    ended = await chat.end(sent.run_id)
    assert isinstance(ended, ChatFinished)
    assert (ended.ended, ended.reason) == ("stopped", "Stopped by you.")
    chat.manager.set_model(workflow, GPT)
    going_on = await chat.chats.continue_run(chat.root, chat.manager, workflow)
    assert going_on.effective.model == CLAUDE
    whole = await chat.finished(going_on.run_id)
    assert whole.content == "An answer in full."
    assert whole.model
    assert whole.model.reference == CLAUDE
    assert whole.metadata
    assert "partial" not in whole.metadata


async def test_a_continuation_that_fails_leaves_the_answer_as_it_was(chat: Talk) -> None:
    chat.server.then(Script(stop="length"), Script(status=400, body={"error": {"message": "No."}}))
    workflow = chat.workflow()
    await chat.turn(workflow, "Hello", LLAMA)
    before = chat.messages(workflow)[-1].to_json()
    going_on = await chat.chats.continue_run(chat.root, chat.manager, workflow)
    failed = await chat.failed(going_on.run_id)
    assert failed.code == "bad-request"
    assert chat.messages(workflow)[-1].to_json() == before


async def test_a_continuation_that_breaks_keeps_both_parts(chat: Talk) -> None:
    chat.server.then(
        Script(text="Part one.", stop="length"), Script(text=" Two and more", fault="drop")
    )
    workflow = chat.workflow()
    await chat.turn(workflow, "Hello", LLAMA)
    going_on = await chat.chats.continue_run(chat.root, chat.manager, workflow)
    ended = await chat.end(going_on.run_id)
    assert isinstance(ended, ChatFinished)
    assert (ended.ended, ended.partial) == ("broken", True)
    assert chat.messages(workflow)[-1].content == "Part one. Two and m"
    chat.server.then(Script(text="Part one. Two and much."))
    again = await chat.chats.continue_run(chat.root, chat.manager, workflow)
    assert (await chat.finished(again.run_id)).content == "Part one. Two and much."


@pytest.mark.parametrize("said", ["nothing", "a question", "a whole answer"])
async def test_there_must_be_something_to_go_on_with(chat: Talk, said: str) -> None:
    workflow = chat.workflow()
    if said == "a question":
        chat.manager.add_message(workflow, "Hello?", CLAUDE)
    if said == "a whole answer":
        await chat.turn(workflow, "Hello", CLAUDE)
    with pytest.raises(WorkflowError) as refused:
        await chat.chats.continue_run(chat.root, chat.manager, workflow)
    assert refused.value.code == "nothing-to-continue"
    assert (await chat.turn(workflow, "And now?", CLAUDE)).content


# Reasoning


@pytest.mark.parametrize("model", [CLAUDE, GPT, LLAMA])
async def test_reasoning_is_saved_apart_and_not_sent_back(
    chat: Talk, model: ModelReference
) -> None:
    chat.server.then(Script(thinking="A plan.", text="<think>\nMore of it.</think>\n\nHello."))
    workflow = chat.workflow()
    answer = await chat.turn(workflow, "Hello", model)
    assert answer.content == "Hello."
    assert answer.metadata
    assert answer.metadata["reasoning"] == "A plan.\nMore of it."
    assert chat.messages(workflow)[-1].to_json() == answer.to_json()
    await chat.turn(workflow, "And?")
    assert "plan" not in str(chat.server.calls[-1].body)


@pytest.mark.parametrize(
    ("text", "reasoning"),
    [("<think>All of it", "All of it"), ("<think>All of it</think>\n\n", "All of it")],
)
async def test_reasoning_alone_is_kept_and_can_be_continued(
    chat: Talk, text: str, reasoning: str
) -> None:
    chat.server.then(Script(text=text), Script(text="The answer."))
    workflow = chat.workflow()
    sent = await chat.send(workflow, "Hello", LLAMA)
    ended = await chat.end(sent.run_id)
    assert isinstance(ended, ChatFinished)
    assert (ended.ended, ended.reason) == ("cut", "Only reasoning came, no answer.")
    saved = chat.messages(workflow)[-1]
    assert saved.metadata
    assert (saved.content, saved.metadata["reasoning"]) == ("", reasoning)
    going_on = await chat.chats.continue_run(chat.root, chat.manager, workflow)
    whole = await chat.finished(going_on.run_id)
    assert (whole.id, whole.content) == (saved.id, "The answer.")
    assert chat.server.calls[-1].asked["turns"] == [["user", "Hello"]]


@pytest.mark.parametrize(
    ("model", "fault"), [(CLAUDE, "drop"), (GPT, "reset"), (LLAMA, "error"), (LLAMA, "no-end")]
)
async def test_reasoning_is_kept_where_the_answer_broke_before_its_first_word(
    chat: Talk, model: ModelReference, fault: Fault
) -> None:
    broken = Script(thinking="A plan.", fault=fault, after=0)
    tries = 1 if fault == "no-end" else 3
    chat.server.then(*[broken] * tries, Script(text="The answer."))
    workflow = chat.workflow()
    sent = await chat.send(workflow, "Hello", model)
    ended = await chat.end(sent.run_id)
    assert isinstance(ended, ChatFinished)
    assert (ended.ended, ended.partial, ended.message.content) == ("broken", True, "")
    saved = chat.messages(workflow)[-1]
    assert saved.to_json() == ended.message.to_json()
    assert saved.metadata
    assert saved.metadata["reasoning"] == "A plan."
    going_on = await chat.chats.continue_run(chat.root, chat.manager, workflow)
    whole = await chat.finished(going_on.run_id)
    assert (whole.id, whole.content) == (saved.id, "The answer.")


async def test_reasoning_is_kept_where_only_an_earlier_try_brought_any(chat: Talk) -> None:
    chat.server.then(
        Script(thinking="A plan.", fault="drop", after=0), *[Script(fault="silent-drop")] * 2
    )
    sent = await chat.send(chat.workflow(), "Hello", CLAUDE)
    ended = await chat.end(sent.run_id)
    assert isinstance(ended, ChatFinished)
    assert ended.message.metadata
    assert (ended.ended, ended.message.metadata["reasoning"]) == ("broken", "A plan.")


async def test_reasoning_that_was_never_opened_is_no_part_of_what_is_kept(chat: Talk) -> None:
    chat.server.then(Script(text="Let me see.\n</think>\n\nHello."))
    workflow = chat.workflow()
    answer = await chat.turn(workflow, "Hello", LLAMA)
    assert answer.metadata
    assert (answer.content, answer.metadata["reasoning"]) == ("Hello.", "Let me see.")
    assert chat.messages(workflow)[-1].to_json() == answer.to_json()


async def test_reasoning_of_a_try_that_failed_is_void(chat: Talk) -> None:
    chat.server.then(
        Script(thinking="First plan.", fault="drop", after=0), Script(thinking="Second plan.")
    )
    answer = await chat.turn(chat.workflow(), "Hello", LLAMA)
    assert answer.metadata
    assert answer.metadata["reasoning"] == "Second plan."
