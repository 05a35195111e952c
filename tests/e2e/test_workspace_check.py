"""A check of the whole workspace, over the wire: what is read, found, and told from then on."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from lsprotocol import types
from tests.cli.checking import run
from tests.e2e.editor import Editor, editor, environment
from tests.e2e.support import document

GATEWAY = "model_list:\n  - model_name: x\n    litellm_params: {model: anthropic/claude-2.0}\n"
AGENT = "---\nmodel: claude-2.1\n---\n\nReview it.\n"
FILES = {
    "proxy/config.yaml": GATEWAY,  # its content alone makes it LiteLLM's
    ".claude/agents/reviewer.md": AGENT,
    "config.yaml": "debug: true\n",
    "node_modules/x/config.yaml": GATEWAY,
}


@pytest.mark.parametrize("profile", ["visual-studio-code", "pulling", "emacs"])
async def test_files_are_told_of_from_then_on(folder: Path, tmp_path: Path, profile: str) -> None:
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    gateway = folder / "proxy" / "config.yaml"
    async with editor(profile, folder, environment(tmp_path)) as running:
        told = await running.command("stagewright.workspace.check", {})
        of = {one["uri"].removeprefix(folder.as_uri() + "/"): one for one in told["files"]}
        assert of["proxy/config.yaml"]["dialect"] == "LiteLLM proxy"
        assert [of[name]["diagnostics"] for name in list(FILES)[:2]] == [1, 1]
        assert not of.keys() & {"config.yaml", "node_modules/x/config.yaml"}
        assert told["severities"]["warning"] >= 2
        assert [one["provider"] for one in told["unverified"]][:1] == ["anthropic"]
        if profile == "pulling":
            assert "model-retired" in await pulled(running, gateway)
            return
        [one] = await running.diagnostics(gateway.as_uri(), lambda found: len(found) == 1)
        assert one.code == "model-retired"
        # It is fixed in the editor and closed again.
        fixed = GATEWAY.replace("claude-2.0", "claude-opus-5-5")
        uri = running.open(GATEWAY, "./proxy/config.yaml")
        gateway.write_text(fixed)
        running.client.text_document_did_close(types.DidCloseTextDocumentParams(document(uri)))
        await running.diagnostics(gateway.as_uri(), lambda found: not found)


async def pulled(running: Editor, path: Path) -> set[object]:
    """The codes of a file in a report of the whole workspace."""
    report = await running.client.workspace_diagnostic_async(types.WorkspaceDiagnosticParams([]))
    found = [one for one in report.items if one.uri == path.as_uri()]
    return {one.code for each in found for one in getattr(each, "items", ())}


async def test_it_finds_what_the_command_line_finds(offline: Editor) -> None:
    path = offline.folder / "proxy" / "config.yaml"
    path.parent.mkdir()
    path.write_text(GATEWAY)
    printed = (await asyncio.to_thread(run, offline.folder, "--format", "json")).json
    told = await offline.command("stagewright.workspace.check", {})
    assert sum(one["diagnostics"] for one in told["files"]) == len(printed["findings"])
