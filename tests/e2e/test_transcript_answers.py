"""Messages sent from a transcript, and their answers, which come into it while people type."""

from __future__ import annotations

import asyncio
from itertools import pairwise
from typing import Any

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from tests.e2e.conversation import TWO_STAGES, conversation, manager_of, workflow_of
from tests.e2e.editor import PATIENCE, Editor
from tests.e2e.support import CLAUDE
from tests.loopback.process import LoopbackProcess


async def test_a_message_is_sent_and_its_answer_followed_by_appending(
    online: Editor, providers: LoopbackProcess
) -> None:
    answer = " ".join(f"word{number}" for number in range(60))
    providers.control(chats=[{"text": answer, "fault": "pause", "after": [14, 28, 42]}])
    page = await conversation(online)
    page.write("What is 🎭?\n\nTell me.\n")
    run = await page.act("Send")
    assert run["effective"] == {"model": CLAUDE, "origin": "stage"}
    await page.until("What is 🎭?\n\nTell me.\n\n## anthropic/claude-opus-5-5", "word9")
    for word in ("word19", "word29"):
        providers.resume()
        await page.until(word)
    page.write("my next question")
    providers.resume()
    finished = await online.wait_for("stagewright/chat/finished")
    assert finished["message"]["content"] == answer
    text = await page.until(answer, "11 in, 7 out", without="partial")
    assert text.endswith("-->\n\nmy next question")
    assert text.count("What is 🎭?") == text.count("word59") == 1

    first, *following, last = page.taken
    assert "What is 🎭?" not in first.before.split("<!-- stagewright:write")[0]
    assert len(following) >= 2
    assert all(taken.only_adds for taken in following)
    replaced = [edit for edit in last.edits if edit.range.start != edit.range.end]
    assert [edit.new_text.startswith("## anthropic/claude-opus-5-5") for edit in replaced] == [True]
    gaps = [b.at - a.at for a, b in pairwise(page.taken)]
    assert min(gaps) >= 0.5
    assert workflow_of(page)["messages"][0]["content"] == "What is 🎭?\n\nTell me."


async def test_an_edit_that_was_overtaken_is_made_anew(
    online: Editor, providers: LoopbackProcess
) -> None:
    """Somebody types in the very moment in which an edit comes."""
    providers.control(chats=[{"text": "One two three.", "fault": "stall", "after": 2}])
    page = await conversation(online)
    page.write("Count.")
    letters, typed = iter("abc"), ""

    def type_first() -> None:
        nonlocal typed
        if letter := next(letters, ""):
            page.write(letter)
            typed += letter

    await page.command("stagewright.transcript.send")
    page.write("\n")
    page.before_taking = type_first
    await page.until("One two")
    assert page.refused == (0 if online.profile == "neovim@0.11" else 3)  # it takes no versions
    await page.command("stagewright.transcript.stop")
    text = await page.until("One two", "· Stopped by you\n<!--")
    assert text.count("Count.") == text.count("One two") == 1
    assert text.partition("<!-- stagewright:write")[2].split() == [
        "anthropic/claude-opus-5-5",
        "-->",
        typed,
    ]


async def test_stop_keeps_what_has_come(online: Editor, providers: LoopbackProcess) -> None:
    providers.control(chats=[{"text": "never ending", "fault": "stall", "after": 2}])
    page = await conversation(online)
    page.write("Go")
    await page.act("Send")
    await page.until("never")
    assert "Send" not in await page.actions()
    await page.act("Stop")
    finished = await online.wait_for("stagewright/chat/finished")
    assert finished["partial"] is True
    await page.until("never", "· Stopped by you\n<!--")
    assert "Send" in await page.actions()
    with pytest.raises(JsonRpcException, match="No answer is coming"):
        await page.command("stagewright.transcript.stop")


async def test_a_cut_answer_is_continued_in_its_place(
    answering: Editor, providers: LoopbackProcess
) -> None:
    text = {"text": "One two", "stop": "max_tokens", "thinking": "A plan."}
    providers.control(chats=[text, {"text": "One two three."}])
    page = await conversation(answering)
    page.write("Count")
    await page.act("Send")
    finished = await answering.wait_for("stagewright/chat/finished")
    assert (finished["ended"], finished["reason"], finished["partial"]) == (
        "cut",
        "Stopped at the output limit.",
        False,
    )
    assert finished["message"]["metadata"]["reasoning"] == "A plan."
    await page.until("A plan.\n\n</details>\n\nOne two", "· Stopped at the output limit\n<!--")
    heard = len(answering.said)
    run = await page.act("Continue the answer")
    assert run["messageId"] == finished["message"]["id"]
    finished = await answering.wait_for("stagewright/chat/finished", after=heard)
    assert (finished["ended"], finished["reason"]) == ("whole", None)
    assert finished["messageId"] == run["messageId"]
    shown = await page.until("One two three.", without="Stopped at the output limit")
    assert shown.count("One two") == 1
    assert "Continue the answer" not in await page.actions()


