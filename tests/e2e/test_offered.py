"""The models that an editor itself offers, over the wire: in Copilot's files, and nowhere else."""

from __future__ import annotations

from typing import Any

from lsprotocol import types
from tests.e2e.editor import Editor
from tests.e2e.support import template

AGENT = ".github/agents/reviewer.agent.md"
CLOSED = ".github/prompts/plan.prompt.md"
OFFERED = {
    "copilot": [{"id": "gpt-4.1", "name": "GPT-4.1", "family": "gpt-4.1"}],
    "openai": [{"id": "byok", "name": "GPT-5 mini", "family": "gpt-5"}],
}


def agent(model: str) -> str:
    return f"---\nmodel: {model}\n---\n\nReview it.\n"


def offer(running: Editor, vendors: Any) -> None:
    running.client.protocol.notify("stagewright/models/offered", {"vendors": vendors})


def codes(found: list[types.Diagnostic]) -> list[str]:
    return [str(one.code) for one in found]


async def test_an_agent_file_is_completed_and_checked_as_far_as_the_editor_offers(
    offline: Editor,
) -> None:
    closed = offline.folder / CLOSED
    closed.parent.mkdir(parents=True)
    closed.write_text(agent("GPT-4.0 (copilot)"))
    uri = offline.open(agent("GPT-4.2"), AGENT)
    assert await offline.diagnostics(uri, lambda found: not found) == []
    assert not (await offline.complete(agent("$0"), AGENT)).items
    offline.replace(uri, agent("GPT-4.2"))

    offer(offline, OFFERED)
    (found,) = await offline.diagnostics(uri, lambda found: "model-unlisted" in codes(found))
    assert found.severity is types.DiagnosticSeverity.Information
    assert found.message == (
        "`GPT-4.2` is not offered by VS Code on this machine (`copilot`). Did you mean `GPT-4.1`?"
    )
    items = (await offline.complete(agent("$0"), AGENT)).items
    assert {item.label for item in items} == {"GPT-4.1", "GPT-5 mini"}
    assert "GPT-5 mini" not in {
        item.label for item in (await offline.complete(template("openai", "$0"))).items
    }
    told = await offline.command("stagewright.workspace.inventory", {})
    standing = {one["written"]: (one["provider"], one["standing"]) for one in told["references"]}
    assert standing["GPT-4.0 (copilot)"] == ("vscode:copilot", "unlisted")
    providers = (await offline.command("stagewright.models.list", {}))["providers"]
    assert [providers[f"vscode:{vendor}"]["askable"] for vendor in OFFERED] == [False, False]

    heard = len(offline.said)
    offline.replace(uri, agent("GPT-4.2"))
    offer(offline, {})
    await offline.wait_for(
        types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS,
        lambda told: told.uri == uri and not told.diagnostics,
        after=heard,
    )
    providers = (await offline.command("stagewright.models.list", {}))["providers"]
    assert "vscode:copilot" not in providers


async def test_a_model_is_changed_to_one_that_the_editor_offers(offline: Editor) -> None:
    uri = offline.open(agent("GPT-4.1"), AGENT)
    offer(offline, OFFERED)
    at = {"uri": uri, "position": {"line": 1, "character": 9}}
    site = (await offline.command("stagewright.model.at", at))["site"]
    assert (site["provider"], site["model"], site["standing"]) == (
        "vscode:copilot",
        "GPT-4.1",
        "usable",
    )
    model = {"provider": "vscode:openai", "model": "GPT-5 mini"}
    await offline.command("stagewright.model.set", {**at, "model": model})
    assert offline.applied
    assert "GPT-5 mini (openai)" in str(offline.applied[-1])


async def test_what_tells_no_models_is_passed_over(offline: Editor) -> None:
    for vendors in (
        None,
        ["copilot"],
        {"copilot": "GPT-4.1"},
        {"copilot": [{"id": 1, "name": ["GPT"]}, "GPT", None]},
        {"copi\nlot": [{"name": "GPT-4.1"}], "": [{"name": "GPT-4.1"}]},
        {"copilot": [{"name": ""}, {"name": "x" * 300}, {"name": "a\u202eb"}]},
    ):
        offer(offline, vendors)
        assert not (await offline.complete(agent("$0"), AGENT)).items, vendors
    offer(offline, OFFERED)
    assert (await offline.complete(agent("$0"), AGENT)).items
