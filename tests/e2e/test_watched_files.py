"""Files that other programs write, and folders that come and go, while the server runs."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from tests.e2e.watching import CHANGED, CREATED, DELETED, PUBLISH, serving

from stagewright.cli.rpc import ServerGone

WRONG = "name: {name}\nstages:\n  - name: one\n    type: desigm\n"
RIGHT = """\
name: {name}
stages:
  - name: one
    type: design
    roleId: writer
    gate:
      type: auto
"""


def put(root: Path, name: str, text: str = WRONG, at: str = ".choragen/workflow-templates") -> Path:
    path = root / at / f"{name}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text.format(name=name))
    return path


def roles(root: Path, *names: str) -> Path:
    lines = "".join(f"  - id: {name}\n    toolIds: []\n" for name in names)
    return put(root, "index", f"roles:\n{lines}", at=".choragen/roles")


WRONG_CODES = ("template-structure", "template-structure")  # the word, and the gate that is missing


def test_templates_that_are_created_changed_and_deleted(root: Path, tmp_path: Path) -> None:
    with serving(tmp_path, root) as client:
        path = put(root, "a")
        client.tell((path, CREATED))
        client.codes(path, *WRONG_CODES)
        put(root, "a", RIGHT)
        roles(root, "writer")
        client.tell((path, CHANGED))
        client.codes(path)
        put(root, "a")
        client.tell((path, CHANGED))
        client.codes(path, *WRONG_CODES)
        path.unlink()
        client.tell((path, DELETED))
        client.codes(path)


def test_a_workflow_at_work_does_not_hold_up_the_check(root: Path, tmp_path: Path) -> None:
    """Its file is written again and again, and no diagnostic depends on it."""
    path, workflow = put(root, "a"), root / ".choragen" / "workflows" / "WF-20261122-001.json"
    with serving(tmp_path, root) as client:
        client.tell((path, CREATED))

        def is_told() -> bool:
            client.tell((workflow, CHANGED))
            with suppress(ServerGone):  # it says nothing yet
                return bool(client.notification(PUBLISH, timeout=0.1))
            return False

        assert any(is_told() for _ in range(1000))


def test_templates_that_are_written_again_and_again_do_not_hold_up_the_check(
    root: Path, tmp_path: Path
) -> None:
    calm, busy = put(root, "a"), put(root, "b")
    told: dict[str, list[str]] = {}
    with serving(tmp_path, root) as client:

        def are_told() -> bool:
            put(root, "b")
            client.tell((busy, CHANGED))
            with suppress(ServerGone):  # it says nothing yet
                one = client.notification(PUBLISH, timeout=0.1)
                told[one["uri"]] = sorted(each["code"] for each in one["diagnostics"])
            return all(told.get(path.as_uri()) == sorted(WRONG_CODES) for path in (calm, busy))

        assert any(are_told() for _ in range(1000)), told


def test_only_files_that_changed_are_checked_again(root: Path, tmp_path: Path) -> None:
    calm, busy, gone = put(root, "a"), put(root, "b"), put(root, "c")
    with serving(tmp_path, root) as client:
        client.tell((busy, CHANGED))
        for path in (calm, busy, gone):
            client.codes(path, *WRONG_CODES)
        gone.unlink()
        client.tell((gone, DELETED))
        client.codes(gone)

        def is_told_alone(text: str, *codes: str) -> bool:
            client.unread()
            put(root, "b", text)
            client.tell((busy, CHANGED))
            client.codes(busy, *codes)
            told = [one["params"] for one in client.unread() if one["method"] == PUBLISH]
            return calm.as_uri() not in [one["uri"] for one in told]

        # Until all is known of models, that counts in every file.
        tries = ((RIGHT, ("role-unknown",)), (WRONG, WRONG_CODES)) * 10
        assert any(is_told_alone(text, *codes) for text, codes in tries)
        client.configure(inlayHints={"enabled": False})
        client.codes(calm, *WRONG_CODES)


def test_a_folder_that_is_renamed(root: Path, tmp_path: Path) -> None:
    path, index = put(root, "a", RIGHT), roles(root, "other")
    with serving(tmp_path, root) as client:
        client.tell((path, CHANGED))
        client.codes(path, "role-unknown")
        assert {"**/.choragen", "**/.choragen/workflow-templates", "**/.choragen/roles"} <= set(
            client.globs()
        )
        index.parent.rename(root / "away")
        client.tell((index.parent, DELETED))
        client.codes(path, "role-unknown")
        roles(root, "writer")
        client.tell((index.parent, CREATED))
        client.codes(path)
        path.parent.rename(root / ".choragen" / "old")
        wrong = put(root, "b")
        client.tell((path.parent, DELETED), (path.parent, CREATED))
        client.codes(wrong, *WRONG_CODES)
        (root / ".choragen").rename(root / "gone")
        client.tell((root / ".choragen", DELETED))
        client.codes(wrong)


def test_roles_of_open_files_follow_their_folder(root: Path, tmp_path: Path) -> None:
    path, index = put(root, "a", RIGHT), roles(root, "writer")
    with serving(tmp_path, root) as client:
        item = {"uri": path.as_uri(), "languageId": "yaml", "version": 1, "text": path.read_text()}
        client.notify("textDocument/didOpen", {"textDocument": item})
        client.codes(path)
        (root / ".choragen").rename(root / "gone")
        client.tell((root / ".choragen", DELETED))
        client.codes(path, "role-unknown")
        (root / "gone").rename(root / ".choragen")
        client.tell((root / ".choragen", CREATED))
        client.codes(path)
        index.write_text(index.read_text().replace("writer", "reader"))
        client.tell((index, CHANGED))
        client.codes(path, "role-unknown")


def test_workspace_folders_that_come_and_go(root: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    here, there = put(root, "a"), put(other, "b")
    with serving(tmp_path, root) as client:
        client.tell((here, CHANGED))
        client.codes(here, *WRONG_CODES)
        folder = {"uri": other.as_uri(), "name": "other"}

        def change(**event: list[dict[str, str]]) -> None:
            whole = {"added": [], "removed": [], **event}
            client.notify("workspace/didChangeWorkspaceFolders", {"event": whole})

        change(added=[folder])
        client.codes(there, *WRONG_CODES)
        change(removed=[folder])
        client.codes(there)
        change(removed=[{"uri": root.as_uri(), "name": root.name}])
        client.codes(here)


def test_other_globs_are_watched_once_they_are_set(root: Path, tmp_path: Path) -> None:
    flow = put(root, "a", at="flows")
    with serving(tmp_path, root) as client:
        text = RIGHT.format(name="a")  # unlike what is on disk
        item = {"uri": flow.as_uri(), "languageId": "yaml", "version": 1, "text": text}
        client.notify("textDocument/didOpen", {"textDocument": item})
        client.configure(templates={"include": ["./flows/*.yaml"]})
        client.codes(flow, "role-unknown")
        client.watches(
            lambda globs: (
                "**/.claude" in globs and not any("workflow-templates" in glob for glob in globs)
            )
        )
        assert "**/flows/*.yaml" in client.globs()
        assert "**/flows" in client.globs()
        assert len(client.watched) == 1
        added = put(root, "b", at="flows")
        client.tell((added, CREATED))
        client.codes(added, *WRONG_CODES)
        client.configure()
        client.codes(flow)
        client.codes(added)
        client.watches(lambda globs: "**/flows/*.yaml" not in globs)
