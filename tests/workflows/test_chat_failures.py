"""What goes wrong with a chat, and what is refused before anything is sent."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest
from filelock import FileLock
from tests.loopback.chat import Script
from tests.loopback.endpoint import HASTY, KEY, QUICK, WHOLE
from tests.workflows.talk import CLAUDE, EVERYBODY, GPT, LLAMA, Talk, catalog, talk
from tests.workflows.workspace import template

from stagewright.catalog.catalog import Catalog
from stagewright.catalog.model import Model, ModelReference, Source
from stagewright.workflows import locking, run
from stagewright.workflows.errors import WorkflowError
from stagewright.workflows.manager import WorkflowManager
from stagewright.workflows.run import ChatDelta, ChatFinished, ChatUnsaved
from stagewright.workflows.sending import not_configured
from stagewright.workflows.state import Message, Workflow

Result = TypeVar("Result")


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
    kept = ". The" if fault == "error" else "; the"
    assert saved.metadata["stopReason"].endswith(f"{kept} partial answer is kept.")
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
    assert "Anthropic has no model `claude-opus-5`" in failed.message
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
        f"no-model: No model is set for stage `{stage}`. Choose one for this chat, or set the "
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
    assert said.startswith("provider-unknown: Unknown provider `antropic`.")
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
