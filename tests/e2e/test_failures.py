"""Where the server itself fails on a file: that is told there, and everything else is answered."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from tests import forks
from tests.e2e.editor import environment
from tests.faulty import FAULT

from stagewright.cli.rpc import Client

WRONG = "name: {name}\nstages:\n  - name: one\n    type: desigm\n    roleId: writer\n"
PULLS: dict[str, Any] = {
    "textDocument": {"diagnostic": {}},
    "workspace": {"diagnostics": {"refreshSupport": True}},
}


def put(root: Path, name: str, text: str) -> str:
    path = root / ".choragen" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path.as_uri()


@contextmanager
def faulty(tmp_path: Path, place: str, capabilities: dict[str, Any]) -> Iterator[Client]:
    command = (*forks.program("tests.faulty"), place, "server")
    with Client(command, environment(tmp_path)) as running:
        root = (tmp_path / "workspace").as_uri()
        running.request("initialize", {"rootUri": root, "capabilities": capabilities})
        running.notify("initialized", {})
        yield running


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    """The template on which the server fails, and one that is wrong in its own way."""
    root = tmp_path / "workspace"
    bad = put(root, "workflow-templates/a.yaml", WRONG.format(name="a") + FAULT)
    return bad, put(root, "workflow-templates/b.yaml", WRONG.format(name="b"))


def opened(running: Client, uri: str, text: str) -> None:
    document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
    running.notify("textDocument/didOpen", {"textDocument": document})


def codes(diagnostics: list[dict[str, Any]]) -> set[str]:
    return {one["code"] for one in diagnostics}


def pushed(running: Client, uri: str, code: str) -> set[str]:
    """The codes that are pushed for a file, once this one is among them."""
    found = running.notification(
        "textDocument/publishDiagnostics",
        lambda told: told["uri"] == uri and code in codes(told["diagnostics"]),
    )
    return codes(found["diagnostics"])


@pytest.mark.parametrize("place", ["reading", "checking", "judging"])
def test_the_whole_workspace_is_pulled(tmp_path: Path, files: tuple[str, str], place: str) -> None:
    with faulty(tmp_path, place, PULLS) as running:
        items = running.request("workspace/diagnostic", {"previousResultIds": []})["items"]
        found = {one["uri"]: codes(one["items"]) for one in items}
        assert found[files[0]] == {"internal-error"}
        assert "template-structure" in found[files[1]]
        symbols = running.request("workspace/symbol", {"query": ""})
        assert files[1] in {one["location"]["uri"] for one in symbols}
        models = running.command("stagewright.workspace.models", {})
        assert models == {"models": []}


@pytest.mark.parametrize("place", ["reading", "judging"])
def test_diagnostics_are_pushed_and_follow_when_the_text_changes(
    tmp_path: Path, files: tuple[str, str], place: str
) -> None:
    with faulty(tmp_path, place, {}) as running:
        opened(running, files[0], WRONG.format(name="a") + FAULT)
        assert pushed(running, files[0], "internal-error") == {"internal-error"}
        opened(running, files[1], WRONG.format(name="b"))
        pushed(running, files[1], "template-structure")
        change = {"text": WRONG.format(name="a")}
        version = {"uri": files[0], "version": 2}
        running.notify(
            "textDocument/didChange", {"textDocument": version, "contentChanges": [change]}
        )
        assert "internal-error" not in pushed(running, files[0], "template-structure")


def test_requests_are_answered_with_nothing(tmp_path: Path, files: tuple[str, str]) -> None:
    with faulty(tmp_path, "the cursor", {}) as running:
        for uri, more in zip(files, (FAULT, ""), strict=True):
            opened(running, uri, WRONG.format(name="x") + more)
            at: dict[str, Any] = {
                "textDocument": {"uri": uri},
                "position": {"line": 3, "character": 10},
            }
            offers = running.request("textDocument/completion", at)
            about = running.request(
                "textDocument/hover", at | {"position": {"line": 3, "character": 6}}
            )
            assert (offers is None) == (about is None) == bool(more)


def test_nothing_is_said_of_roles_whose_index_it_fails_on(
    tmp_path: Path, files: tuple[str, str]
) -> None:
    root = tmp_path / "workspace"
    index = put(root, "roles/index.yaml", f"roles:\n  - id: other\n{FAULT}\n")
    with faulty(tmp_path, "reading", PULLS) as running:
        items = running.request("workspace/diagnostic", {"previousResultIds": []})["items"]
        found = {one["uri"]: codes(one["items"]) for one in items}
        assert found[index] == {"internal-error"}
        assert "role-unknown" not in found[files[1]]
