"""Whatever stands in the place of a file or folder: each request is answered, and the rest goes on.

One server has a folder for each place and what stands there, and may not read what is shut.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests import forks
from tests.e2e.editor import environment
from tests.hostile import (
    CASES,
    FILE_PLACES,
    FILES,
    FOLDER_PLACES,
    FOLDERS,
    LIKE_OTHERS,
    TEMPLATE,
    good_workspace,
    open_again,
    spoil,
)

from stagewright.cli.rpc import Client, RequestRefused

pytestmark = pytest.mark.long(115)

MODEL = {"provider": "rehearsal", "model": "rehearsal-1"}

GOES_ON = {
    "template": {"list", "get", "start", "open", "send", "advance"},
    "started template": {"list", "get", "start", "open", "send", "advance"},
    "roles": {"list", "get", "start", "open", "send", "advance"},
    "prompt": {"list", "get", "start", "open", "advance"},
    "workflow": {"list", "get", "start", "open", "send", "advance"},
    "index": {"list", "get", "start", "open", "send", "advance"},
    "transcript": {"list", "get", "start", "send", "advance"},
    "feedback": {"list", "get", "start", "open", "send"},
    "lock": {"list", "get"},
    "leftover": {"list", "get", "start", "open", "send", "advance"},
    "configuration": {"list", "get", "start", "open", "send", "advance"},
    "request": {"list", "get", "start", "open", "send", "advance"},
    "choragen": {"list"},
    "templates": {"list", "get", "open", "send", "advance"},
    "role folder": {"list", "get", "start", "open", "send", "advance"},
    "workflows": {"list"},
    "feedback folder": {"list", "get", "start", "open", "send"},
    "prompts": {"list", "get", "start", "open", "advance"},
    "requests": {"list", "get", "start", "open", "send", "advance"},
}
"""What does not need the file or folder in question."""

REFUSED = {
    "started template": {"start it"},
    "prompt": {"send"},
    "workflow": {"get it"},
    "transcript": {"open"},
    "feedback": {"advance"},
    "workflows": {"get", "open", "send", "advance"},
    "choragen": {"get", "open", "send", "start", "advance"},
}
"""What cannot be done without it."""

HARMLESS = {
    "empty",
    "not UTF-8",
    "nothing but NUL",
    "nested deep",
    "a list nested deep",
    "too large",
}
"""States of files that can be read, if perhaps not understood."""


@dataclass(frozen=True)
class World:
    """A server with a folder for each case."""

    client: Client
    roots: dict[tuple[str, str], Path]
    places: dict[tuple[str, str], Path]
    workflow_id: str
    log: Path

    def ask(self, root: Path, command: str, **argument: Any) -> Any:
        """What a command about a folder gives, or how it was refused."""
        try:
            return self.client.command(
                f"stagewright.{command}", {**argument, "root": root.as_uri()}
            )
        except RequestRefused as refused:
            return refused

    def asked(self, place: str, state: str) -> dict[str, Any]:
        """What is answered where this stands there."""
        root, one = self.roots[place, state], {"workflowId": self.workflow_id}
        return {
            "list": self.ask(root, "workflow.list"),
            "get": self.ask(root, "workflow.get", **one),
            "open": self.ask(root, "chat.open", **one),
            "send": self.ask(root, "chat.send", **one, content="Hello", model=MODEL),
            "start": self.ask(root, "chat.start", template="good"),
            "start it": self.ask(root, "chat.start", template="begin"),
            "get it": self.ask(root, "workflow.get", workflowId="WF-20260101-001"),
        }


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("hostile")
    good = folder / "good"
    workflow_id = good_workspace(good)
    roots, places = {}, {}
    for number, case in enumerate(CASES):
        root = roots[case] = folder / f"{number:03}"
        shutil.copytree(good, root)
        places[case] = spoil(root, workflow_id, *case)
    log = folder / "stderr.log"
    command = (
        *LIKE_OTHERS,
        "/bin/sh",
        "-c",
        f"exec {sys.executable} -m stagewright server 2>{log}",
    )
    with Client(command, environment(folder, STAGEWRIGHT_REHEARSAL="1")) as client:
        folders = [{"uri": root.as_uri(), "name": root.name} for root in [good, *roots.values()]]
        client.request(
            "initialize",
            {"rootUri": None, "workspaceFolders": folders, "capabilities": {}},
        )
        client.notify("initialized", {})
        yield World(client, roots, places, workflow_id, log)
    open_again(folder)


STATES = [
    *((place, FILES) for place in FILE_PLACES),
    *((place, FOLDERS) for place in FOLDER_PLACES),
]


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("place", "states"), STATES, ids=[place for place, _ in STATES])
def test_every_request_is_answered_and_the_rest_goes_on(
    world: World, place: str, states: dict[str, Any]
) -> None:
    told = {state: world.asked(place, state) for state in states}
    for answers in told.values():  # which come side by side
        if not isinstance(answers["send"], RequestRefused):
            run = answers["send"]["runId"]
            world.client.notification("stagewright/chat/finished", lambda it: it["runId"] == run)  # noqa: B023
    wrong: list[str] = []
    for state, answers in told.items():
        root, one = world.roots[place, state], {"workflowId": world.workflow_id}
        answers["advance"] = world.ask(root, "workflow.advance", **one, confirmed=True)
        for name, answer in answers.items():
            if isinstance(answer, RequestRefused):
                if answer.reason is None or name in GOES_ON[place]:
                    wrong.append(f"{state}: {name} failed: {answer}")
            else:
                json.dumps(answer, allow_nan=False)
                if name in REFUSED.get(place, ()) and state not in HARMLESS:
                    wrong.append(f"{state}: {name} was done")
    assert not wrong, "\n".join(wrong)


def test_nothing_failed(world: World) -> None:
    # For what is not there every file is looked into.
    asked = {"query": "named like no stage"}
    assert world.client.request("workspace/symbol", asked, timeout=60) == []
    assert world.client.request("workspace/symbol", {"query": "two"})
    log = world.log.read_text()
    assert "Traceback" not in log
    assert " failed" not in log


TOLD = ("template", "started template", "roles", "choragen", "templates", "role folder")
"""Places in which the client is told what cannot be read."""

READABLE = HARMLESS - {"too large"}
ALL_ONE = "a link without end"  # all of these are one device, which is told by one of its names


def codes(published: Any) -> set[str]:
    return {one["code"] for one in published["diagnostics"]}


def published(client: Client, path: Path, code: str) -> Any:
    """What is pushed for a file or folder once this code is all that it has."""
    return client.notification(
        "textDocument/publishDiagnostics",
        lambda it: it["uri"] == path.as_uri() and codes(it) == {code},
        timeout=60,
    )["diagnostics"]


@pytest.mark.timeout(300)
@pytest.mark.parametrize("place", TOLD)
def test_what_cannot_be_read_is_told_where_it_lies(world: World, place: str) -> None:
    change = {"uri": world.roots[CASES[0]].as_uri() + "/.choragen", "type": 2}
    world.client.notify("workspace/didChangeWatchedFiles", {"changes": [change]})
    states: dict[str, Any] = FILES if place in FILE_PLACES else FOLDERS
    for state in states.keys() - READABLE - {ALL_ONE}:
        (told,) = published(world.client, world.places[place, state], "file-unreadable")
        name = world.places[place, state].name
        assert told["message"].startswith((f"`{name}` is ", f"`{name}` cannot be read: "))
    if "not UTF-8" in states and place != "roles":
        (told,) = published(world.client, world.places[place, "not UTF-8"], "template-syntax")
        assert told["message"].startswith("Invalid UTF-8 at byte 7")


@pytest.mark.parametrize("pulls", [False, True])
def test_it_is_told_until_it_can_be_read(tmp_path: Path, pulls: bool) -> None:
    folder = tmp_path / "workspace"
    good_workspace(folder)
    shut, roles = folder / FILE_PLACES["template"], folder / FILE_PLACES["roles"]
    shut.write_text(TEMPLATE.replace("type: design", "type: desigm"))
    shut.chmod(0)  # which leaves the time of its last change as it is
    roles.unlink()
    roles.mkdir()
    able: dict[str, Any] = {
        "textDocument": {"diagnostic": {}},
        "workspace": {"diagnostics": {"refreshSupport": True}},
    }
    command = (*LIKE_OTHERS, sys.executable, "-m", "stagewright", "server")
    with Client(command, environment(tmp_path)) as client:

        def told(path: Path, code: str) -> str:
            change = {"uri": path.as_uri(), "type": 2}
            client.notify("workspace/didChangeWatchedFiles", {"changes": [change]})
            if not pulls:
                return str(published(client, path, code)[0]["message"])
            asked: dict[str, Any] = {"previousResultIds": []}
            items = client.request("workspace/diagnostic", asked)["items"]
            assert not [one for one in items if "latest" in one["uri"]]
            (found,) = [one["items"] for one in items if one["uri"] == path.as_uri()]
            assert [one["code"] for one in found] == [code]
            alone = client.request(
                "textDocument/diagnostic", {"textDocument": {"uri": path.as_uri()}}
            )
            assert alone["items"] == found
            return str(found[0]["message"])

        (folder / "latest").symlink_to(".")  # no business of ours
        root = {"rootUri": folder.as_uri(), "capabilities": able if pulls else {}}
        client.request("initialize", root)
        client.notify("initialized", {})
        assert told(shut, "file-unreadable") == (
            "`bad.yaml` cannot be read: Permission denied. Make it readable for this user."
        )
        assert told(roles, "file-unreadable") == (
            "`index.yaml` is a folder, not a file. Move it away."
        )
        shut.chmod(0o600)
        assert "desigm" in told(shut, "template-structure")
        roles.rmdir()
        roles.write_text("roles: 1\n")
        assert told(roles, "template-structure")


GLOBS = ["/etc/**/*.yaml", "**.yaml", "*a" * 400 + "b", "{a,b}" * 20, "../*.yaml", "", "x" * 10_000]


@pytest.mark.parametrize("by", ["editor", "config.toml"])
def test_globs_that_cannot_be_used_are_told_and_the_others_are(tmp_path: Path, by: str) -> None:
    folder = tmp_path / "workspace"
    good_workspace(folder)
    include = [*GLOBS, ".choragen/workflow-templates/*.yaml"]
    environ, options = environment(tmp_path), {"templates": {"include": include}}
    if by == "config.toml":
        Path(environ["STAGEWRIGHT_CONFIG"]).write_text(f"templates.include = {json.dumps(include)}")
    with Client(forks.server(), environ) as client:
        given = {"initializationOptions": options} if by == "editor" else {}
        client.request("initialize", {"rootUri": folder.as_uri(), "capabilities": {}, **given})
        client.notify("initialized", {})
        for glob in GLOBS:
            if glob.startswith("*a"):
                continue  # one like any other
            told = client.notification(
                "window/showMessage", lambda it, start=glob[:20]: f"`{start}" in it["message"]
            )
            assert "templates.include" in told["message"]
            assert ("config.toml, line 1" in told["message"]) is (by == "config.toml")
        path = folder / ".choragen/workflow-templates/good.yaml"
        document = {"uri": path.as_uri(), "languageId": "yaml", "version": 1, "text": TEMPLATE}
        client.notify("textDocument/didOpen", {"textDocument": document})
        client.notification("textDocument/publishDiagnostics", lambda it: "good" in it["uri"])
        found = client.request("workspace/symbol", {"query": "one"})
        assert [symbol["name"] for symbol in found] == ["one"]


@pytest.mark.parametrize("state", ["a pipe", "a link to itself", "a folder", "too large"])
def test_settings_that_cannot_be_read_are_told_and_the_server_serves(
    tmp_path: Path, state: str
) -> None:
    environ = environment(tmp_path)
    config = Path(environ["STAGEWRIGHT_CONFIG"])
    config.unlink()
    FILES[state](config)
    with Client(forks.server(), environ) as client:
        client.request("initialize", {"rootUri": tmp_path.as_uri(), "capabilities": {}})
        told = client.notification("window/showMessage")
        assert told["message"].startswith(f"{config}: is ")
        client.notify("initialized", {})
        assert client.command("stagewright.models.list", {})["providers"]
