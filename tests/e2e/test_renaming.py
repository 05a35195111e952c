"""Renaming stages and roles, over the wire: in one workspace, and what is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests import forks
from tests.e2e.editor import environment

from stagewright.cli.rpc import Client, RequestRefused

INDEX = "roles:\n  - id: writer\n    toolIds: []\n  - id: reader\n    toolIds: []\n"
STAGES = (
    "name: {name}\nstages:\n  - name: one\n    type: design\n    roleId: writer\n"
    "  - name: two\n    type: review\n    roleId: lost\n"
)
STAGE, ROLE, LOST, TEMPLATE, TYPE = (2, 11), (4, 13), (7, 13), (0, 7), (3, 11)


@pytest.fixture
def roots(tmp_path: Path) -> list[Path]:
    """Two workspaces with a role of the same name."""
    found = [tmp_path / "a", tmp_path / "b"]
    for root in found:
        templates = root / ".choragen" / "workflow-templates"
        templates.mkdir(parents=True)
        for name in ("first", "second"):
            (templates / f"{name}.yaml").write_text(STAGES.format(name=name))
        (root / ".choragen" / "roles").mkdir()
        (root / ".choragen" / "roles" / "index.yaml").write_text(INDEX)
    return found


@pytest.fixture
def client(roots: list[Path], tmp_path: Path) -> Iterator[Client]:
    """An editor with both workspaces and the first one's first template open."""
    folders = [{"uri": root.as_uri(), "name": root.name} for root in roots]
    with Client(forks.server(), environment(tmp_path)) as running:
        start = {"rootUri": None, "workspaceFolders": folders, "capabilities": {}}
        running.request("initialize", start)
        running.notify("initialized", {})
        path = template(roots[0])
        document = {"uri": path.as_uri(), "languageId": "yaml", "version": 1}
        running.notify(
            "textDocument/didOpen", {"textDocument": {**document, "text": path.read_text()}}
        )
        yield running


def template(root: Path, name: str = "first") -> Path:
    return root / ".choragen" / "workflow-templates" / f"{name}.yaml"


def asked(roots: list[Path], place: tuple[int, int]) -> dict[str, Any]:
    return {
        "textDocument": {"uri": template(roots[0]).as_uri()},
        "position": {"line": place[0], "character": place[1]},
    }


def rename(client: Client, roots: list[Path], place: tuple[int, int], name: str) -> dict[str, int]:
    """How many edits each file gets, by its path."""
    edit = client.request("textDocument/rename", {**asked(roots, place), "newName": name})
    return {
        uri.partition(f"{roots[0].parent.name}/")[2]: len(e) for uri, e in edit["changes"].items()
    }


def test_a_role_is_renamed_in_its_own_workspace_alone(client: Client, roots: list[Path]) -> None:
    folder = "a/.choragen"
    assert rename(client, roots, ROLE, "author") == {
        f"{folder}/workflow-templates/first.yaml": 1,
        f"{folder}/workflow-templates/second.yaml": 1,
        f"{folder}/roles/index.yaml": 1,
    }


def test_a_role_is_found_in_its_own_workspace_alone(client: Client, roots: list[Path]) -> None:
    params = {**asked(roots, ROLE), "context": {"includeDeclaration": True}}
    found = client.request("textDocument/references", params)
    assert len(found) == 3
    assert all(one["uri"].startswith(roots[0].as_uri()) for one in found)


@pytest.mark.parametrize("place", [STAGE, TEMPLATE])
def test_a_stage_or_template_is_renamed_where_it_stands(
    client: Client, roots: list[Path], place: tuple[int, int]
) -> None:
    assert rename(client, roots, place, "new") == {"a/.choragen/workflow-templates/first.yaml": 1}


