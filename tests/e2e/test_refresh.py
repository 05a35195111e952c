"""Lists that are renewed while people work: nobody waits, nobody asks twice."""

from __future__ import annotations

import asyncio
import json
import shlex
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from tests import forks
from tests.e2e.editor import PATIENCE, Editor, editor, environment
from tests.e2e.support import template
from tests.loopback.lists import KEYS
from tests.loopback.process import LoopbackProcess
from tests.loopback.world import THIRD_PAGE

PROFILE = "visual-studio-code"
PATIENT: dict[str, Any] = {
    "models": {"timeoutSeconds": 150},
    "providers": {"ollama": {"enabled": False}},
}
HANG = {"path": "models$", "kind": "hang"}


@pytest.fixture
async def patient(
    folder: Path, tmp_path: Path, providers: LoopbackProcess
) -> AsyncIterator[Editor]:
    """An editor whose server waits long for lists."""
    environ = environment(tmp_path, **providers.environ, LAB_KEY=KEYS["compatible"])
    async with editor(PROFILE, folder, environ, options=PATIENT) as running:
        yield running


async def until(reached: Callable[[], object]) -> None:
    """Wait for a state that nobody announces."""
    async with asyncio.timeout(PATIENCE):
        while not await asyncio.to_thread(reached):  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def statuses(running: Editor) -> dict[str, str]:
    """Each asked provider's status as the server has it now."""
    catalog = await running.command("stagewright.models.list", {})
    found = {
        name: one["status"]
        for name, one in catalog["providers"].items()
        if one.get("askable") is not False
    }
    return {name: status for name, status in found.items() if status != "not-configured"}


def progress(running: Editor) -> dict[Any, list[Any]]:
    """What a command is told of, by its token: on a slow machine files are checked besides."""
    begun = list(running.client.progress_reports.items())  # read beside the event loop
    return {token: said for token, said in begun if said and said[0].title != "Checking files"}


def shown(running: Editor, kind: type[Any]) -> list[Any]:
    """What the one progress of a command has shown of this kind."""
    return [one for said in progress(running).values() for one in said if isinstance(one, kind)]


async def diagnostics(
    running: Editor, uri: str, codes: list[str], after: int
) -> list[types.Diagnostic]:
    """A file's diagnostics, once they have these codes; what was said before `after` is passed."""
    found = await running.wait_for(
        types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS,
        lambda said: said.uri == uri and [one.code for one in said.diagnostics] == codes,
        after,
    )
    return list(found.diagnostics)


async def test_50_completions_while_the_first_lists_hang(
    patient: Editor, providers: LoopbackProcess
) -> None:
    providers.control(faults=[HANG])
    await patient.complete(template("anthropic", "cl$0"))
    await until(lambda: len(providers.requests("models")) == 2)
    for _ in range(50):
        assert (await patient.complete(template("anthropic", "cl$0"))).is_incomplete
    assert await statuses(patient) == {"anthropic": "loading", "openai": "loading"}


async def test_50_completions_while_a_refresh_hangs_and_is_then_cancelled(
    patient: Editor, providers: LoopbackProcess
) -> None:
    await patient.models_known()
    providers.control(faults=[{**HANG, "path": "openai.*models$"}])
    refresh = asyncio.ensure_future(patient.command("stagewright.models.refresh", {}))
    await until(lambda: shown(patient, types.WorkDoneProgressReport))
    (begun,) = shown(patient, types.WorkDoneProgressBegin)
    assert begun.cancellable
    (report,) = shown(patient, types.WorkDoneProgressReport)
    assert report.message == "Anthropic is done, 1 to go"
    for _ in range(50):
        offers = await patient.complete(template("anthropic", "$0"))
        assert THIRD_PAGE in [offer.label for offer in offers.items]
        offers = await patient.complete(template("openai", "$0"))
        assert "gpt-5" in [offer.label for offer in offers.items]
    assert not refresh.done()

    (token,) = progress(patient)
    patient.client.window_work_done_progress_cancel(types.WorkDoneProgressCancelParams(token))
    catalog = await asyncio.wait_for(refresh, PATIENCE)
    assert len(shown(patient, types.WorkDoneProgressEnd)) == 1
    assert catalog["providers"]["anthropic"]["status"] == "ok"
    assert len(catalog["providers"]["openai"]["models"]) == 20, "the last good list is kept"


async def test_providers_follow_the_settings(patient: Editor, providers: LoopbackProcess) -> None:
    await patient.models_known()
    uri = patient.open(template("lab", "bare-model"))
    await diagnostics(patient, uri, ["provider-unknown"], 0)

    def set_(base_url: str | None) -> int:
        lab = {"kind": "openai-compatible", "apiKeyEnv": "LAB_KEY", "baseUrl": base_url}
        own = {"lab": lab} if base_url else {}
        section = {**PATIENT, "providers": {**PATIENT["providers"], **own}}
        patient.client.workspace_did_change_configuration(
            types.DidChangeConfigurationParams({"stagewright": section})
        )
        return len(patient.said)

    asked_before = len(providers.requests("/anthropic"))
    said = set_(f"{providers.origin}/nothing-here")
    (found,) = await diagnostics(patient, uri, ["model-unverified"], said)
    assert "/nothing-here" in found.message
    said = set_(f"{providers.origin}/compatible/v1/")
    await patient.wait_for(
        "stagewright/models/changed",
        lambda sent: sent["providers"].get("lab", {}).get("status") == "ok",
        said,
    )
    await diagnostics(patient, uri, [], said)
    offers = await patient.complete(template("lab", "$0"), "other.yaml")
    assert "mistral-new" in [offer.label for offer in offers.items]
    said = set_(None)
    await diagnostics(patient, uri, ["provider-unknown"], said)
    assert await statuses(patient) == {"anthropic": "ok", "openai": "ok"}
    assert len(providers.requests("/anthropic")) == asked_before, "whom it does not concern"


