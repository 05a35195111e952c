"""Ending chats: by the user, by the end of the program, at any moment."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from threading import Event
from typing import Any, Literal

import pytest
from tests.loopback.chat import Script
from tests.loopback.endpoint import WHOLE
from tests.workflows.talk import CLAUDE, EVERYBODY, GPT, Talk

from stagewright.catalog.model import ModelReference
from stagewright.workflows.chat import Started
from stagewright.workflows.errors import WorkflowError
from stagewright.workflows.manager import WorkflowManager
from stagewright.workflows.run import ChatDelta, ChatFinished


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

    def add_message(self, *args: Any, **kwargs: Any) -> Any:
        self.before_saving()
        return super().add_message(*args, **kwargs)


async def test_a_message_is_never_said_in_another_stage_than_it_is_answered_in(chat: Talk) -> None:
    """Somebody advances between the click on Send and the save."""
    chat.manager = paced = Paced(chat.root)
    workflow = chat.workflow()
    paced.after_reading = lambda: (paced.satisfy_gate(workflow), paced.advance(workflow))
    with pytest.raises(WorkflowError, match="gone on to stage `design`") as refused:
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
    await chat.until_saved(workflow, WHOLE)
