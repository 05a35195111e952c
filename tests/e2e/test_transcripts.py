"""Transcripts in any editor: sent from, followed while answers come, true after every change."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from tests.e2e.conversation import Page
from tests.e2e.editor import PATIENCE, Editor, editor, environment
from tests.e2e.test_chat import CLAUDE, GPT, saved
from tests.e2e.test_models import template
from tests.loopback.process import LoopbackProcess

from stagewright.workflows.manager import WorkflowManager

TWO_STAGES = """\
name: "two"
stages:
  - name: "draft"
    type: "design"
    defaultModel:
      provider: "anthropic"
      model: "claude-opus-5-5"
    gate:
      type: "human_approval"
      agentTriggered: true
      options:
        - label: "Good enough"
          action: "advance"
        - label: "Throw it away"
          action: "discard"
  - name: "build"
    type: "implementation"
    gate:
      type: "verification_pass"
      commands:
        - "make test"
    hooks:
      onExit:
        - type: "command"
          command: "git tag done"
"""


@pytest.fixture
async def answering(
    folder: Path, tmp_path: Path, providers: LoopbackProcess
) -> AsyncIterator[Editor]:
    """An editor of one profile with keys, for what is the same in all of them."""
    environ = environment(tmp_path, **providers.environ)
    async with editor("visual-studio-code", folder, environ) as running:
        yield running


async def conversation(editor: Editor, text: str | None = None) -> Page:
    """The open transcript of a new workflow."""
    uri = editor.open(text or template(CLAUDE["provider"], CLAUDE["model"]))
    view = await editor.command("stagewright.chat.start", {"uri": uri})
    return await opened(editor, view["workflow"]["id"])


async def opened(editor: Editor, workflow_id: str) -> Page:
    """A workflow's transcript, opened as the server asks for it."""
    answer = await editor.command("stagewright.chat.open", {"workflowId": workflow_id})
    path = editor.folder / ".choragen/workflows" / f"{workflow_id}.chat.md"
    assert answer == {"uri": path.as_uri()}
    return Page(editor, answer["uri"], path.read_text("utf-8"))


def workflow_of(page: Page) -> dict[str, Any]:
    return saved(page.editor, Path(page.uri).name.partition(".")[0])


def manager_of(page: Page) -> WorkflowManager:
    """Another program in the same workspace."""
    return WorkflowManager(page.editor.folder)


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


async def test_the_model_in_the_front_matter_is_completed_explained_and_checked(
    online: Editor,
) -> None:
    await online.models_known()
    page = await conversation(online)
    page.replace("model:\n  provider: anthropic\n  model: claude-opus-5-5", "model: ")
    block = 'model: {provider: "anthropic", model: "🎭 claude"}'
    page.replace("model: ", block)
    line = next(n for n, text in enumerate(page.lines) if text == block)
    found = await online.diagnostics(page.uri, lambda f: [one.code for one in f] != [])
    (diagnostic,) = found
    assert diagnostic.code == "model-unavailable"
    covered = {"utf-8": 11 + 3, "utf-16": 11 + 1, "utf-32": 11}[online.encoding] - 1
    start, end = diagnostic.range.start, diagnostic.range.end
    assert (start.line, end.character - start.character) == (line, covered)

    page.replace("🎭 claude", "claude-opus")
    place = types.Position(line, block.index("🎭"))
    document = types.TextDocumentIdentifier(page.uri)
    offers = await online.client.text_document_completion_async(
        types.CompletionParams(document, place)
    )
    assert isinstance(offers, types.CompletionList)
    assert offers.items[0].label == "claude-opus-5-5"
    page.replace('"claude-opus"', '"claude-opus-5-5"')
    await online.diagnostics(page.uri, lambda f: f == [])
    about = await online.client.text_document_hover_async(types.HoverParams(document, place))
    assert about is not None
    assert "claude-opus-5-5" in str(about.contents)
    for elsewhere in (0, len(page.lines) - 1):
        offers = await online.client.text_document_completion_async(
            types.CompletionParams(document, types.Position(elsewhere, 0))
        )
        assert isinstance(offers, types.CompletionList)
        assert not offers.items


async def test_the_front_matter_has_the_quick_fixes_of_a_template(answering: Editor) -> None:
    await answering.models_known()
    page = await conversation(answering)
    page.replace("  model: claude-opus-5-5", "  model: claude-opus-5-6")
    (diagnostic,) = await answering.diagnostics(page.uri, lambda found: found != [])
    fixes = await answering.client.text_document_code_action_async(
        types.CodeActionParams(
            types.TextDocumentIdentifier(page.uri),
            diagnostic.range,
            types.CodeActionContext([diagnostic], only=[types.CodeActionKind.QuickFix]),
        )
    )
    assert "Use `claude-opus-5-5`" in [fix.title for fix in fixes or ()]


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