async def test_a_failure_is_told_and_can_be_asked_again(
    answering: Editor, providers: LoopbackProcess
) -> None:
    error = {"type": "error", "error": {"type": "authentication_error", "message": "invalid"}}
    providers.control(chats=[{"status": 401, "body": error}, {"text": "At last."}])
    page = await conversation(answering)
    page.write("Anybody?")
    await page.act("Send")
    told = await answering.wait_for(
        types.WINDOW_SHOW_MESSAGE, lambda said: said.type == types.MessageType.Error
    )
    assert "ANTHROPIC_API_KEY" in told.message
    await page.until("## You", "Anybody?", without="-->\n\nAnybody?\n\n\n")
    await page.act("Ask again")
    await page.until("At last.", "11 in, 7 out")
    assert page.text.count("Anybody?") == 1


async def test_an_edit_that_was_refused_while_nobody_typed_is_offered_again(
    answering: Editor, providers: LoopbackProcess
) -> None:
    """An editor may keep a document whose tab was closed, and the tab may come back."""
    page = await conversation(answering)
    take, refused = answering.take_edit, asyncio.Event()

    def refuse(_: Any) -> bool:
        refused.set()
        return False

    answering.take_edit = refuse
    manager = manager_of(page)
    manager.add_message(workflow_of(page)["id"], "From elsewhere", role="assistant")
    change = types.FileEvent(
        manager.path(workflow_of(page)["id"]).as_uri(), types.FileChangeType.Changed
    )
    answering.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([change]))
    await asyncio.wait_for(refused.wait(), PATIENCE)
    answering.take_edit = take
    await page.until("From elsewhere")


async def test_what_has_been_sent_is_not_sent_again_before_the_document_shows_it(
    answering: Editor, providers: LoopbackProcess
) -> None:
    """An editor that refuses edits still shows it below the last heading."""
    providers.control(chats=[{"text": f"Answer {number}."} for number in range(3)])
    page = await conversation(answering, TWO_STAGES)
    take, answering.take_edit = answering.take_edit, lambda _: False

    async def send() -> None:
        heard = len(answering.said)
        await page.command("stagewright.transcript.send")
        await answering.wait_for("stagewright/chat/finished", after=heard)

    def sent() -> list[str]:
        return [m["content"] for m in workflow_of(page)["messages"] if m["role"] == "human"]

    page.write("Once more.")
    await send()
    with pytest.raises(JsonRpcException, match="has been sent"):
        await page.command("stagewright.transcript.send")
    page.write("\n\nAnd this.")
    await send()
    assert sent() == ["Once more.", "And this."]

    answering.take_edit = take
    await page.until("Answer 1.", without="Once more.\n\nAnd this.")
    page.write("Once more.")
    await send()
    assert sent() == ["Once more.", "And this.", "Once more."]


@pytest.mark.parametrize("choice", ["Send as a new message", "Undo the edit", "Leave it"])
async def test_a_sent_message_that_is_changed_and_saved_is_asked_about(
    answering: Editor, providers: LoopbackProcess, choice: str
) -> None:
    providers.control(chats=[{"text": "To the first."}, {"text": "To the second."}])
    page = await conversation(answering)
    page.write("Frist question")
    await page.act("Send")
    await page.until("To the first.", "Your message <!--")
    await answering.wait_for("stagewright/chat/finished")
    answering.choose = lambda asked: choice
    page.replace("Frist question", "First question")
    document = types.TextDocumentIdentifier(page.uri)
    saved_now = types.DidSaveTextDocumentParams(document)
    answering.client.text_document_did_save(saved_now)
    asked = await answering.wait_for(types.WINDOW_SHOW_MESSAGE_REQUEST)
    assert asked.message.startswith("You changed a message that was already sent.")
    said = [action.title for action in asked.actions]
    assert said == ["Send as a new message", "Undo the edit", "Leave it"]
    if choice == "Send as a new message":
        await page.until("Frist question", "First question", "To the second.")
        asked_last = providers.requests("/messages")[-1]["body"]
        assert "First question" in asked_last
        assert "Frist question" not in asked_last
    elif choice == "Undo the edit":
        await page.until("Frist question", without="First question")
    else:
        heard = len(answering.said)
        answering.client.text_document_did_save(saved_now)
        await answering.command("stagewright.workflow.list", {})
        names = [name for name, _ in answering.said[heard:]]
        assert types.WINDOW_SHOW_MESSAGE_REQUEST not in names
        assert "First question" in page.text
    assert workflow_of(page)["messages"][0]["content"] == "Frist question"
