"""No key leaves for where it does not belong, and none is shown, logged, cached or saved.

Every provider has a key of its own, and a server that gives all keys back in every form: what the
programs print, send to editors, log, cache and save is searched for them.
"""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests import forks
from tests.e2e.canary import KINDS, MODES, Echo, traces
from tests.e2e.editor import environment
from tests.loopback.plain import plain

from stagewright.cli.rpc import Client

pytestmark = pytest.mark.long(33)  # 25 providers are asked and chatted with, one by one
PROVIDERS = {f"{mode}-{kind}": (mode, kind) for mode in MODES for kind in KINDS}
KEYS = {name: f"canary/{name}+0123456789&{number:02}" for number, name in enumerate(PROVIDERS)}
PROXY = "canary-of-the-proxy-0123456789"
TEMPLATE = Path(".choragen/workflow-templates/t.yaml")
MODELS = ("m", "m-1", "no-such-model")


class Running:
    """The server, in a thread of its own, and where things lie."""

    def __init__(self, folder: Path, origin: str, echo: Echo) -> None:
        self.folder, self.origin, self.echo = folder, origin, echo
        self.environ = environment(folder, **{variable(name): key for name, key in KEYS.items()})
        # A server that is not this machine, as far as Stagewright is concerned, behind a proxy.
        self.environ |= {
            "http_proxy": f"http://me:{PROXY}@{origin.removeprefix('http://')}",
            "OLLAMA_HOST": f"http://me:{PROXY}@127.0.0.1:9",
        }
        lines = [
            f'[providers.{name}]\nkind = "{kind}"\nbaseUrl = "{origin}/{mode}/{kind}"\n'
            f'apiKeyEnv = "{variable(name)}"\n'
            for name, (mode, kind) in PROVIDERS.items()
        ]
        lines.append('[providers.far]\nbaseUrl = "http://127.0.0.2:9/fields/v1"\n')
        lines.append(f'[providers.odd]\nbaseUrl = "http://127.0.0.1:{PROXY}/v1"\n')
        (folder / "config.toml").write_text("".join(lines))
        template = folder / TEMPLATE
        template.parent.mkdir(parents=True)
        template.write_text("name: t\nstages:\n" + "".join(stages()))

    def files(self) -> Iterator[tuple[str, str]]:
        """Every file that was written, as text."""
        for path in self.folder.rglob("*"):
            if path.is_file() and path.name != "config.toml":
                yield str(path), path.read_bytes().decode("utf-8", "replace")


def variable(name: str) -> str:
    return f"KEY_OF_{name.upper().replace('-', '_')}"


def stages() -> Iterator[str]:
    for name in (*PROVIDERS, "far", "ollama"):
        for model in MODELS:
            yield (
                f"  - name: {name}-{model}\n    type: design\n    defaultModel:\n"
                f"      provider: {name}\n      model: {model}\n    gate:\n      type: auto\n"
            )


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    ready, done = threading.Event(), threading.Event()
    echo, found = Echo(), []

    async def serve() -> None:
        async with plain(echo) as server:
            found.append(server.origin)
            ready.set()
            await asyncio.to_thread(done.wait)

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    ready.wait()
    yield Running(tmp_path_factory.mktemp("canaries"), found[0], echo)
    done.set()
    thread.join()


def check(where: str, text: str) -> None:
    """No key in it, in no form."""
    assert text
    for name, key in {**KEYS, "the proxy": PROXY}.items():
        assert not (found := list(traces(key, text))), f"{name}'s key in {where}: {found}"


PROGRAMS = [
    ("models", "--refresh", "--format", "json"),
    ("models",),
    ("check", "--format", "text"),
    ("check", "--format", "json", "--live"),
    ("check", "--format", "sarif"),
    ("check", "--format", "github"),
]


async def test_what_programs_print(running: Running) -> None:
    async def run(*arguments: str) -> None:
        process = await asyncio.create_subprocess_exec(
            *(*forks.program(), *arguments),
            cwd=running.folder,
            env=running.environ,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await process.communicate()
        check(" ".join(arguments), (out + err).decode("utf-8", "replace"))

    await run(*PROGRAMS[0])  # the others read what it cached
    assert set(KEYS.values()) <= running.echo.seen.keys(), "every key came where it belongs"
    assert any(key.startswith("Basic ") for key in running.echo.seen), "so did the proxy's"
    for arguments in PROGRAMS[1:]:
        await run(*arguments)
    for where, text in running.files():
        if where.endswith((".jsonl", ".log")):
            check(where, text)


async def test_what_a_chat_in_the_terminal_prints_and_saves(running: Running) -> None:
    for name in ("fields-openai-compatible", "error-anthropic"):
        process = await asyncio.create_subprocess_exec(
            *(*forks.program(), "chat", str(TEMPLATE), "--model", f"{name}/m"),
            cwd=running.folder,
            env=running.environ,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await process.communicate(b"Hello\n")
        check(f"a chat with {name}", (out + err).decode("utf-8", "replace"))


def test_what_an_editor_is_told(running: Running) -> None:
    out, err = running.folder / "stdout.bin", running.folder / "stderr.txt"
    pipe = '"$0" -m stagewright server 2>"$2" | tee "$1"'
    command = ("sh", "-c", pipe, sys.executable, str(out), str(err))
    uri = (running.folder / TEMPLATE).as_uri()
    text = (running.folder / TEMPLATE).read_text()
    with Client(command, running.environ) as client:
        root = {"rootUri": running.folder.as_uri(), "capabilities": {"workspace": {}}}
        client.request("initialize", root)
        client.notify("initialized", {})
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
        client.notify("textDocument/didOpen", {"textDocument": document})
        client.command("stagewright.models.refresh", {})
        client.command("stagewright.models.list", {})
        lines = text.splitlines()
        for number, line in enumerate(lines):
            if line.strip() in ("model: m", "model: m-1"):
                at = {"textDocument": {"uri": uri}, "position": {"line": number, "character": 14}}
                client.request("textDocument/hover", at)
                if line.strip() == "model: m":
                    client.request("textDocument/completion", at)
        client.request("textDocument/codeLens", {"textDocument": {"uri": uri}})
        workflow = client.command("stagewright.chat.start", {"uri": uri})["workflow"]["id"]
        for name in PROVIDERS:
            if not chat(client, workflow, {"provider": name, "model": "m"}):
                workflow = client.command("stagewright.chat.start", {"uri": uri})["workflow"]["id"]
        client.command("stagewright.workflow.get", {"workflowId": workflow})
    saved = [path for path, _ in running.files() if "WF-" in path]
    assert saved
    check("what the editor got", out.read_text("utf-8", "replace"))
    for where, written in running.files():
        if written:
            check(where, written)


def chat(client: Client, workflow: str, model: dict[str, str]) -> bool:
    """One message, until it has been answered or refused; whether the next may follow."""
    argument: dict[str, Any] = {"workflowId": workflow, "content": "Hello", "model": model}
    run = client.command("stagewright.chat.send", argument)["runId"]
    ends = ("stagewright/chat/finished", "stagewright/chat/failed")
    while True:
        told = client.any_notification(*ends, timeout=60)
        if told["params"]["runId"] == run:
            return told["method"] == ends[0]
