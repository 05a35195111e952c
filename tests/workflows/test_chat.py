"""Chats from send to saved answer, through the real SDKs against a loopback server."""

from __future__ import annotations

import asyncio
from time import perf_counter

import pytest
from tests.loopback.chat import Script
from tests.loopback.endpoint import WHOLE
from tests.workflows.talk import CLAUDE, EVERYBODY, GPT, LLAMA, Talk, catalog
from tests.workflows.workspace import roles, template

from stagewright.catalog.effective import Origin
from stagewright.catalog.model import Model, ModelReference
from stagewright.workflows.errors import WorkflowError
from stagewright.workflows.run import ChatDelta, ChatFinished, ChatStarted
from stagewright.workflows.turns import Defaults

NOBODY = ModelReference("nobody", "nothing")


# A turn


@EVERYBODY
async def test_an_answer_is_told_and_saved_with_the_model_that_gave_it(
    chat: Talk, model: ModelReference
) -> None:
    chat.server.then(Script(model="the-model-that-answers"))
    workflow = chat.workflow()
    begin = perf_counter()
    started = await chat.send(workflow, "Hello", model)
    answer = await chat.finished(started.run_id)
    took = (perf_counter() - begin) * 1000

    assert (started.effective.model, started.effective.origin) == (model, Origin.MESSAGE)
    assert chat.kinds(started.run_id) == [ChatStarted, ChatDelta, ChatFinished]
    assert "".join(chat.deltas(started.run_id)) == answer.content == WHOLE

    human, saved = chat.messages(workflow)
    assert (human.id, human.role, human.content) == (started.message_id, "human", "Hello")
    assert saved.to_json() == answer.to_json()
    assert (saved.id, saved.role, saved.stage_index) == (started.answer_id, "control", 0)
    assert saved.model
    assert saved.model.reference == model
    metadata = dict(saved.metadata or {})
    timings = metadata.pop("timings")
    assert 0 <= timings["firstDeltaMs"] <= timings["totalMs"] <= took + 1
    assert metadata == {
        "requestedModel": model.model,
        "resolvedModel": "the-model-that-answers",
        "usage": {"inputTokens": 11, "outputTokens": 7},
        "stopReason": {"anthropic": "end_turn", "openai": "completed", "ollama": "stop"}[
            model.provider
        ],
        "ended": "whole",
        "runId": started.run_id,
    }


async def test_an_implementation_stage_is_answered_as_implementer(chat: Talk) -> None:
    stages = chat.manager.get(chat.workflow()).stages
    name = next(stage.name for stage in stages if stage.type == "implementation")
    answer = await chat.turn(chat.workflow(stage=name), "Build it", CLAUDE)
    assert answer.role == "impl"


async def test_the_message_is_on_disk_before_the_request_goes_out(chat: Talk) -> None:
    chat.server.then(Script(fault="silent-stall"))
    workflow = chat.workflow()
    await chat.send(workflow, "Hello", CLAUDE)
    await chat.server.call()
    assert [message.content for message in chat.messages(workflow)] == ["Hello"]


async def test_what_is_sent_is_the_stage_s_conversation(chat: Talk) -> None:
    prompted = template(
        "name: t\nstages:\n  - name: plan\n    type: design\n    initPrompt: Plan {{requestId}}.\n"
    )
    workflow = chat.manager.create(prompted, request_id="CR-7").id
    await chat.turn(workflow, "One", CLAUDE)
    await chat.turn(workflow, "Two")
    assert chat.server.calls[1].asked == {
        "model": CLAUDE.model,
        "system": None,
        "turns": [["user", "Plan CR-7.\n\nOne"], ["assistant", WHOLE], ["user", "Two"]],
    }


STAGED = """\
name: staged
stages:
  - name: design
    type: design
    initPrompt: Propose a design for {{requestId}}.
  - name: build
    type: implementation
    initPrompt: Build it.
  - name: review
    type: review
"""


async def through_the_stages(chat: Talk, request_id: str | None) -> list[list[list[str]]]:
    """The turns of three requests, one in each stage."""
    workflow = chat.manager.create(template(STAGED), request_id=request_id).id
    chat.server.then(Script(text="Two halves."), Script(text="Built."), Script(text="Fine."))
    for said in ("Go on.", "Now.", "Look."):
        await chat.turn(workflow, said, LLAMA)
        chat.manager.advance(workflow)
    return [call.asked["turns"] for call in chat.server.calls]


async def test_each_stage_is_told_the_request_and_the_earlier_answers_once(chat: Talk) -> None:
    first, second, third = await through_the_stages(chat, "Dark mode")
    design = 'The answer of the earlier stage "design":\n\nTwo halves.'
    build = 'The answer of the earlier stage "build":\n\nBuilt.'
    about = "This work is about: Dark mode"
    assert first == user("Propose a design for Dark mode.", "Go on.")
    assert second == user(about, design, "Build it.", "Now.")
    assert third == user(about, design, build, "Look.")


