"""What a workspace names, over the wire: the inventory, the dialects, all uses of one model."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from tests.cli.checking import run
from tests.e2e.editor import PATIENCE, PROFILES, Editor, editor, environment
from tests.e2e.support import template
from tests.e2e.test_refresh import HANG, PATIENT, progress, shown, until
from tests.loopback.process import LoopbackProcess

from stagewright.cli.app import app

AGENT = ".claude/agents/😀 reviewer.md"
TEXT = "---\nmodel: claude-2.0\n---\n\nReview it.\n"
CONFIG = "./promptfooconfig.yaml"
PROVIDERS = 'providers:\n  - "anthropic:claude-2.0"\n  - mycompany:😀\n  - anthropic:claude-2.1\n'


async def printed_in(folder: Path, command: str) -> Any:
    """What a command prints for programs; it has an event loop of its own."""
    return (await asyncio.to_thread(run, folder, command, "--format", "json", command=app)).json


@pytest.mark.parametrize("profile", PROFILES[:3])
async def test_the_inventory_is_that_of_the_command_line(
    folder: Path, tmp_path: Path, profile: str
) -> None:
    for name, text in ((AGENT, TEXT), (CONFIG, PROVIDERS)):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    printed = await printed_in(folder, "inventory")
    async with editor(profile, folder, environment(tmp_path)) as running:
        uris = [running.open(TEXT, AGENT), running.open(PROVIDERS, CONFIG)]
        told = await running.command("stagewright.workspace.inventory", {})
        covered = Counter(
            running.covered(one["uri"], place) == one["written"].split("\n")[0]
            for one in told["references"]
            if one["uri"] in uris
            and (place := types.Range(**{k: types.Position(**v) for k, v in one["range"].items()}))
        )
    assert covered == {True: 4}
    for one in told["references"]:
        assert one.pop("uri").endswith(Path(one["path"]).name.replace(" ", "%20")[-12:])
        one.pop("range")
    assert printed.pop("generator").startswith("Stagewright ")
    assert told == printed
    assert {one["standing"] for one in told["references"]} >= {"retired", "opaque"}


@pytest.mark.parametrize("format_", ["json", "csv"])
async def test_an_exported_inventory_is_what_the_command_line_prints(
    offline: Editor, format_: str
) -> None:
    (offline.folder / AGENT).parent.mkdir(parents=True)
    (offline.folder / AGENT).write_text(TEXT)
    printed = await asyncio.to_thread(
        run, offline.folder, "inventory", "--format", format_, command=app
    )
    told = await offline.command("stagewright.workspace.exportInventory", {"format": format_})
    assert told == {"text": printed.out}
    with pytest.raises(JsonRpcException, match="format"):
        await offline.command("stagewright.workspace.exportInventory", {"format": "xml"})


async def test_the_inventory_of_some_files_is_theirs_as_they_are_now(offline: Editor) -> None:
    (offline.folder / AGENT).parent.mkdir(parents=True)
    (offline.folder / AGENT).write_text(TEXT)
    stage = offline.open(template("openai", "gpt-5"))
    gone, other = offline.uri("gone.yaml"), offline.uri("./none-of-ours.txt")

    async def names(*uris: str) -> list[tuple[str, str]]:
        told = await offline.command("stagewright.workspace.inventory", {"uris": list(uris)})
        return [(one["uri"], one["model"]) for one in told["references"]]

    agent = offline.uri(AGENT)
    assert await names(agent, stage, gone, other) == [(agent, "claude-2.0"), (stage, "gpt-5")]
    offline.replace(stage, template("openai", "gpt-6-sol"))
    assert await names(stage) == [(stage, "gpt-6-sol")]
    (offline.folder / AGENT).unlink()
    assert await names(agent) == []
    assert await names() == []
    source = offline.folder / "main.py"
    source.write_text('ask(model="gpt-3.5-turbo-0301")\n')
    whole = await offline.command("stagewright.workspace.inventory", {})
    in_source = [(one["uri"], one["model"]) for one in whole["references"] if "main" in one["uri"]]
    assert in_source == [(source.as_uri(), "gpt-3.5-turbo-0301")]
    assert await names(source.as_uri()) == in_source
    assert await names("untitled:Untitled-1", "", "file:///%zz", "vscode-remote://x/y.yaml") == []


async def test_open_texts_count_as_they_stand_in_the_editor(offline: Editor) -> None:
    async def names() -> Counter[str]:
        told = await offline.command("stagewright.workspace.inventory", {})
        return Counter(one["model"] for one in told["references"])

    before = await names()
    uri = offline.open(template("openai", "gpt-5"))
    assert await names() - before == {"gpt-5": 1}
    offline.replace(uri, template("openai", "gpt-6-sol"))
    assert await names() - before == {"gpt-6-sol": 1}


async def test_the_inventory_asks_first_and_can_be_cancelled(
    folder: Path, tmp_path: Path, providers: LoopbackProcess
) -> None:
    environ = environment(tmp_path, **providers.environ)
    async with editor("visual-studio-code", folder, environ, options=PATIENT) as running:
        providers.control(faults=[{**HANG, "path": "openai.*models$"}])
        running.open(template("openai", "gpt-5"))
        asked = asyncio.ensure_future(running.command("stagewright.workspace.inventory", {}))
        await until(lambda: len(providers.requests("models")) >= 2)
        await until(lambda: shown(running, types.WorkDoneProgressReport))
        (token,) = progress(running)
        running.client.window_work_done_progress_cancel(types.WorkDoneProgressCancelParams(token))
        with pytest.raises(JsonRpcException) as refused:
            await asyncio.wait_for(asked, PATIENCE)
        assert refused.value.data["code"] == "cancelled"
        assert len(shown(running, types.WorkDoneProgressEnd)) == 1

        protocol = running.client.protocol
        params = types.ExecuteCommandParams("stagewright.workspace.inventory", [{}])
        asked = asyncio.ensure_future(
            protocol.send_request_async("workspace/executeCommand", params, msg_id="mine")
        )
        await until(lambda: len(progress(running)) == 2)
        running.client.cancel_request(types.CancelParams(id="mine"))
        with pytest.raises(JsonRpcException) as refused:
            await asyncio.wait_for(asked, PATIENCE)
        assert refused.value.code == types.LSPErrorCodes.RequestCancelled
        providers.control(faults=[])
        assert await running.command("stagewright.dialects.list", {})


async def test_what_the_providers_say_is_in_the_inventory(answering: Editor) -> None:
    answering.open(template("openai", "gpt-none"))
    told = await answering.command("stagewright.workspace.inventory", {})
    [missing] = [one for one in told["references"] if one["model"] == "gpt-none"]
    assert (missing["standing"], missing["source"]) == ("unavailable", "live")


async def test_the_dialects_are_those_of_the_command_line(offline: Editor) -> None:
    told = await offline.command("stagewright.dialects.list", {})
    printed = await printed_in(offline.folder, "dialects")
    assert told["dialects"] == printed["dialects"]
    with pytest.raises(JsonRpcException, match="unknown key provider"):
        await offline.command("stagewright.dialects.list", {"provider": "x"})


async def uses(
    running: Editor, uri: str, line: int, character: int, *, declared: bool = True
) -> list[str]:
    """Where the model at a place is named, as the texts that are covered there."""
    found = await running.client.text_document_references_async(
        types.ReferenceParams(
            types.ReferenceContext(include_declaration=declared),
            types.TextDocumentIdentifier(uri),
            types.Position(line, character),
        )
    )
    return [
        f"{Path(one.uri).name}:{one.range.start.line}:{running.covered(one.uri, one.range)}"
        for one in found or ()
    ]


async def test_all_uses_of_a_model_are_found_in_files_of_every_kind(offline: Editor) -> None:
    agent = offline.open(TEXT, AGENT)
    config = offline.open(PROVIDERS + "  - google:gemini-9\n  - mycompany:😀\n", CONFIG)
    stage = offline.open(template("anthropic", "claude-2.0"))
    other = offline.open(template("gemini", "gemini-9"), "other.yaml")
    everywhere = {
        "%F0%9F%98%80%20reviewer.md:1:claude-2.0",
        "promptfooconfig.yaml:1:anthropic:claude-2.0",
        "test.yaml:6:claude-2.0",
    }
    for uri, line, character in ((agent, 1, 9), (config, 1, 10), (stage, 6, 15), (stage, 5, 19)):
        assert set(await uses(offline, uri, line, character)) == everywhere
    assert len(await uses(offline, other, 6, 15)) == 2  # under either name of the provider
    assert await uses(offline, config, 2, 7) == [
        "promptfooconfig.yaml:2:mycompany:😀",
        "promptfooconfig.yaml:5:mycompany:😀",
    ]
    assert await uses(offline, agent, 0, 1) == []
    assert await uses(offline, config, 0, 2) == []


async def test_uses_of_a_model_in_closed_files_are_found(offline: Editor) -> None:
    uri = offline.open("model: x\n", "./nothing.txt")
    assert await uses(offline, uri, 0, 2) == []
    roles = offline.folder / ".choragen" / "roles" / "index.yaml"
    named = "claude-sonnet-4-20250514"
    for name, text in (
        ("promptfooconfig.yaml", f"providers: ['anthropic:{named}']\n"),
        (AGENT, TEXT.replace("claude-2.0", named)),
        ("proxy/config.yaml", f"model_list:\n- litellm_params: {{model: anthropic/{named}}}\n"),
        ("node_modules/x/promptfooconfig.yaml", f"providers: ['anthropic:{named}']\n"),
    ):
        path = offline.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    stage = offline.open(template("anthropic", named))
    found = await offline.client.text_document_references_async(
        types.ReferenceParams(
            types.ReferenceContext(include_declaration=True),
            types.TextDocumentIdentifier(stage),
            types.Position(6, 15),
        )
    )
    assert found is not None
    assert found[0].uri == stage
    places = Counter(one.uri.removeprefix(f"{offline.folder.as_uri()}/") for one in found[1:])
    assert places == {
        ".choragen/roles/index.yaml": roles.read_text().count(named),
        "promptfooconfig.yaml": 1,
        ".claude/agents/%F0%9F%98%80%20reviewer.md": 1,
        "proxy/config.yaml": 1,  # by what stands in it
    }
    told = await offline.command("stagewright.workspace.inventory", {})
    assert {one["path"] for one in told["references"]} >= {"proxy/config.yaml", AGENT}


PROXY = """\
model_list:
  - model_name: "😀 fast"
    litellm_params: {model: openai/gpt-4o}
  - model_name: slow
    litellm_params: {model: openai/gpt-4o-mini}
