"""Chats from send to saved answer, through the real SDKs against a loopback server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Executor
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any, Literal, TypeVar

import pytest
from filelock import FileLock
from tests.loopback.chat import Script
from tests.loopback.endpoint import HASTY, KEY, QUICK, WHOLE
from tests.workflows.talk import CLAUDE, GPT, LLAMA, Talk, catalog, talk
from tests.workflows.workspace import roles, template

from stagewright.catalog.catalog import Catalog
from stagewright.catalog.effective import Origin
from stagewright.catalog.model import Model, ModelReference, Source
from stagewright.workflows import locking, run
from stagewright.workflows.chat import Started, not_configured
from stagewright.workflows.errors import WorkflowError
from stagewright.workflows.manager import WorkflowManager
from stagewright.workflows.run import ChatDelta, ChatFinished, ChatStarted, ChatUnsaved
from stagewright.workflows.state import Message, Workflow

NOBODY = ModelReference("nobody", "nothing")
Result = TypeVar("Result")

EVERYBODY = pytest.mark.parametrize("model", [CLAUDE, GPT, LLAMA], ids=lambda m: m.provider)


@pytest.fixture
async def chat(tmp_path: Path) -> AsyncIterator[Talk]:
    async with talk(tmp_path) as running:
        yield running


async def until_saved(chat: Talk, workflow_id: str, content: str) -> None:
    """Wait until an answer's text is on disk."""
    while [message.content for message in chat.messages(workflow_id)[-1:]] != [content]:  # noqa: ASYNC110  # a file tells nobody
        await asyncio.sleep(0.01)


# A turn


@EVERYBODY
async def test_an_answer_is_told_and_saved_with_the_model_that_gave_it(
    chat: Talk, model: ModelReference
) -> None:
    chat.server.then(Script(model="the-model-that-answers"))
    workflow = chat.workflow()
    started = await chat.send(workflow, "Hello", model)
    answer = await chat.finished(started.run_id)

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
    assert 0 <= timings["firstDeltaMs"] <= timings["totalMs"] < 30_000
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
    chat.manager.add_message(workflow, "control", "x")
    answer = chat.manager.get(workflow).messages[-1]
    answer.content, answer.stage_index = "word " * 400_000, 0
    chat.manager.save_answer(workflow, answer)
    path = chat.manager.path(workflow)
    path.write_bytes(path.read_bytes().replace(b'"stageIndex": 1', b'"stageIndex": 0'))
    started = await chat.send(workflow, "Now.", LLAMA)
    await chat.finished(started.run_id)
    (note,) = started.context.notes
    assert "'design' is sent shortened" in note
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
    started = await chat.chats.start_run(chat.root, chat.manager, workflow, "Hi", roles=index)
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
    await until_saved(chat, workflow, "An answer ")
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


# Stopping


@EVERYBODY
async def test_stop_takes_effect_at_once_and_hangs_up(chat: Talk, model: ModelReference) -> None:
    chat.server.then(Script(fault="stall"))
    workflow = chat.workflow()
    started = await chat.send(workflow, "Hello", model)
    await chat.first(ChatDelta, started.run_id)
    call = await chat.server.call()
    await call.stalled.wait()
    chat.chats.stop(started.run_id)
    await call.closed.wait()
    ended = await chat.end(started.run_id)
    assert isinstance(ended, ChatFinished)
    assert ended.partial
    saved = chat.messages(workflow)[-1]
    assert saved.to_json() == ended.message.to_json()
    assert saved.content == "An answer "
    assert saved.metadata
    assert (saved.metadata["stopReason"], saved.metadata["partial"]) == ("stopped", True)
    assert (await chat.turn(workflow, "Go on")).content == WHOLE


async def test_stop_before_any_text_saves_no_empty_answer(chat: Talk) -> None:
    chat.server.then(Script(fault="silent-stall"))
    workflow = chat.workflow()
    started = await chat.send(workflow, "Hello", CLAUDE)
    call = await chat.server.call()
    chat.chats.stop(started.run_id)
    ended = await chat.end(started.run_id)
    await call.closed.wait()
    assert isinstance(ended, ChatFinished)
    assert (ended.partial, ended.message.content) == (True, "")
    assert [message.content for message in chat.messages(workflow)] == ["Hello"]