async def test_without_a_request_nothing_speaks_of_adhoc(chat: Talk) -> None:
    first, second, _ = await through_the_stages(chat, None)
    assert first == user("Propose a design for this request.", "Go on.")
    assert "ADHOC" not in str(second)
    assert "about" not in str(second)


def user(*texts: str) -> list[list[str]]:
    """Turns that are all the user's, as providers are sent them: as one."""
    return [["user", "\n\n".join(texts)]]


async def test_a_message_that_was_not_answered_is_sent_once(chat: Talk) -> None:
    chat.server.then(Script(status=400, body={"error": {"message": "Later"}}), Script())
    workflow = chat.workflow()
    failed = await chat.send(workflow, "Hello", LLAMA)
    await chat.failed(failed.run_id)
    again = await chat.send(workflow, " Hello\n", LLAMA)
    await chat.finished(again.run_id)
    assert again.message_id == failed.message_id
    assert [message.role for message in chat.messages(workflow)] == ["human", "control"]
    assert chat.server.calls[-1].asked["turns"] == [["user", "Hello"]]
    await chat.turn(workflow, "Hello", LLAMA)  # said twice on purpose
    assert len(chat.server.calls[-1].asked["turns"]) == 3


async def test_an_edited_message_takes_the_place_of_what_followed_it(chat: Talk) -> None:
    workflow = chat.workflow()
    first = await chat.send(workflow, "Frist", LLAMA)
    await chat.finished(first.run_id)
    await chat.turn(workflow, "And?", LLAMA)
    edited = await chat.chats.start_run(
        chat.root, chat.manager, workflow, "First", model=LLAMA, instead_of=first.message_id
    )
    await chat.finished(edited.run_id)
    assert chat.server.calls[-1].asked["turns"] == [["user", "First"]]
    assert [m.content for m in chat.messages(workflow) if m.role == "human"] == [
        "Frist",
        "And?",
        "First",
    ]
    await chat.turn(workflow, "More", LLAMA)
    assert [text for _, text in chat.server.calls[-1].asked["turns"]] == ["First", WHOLE, "More"]


async def test_an_answer_given_once_more_is_sent_in_place_of_the_first(chat: Talk) -> None:
    chat.server.then(Script(text="One"), Script(text="Two"), Script(text="Three"))
    workflow = chat.workflow()
    answer = await chat.turn(workflow, "Count", LLAMA)
    again = await chat.finished((await chat.send(workflow, None, LLAMA)).run_id)
    assert (again.metadata or {})["insteadOf"] == answer.id
    await chat.turn(workflow, "Go on", LLAMA)
    said = [text for _, text in chat.server.calls[-1].asked["turns"]]
    assert said == ["Count", "Two", "Go on"]


async def test_an_edit_that_cannot_be_sent_changes_nothing(chat: Talk) -> None:
    workflow = chat.workflow()
    said = await chat.send(workflow, "Hello", LLAMA)
    await chat.finished(said.run_id)
    before = chat.manager.path(workflow).read_bytes()
    for instead_of, model in ((said.message_id, NOBODY), ("nowhere", LLAMA)):
        with pytest.raises(WorkflowError):
            await chat.chats.start_run(
                chat.root, chat.manager, workflow, "Anew", model=model, instead_of=instead_of
            )
    assert chat.manager.path(workflow).read_bytes() == before


async def test_an_earlier_answer_of_2_megabytes_is_shortened_and_said(chat: Talk) -> None:
    workflow = chat.manager.create(template(STAGED), stage="build").id
    stored = chat.manager.get(workflow)
    stored.stages[0].status = "completed"
    chat.manager.path(workflow).write_text(
        stored.model_dump_json(by_alias=True, exclude_unset=True)
    )
    chat.manager.add_message(workflow, "x", role="control")
    answer = chat.manager.get(workflow).messages[-1]
    answer.content, answer.stage_index = "word " * 400_000, 0
    chat.manager.save_answer(workflow, answer)
    path = chat.manager.path(workflow)
    path.write_bytes(path.read_bytes().replace(b'"stageIndex": 1', b'"stageIndex": 0'))
    started = await chat.send(workflow, "Now.", LLAMA)
    await chat.finished(started.run_id)
    (note,) = started.context.notes
    assert "`design` is sent shortened" in note
    ahead = chat.server.calls[0].asked["turns"][0][1]
    assert "characters left out" in ahead
    assert len(ahead) < 100_200


