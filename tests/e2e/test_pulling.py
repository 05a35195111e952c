"""Clients that ask for diagnostics: of one file, of the workspace, again when told to."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests import forks
from tests.e2e.editor import environment

from stagewright.cli.rpc import Client

WRONG = "name: {name}\nstages:\n  - name: one\n    type: desigm\n"
RIGHT = "name: {name}\nstages:\n  - name: one\n    type: design\n    gate:\n      type: auto\n"
WORSE = RIGHT.replace("design", "desing").replace("auto", "aut").replace("name: one", "nam: one")
ABLE: dict[str, Any] = {
    "textDocument": {"diagnostic": {}},
    "workspace": {"diagnostics": {"refreshSupport": True}},
    "window": {"workDoneProgress": True},
}
CREATED, CHANGED, DELETED = 1, 2, 3


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A workspace with two templates that have diagnostics."""
    for name in ("a", "b"):
        put(tmp_path / "workspace", name)
    return tmp_path / "workspace"


def put(root: Path, name: str, text: str = WRONG) -> Path:
    path = root / ".choragen" / "workflow-templates" / f"{name}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text.format(name=name))
    return path


class Pulling(Client):
    """A client that keeps the ids of the reports it was given."""

    ids: dict[str, str]

    def begin(self, root: Path, capabilities: dict[str, Any]) -> Any:
        self.ids = {}
        start = {"rootUri": root.as_uri(), "capabilities": capabilities}
        answer = self.request("initialize", start)
        self.notify("initialized", {})
        return answer["capabilities"]

    def pull(self, token: str | None = None) -> dict[str, tuple[str, int]]:
        """Each file's kind of report and how many diagnostics it has, as the client now knows."""
        known = [{"uri": uri, "value": value} for uri, value in self.ids.items()]
        params = {"previousResultIds": known} | ({"partialResultToken": token} if token else {})
        reports = self.request("workspace/diagnostic", params)["items"]
        for message in self.unread():
            if message.get("method") == "$/progress" and message["params"]["token"] == token:
                reports += message["params"]["value"]["items"]
        self.ids |= {one["uri"]: one["resultId"] for one in reports}
        return {Path(one["uri"]).stem: (one["kind"], len(one.get("items", ()))) for one in reports}

    def tell(self, path: Path, kind: int) -> None:
        events = [{"uri": path.as_uri(), "type": kind}]
        self.notify("workspace/didChangeWatchedFiles", {"changes": events})

    def ask_later(self, method: str, params: Any) -> None:
        """Send a request whose answer nobody waits for."""
        self._send({"jsonrpc": "2.0", "id": "later", "method": method, "params": params})

    def open(self, path: Path, text: str) -> None:
        item = {"uri": path.as_uri(), "languageId": "yaml", "version": 1, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": item})


@pytest.fixture
def client(root: Path, tmp_path: Path) -> Iterator[Pulling]:
    with Pulling(forks.server(), environment(tmp_path)) as running:
        running.begin(root, ABLE)
        yield running


def test_what_the_client_knows_is_not_told_again(client: Pulling, root: Path) -> None:
    first = client.pull()
    assert first == {"a": ("full", 2), "b": ("full", 2)}
    assert client.pull() == {"a": ("unchanged", 0), "b": ("unchanged", 0)}
    put(root, "a", "name: a\nstages: []\n# nothing\n")
    client.tell(root / ".choragen/workflow-templates/a.yaml", CHANGED)
    changed = client.pull()
    assert changed["a"][0] == "full"
    assert changed["b"] == ("unchanged", 0)


def test_what_is_deleted_is_reported_empty_once(client: Pulling, root: Path) -> None:
    client.pull()
    path = root / ".choragen" / "workflow-templates" / "b.yaml"
    path.unlink()
    client.tell(path, DELETED)
    assert client.pull() == {"a": ("unchanged", 0), "b": ("full", 0)}
    assert client.pull() == {"a": ("unchanged", 0)}


def test_what_is_open_is_not_the_workspaces_to_report(client: Pulling, root: Path) -> None:
    client.pull()
    path = root / ".choragen" / "workflow-templates" / "b.yaml"
    client.open(path, "name: b\nstages: []\n")
    assert client.pull() == {"a": ("unchanged", 0)}
    client.notify("textDocument/didClose", {"textDocument": {"uri": path.as_uri()}})
    assert client.pull() == {"a": ("unchanged", 0), "b": ("unchanged", 0)}


def test_a_documents_report_has_an_id(client: Pulling, root: Path) -> None:
    path = root / ".choragen" / "workflow-templates" / "b.yaml"
    client.open(path, path.read_text())
    params = {"textDocument": {"uri": path.as_uri()}}
    first = client.request("textDocument/diagnostic", params)
    assert (first["kind"], len(first["items"])) == ("full", 2)
    params["previousResultId"] = first["resultId"]
    assert client.request("textDocument/diagnostic", params) == {
        "kind": "unchanged",
        "resultId": first["resultId"],
    }


@pytest.mark.parametrize("now", [WRONG, RIGHT], ids=["as before", "right"])
def test_a_closed_file_that_changes_on_disk_is_reported_again(
    client: Pulling, root: Path, now: str
) -> None:
    """What the client shows is from its last question about the file alone, not the workspace's
    report whose id it still has."""
    path = put(root, "b", now)
    known = client.pull()["b"]
    document = {"textDocument": {"uri": path.as_uri()}}
    client.open(path, WORSE)
    assert len(client.request("textDocument/diagnostic", document)["items"]) > known[1]
    put(root, "b", WORSE)
    client.notify("textDocument/didClose", document)
    assert len(client.request("textDocument/diagnostic", document)["items"]) > known[1]
    put(root, "b", now)
    client.tell(path, CHANGED)
    assert client.pull()["b"] == known
    assert client.pull()["b"] == ("unchanged", 0)


def test_a_request_that_waits_is_answered_when_a_file_was_asked_about_alone(
    client: Pulling, root: Path
) -> None:
    client.pull("first")
    path = root / ".choragen" / "workflow-templates" / "b.yaml"
    document = {"textDocument": {"uri": path.as_uri()}}
    threading.Timer(1.0, lambda: client.ask_later("textDocument/diagnostic", document)).start()
    assert client.pull("second")["b"] == ("full", 2)


def test_a_workspace_in_parts(client: Pulling, root: Path) -> None:
    for number in range(118):
        put(root, f"more-{number}")
    answer = client.request(
        "workspace/diagnostic", {"previousResultIds": [], "partialResultToken": "parts"}
    )
    parts = [
        len(message["params"]["value"]["items"])
        for message in client.unread()
        if message["method"] == "$/progress" and message["params"]["token"] == "parts"
    ]
    assert (parts, len(answer["items"])) == ([50, 50], 20)


def test_who_asks_on_and_on_is_answered_when_something_is_different(
    client: Pulling, root: Path
) -> None:
    client.pull("first")
    path = root / ".choragen" / "workflow-templates" / "c.yaml"

    def create() -> None:
        put(root, "c")
        client.tell(path, CREATED)

    threading.Timer(1.5, create).start()
    assert client.pull("second") == {
        "a": ("unchanged", 0),
        "b": ("unchanged", 0),
        "c": ("full", 2),
    }


def test_a_long_check_is_shown(client: Pulling, root: Path) -> None:
    text = "name: {name}\nstages:\n" + "  - name: one\n    type: desigm\n" * 500
    for number in range(40):
        put(root, f"long-{number}", text)
    found = client.request("workspace/diagnostic", {"previousResultIds": []}, timeout=60)
    assert len(found["items"]) == 42
    begun = client.notification("$/progress", lambda told: told["value"]["kind"] == "begin")
    assert begun["value"]["title"] == "Checking files"
    client.notification("$/progress", lambda told: told["value"]["kind"] == "end")


def test_a_client_that_cannot_be_told_to_ask_again_is_told_the_diagnostics(
    root: Path, tmp_path: Path
) -> None:
    with Pulling(forks.server(), environment(tmp_path)) as client:
        found = client.begin(root, {"textDocument": {"diagnostic": {}}})
        assert "diagnosticProvider" not in found
        path = root / ".choragen" / "workflow-templates" / "a.yaml"
        client.open(path, path.read_text())
        told = client.notification("textDocument/publishDiagnostics")
        assert (told["uri"], len(told["diagnostics"])) == (path.as_uri(), 2)


def test_refreshes_follow_what_changes(client: Pulling, root: Path) -> None:
    asked: list[str] = []
    client.answer = lambda request: asked.append(request["method"]) or {"result": None}  # type: ignore[method-assign,func-returns-value]
    client.pull()
    client.command("stagewright.models.refresh", {})
    client.notification("stagewright/models/changed")
    asked.clear()
    shutil.rmtree(root / ".choragen")
    client.tell(root / ".choragen", DELETED)
    assert client.pull() == {"a": ("full", 0), "b": ("full", 0)}
    refreshes = {method for method in asked if method.endswith("/refresh")}  # a check may be shown
    assert refreshes == {"workspace/diagnostic/refresh"}