@pytest.mark.parametrize(
    ("place", "name", "words"),
    [
        (STAGE, "two", "The stage `two` already exists: line 6 of first.yaml."),
        (ROLE, "reader", "The role `reader` already exists: line 4 of index.yaml."),
        (TEMPLATE, "second", "The template `second` already exists: line 1 of second.yaml."),
        (STAGE, "", "A name cannot be empty."),
        (ROLE, "  ", "A name cannot be empty."),
        (STAGE, " one", "A name cannot start or end with a space."),
        (ROLE, "a\nb", "A name must be one line of printable characters."),
        (STAGE, "a\x00b", "A name must be one line of printable characters."),
        (ROLE, "a\x85b", "A name must be one line of printable characters."),
        (TYPE, "new", "Nothing to rename here. Stages, roles and templates have names."),
    ],
)
def test_what_is_refused(
    client: Client, roots: list[Path], place: tuple[int, int], name: str, words: str
) -> None:
    with pytest.raises(RequestRefused) as refused:
        rename(client, roots, place, name)
    assert str(refused.value) == words


@pytest.mark.parametrize(
    ("written", "obstacle"),
    [("&r writer", "has an anchor"), (">-\n      writer", "spans several lines")],
)
def test_a_place_that_cannot_be_rewritten_is_named(
    client: Client, roots: list[Path], written: str, obstacle: str
) -> None:
    second = template(roots[0], "second")
    second.write_text(STAGES.format(name="second").replace("writer", written))
    with pytest.raises(RequestRefused) as refused:
        rename(client, roots, ROLE, "author")
    assert str(refused.value) == (
        f"The role `writer` {obstacle} at line 5 of second.yaml: write the name alone there, on "
        "one line, and rename again."
    )


def test_a_name_may_be_written_as_it_is(client: Client, roots: list[Path]) -> None:
    assert rename(client, roots, ROLE, "writer") == {}


def test_what_can_be_renamed(client: Client, roots: list[Path]) -> None:
    ask = "textDocument/prepareRename"
    found = {place: client.request(ask, asked(roots, place)) for place in (STAGE, ROLE, TYPE)}
    assert [one and one["placeholder"] for one in found.values()] == ["one", "writer", None]


def test_a_role_that_comes_with_choragen_keeps_its_name(client: Client, roots: list[Path]) -> None:
    index = roots[0] / ".choragen" / "roles" / "index.yaml"
    index.unlink()
    client.notify(
        "workspace/didChangeWatchedFiles", {"changes": [{"uri": index.as_uri(), "type": 3}]}
    )
    uri = template(roots[0]).as_uri()
    place = {"line": 4, "character": 12}
    change = {"range": {"start": place, "end": {**place, "character": 18}}, "text": "reviewer"}
    client.notify(
        "textDocument/didChange",
        {"textDocument": {"uri": uri, "version": 2}, "contentChanges": [change]},
    )
    words = "The role `reviewer` comes with Choragen: a role of your own needs the role index."
    for ask in ("textDocument/prepareRename", "textDocument/rename"):
        with pytest.raises(RequestRefused) as refused:
            client.request(ask, {**asked(roots, ROLE), "newName": "mine"})
        assert str(refused.value) == words


@pytest.mark.parametrize("linked", ["second.yaml", "workflow-templates", "index.yaml"])
def test_no_edit_is_made_in_closed_files_that_a_link_leads_out_to(
    client: Client, roots: list[Path], tmp_path: Path, linked: str
) -> None:
    """`b` is a folder of the workspace of which nothing is open."""
    model = "{provider: anthropic, model: claude-opus-4-8}"
    key = {"workflow-templates": "defaultModel", "roles": "model"}
    for file in (roots[1] / ".choragen").glob("*/*.yaml"):
        named = f"    {key[file.parent.name]}: {model}\n"
        file.write_text(file.read_text() + named)
    (path,) = (roots[1] / ".choragen").rglob(linked)
    path.rename(tmp_path / linked)
    path.symlink_to(tmp_path / linked)
    argument = {
        "from": {"provider": "anthropic", "model": "claude-opus-4-8"},
        "to": {"provider": "anthropic", "model": "claude-opus-5"},
        "dryRun": True,
    }
    done = client.command("stagewright.workspace.replaceModel", argument)
    outside = {"workflow-templates": {"first.yaml", "second.yaml"}}.get(linked, {linked})
    changed = {file["uri"].rpartition("/")[2] for file in done["files"]}
    assert changed == {"first.yaml", "second.yaml", "index.yaml"} - outside
    assert {uri.rpartition("/")[2] for uri in done["edit"]["changes"]} == changed
    assert {file["uri"].rpartition("/")[2] for file in done["skipped"]} == outside
    assert all("is a link to a file outside" in file["reason"] for file in done["skipped"])


