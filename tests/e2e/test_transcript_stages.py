"""Stages from a transcript: their gates, lenses and ends."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException
from tests.e2e.conversation import TWO_STAGES, conversation, manager_of, opened, workflow_of
from tests.e2e.editor import Editor, editor, environment


async def test_a_gate_offers_its_own_answers_and_the_next_stage_opens(online: Editor) -> None:
    page = await conversation(online, TWO_STAGES)
    lenses = await page.lenses()
    assert list(lenses) == ["Switch model", "Send", "Good enough", "Throw it away"]
    assert page.lines[lenses["Switch model"].range.start.line] == "model:"
    assert "stagewright:write" in page.lines[lenses["Send"].range.start.line]
    discard = "Throw it away (discards the workflow, which cannot be undone)"
    assert discard in await page.actions("stagewright.approve-gate")
    page.write("half a thought")
    await page.act("Good enough")
    text = await page.until("stage: build", "# build (implementation)")
    assert text.endswith("half a thought")

    gate = "Approve gate (these pass: `make test`)"
    assert gate in await page.actions("stagewright.approve-gate")
    assert [workflow_of(page)["stages"][1]["gate"][key] for key in ("satisfied",)] == [False]
    await page.act(gate)
    end = "Complete the workflow (not run: on leaving `build`: run `git tag done`)"
    while end not in (actions := await page.actions()):
        await online.wait_for(types.WINDOW_SHOW_MESSAGE)
    assert "Advance" not in actions
    await page.act(end)
    await page.until("Your message (the workflow is completed)", "Not run: on leaving `build`")
    assert workflow_of(page)["status"] == "completed"
    assert await page.actions() == {}


async def test_discarding_takes_its_reason_from_the_text(offline: Editor) -> None:
    page = await conversation(offline, TWO_STAGES)
    page.write("Nobody wants it.")
    lens = (await page.lenses())["Throw it away"].command
    assert lens is not None
    for choice in ("Cancel", "Discard"):
        offline.choose = lambda asked, choice=choice: choice  # type: ignore[misc]
        heard = len(offline.said)
        await page.command(lens.command, lens.arguments[0] if lens.arguments else None)
        asked = await offline.wait_for(types.WINDOW_SHOW_MESSAGE_REQUEST, after=heard)
        assert "cannot be undone" in asked.message
        assert choice == "Discard" or workflow_of(page)["status"] == "active"
    text = await page.until("the workflow is discarded", "Nobody wants it.")
    assert text.rstrip().endswith("-->")
    reason = workflow_of(page)["messages"][-1]
    assert (reason["content"], reason["metadata"]["type"]) == ("Nobody wants it.", "discard_reason")


async def test_lenses_ask_before_what_must_be_confirmed(offline: Editor) -> None:
    page = await conversation(offline, TWO_STAGES)
    await page.command("stagewright.transcript.approveGate", {"action": "advance"})
    await page.until("stage: build")
    asked: list[str] = []

    def confirm(question: types.ShowMessageRequestParams) -> str:
        asked.append(question.message)
        return (question.actions or [])[0].title

    offline.choose = lambda question: "Cancel"
    heard = len(offline.said)
    await page.command("stagewright.transcript.approveGate", {"action": "advance"})
    question = await offline.wait_for(types.WINDOW_SHOW_MESSAGE_REQUEST, after=heard)
    assert "make test" in question.message
    assert workflow_of(page)["currentStage"] == 1

    offline.choose = confirm
    await page.command("stagewright.transcript.approveGate", {"action": "advance"})
    await page.until("the workflow is completed")
    assert ["make test" in asked[0], "git tag done" in asked[1]] == [True, True]


async def test_lenses_are_renewed_when_the_workflow_changes_and_can_be_turned_off(
    folder: Path, tmp_path: Path
) -> None:
    environ = environment(tmp_path)
    async with editor("visual-studio-code", folder, environ) as running:
        page = await conversation(running, TWO_STAGES)
        await page.lenses()
        await page.command("stagewright.transcript.approveGate")
        await running.wait_for(types.WORKSPACE_CODE_LENS_REFRESH)
        assert "Advance to build" in await page.lenses()
    off = {"codeLens": {"enabled": False}}
    async with editor("visual-studio-code", folder, environ, options=off) as running:
        workflow_id = Path(page.uri).name.partition(".")[0]
        page = await opened(running, workflow_id)
        assert await page.lenses() == {}
        assert "Advance to build" in await page.actions()


async def test_what_another_program_does_is_shown(online: Editor) -> None:
    page = await conversation(online, TWO_STAGES)
    page.write("not sent 🎭")
    manager = manager_of(page)
    workflow_id = workflow_of(page)["id"]
    manager.add_message(workflow_id, "From elsewhere")
    manager.satisfy_gate(workflow_id, action="advance")
    if online.profile != "neovim@0.11":  # on Linux it watches no files
        change = types.FileEvent(manager.path(workflow_id).as_uri(), types.FileChangeType.Changed)
        online.client.workspace_did_change_watched_files(
            types.DidChangeWatchedFilesParams([change])
        )
    text = await page.until("From elsewhere", "stage: build")
    assert text.endswith("not sent 🎭")


async def test_an_editor_that_cannot_ask_is_told_what_to_do(folder: Path, tmp_path: Path) -> None:
    async with editor("emacs", folder, environment(tmp_path)) as running:

        def refuse(_: Any) -> str:
            raise JsonRpcException("Method not found", code=-32601)

        running.choose = refuse
        page = await conversation(running, TWO_STAGES)
        await page.command("stagewright.transcript.switchModel")
        told = await running.wait_for(
            types.WINDOW_SHOW_MESSAGE, lambda said: "cannot ask" in said.message
        )
        assert "Use the code action" in told.message


async def test_a_stage_is_chatted_with_by_a_code_action(offline: Editor) -> None:
    """For editors that show no code lenses; and a lens does the same."""
    uri = offline.open(TWO_STAGES)
    document = types.TextDocumentIdentifier(uri)
    line = TWO_STAGES.split("\n").index('  - name: "build"')
    range_ = types.Range(types.Position(line, 0), types.Position(line, 0))
    moved = types.CodeActionContext([], trigger_kind=types.CodeActionTriggerKind.Automatic)
    bulb = types.CodeActionParams(document, range_, moved)
    assert not await offline.client.text_document_code_action_async(bulb)
    context = types.CodeActionContext([], only=["stagewright"])
    asked = types.CodeActionParams(document, range_, context)
    found = await offline.client.text_document_code_action_async(asked)
    actions = {action.title: action.command for action in found or ()}
    assert list(actions) == ["Chat with `build`", "Change the model of `build`"]
    chat = actions["Chat with `build`"]
    lenses = await offline.client.text_document_code_lens_async(types.CodeLensParams(document))
    assert isinstance(chat, types.Command)
    assert chat.arguments in [lens.command.arguments for lens in lenses or () if lens.command]
    view = await offline.command(chat.command, chat.arguments[0])
    assert view["workflow"]["currentStage"] == 1
    shown = await offline.wait_for(types.WINDOW_SHOW_DOCUMENT)
    assert shown.uri == view["transcriptPath"]


async def test_a_workflow_is_paused_and_resumed_from_its_transcript(offline: Editor) -> None:
    page = await conversation(offline, TWO_STAGES)
    await page.act("Pause the workflow")
    await page.until("Your message (the workflow is paused)")
    assert list(await page.lenses()) == ["Resume"]
    await page.act("Resume")
    await page.until("## Your message <!--")
    assert workflow_of(page)["status"] == "active"
