"""A file that is named in several ways is one file: by links, percent signs, hosts, case."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests import forks
from tests.e2e.editor import environment

from stagewright.cli.rpc import Client
from stagewright.lsp.documents import identity, path_of

TEMPLATE = """\
name: t
stages:
  - name: a
    type: design
    roleId: scribe
    defaultModel:
      provider: anthropic
      model: claude-opus-4-8
"""
ROLES = "roles:\n  - id: scribe\n    name: Scribe\n    toolIds: []\n"
FROM = {"provider": "anthropic", "model": "claude-opus-4-8"}
ROLE = {"line": 4, "character": 14}


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with a template, another name for it, and a role index."""
    folder = tmp_path_factory.mktemp("real") / "my project"
    templates = folder / ".choragen/workflow-templates"
    templates.mkdir(parents=True)
    (templates / "t.yaml").write_text(TEMPLATE)
    (templates / "also.yaml").symlink_to("t.yaml")
    (folder / ".choragen/roles").mkdir()
    (folder / ".choragen/roles/index.yaml").write_text(ROLES)
    return folder


@pytest.fixture(scope="module")
def client(real: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """An editor that knows the folder by a link, and has the template open by its real name."""
    link = tmp_path_factory.mktemp("links") / "link"
    link.symlink_to(real)
    with Client(forks.server(), environment(link.parent)) as running:
        running.request("initialize", {"rootUri": link.as_uri(), "capabilities": {}})
        running.notify("initialized", {})
        document = {"uri": opened(real), "languageId": "yaml", "version": 1, "text": TEMPLATE}
        running.notify("textDocument/didOpen", {"textDocument": document})
        running.command("stagewright.template.stages", {"uri": opened(real)})  # roles are read
        yield running


def opened(real: Path) -> str:
    return (real / ".choragen/workflow-templates/t.yaml").as_uri()


def spellings(real: Path) -> dict[str, str]:
    uri = opened(real)
    root = path_of(uri).parents[2]
    return {
        "as opened": uri,
        "blanks as they are": uri.replace("%20", " "),
        "a letter escaped": uri.replace("t.yaml", "%74.yaml"),
        "a host": uri.replace("file://", "file://localhost"),
        "dots": uri.replace("/t.yaml", "/../workflow-templates/t.yaml"),
        "dots by way of a folder that is not there": uri.replace("/t.yaml", "/gone/../t.yaml"),
        "dots escaped": uri.replace("/t.yaml", "/./%2E%2e/workflow-templates/t.yaml"),
        "another name": uri.replace("t.yaml", "also.yaml"),
        "scheme in capitals": uri.replace("file:", "FILE:"),
        "doubled slashes": uri.replace("/.choragen/", "//.choragen/"),
        "root": root.as_uri() + "/.choragen/workflow-templates/t.yaml",
    }


NAMES = list(spellings(Path("/x y")))


@pytest.mark.parametrize("name", NAMES)
def test_requests_find_the_open_document(client: Client, real: Path, name: str) -> None:
    at = {"textDocument": {"uri": spellings(real)[name]}, "position": ROLE}
    assert "Scribe" in client.request("textDocument/hover", at)["contents"]["value"]
    found = client.request(
        "textDocument/references", at | {"context": {"includeDeclaration": False}}
    )
    assert [one["uri"] for one in found] == [opened(real)]


@pytest.mark.parametrize("name", NAMES)
def test_commands_find_the_open_document(client: Client, real: Path, name: str) -> None:
    found = client.command("stagewright.template.stages", {"uri": spellings(real)[name]})
    assert [one["name"] for one in found["stages"]] == ["a"]


def test_edits_of_the_workspace_come_once(client: Client, real: Path) -> None:
    argument = {"from": FROM, "to": {"provider": "openai", "model": "gpt-9"}, "dryRun": True}
    found = client.command("stagewright.workspace.replaceModel", argument)
    assert [one["uri"] for one in found["files"]] == [opened(real)]
    assert found["total"] == 1


def test_symbols_come_once(client: Client, real: Path) -> None:
    found = client.request("workspace/symbol", {"query": "a"})
    assert [one["location"]["uri"] for one in found if one["name"] == "a"] == [opened(real)]


def test_a_role_is_renamed_once_in_each_file(client: Client, real: Path) -> None:
    at = {"textDocument": {"uri": opened(real)}, "position": ROLE, "newName": "writer"}
    changes = client.request("textDocument/rename", at)["changes"]
    assert sorted((uri.rpartition("/")[2], len(edits)) for uri, edits in changes.items()) == [
        ("index.yaml", 1),
        ("t.yaml", 1),
    ]


def test_changes_under_another_name_are_taken(client: Client, real: Path) -> None:
    """Also those of clients that count no versions."""
    other = spellings(real)["another name"]
    for text, names in ((TEMPLATE.replace("- name: a", "- name: b"), ["b"]), (TEMPLATE, ["a"])):
        change = {"textDocument": {"uri": other}, "contentChanges": [{"text": text}]}
        client.notify("textDocument/didChange", change)
        found = client.command("stagewright.template.stages", {"uri": opened(real)})
        assert [one["name"] for one in found["stages"]] == names


def test_roles_that_change_by_one_name_count_by_the_other(client: Client, real: Path) -> None:
    index = real / ".choragen/roles/index.yaml"
    index.write_text(ROLES.replace("Scribe", "Clerk"))
    client.notify(
        "workspace/didChangeWatchedFiles", {"changes": [{"uri": index.as_uri(), "type": 2}]}
    )
    at = {"textDocument": {"uri": opened(real)}, "position": ROLE}

    def is_known(_: Any) -> bool:
        return "Clerk" in client.request("textDocument/hover", at)["contents"]["value"]

    assert client.notification("textDocument/publishDiagnostics", is_known)
    index.write_text(ROLES)


def test_closed_files_have_one_name_too(real: Path, tmp_path: Path) -> None:
    """Two folders of one workspace that are the same, one of them by a link."""
    link = tmp_path / "link"
    link.symlink_to(real)
    folders = [{"uri": one.as_uri(), "name": one.name} for one in (link, real)]
    start = {"rootUri": None, "workspaceFolders": folders, "capabilities": {}}
    with Client(forks.server(), environment(tmp_path)) as client:
        client.request("initialize", start)
        client.notify("initialized", {})
        argument = {"from": FROM, "to": {"provider": "openai", "model": "gpt-9"}, "dryRun": True}
        found = client.command("stagewright.workspace.replaceModel", argument)
        assert [one["uri"].rpartition("/")[2] for one in found["files"]] == ["t.yaml"]


def test_what_is_another_file_stays_one(tmp_path: Path) -> None:
    for name in ("a.yaml", "A.yaml", "a%20b.yaml", "a b.yaml"):
        (tmp_path / name).write_text(name)
    (tmp_path / "copy.yaml").hardlink_to(tmp_path / "a.yaml")
    different = {identity(path) for path in tmp_path.iterdir()}
    assert len(different) == len(list(tmp_path.iterdir()))


def test_names_that_differ_in_case_are_one_where_they_lead_to_one_file(tmp_path: Path) -> None:
    """As where case makes no difference: there both names have the number of one file."""
    (tmp_path / "T.yaml").write_text("")
    (tmp_path / "t.yaml").hardlink_to(tmp_path / "T.yaml")
    assert identity(tmp_path / "T.yaml") == identity(tmp_path / "t.yaml")


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "x",
        "http://h/a.yaml",
        "untitled:1",
        "file:",
        "file:///a%00b",
        "file:///\ud800",
        "file://[",
    ],
)
def test_what_names_no_file(uri: str) -> None:
    assert path_of(uri) is None


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("file:///a/../b.yaml", "/b.yaml"),
        ("file:///a/x/%2e%2E/./b.yaml", "/a/b.yaml"),
        ("file:///../../b.yaml", "/b.yaml"),
        ("file:////a//b/../c.yaml", "/a/c.yaml"),
        ("file:///a/..b/c...yaml", "/a/..b/c...yaml"),
    ],
)
def test_dots_are_the_uris_own(uri: str, path: str) -> None:
    assert path_of(uri) == Path(path)


def test_names_of_any_bytes_and_signs() -> None:
    for name in (b"/a;b.yaml", b"/\xff\xfe.yaml", "/ü%41.yaml".encode(), b"/a?b#c.yaml"):
        path = Path(name.decode(errors="surrogateescape"))
        assert path_of(path.as_uri()) == path
