"""The front matter of a transcript: its model, its request, and what its stage sees."""

from __future__ import annotations

from pathlib import Path

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from tests.e2e.conversation import TWO_STAGES, conversation, opened, workflow_of
from tests.e2e.editor import Editor
from tests.e2e.support import GPT
from tests.loopback.process import LoopbackProcess


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