async def test_stop_right_after_send_asks_nobody(chat: Talk) -> None:
    started = await chat.send(chat.workflow(), "Hello", CLAUDE)
    chat.chats.stop(started.run_id)
    ended = await chat.end(started.run_id)
    assert isinstance(ended, ChatFinished)
    assert chat.server.calls == []


async def test_a_run_that_ended_cannot_be_stopped(chat: Talk) -> None:
    started = await chat.send(chat.workflow(), "Hello", CLAUDE)
    await chat.finished(started.run_id)
    for run_id in (started.run_id, "nonsense"):
        with pytest.raises(WorkflowError) as refused:
            chat.chats.stop(run_id)
        assert refused.value.code == "run-unknown"


async def test_shutting_down_keeps_what_came(chat: Talk) -> None:
    chat.server.then(Script(fault="stall"), Script(fault="stall"))
    workflows = [chat.workflow(), chat.workflow()]
    for workflow in workflows:
        started = await chat.send(workflow, "Hello", GPT)
        await chat.first(ChatDelta, started.run_id)
    await chat.chats.close()
    for workflow, call in zip(workflows, chat.server.calls, strict=True):
        await call.closed.wait()
        saved = chat.messages(workflow)[-1]
        assert saved.content == "An answer "
        assert saved.metadata
        assert saved.metadata["stopReason"] == "shutdown"


class Paced(WorkflowManager):
    """Something happens once a turn's material has been read, or before its message is saved."""

    after_reading: Callable[[], object] = staticmethod(lambda: None)
    before_saving: Callable[[], object] = staticmethod(lambda: None)

    def next_turn(self, *args: Any, **kwargs: Any) -> Any:
        turn = super().next_turn(*args, **kwargs)
        self.after_reading()
        return turn

    def append_human(self, *args: Any, **kwargs: Any) -> Any:
        self.before_saving()
        return super().append_human(*args, **kwargs)


async def test_a_message_is_never_said_in_another_stage_than_it_is_answered_in(chat: Talk) -> None:
    """Somebody advances between the click on Send and the save."""
    chat.manager = paced = Paced(chat.root)
    workflow = chat.workflow()
    paced.after_reading = lambda: (paced.satisfy_gate(workflow), paced.advance(workflow))
    with pytest.raises(WorkflowError, match="gone on to stage 'design'") as refused:
        await chat.send(workflow, "Hello", CLAUDE)
    assert refused.value.code == "stage-changed"
    assert (chat.messages(workflow), chat.server.calls) == ([], [])


async def held(
    chat: Talk, moment: Literal["after_reading", "before_saving"]
) -> tuple[str, asyncio.Task[Started], Event]:
    """A workflow in which a message is being sent, as far as that moment; the event lets it on."""
    chat.manager = paced = Paced(chat.root)
    workflow, reached, go_on = chat.workflow(), Event(), Event()
    setattr(paced, moment, lambda: (reached.set(), go_on.wait(10)))
    sending = asyncio.create_task(chat.send(workflow, "Hello", CLAUDE))
    await asyncio.to_thread(reached.wait, 50)
    return workflow, sending, go_on


async def begin_closing(chat: Talk) -> asyncio.Task[None]:
    closing = asyncio.create_task(chat.chats.close())
    await asyncio.sleep(0)  # it begins
    return closing


async def test_shutting_down_before_a_message_is_saved_sends_nothing(chat: Talk) -> None:
    workflow, sending, go_on = await held(chat, "after_reading")
    closing = await begin_closing(chat)
    go_on.set()
    with pytest.raises(WorkflowError) as refused:
        await sending
    await closing
    assert refused.value.code == "shutting-down"
    assert (chat.messages(workflow), chat.server.calls) == ([], [])


async def test_shutting_down_while_a_message_is_saved_ends_its_answer(chat: Talk) -> None:
    workflow, sending, go_on = await held(chat, "before_saving")
    closing = await begin_closing(chat)
    go_on.set()
    started = await sending
    await closing
    assert isinstance(await chat.end(started.run_id), ChatFinished)
    assert [message.content for message in chat.messages(workflow)] == ["Hello"]
    assert chat.server.calls == []


