"""Clients that do not keep to the protocol, or that leave at a bad moment: all are answered."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from tests import forks
from tests.e2e.editor import environment
from tests.e2e.support import SERVER, template

from stagewright.cli.rpc import Client, RequestRefused


@pytest.fixture
def client(folder: Path, tmp_path: Path) -> Iterator[Client]:
    """A client that sends whatever it is told to."""
    with Client(forks.server(), environment(tmp_path)) as running:
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
    with pytest.raises(RequestRefused) as refused:
        client.command("stagewright.stage.setModel", {"uri": uri, "stage": "a", "model": None})
    assert str(refused.value) == (
        "The editor's answer could not be read, so it is not known whether it did what it was "
        "asked. Check, and try again if not. A newer editor may help."
    )


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


async def test_a_client_that_leaves_in_the_middle_of_a_message(tmp_path: Path) -> None:
    pipe = asyncio.subprocess.PIPE
    server = await asyncio.create_subprocess_exec(
        *SERVER, env=environment(tmp_path), stdin=pipe, stdout=pipe, stderr=pipe
    )
    _, logged = await server.communicate(b'Content-Length: 100\r\n\r\n{"jsonrpc":')
    assert server.returncode == 0
    assert logged.decode().splitlines() == [
        "WARNING stagewright.lsp.serving: The editor left in the middle of a message."
    ]


def test_without_a_folder_a_workflow_lies_beside_its_template(folder: Path, tmp_path: Path) -> None:
    with Client(forks.server(), environment(tmp_path, STAGEWRIGHT_REHEARSAL="1")) as alone:
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


class Refusing(Client):
    """Answers every request of the server's with an error."""

    def answer(self, request: Mapping[str, Any]) -> dict[str, Any]:
        return {"error": {"code": -32601, "message": f"no {request['method']}"}}


class Empty(Client):
    """Has no settings of its own, and notes what it is asked."""

    def __init__(self, command: Sequence[str], env: Mapping[str, str]) -> None:
        super().__init__(command, env)
        self.asked: list[str] = []

    def answer(self, request: Mapping[str, Any]) -> dict[str, Any]:
        self.asked.append(request["method"])
        return {"result": [{}] if request["method"] == "workspace/configuration" else None}


def test_a_client_that_refuses_everything_it_promised_is_served(
    folder: Path, tmp_path: Path
) -> None:
    able = {"window": {"workDoneProgress": True}, "workspace": {"configuration": True}}
    with Refusing(forks.server(), environment(tmp_path)) as client:
        client.request("initialize", {"rootUri": folder.as_uri(), "capabilities": able})
        client.notify("initialized", {})
        assert "providers" in client.command("stagewright.models.refresh", {})


def test_settings_given_at_the_start_outlast_an_empty_answer(folder: Path, tmp_path: Path) -> None:
    options = {"providers": {"acme": {"baseUrl": "http://127.0.0.1:9/v1"}}}
    start = {
        "rootUri": folder.as_uri(),
        "capabilities": {"workspace": {"configuration": True}},
        "initializationOptions": options,
    }
    with Empty(forks.server(), environment(tmp_path)) as client:
        client.request("initialize", start)
        client.notify("initialized", {})
        client.command("stagewright.models.refresh", {"provider": "acme"})
        assert client.asked == ["workspace/configuration"]
        assert "acme" in client.command("stagewright.models.list", {})["providers"]


@pytest.mark.parametrize("told_by", ["watched files", "saving"])
def test_a_role_that_was_added_on_disk_is_known_in_open_files(
    client: Client, folder: Path, told_by: str
) -> None:
    uri = (folder / ".choragen/workflow-templates/test.yaml").as_uri()
    text = 'name: t\nstages:\n  - name: a\n    type: design\n    roleId: "brandnew"\n'
    document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
    client.notify("textDocument/didOpen", {"textDocument": document})
    method = "textDocument/publishDiagnostics"

    def unknown(published: Any) -> bool:
        return any(one["code"] == "role-unknown" for one in published["diagnostics"])

    client.notification(method, lambda published: published["uri"] == uri and unknown(published))
    index = folder / ".choragen/roles/index.yaml"
    added = "roles:\n  - id: brandnew\n    name: New\n    toolIds: []\n"
    index.write_text(index.read_text().replace("roles:\n", added, 1))
    if told_by == "saving":  # in an editor that watches no files
        client.notify("textDocument/didSave", {"textDocument": {"uri": index.as_uri()}})
    else:
        change = {"changes": [{"uri": index.as_uri(), "type": 2}]}
        client.notify("workspace/didChangeWatchedFiles", change)
    client.notification(
        method, lambda published: published["uri"] == uri and not unknown(published)
    )


async def test_links_that_lead_back_are_logged_once(folder: Path, tmp_path: Path) -> None:
    templates = folder / ".choragen" / "workflow-templates"
    (templates / "loop").symlink_to("../..")
    (templates / "round.yaml").symlink_to("round.yaml")
    logged = tmp_path / "stderr.log"
    server = ("/bin/sh", "-c", f"exec {sys.executable} -m stagewright server 2>{logged}")
    with Client(server, environment(tmp_path)) as client:
        client.request("initialize", {"rootUri": folder.as_uri(), "capabilities": {}})
        client.notify("initialized", {})
        for _ in range(2):
            assert len(client.request("workspace/symbol", {"query": "team"})) > 0
    assert [
        line.rpartition("workflow-templates/")[2] for line in logged.read_text().splitlines()
    ] == [
        "loop is a link to a folder that it lies in, and is not followed. Remove it.",
        "round.yaml is a link to itself. Remove it.",
    ]