router_settings:
  fallbacks:
    - slow: ["😀 fast", gone]
  default_fallbacks: ["😀 fast"]
"""


async def test_a_name_that_a_file_defines_is_known_in_it_alone(offline: Editor) -> None:
    uri = offline.open(PROXY, "./litellm.yaml")
    offline.open(PROXY, "./other.litellm.config.yaml")
    defined, *used = (
        'litellm.yaml:1:"😀 fast"',
        "litellm.yaml:7:😀 fast",
        "litellm.yaml:8:😀 fast",
    )
    for line, character in ((1, 20), (7, 15), (8, 24)):
        assert await uses(offline, uri, line, character) == [defined, *used]
        assert await uses(offline, uri, line, character, declared=False) == used
        found = await offline.client.text_document_definition_async(
            types.DefinitionParams(
                types.TextDocumentIdentifier(uri), types.Position(line, character)
            )
        )
        assert isinstance(found, list)
        assert [one.range.start.line for one in found] == [1]
    assert await uses(offline, uri, 7, 25) == ["litellm.yaml:7:gone"]  # not defined
    told = await offline.command("stagewright.workspace.inventory", {})
    standings = {one["model"]: one["standing"] for one in told["references"] if one["uri"] == uri}
    assert (standings["slow"], standings["gone"]) == ("local", "unknown")