def bad_bytes(path: Path) -> str:
    text = path.read_bytes()
    path.write_bytes(text + b"# caf\xe9\n")
    return f"{path} is not UTF-8: byte {len(text) + 6} cannot be read."


def loop(path: Path) -> str:
    path.unlink()
    path.symlink_to(path)
    return f"{path} is a link to itself. Remove it."


def folder(path: Path) -> str:
    path.unlink()
    path.mkdir()
    return f"{path} is a folder, not a file. Move it away."


def too_large(path: Path) -> str:
    with path.open("ab") as file:
        file.truncate(17 * 1024 * 1024)
    return f"{path} is larger than 16 MiB, the limit. Split it."


BROKEN = pytest.mark.parametrize("breaks", [bad_bytes, loop, folder, too_large])


@BROKEN
def test_a_role_is_not_renamed_where_a_file_that_may_name_it_cannot_be_read(
    client: Client, roots: list[Path], breaks: Callable[[Path], str]
) -> None:
    why = breaks(template(roots[0], "second"))
    with pytest.raises(RequestRefused) as refused:
        rename(client, roots, ROLE, "author")
    sentence = "The role `writer` may also be named where it cannot be read."
    assert str(refused.value) == f"{sentence}\n{why}"
    # What only its own file names is not held up.
    for place in (STAGE, TEMPLATE):
        assert len(rename(client, roots, place, "new")) == 1


def test_a_role_is_renamed_although_another_workspace_cannot_be_read(
    client: Client, roots: list[Path]
) -> None:
    bad_bytes(template(roots[1]))
    assert len(rename(client, roots, ROLE, "author")) == 3


@pytest.mark.parametrize("place", [STAGE, ROLE])
def test_nothing_is_renamed_in_a_closed_file_that_cannot_be_read_whole(
    client: Client, roots: list[Path], place: tuple[int, int]
) -> None:
    why = bad_bytes(template(roots[1]))
    at = asked([roots[1]], place)
    with pytest.raises(RequestRefused) as refused:
        client.request("textDocument/rename", {**at, "newName": "new"})
    assert why in str(refused.value)


@BROKEN
def test_a_model_is_replaced_elsewhere_and_the_unreadable_file_named(
    client: Client, roots: list[Path], breaks: Callable[[Path], str]
) -> None:
    paths = [template(roots[1]), template(roots[1], "second")]
    for path in paths:
        model = "    defaultModel: {provider: anthropic, model: claude-opus-4-8}\n"
        path.write_text(path.read_text() + model)
    why = breaks(paths[1])
    argument = {
        "from": {"provider": "anthropic", "model": "claude-opus-4-8"},
        "to": {"provider": "anthropic", "model": "claude-opus-5"},
        "dryRun": True,
    }
    done = client.command("stagewright.workspace.replaceModel", argument)
    assert done["files"] == [{"uri": paths[0].as_uri(), "count": 1}]
    assert list(done["edit"]["changes"]) == [paths[0].as_uri()]
    assert done["skipped"] == [{"uri": paths[1].as_uri(), "reason": why}]


def test_who_replaces_is_told_what_is_left_as_it_is(client: Client, roots: list[Path]) -> None:
    why = bad_bytes(template(roots[0], "second"))
    argument = {
        "from": {"provider": "anthropic", "model": "claude-opus-4-8"},
        "to": {"provider": "anthropic", "model": "claude-opus-5"},
    }
    done = client.command("stagewright.workspace.replaceModel", argument)
    assert (done["total"], done["applied"]) == (0, False)
    shown = client.notification("window/showMessage", lambda told: why in told["message"])
    assert shown["message"] == f"Not changed:\n{why}"