async def test_a_message_that_is_being_saved_is_answered_also_when_nobody_waits(chat: Talk) -> None:
    """A client that cancels its request then comes too late to unsay it."""
    workflow, sending, go_on = await held(chat, "before_saving")
    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending
    go_on.set()
    await until_saved(chat, workflow, WHOLE)


# What goes wrong


@EVERYBODY
@pytest.mark.parametrize("fault", ["drop", "reset", "stall", "error", "broken", "no-end"])
async def test_a_broken_answer_is_kept_and_says_why_and_the_next_send_works(
    tmp_path: Path, model: ModelReference, fault: str
) -> None:
    async with talk(tmp_path, HASTY if fault == "stall" else QUICK) as chat:
        await broken_answer(chat, model, fault)


async def broken_answer(chat: Talk, model: ModelReference, fault: str) -> None:
    chat.server.then(Script(fault=fault))  # type: ignore[arg-type]
    workflow = chat.workflow()
    started = await chat.send(workflow, "Hello", model)
    ended = await chat.end(started.run_id)
    assert isinstance(ended, ChatFinished)
    assert ended.partial
    saved = chat.messages(workflow)[-1]
    assert saved.content == "An answer "
    assert saved.metadata
    assert saved.metadata["partial"] is True
    assert saved.metadata["stopReason"].endswith("; the partial answer is kept.")
    assert (await chat.turn(workflow, "Go on")).content == WHOLE
    assert chat.server.calls[-1].asked["turns"][-2:] == [
        ["assistant", "An answer "],
        ["user", "Go on"],
    ]


@EVERYBODY
async def test_when_nothing_comes_the_message_stays_and_can_be_sent_again(
    chat: Talk, model: ModelReference
) -> None:
    chat.server.default = Script(fault="silent-drop")
    workflow = chat.workflow()
    failed = await chat.failed((await chat.send(workflow, "Hello", model)).run_id)
    assert (failed.code, failed.retryable) == ("unreachable", True)
    assert [message.content for message in chat.messages(workflow)] == ["Hello"]
    chat.server.default = Script()
    again = await chat.send(workflow, None)
    assert (again.message_id, again.effective.model) == (None, model)
    assert (await chat.finished(again.run_id)).content == WHOLE
    assert [message.content for message in chat.messages(workflow)] == ["Hello", WHOLE]


async def test_an_answer_without_text_is_no_answer(chat: Talk) -> None:
    chat.server.then(Script(text="", stop="max_tokens"))
    workflow = chat.workflow()
    failed = await chat.failed((await chat.send(workflow, "Hello", CLAUDE)).run_id)
    assert failed.code == "bad-answer"
    assert "without any text. Stopped at the output limit." in failed.message
    assert len(chat.messages(workflow)) == 1


async def test_a_refused_model_is_noted_and_usable_ones_are_named(chat: Talk) -> None:
    chat.catalog = catalog(
        refused=Model(CLAUDE.model),
        near=Model("claude-opus-5-1"),
        other=Model("claude-haiku-4-5"),
        offline=Model("claude-old", source=Source.OFFLINE),
    )
    body = {"type": "error", "error": {"type": "not_found_error", "message": "model: claude"}}
    chat.server.then(Script(status=404, body=body))
    workflow = chat.workflow()
    failed = await chat.failed((await chat.send(workflow, "Hello", CLAUDE)).run_id)
    assert (failed.code, failed.retryable) == ("model-unavailable", False)
    assert "Anthropic has no model 'claude-opus-5'" in failed.message
    assert failed.message.endswith("Usable there: claude-opus-5-1, claude-haiku-4-5.")
    assert chat.refused == [CLAUDE]
    assert [message.content for message in chat.messages(workflow)] == ["Hello"]


async def test_no_key_in_what_is_told_or_saved(chat: Talk) -> None:
    body = {"error": {"message": f"Incorrect API key provided: {KEY}", "code": "invalid_api_key"}}
    chat.server.then(Script(status=401, body=body))
    workflow = chat.workflow()
    failed = await chat.failed((await chat.send(workflow, "Hello", GPT)).run_id)
    assert (failed.code, failed.retryable) == ("auth-failed", False)
    assert "TEST_API_KEY" in failed.message
    assert KEY not in str(chat.events)
    assert KEY not in chat.manager.path(workflow).read_text()