async def test_a_role_gives_its_prompt_temperature_and_bound(chat: Talk) -> None:
    index = roles(
        "roles:\n- id: reviewer\n  name: R\n  systemPrompt: Be strict.\n  model:\n"
        "    provider: ollama\n    model: m\n    temperature: 0.5\n    maxTokens: 99\n"
    )
    workflow = chat.workflow()
    stored = chat.manager.get(workflow)
    stored.stages[0].role_id = "reviewer"
    chat.manager.path(workflow).write_text(
        stored.model_dump_json(by_alias=True, exclude_unset=True)
    )
    started = await chat.chats.start_run(
        chat.root, chat.manager, workflow, "Hi", defaults=Defaults(index)
    )
    await chat.finished(started.run_id)
    call = chat.server.calls[0]
    assert started.effective.origin == Origin.ROLE
    assert call.asked["system"] == "Be strict."
    assert (call.body["temperature"], call.body["max_tokens"]) == (0.5, 99)


async def test_a_model_is_asked_for_no_more_than_it_can_give(chat: Talk) -> None:
    chat.catalog = catalog(it=Model(CLAUDE.model, max_output=4096))
    await chat.turn(chat.workflow(), "Hello", CLAUDE)
    assert chat.server.calls[0].body["max_tokens"] == 4096


async def test_providers_take_turns_in_one_conversation(chat: Talk) -> None:
    workflow = chat.workflow("ideation")
    chat.server.default = Script(thinking="Each with thoughts of its own.", text="I answer.")
    for model in (CLAUDE, GPT, LLAMA, GPT, CLAUDE):
        await chat.turn(workflow, f"To {model.provider}", model)
    assert [call.protocol for call in chat.server.calls] == [
        "anthropic",
        "responses",
        "completions",
        "responses",
        "anthropic",
    ]
    last = chat.server.calls[-1].asked["turns"]
    assert [role for role, _ in last] == ["user", "assistant"] * 4 + ["user"]
    assert {text for role, text in last if role == "assistant"} == {"I answer."}
    spoke = [m.model.provider for m in chat.messages(workflow) if m.role != "human" and m.model]
    assert spoke == ["anthropic", "openai", "ollama", "openai", "anthropic"]


async def test_rehearsal_models_differ_in_voice(chat: Talk) -> None:
    workflow = chat.workflow()
    first = await chat.turn(workflow, "Hello", ModelReference("rehearsal", "rehearsal-1"))
    second = await chat.turn(workflow, "Hello", ModelReference("rehearsal", "rehearsal-2"))
    assert first.content.startswith("This is rehearsal-1, a stand-in that answers by a fixed rule")
    assert second.content.startswith("rehearsal-2 — also only a rule.")


# While it comes


async def test_the_first_words_are_told_at_once_and_the_rest_together(chat: Talk) -> None:
    chat.server.then(Script(text="word " * 400, piece=5))
    started = await chat.send(chat.workflow(), "Hello", CLAUDE)
    await chat.finished(started.run_id)
    deltas = chat.deltas(started.run_id)
    assert deltas[0] == "word "
    assert "".join(deltas) == "word " * 400
    assert len(deltas) < 100


async def test_what_was_told_is_on_disk_before_its_answer_ends(chat: Talk) -> None:
    chat.server.then(Script(fault="stall"))
    workflow = chat.workflow()
    started = await chat.send(workflow, "Hello", CLAUDE)
    await chat.first(ChatDelta, started.run_id)
    await chat.until_saved(workflow, "An answer ")
    saved = chat.messages(workflow)[-1]
    assert saved.metadata
    assert saved.metadata["partial"] is True
    running = chat.chats.running(chat.root, workflow)
    assert running
    assert (running.message_id, running.text) == (saved.id, "An answer ")


async def test_one_answer_at_a_time_in_a_workflow_and_many_in_all(chat: Talk) -> None:
    one, other = chat.workflow(), chat.workflow()
    chat.server.then(Script(fault="silent-stall"))
    first = await chat.send(one, "Hello", CLAUDE)
    await chat.server.call()
    with pytest.raises(WorkflowError) as refused:
        await chat.send(one, "Hello again", CLAUDE)
    assert refused.value.code == "run-in-progress"
    assert [message.content for message in chat.messages(one)] == ["Hello"]
    assert (await chat.turn(other, "Hello", GPT)).content == WHOLE
    chat.chats.stop(first.run_id)
    await chat.end(first.run_id)
    assert (await chat.turn(one, "And now?", CLAUDE)).content == WHOLE


async def test_fifty_chats_at_once(chat: Talk) -> None:
    chat.server.default = Script(text="word " * 20, piece=5, delay=0.005)
    workflows = [chat.workflow() for _ in range(50)]
    models = [(CLAUDE, GPT, LLAMA)[at % 3] for at in range(50)]
    sent = zip(workflows, models, strict=True)
    answers = await asyncio.gather(*(chat.turn(each, "Hello", model) for each, model in sent))
    assert {answer.content for answer in answers} == {"word " * 20}
    for workflow, answer in zip(workflows, answers, strict=True):
        assert chat.messages(workflow)[-1].to_json() == answer.to_json()