async def test_a_cut_answer_is_gone_on_with_in_its_place(
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


async def test_a_model_written_into_the_front_matter_answers(
    online: Editor, providers: LoopbackProcess
) -> None:
    providers.control(chats=[{"text": "From GPT."}])
    page = await conversation(online)
    page.replace(
        "  provider: anthropic\n  model: claude-opus-5-5", "  provider: openai\n  model: gpt-5.1"
    )
    page.write("Hello")
    run = await page.command("stagewright.transcript.send")
    assert run["effective"] == {"model": GPT, "origin": "message"}
    await page.until("## You, to openai/gpt-5.1", "From GPT.", "stagewright:write openai/gpt-5.1")

    page.replace("  model: gpt-5.1\n", "  model:\n")
    page.write("Again")
    with pytest.raises(JsonRpcException, match="unfinished: `model` is empty") as refused:
        await page.command("stagewright.transcript.send")
    assert refused.value.data["code"] == "model-reference"
    assert "Again" in page.text


async def test_a_model_is_switched_to_by_an_action_and_back(answering: Editor) -> None:
    await answering.models_known()
    page = await conversation(answering)
    page.write("not sent")
    page.replace("  model: claude-opus-5-5", "  model: claude-something")
    titles = list(await page.actions("stagewright.switch-model"))
    model = next(title for title in titles if "openai/" in title).removeprefix("Switch to openai/")
    assert "Switch to anthropic/claude-opus-5-5" not in titles
    assert not any(title == "Send" for title in titles)
    await page.act(f"Switch to openai/{model}")
    now = f"  provider: openai\n  model: {model}\n"
    text = await page.until(now, f"Model: openai/{model}")
    assert text.endswith("not sent")
    await page.act("Back to the stage's model")
    await page.until("  provider: anthropic\n  model: claude-opus-5-5\n")

    answering.choose = lambda _: f"openai/{model}"
    lens = (await page.lenses())["Switch model"].command
    assert lens is not None
    await page.command(lens.command)
    await page.until(now)


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


async def test_nothing_to_send_says_so_and_other_files_are_no_transcripts(offline: Editor) -> None:
    page = await conversation(offline)
    with pytest.raises(JsonRpcException) as refused:
        await page.command("stagewright.transcript.send")
    assert refused.value.data["code"] in ("message-empty", "not-configured")
    for uri in (offline.uri("test.yaml"), "file:///nowhere/WF-20260101-001.chat.md"):
        with pytest.raises(JsonRpcException, match="is not an open transcript"):
            await offline.command("stagewright.transcript.send", {"uri": uri})


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


async def test_a_transcript_whose_workflow_is_gone_is_left_alone(offline: Editor) -> None:
    text = "---\nworkflow: WF-20260101-001\nmodel:\n  provider: anthropic\n---\n\nmine\n"
    page = Page(offline, offline.uri(".choragen/workflows/WF-20260101-001.chat.md"), text)
    found = await offline.diagnostics(page.uri, lambda found: found != [])
    assert [diagnostic.code for diagnostic in found] == ["model-reference"]
    assert await page.lenses() == {}
    with pytest.raises(JsonRpcException, match="WF-20260101-001"):
        await page.command("stagewright.transcript.send")
    assert page.text == text


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


async def test_a_request_written_into_the_front_matter_is_taken_with_the_message(
    answering: Editor, providers: LoopbackProcess
) -> None:
    page = await conversation(answering)
    page.replace("request:", "request: Dark mode")
    page.write("Go on.")
    await page.act("Preview what is sent")
    shown = await answering.wait_for(
        types.WINDOW_SHOW_DOCUMENT, lambda params: params.uri.endswith(".preview.md")
    )
    preview = Path(page.uri.removeprefix("file://")).with_name(Path(shown.uri).name)
    assert "## You\n\nGo on." in preview.read_text("utf-8")
    await page.act("Send")
    await page.until("An answer in a few words.", "request: Dark mode")
    assert workflow_of(page)["requestId"] == "Dark mode"
    assert "This work is about: Dark mode" in providers.requests("/messages")[-1]["body"]


async def test_what_a_stage_sees_is_chosen_in_its_transcript(offline: Editor) -> None:
    uri = offline.open(TWO_STAGES)
    view = await offline.command("stagewright.chat.start", {"uri": uri, "stage": "build"})
    page = await opened(offline, view["workflow"]["id"])
    await page.act("Let this chat's models see this stage alone")
    await page.until("Context: this stage alone")
    assert workflow_of(page)["messages"][-1]["metadata"]["context"] == "stage"


async def test_a_model_of_no_provider_is_not_switched_to(offline: Editor) -> None:
    page = await conversation(offline, TWO_STAGES)
    wrong = {"provider": "anthropc", "model": "claude"}
    with pytest.raises(JsonRpcException, match="Unknown provider `anthropc`"):
        await page.command("stagewright.transcript.switchModel", {"model": wrong})
    assert workflow_of(page)["messages"] == []


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