async def test_an_answer_that_cannot_be_saved_is_reported(chat: Talk) -> None:
    chat.server.then(Script(fault="stall"))
    workflow = chat.workflow()
    started = await chat.send(workflow, "Hello", CLAUDE)
    await chat.first(ChatDelta, started.run_id)
    chat.manager.path(workflow).write_text("{ not a workflow")
    (await chat.server.call()).resume.set()
    failed = await chat.failed(started.run_id)
    assert failed.code == "workflow-unreadable"
    assert failed.message.startswith("The answer came but could not be saved. ")
    assert chat.manager.path(workflow).read_text() == "{ not a workflow"


@pytest.mark.parametrize("closing", [False, True])
async def test_an_answer_that_comes_while_another_program_writes_is_kept(
    chat: Talk, monkeypatch: pytest.MonkeyPatch, closing: bool
) -> None:
    monkeypatch.setattr(locking, "LOCK_SECONDS", 0.05)
    monkeypatch.setattr(run, "SAVE_AGAIN_AFTER", (0.01, 0.01))
    chat.manager = counting = Counting(chat.root)
    workflow = chat.workflow()
    chat.server.then(Script(fault="stall"))
    started = await chat.send(workflow, "Hello", CLAUDE)
    await chat.first(ChatDelta, started.run_id)
    lock = FileLock(chat.manager.path(workflow).with_name(".stagewright.lock"))
    with lock:
        (await chat.server.call()).resume.set()
        await chat.first(ChatUnsaved, started.run_id)
        enough = counting.turns + 8  # more than are made for a full disk
        while counting.turns < enough:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        if closing:
            await chat.chats.close()
            assert (await chat.failed(started.run_id)).code == "workspace-busy"
            return
        assert chat.chats.running(chat.root, workflow)
    answer = await chat.finished(started.run_id)
    assert chat.messages(workflow)[-1] == answer
    assert sum(isinstance(event, ChatUnsaved) for event in chat.events) == 1


class Counting(WorkflowManager):
    """Counts the attempts to write."""

    turns = 0

    async def in_turn(self, work: Callable[[], Result], threads: Executor) -> Result:
        self.turns += 1
        return await super().in_turn(work, threads)


class Broken(WorkflowManager):
    """A manager with a bug."""

    def save_answer(self, workflow_id: str, message: Message) -> Workflow:
        raise ZeroDivisionError


@pytest.mark.parametrize("fault", ["stall", None])
async def test_an_error_of_our_own_ends_the_run_all_the_same(chat: Talk, fault: str | None) -> None:
    chat.server.then(Script(fault=fault))  # type: ignore[arg-type]
    workflow = chat.workflow()
    chat.manager = Broken(chat.root)
    started = await chat.send(workflow, "Hello", CLAUDE)
    failed = await chat.failed(started.run_id)
    assert failed.message.startswith("Stagewright itself failed")
    if fault:
        await (await chat.server.call()).closed.wait()
    chat.manager = WorkflowManager(chat.root)
    assert (await chat.turn(workflow, "Again", CLAUDE)).content == WHOLE


# What is refused beforehand


async def refusal(chat: Talk, workflow: str, content: str, model: ModelReference | None) -> str:
    """Code and sentence of a send that is refused; nothing is written and nobody asked."""
    before = chat.manager.path(workflow).read_bytes()
    with pytest.raises(WorkflowError) as refused:
        await chat.send(workflow, content, model)
    assert chat.manager.path(workflow).read_bytes() == before
    assert (chat.events, chat.server.calls) == ([], [])
    assert chat.chats.running(chat.root, workflow) is None
    return f"{refused.value.code}: {refused.value}"


async def test_without_a_model_it_says_what_to_set(chat: Talk) -> None:
    workflow = chat.workflow()
    stage = chat.manager.get(workflow).stages[0].name
    assert await refusal(chat, workflow, "Hello", None) == (
        f"no-model: No model is set for stage '{stage}'. Choose one for this chat, or set the "
        "stage's defaultModel or the setting chat.defaultModel."
    )


