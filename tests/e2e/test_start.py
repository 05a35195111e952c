"""How the server starts: what it imports, where it listens, and that keys stay where they are."""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from tests.e2e.editor import editor, environment
from tests.e2e.support import template
from tests.loopback.process import LoopbackProcess, keys

HEAVY = {"anthropic", "openai", "genai_prices", "httpx2", "pydantic", "rich", "typer"}

NOT_FOR_TEMPLATES = {
    "codex.toml",  # nor any other dialect of other programs
    *(f"stagewright.dialects.{one}" for one in ("around", "defined", "extract", "file_sites")),
    *(f"stagewright.dialects.{one}" for one in ("describe", "notation", "outline", "text_sites")),
    *("stagewright.dialects.code", "stagewright.dialects.code.document", "code.toml"),
    *("stagewright.catalog.recognition", "stagewright.analysis.completion.code"),
    *(f"stagewright.text.{one}" for one in ("code", "json", "slot", "source_map", "toml")),
    *(f"stagewright.analysis.{one}" for one in ("completion.sites", "edits", "fixes", "hover")),
    "stagewright.analysis.diagnostics.diagnose",
    *(f"stagewright.{one}" for one in ("ignored", "walk", "workflows")),
}
"""What models in a template are offered without: each takes a hundredth of the start."""

HELD = """
import runpy, sys, threading, time
from pathlib import Path

answered, *later = sys.argv[1:]

def hold(event, args):
    # Raised before the import takes its lock. The event loop itself is never held.
    if event == "import":
        name = args[0]
    elif event == "open" and isinstance(args[0], str) and args[0].endswith(".toml"):
        name = Path(args[0]).name
    else:
        return
    if name in later or name.partition(".")[0] in later:
        while threading.current_thread() is not threading.main_thread():
            if Path(answered).exists():
                break
            time.sleep(0.01)  # another process writes the file: it has no event
        if event == "open":
            print("opened |", name, file=sys.stderr, flush=True)

sys.addaudithook(hold)
sys.argv = ["stagewright", "server"]
runpy.run_module("stagewright", run_name="__main__", alter_sys=True)
"""


async def test_only_what_it_needs_is_imported_before_the_first_completion(
    tmp_path: Path, folder: Path, providers: LoopbackProcess
) -> None:
    """`-X importtime` writes a line for each module the moment it has been imported.

    What threads import waits until the completion has come, so that no pace decides which is first.
    """
    log, answered, program = (tmp_path / name for name in ("imports.log", "answered", "held.py"))
    program.write_text(HELD)
    later = " ".join(HEAVY | NOT_FOR_TEMPLATES)
    words = f"exec {sys.executable} -X importtime {program} {answered} {later} 2>{log}"
    environ = environment(tmp_path, **providers.environ)
    async with editor("emacs", folder, environ, "/bin/sh", "-c", words) as running:
        offers = await running.complete(template("anthropic", "$0"))
        imported = _imported(log)
        answered.touch()
        assert offers.is_incomplete or offers.items
        assert "stagewright.lsp.server" in imported
        assert all(map(find_spec, NOT_FOR_TEMPLATES - {"codex.toml", "code.toml"}))
        assert not (HEAVY | NOT_FOR_TEMPLATES) & imported
        await running.models_known()
        assert {"httpx2", "codex.toml"} <= _imported(log)
        assert not {"anthropic", "openai"} & _imported(log)


def _imported(log: Path) -> set[str]:
    return {line.rsplit("|", 1)[-1].strip() for line in log.read_text().splitlines()}


async def test_no_key_is_ever_said_or_written(
    folder: Path, tmp_path: Path, providers: LoopbackProcess
) -> None:
    """Not in a message, a log, the cache, a workflow file: also not when a call fails."""
    refusal = {"type": "error", "error": {"type": "authentication_error", "message": "invalid"}}
    providers.control(chats=[{"text": "Fine."}, {"status": 401, "body": refusal}])
    environ = environment(tmp_path, **providers.environ)
    command = f"exec {sys.executable} -m stagewright server 2>{tmp_path / 'stderr.log'}"
    async with editor("neovim@0.11", folder, environ, "/bin/sh", "-c", command) as running:
        await running.models_known()
        uri = running.open(template("anthropic", "claude-opus-5-5"))
        answers = [await running.command("stagewright.chat.start", {"uri": uri})]
        said = {"workflowId": answers[0]["workflow"]["id"], "content": "Go"}
        for end in ("finished", "failed"):
            answers.append(await running.command("stagewright.chat.send", said))
            await running.wait_for(f"stagewright/chat/{end}")
        answers.append(await running.command("stagewright.models.refresh", {}))
    told = json.dumps([running.said, answers], default=str)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert any("cache" in path.parts for path in files)
    assert any("workflows" in path.parts for path in files)
    for key in keys():
        assert key not in told
        for path in files:
            assert key.encode() not in path.read_bytes(), path


async def test_a_refused_key_is_not_repeated(
    folder: Path, tmp_path: Path, providers: LoopbackProcess
) -> None:
    wrong = "sk-ant-wrong-and-secret-0000"
    environ = environment(tmp_path, **providers.environ | {"ANTHROPIC_API_KEY": wrong})
    log = tmp_path / "stderr.log"
    command = f"exec {sys.executable} -m stagewright server 2>{log}"
    async with editor("emacs", folder, environ, "/bin/sh", "-c", command) as running:
        uri = running.open(template("anthropic", "claude-opus-5-5"))
        found = await running.diagnostics(
            uri, lambda found: any(one.code == "model-unverified" for one in found)
        )
        assert "ANTHROPIC_API_KEY" in found[0].message
        assert wrong not in json.dumps(running.said, default=str)
    assert wrong not in log.read_text()


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.1", "example.org", "::"])
def test_only_loopback_is_listened_on(host: str, tmp_path: Path) -> None:
    refused = subprocess.run(
        [sys.executable, "-m", "stagewright", "server", "--tcp", f"{host}:0"],
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        check=False,
    )
    assert refused.returncode == 2
    assert "only 127.0.0.1, ::1 and localhost" in " ".join(refused.stderr.split()).replace("│ ", "")


async def test_it_serves_over_tcp(folder: Path, tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "stagewright", "server", "--tcp", "127.0.0.1:0"),
        stderr=asyncio.subprocess.PIPE,
        env=environment(tmp_path),
    )
    assert process.stderr is not None
    try:
        said = (await process.stderr.readline()).decode()
        port = re.search(r"127\.0\.0\.1:(\d+)", said)
        assert port is not None, said
        reader, writer = await asyncio.open_connection("127.0.0.1", int(port[1]))

        def send(**message: Any) -> None:
            body = json.dumps({"jsonrpc": "2.0", **message}).encode()
            writer.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))

        send(id=1, method="initialize", params={"capabilities": {}})
        await reader.readuntil(b'"serverInfo"')
        send(id=2, method="shutdown")
        await reader.readuntil(b'"id": 2')
        send(method="exit")
        assert await process.wait() == 0
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