async def test_a_model_that_a_chat_was_refused_is_marked_until_the_next_refresh(
    patient: Editor, providers: LoopbackProcess
) -> None:
    await patient.models_known()
    model = "claude-opus-5-5"
    uri = patient.open(template("anthropic", model))
    await diagnostics(patient, uri, [], 0)
    error = {"type": "not_found_error", "message": f"model: {model}"}
    providers.control(chats=[{"status": 404, "body": {"type": "error", "error": error}}])
    view = await patient.command("stagewright.chat.start", {"uri": uri})
    said = len(patient.said)
    await patient.command(
        "stagewright.chat.send", {"workflowId": view["workflow"]["id"], "content": "Hello"}
    )
    failed = await patient.wait_for("stagewright/chat/failed", after=said)
    assert failed["code"] == "model-unavailable"
    (found,) = await diagnostics(patient, uri, ["model-unavailable"], said)
    assert patient.covered(uri, found.range) == model
    await patient.wait_for(types.WORKSPACE_CODE_LENS_REFRESH, after=said)
    await patient.wait_for(types.WORKSPACE_INLAY_HINT_REFRESH, after=said)
    lenses = await patient.client.text_document_code_lens_async(
        types.CodeLensParams(types.TextDocumentIdentifier(uri))
    )
    titles = [lens.command.title for lens in lenses or () if lens.command]
    assert f"{model} (not available) · stage default" in titles
    offers = await patient.complete(template("anthropic", "claude-opus$0"), "other.yaml")
    assert model not in [offer.label for offer in offers.items]

    said = len(patient.said)
    await patient.command("stagewright.models.refresh", {"provider": "anthropic"})
    await diagnostics(patient, uri, [], said)


async def test_two_servers_and_the_command_line_ask_each_provider_once(
    folder: Path, tmp_path: Path, providers: LoopbackProcess
) -> None:
    providers.control(faults=[{"path": "models$", "kind": "slow", "delay": 1.0, "times": 2}])
    environ = environment(tmp_path, **providers.environ)

    async def server() -> dict[str, int]:
        async with editor(PROFILE, folder, environ, options=PATIENT) as running:
            await running.models_known()
            catalog = await running.command("stagewright.models.list", {})
        return counts(catalog)

    async def command_line() -> dict[str, int]:
        words = (*forks.program(), "models", "--format", "json")
        process = await asyncio.create_subprocess_exec(
            *words, env=environ, stdout=asyncio.subprocess.PIPE
        )
        out, _ = await process.communicate()
        assert process.returncode == 0
        return counts(json.loads(out))

    def counts(catalog: dict[str, Any]) -> dict[str, int]:
        listed = catalog["providers"].items()
        return {name: len(one["models"]) for name, one in listed if one["status"] == "ok"}

    found = await asyncio.gather(server(), server(), command_line())
    assert found == [{"anthropic": 46, "openai": 20}] * 3
    lists = [one["path"] for one in providers.requests("models") if "after_id" not in str(one)]
    assert sorted(lists) == ["/anthropic/v1/models", "/openai/v1/models"]


async def test_no_file_of_the_workspace_leads_keys_elsewhere(
    folder: Path, tmp_path: Path, providers: LoopbackProcess
) -> None:
    trap = f"{providers.origin}/trap"
    section = {"providers": {"anthropic": {"baseUrl": trap}, "openai": {"baseUrl": trap}}}
    toml = f'[providers.anthropic]\nbaseUrl = "{trap}"\n[providers.openai]\nbaseUrl = "{trap}"\n'
    variables = f"ANTHROPIC_BASE_URL={trap}\nOPENAI_BASE_URL={trap}\n"
    for name, text in {
        "config.toml": toml,
        "stagewright.toml": toml,
        "stagewright/config.toml": toml,
        ".stagewright/config.toml": toml,
        ".choragen/config.toml": toml,
        ".config/stagewright/config.toml": toml,
        ".env": variables,
        ".choragen/.env": variables,
        "stagewright.json": json.dumps(section),
        ".choragen/workflow-templates/trap.yaml": f"name: t\n{json.dumps(section)[1:-1]}\n",
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    environ = environment(tmp_path, **providers.environ)
    server = f"cd {shlex.quote(str(folder))} && exec {sys.executable} -P -m stagewright server"
    async with editor(PROFILE, folder, environ, "/bin/sh", "-c", server) as running:
        await running.models_known()
        assert await statuses(running) == {"anthropic": "ok", "openai": "ok"}
    assert providers.requests("/trap") == []
    assert providers.requests("/anthropic") != []


@pytest.mark.parametrize("command", ["stagewright.models.list", "stagewright.models.refresh"])
async def test_a_provider_that_is_not_there_is_refused_by_name(
    patient: Editor, command: str
) -> None:
    for name, why in (("nosuch", "Unknown provider `nosuch`."), ("rehearsal", "is turned off")):
        with pytest.raises(JsonRpcException, match=why) as refused:
            await patient.command(command, {"provider": name})
        assert refused.value.data == {"code": "provider-unknown"}