async def test_a_provider_without_a_key_says_which_variable(chat: Talk) -> None:
    chat.providers = {}
    chat.__post_init__()
    assert await refusal(chat, chat.workflow(), "Hello", GPT) == (
        "not-configured: OpenAI is not configured. Set OPENAI_API_KEY in the environment and "
        "restart Stagewright, or choose another model."
    )


@pytest.mark.parametrize(
    "why",
    [
        "The key in OPENAI_API_KEY begins with 'Bearer', which is not part of a key. Set it again.",
        "OpenAI is turned off in the settings.",
        "Its settings cannot be used: providers.openai.baseUrl is not a URL.",
    ],
)
def test_what_keeps_a_provider_from_being_asked_is_said(why: str) -> None:
    openai = replace(catalog().providers["openai"], error=why)
    refused = not_configured(Catalog({"openai": openai}), GPT)
    assert (refused.code, refused.message) == ("not-configured", f"{why} Or choose another model.")


async def test_an_unknown_provider_is_named_with_its_neighbours(chat: Talk) -> None:
    said = await refusal(chat, chat.workflow(), "Hello", ModelReference("antropic", "claude"))
    assert said.startswith("provider-unknown: There is no provider 'antropic'.")
    assert "anthropic" in said


@pytest.mark.parametrize("content", ["", " \n\t"])
async def test_an_empty_message_is_not_sent(chat: Talk, content: str) -> None:
    said = await refusal(chat, chat.workflow(), content, CLAUDE)
    assert said.startswith("message-empty: ")


async def test_half_a_model_is_refused(chat: Talk) -> None:
    said = await refusal(chat, chat.workflow(), "Hello", ModelReference("anthropic", ""))
    assert said.startswith("model-reference: ")


async def test_a_workflow_that_rests_is_not_spoken_to(chat: Talk) -> None:
    workflow = chat.workflow()
    chat.manager.set_status(workflow, "paused")
    said = await refusal(chat, workflow, "Hello", None)
    assert said.startswith("workflow-not-active: ")


async def test_there_must_be_something_to_answer(chat: Talk) -> None:
    bare = template("name: t\nstages:\n  - name: plan\n    type: design\n")
    workflow = chat.manager.create(bare).id
    with pytest.raises(WorkflowError) as refused:
        await chat.send(workflow, None, CLAUDE)
    assert refused.value.code == "message-empty"


async def test_another_model_answers_what_was_answered(chat: Talk) -> None:
    workflow = chat.workflow()
    await chat.turn(workflow, "One", CLAUDE)
    again = await chat.send(workflow, None, GPT)
    await chat.finished(again.run_id)
    first, second = (call.asked["turns"] for call in chat.server.calls)
    assert second == first
    answers = [message.model for message in chat.messages(workflow)[1:]]
    assert [model and model.reference for model in answers] == [CLAUDE, GPT]


@pytest.mark.parametrize(
    ("facts", "fits"),
    [
        (Model(CLAUDE.model, context_window=1000), False),
        (Model(CLAUDE.model, context_window=10_000), True),
        (Model(CLAUDE.model, context_window=1000, source=Source.OFFLINE), True),
        (Model(CLAUDE.model, context_window=400, source=Source.OFFLINE), False),
        (Model(CLAUDE.model), True),
    ],
)
async def test_what_is_clearly_too_long_is_not_sent(chat: Talk, facts: Model, fits: bool) -> None:
    chat.catalog = catalog(it=facts)
    workflow = chat.workflow()
    long = "Words " * 1200  # at the very least 1,200 tokens
    if fits:
        assert (await chat.turn(workflow, long, CLAUDE)).content == WHOLE
    else:
        said = await refusal(chat, workflow, long, CLAUDE)
        assert said.startswith("context-too-long: ")
        assert f"takes {facts.context_window:,}" in said


async def test_no_list_of_models_is_needed_to_send(chat: Talk) -> None:
    chat.catalog = Catalog({})
    assert (await chat.turn(chat.workflow(), "Hello", LLAMA)).content == WHOLE
