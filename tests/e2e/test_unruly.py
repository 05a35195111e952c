"""Clients that do not keep to the protocol, or that leave at a bad moment: all are answered."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.e2e.editor import environment
from tests.e2e.test_models import template

from stagewright.cli.rpc import Client, RequestRefused

SERVER = (sys.executable, "-m", "stagewright", "server")


@pytest.fixture
def client(folder: Path, tmp_path: Path) -> Iterator[Client]:
    """A client that sends whatever it is told to."""
    with Client(SERVER, environment(tmp_path)) as running:
        running.request("initialize", {"rootUri": folder.as_uri(), "capabilities": {}})
        running.notify("initialized", {})
        yield running


@pytest.mark.parametrize(
    "params",
    [
        None,
        {},
        {"textDocument": 5},
        {"textDocument": {"uri": "file:///x"}, "position": {"line": -1, "character": "a"}},
    ],
)
def test_a_request_that_cannot_be_read_is_refused(client: Client, params: Any) -> None:
    with pytest.raises(RequestRefused, match="Invalid Params"):
        client.request("textDocument/hover", params)


def test_a_notification_that_cannot_be_read_is_passed_over(client: Client) -> None:
    client.notify("textDocument/didOpen", {"textDocument": None})
    client.notify("textDocument/didChange", {"nonsense": 1})
    client.notify("$/cancelRequest", {})
    client.notify("no/such", {"x": 1})
    assert "providers" in client.command("stagewright.models.list", {})


def test_a_reply_that_cannot_be_read_ends_what_waited_for_it(client: Client, folder: Path) -> None:
    """The client answers every request with null, which is no answer to `workspace/applyEdit`."""
    uri = (folder / ".choragen/workflow-templates/test.yaml").as_uri()
    text = template("anthropic", "claude-opus-4-8")
    document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
    client.notify("textDocument/didOpen", {"textDocument": document})
    with pytest.raises(RequestRefused, match="Invalid Params"):
        client.command("stagewright.stage.setModel", {"uri": uri, "stage": "a", "model": None})


def test_requests_after_shutdown_are_refused(client: Client) -> None:
    assert client.request("shutdown", None) is None
    with pytest.raises(RequestRefused, match="shut down"):
        client.command("stagewright.models.list", {})


async def test_shutdown_while_a_command_waits_for_the_client(folder: Path, tmp_path: Path) -> None:
    pipe = asyncio.subprocess.PIPE
    server = await asyncio.create_subprocess_exec(
        *SERVER, env=environment(tmp_path), stdin=pipe, stdout=pipe, limit=1 << 20
    )
    assert server.stdin is not None
    assert server.stdout is not None

    def send(**message: Any) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert server.stdin is not None
        server.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))

    uri = (folder / ".choragen/workflow-templates/team-standard.yaml").as_uri()
    model = {"provider": "anthropic", "model": "claude-opus-4-8"}
    arguments = [{"uri": uri, "stage": 0, "model": model}]
    command = {"command": "stagewright.stage.setModel", "arguments": arguments}
    send(id=1, method="initialize", params={"rootUri": folder.as_uri(), "capabilities": {}})
    send(method="initialized", params={})
    send(id=2, method="workspace/executeCommand", params=command)
    await server.stdout.readuntil(b"workspace/applyEdit")
    send(id=3, method="shutdown")
    send(method="exit")
    said = await server.stdout.read()
    assert await server.wait() == 0
    assert b'{"error": ' in said
    assert b'"id": 3, "jsonrpc": "2.0", "result": null' in said


def test_without_a_folder_a_workflow_lies_beside_its_template(folder: Path, tmp_path: Path) -> None:
    with Client(SERVER, environment(tmp_path, STAGEWRIGHT_REHEARSAL="1")) as alone:
        alone.request("initialize", {"rootUri": None, "capabilities": {}})
        alone.notify("initialized", {})
        with pytest.raises(RequestRefused, match="Open a folder first"):
            alone.command("stagewright.chat.start", {"template": "standard"})
        uri = (folder / ".choragen/workflow-templates/team-standard.yaml").as_uri()
        view = alone.command("stagewright.chat.start", {"uri": uri})
        workflow = view["workflow"]["id"]
        model = {"provider": "rehearsal", "model": "rehearsal-1"}
        said = {"workflowId": workflow, "content": "Half a character: \ud83c", "model": model}
        alone.command("stagewright.chat.send", said)
        alone.notification("stagewright/chat/finished")
        messages = alone.command("stagewright.workflow.get", {"workflowId": workflow})
        assert [one.get("model") for one in messages["workflow"]["messages"]][-1] == model
    assert (folder / ".choragen" / "workflows" / f"{workflow}.json").is_file()
