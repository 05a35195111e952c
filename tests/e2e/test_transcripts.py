"""Transcripts in any editor: opened, shown, closed and kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from tests.e2e.conversation import Page, conversation, manager_of, opened, workflow_of
from tests.e2e.editor import Editor
from tests.loopback.process import LoopbackProcess


async def test_open_shows_the_transcript(online: Editor) -> None:
    page = await conversation(online)
    assert page.text.startswith("---\nworkflow: WF-")
    assert "stage: a\nmodel:\n  provider: anthropic\n  model: claude-opus-5-5\n---" in page.text
    if online.profile == "emacs":  # cannot be told to show a document
        said = await online.wait_for(types.WINDOW_SHOW_MESSAGE)
        assert Path(page.uri).name in said.message
    else:
        shown = await online.wait_for(types.WINDOW_SHOW_DOCUMENT)
        assert (shown.uri, shown.take_focus) == (page.uri, True)
        assert shown.selection.start.line == len(page.lines) - 1


async def test_a_closed_transcript_is_rebuilt_at_the_end_of_a_run(
    answering: Editor, providers: LoopbackProcess
) -> None:
    providers.control(chats=[{"text": "A late answer.", "fault": "stall", "after": 1}])
    page = await conversation(answering)
    path = Path(page.uri.removeprefix("file://"))
    path.write_text(f"{page.text}Wait for it.\n", "utf-8")  # saved,
    page.write("Wait for it.\n")
    await page.act("Send")
    await page.until("Wait for it.\n\n## anthropic/", "A lat")
    page.close()  # and closed without saving once more
    await page.editor.command(
        "stagewright.chat.stop",
        {"runId": (await answering.wait_for("stagewright/chat/started"))["runId"]},
    )
    await answering.wait_for("stagewright/chat/finished")
    again = await opened(answering, path.name.partition(".")[0])
    assert again.text.count("Wait for it.") == 1
    assert "## anthropic/claude-opus-5-5" in again.text


async def test_text_that_was_not_sent_survives_closing_and_opening(offline: Editor) -> None:
    page = await conversation(offline)
    path = Path(page.uri.removeprefix("file://"))
    page.write("unsent\n")
    path.write_text(page.text, "utf-8")
    page.close()
    manager_of(page).add_message(workflow_of(page)["id"], "From elsewhere")
    again = await opened(offline, workflow_of(page)["id"])
    assert "From elsewhere" in again.text
    assert again.text.endswith("unsent\n")


async def test_nothing_to_send_says_so_and_other_files_are_no_transcripts(offline: Editor) -> None:
    page = await conversation(offline)
    with pytest.raises(JsonRpcException) as refused:
        await page.command("stagewright.transcript.send")
    assert refused.value.data["code"] in ("message-empty", "not-configured")
    for uri in (offline.uri("test.yaml"), "file:///nowhere/WF-20260101-001.chat.md"):
        with pytest.raises(JsonRpcException, match="is not an open transcript"):
            await offline.command("stagewright.transcript.send", {"uri": uri})


async def test_a_transcript_whose_workflow_is_gone_is_left_alone(offline: Editor) -> None:
    text = "---\nworkflow: WF-20260101-001\nmodel:\n  provider: anthropic\n---\n\nmine\n"
    page = Page(offline, offline.uri(".choragen/workflows/WF-20260101-001.chat.md"), text)
    found = await offline.diagnostics(page.uri, lambda found: found != [])
    assert [diagnostic.code for diagnostic in found] == ["model-reference"]
    assert await page.lenses() == {}
    with pytest.raises(JsonRpcException, match="WF-20260101-001"):
        await page.command("stagewright.transcript.send")
    assert page.text == text
