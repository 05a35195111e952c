"""What a workflow is about: what is typed, Choragen's request files, and what a model is told."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.workflows.workspace import manager_of, template

from stagewright.workflows import requests
from stagewright.workflows.errors import WorkflowError
from stagewright.workflows.requests import RequestFile, clean, find, subject
from stagewright.workflows.turns import Defaults

AGENTS = """\
# Change Request: Agents from the web

**ID**: CR-20251211-002
**Domain**: web
**Status**: doing

---

## What

Start agents from the web.
"""


def request(root: Path, place: str, text: str) -> Path:
    path = root / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def shown(root: Path) -> list[tuple[str, str, str]]:
    return [(one.id, one.title, one.status) for one in find(root).files]


# What is typed


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("CR-20251211-002", "CR-20251211-002"),
        ("  Add\r\n dark\tmode \n", "Add dark mode"),
        ("a\x00b\x1b[31mc\x9bd\x7f", "a b [31mc d"),
        ("feature/../../login", "feature/../../login"),
        ("{{stageName}} {{requestId}}", "{{stageName}} {{requestId}}"),
        ("\u202eevil\u202c \u2066ok\u2069\ufeff", "evil ok"),
        ("הוספת מצב כהה", "הוספת מצב כהה"),
        ("می\u200cخواهم 👩\u200d💻", "می\u200cخواهم 👩\u200d💻"),
        ("half \ud83d a pair", "half \ufffd a pair"),
        ("line\u2028and\u2029paragraph", "line and paragraph"),
        ("é", "é"),
        ("x" * 200, "x" * 200),
        (None, "ADHOC"),
        (" \n\t\u200e ", "ADHOC"),
        ("adhoc", "ADHOC"),
    ],
)
def test_an_id_or_title_becomes_one_line(typed: str | None, kept: str) -> None:
    assert clean(typed) == kept


@pytest.mark.parametrize("typed", ["x" * 201, "word " * 2000, "\n".join("ab" * 5_000)])
def test_what_is_too_long_is_refused_before_anything_is_written(tmp_path: Path, typed: str) -> None:
    with pytest.raises(WorkflowError, match="at most 200 characters") as refusal:
        manager_of(tmp_path).create("hotfix", request_id=typed)
    assert refusal.value.code == "request-too-long"
    assert list(tmp_path.iterdir()) == []


# Choragen's files


def test_requests_are_found_by_kind_and_status_those_at_work_first(tmp_path: Path) -> None:
    folder = "docs/requests/"
    request(tmp_path, folder + "change-requests/doing/CR-20251211-002-agents.md", AGENTS)
    request(
        tmp_path,
        folder + "fix-requests/todo/FR-20251214-001-port in use.md",
        "# Fix Request: Port in use\n\n**ID**: FR-20251214-001\n",
    )
    request(tmp_path, folder + "change-requests/done/CR-20251206-001-done.md", "# Done\n")
    request(tmp_path, folder + "change-requests/done/CR-20251206-002-later.md", "no heading")
    request(tmp_path, folder + "change-requests/blocked/CR-20260101-001.md", "# Waits\n")
    request(tmp_path, folder + "README.md", "# Requests\n\nEach has an **ID**.\n")
    request(tmp_path, folder + "form.md", "# Change Request: {{TITLE}}\n\n**ID**: {{ID}}\n")
    request(tmp_path, folder + ".hidden/CR-20260101-002.md", "# Hidden\n")
    assert shown(tmp_path) == [
        ("CR-20251211-002", "Agents from the web", "doing"),
        ("FR-20251214-001", "Port in use", "todo"),
        ("CR-20251206-002", "", "done"),
        ("CR-20251206-001", "Done", "done"),
        ("CR-20260101-001", "Waits", "blocked"),
    ]


@pytest.mark.parametrize(
    ("configuration", "folder"),
    [
        ('paths:\n  requests: "work/requests/"\n', "work/requests"),
        ("paths: {requests: work}\n", "work"),
        ("project: {name: x}\npaths:\n  adr: docs/adr\n", "docs/requests"),
        ("paths:\n  requests:\n", "docs/requests"),
        ("paths: [requests]\n", "docs/requests"),
        ("\t: not yaml {{", "docs/requests"),
        ("", "docs/requests"),
    ],
)
def test_the_configuration_says_where_they_lie(
    tmp_path: Path, configuration: str, folder: str
) -> None:
    request(tmp_path, ".choragen/config.yaml", configuration)
    request(tmp_path, f"{folder}/doing/CR-20251211-002.md", AGENTS)
    assert [one.id for one in find(tmp_path).files] == ["CR-20251211-002"]
    assert find(tmp_path).problems == ()


@pytest.mark.parametrize("named", ["../outside", "/etc", "C:\\requests", "link", "\\\\host\\share"])
def test_a_folder_outside_of_the_workspace_is_not_read(tmp_path: Path, named: str) -> None:
    root = tmp_path / "workspace"
    request(tmp_path, "outside/CR-20251211-001.md", "# Secret\n")
    request(root, "docs/requests/CR-20251211-002.md", AGENTS)
    request(root, ".choragen/config.yaml", f"paths:\n  requests: '{named}'\n")
    (root / "link").symlink_to(tmp_path / "outside")
    found = find(root)
    assert [one.id for one in found.files] == ["CR-20251211-002"]
    (problem,) = found.problems
    assert "leads out of the workspace" in problem


def test_what_is_no_file_of_this_workspace_is_passed_over(tmp_path: Path) -> None:
    secret = request(tmp_path, "secret/CR-20251211-001.md", "# Secret\n")
    root = tmp_path / "workspace"
    folder = root / "docs/requests/doing"
    request(root, "docs/requests/doing/CR-20251211-002.md", AGENTS)
    (folder / "CR-20251211-003.md").symlink_to(secret)
    (folder / "linked").symlink_to(secret.parent, target_is_directory=True)
    (folder / "loop").symlink_to(folder, target_is_directory=True)
    os.mkfifo(folder / "CR-20251211-004.md")
    (folder / "CR-20251211-005.md").mkdir()
    (folder / "CR-20251211-006.md").write_bytes(b"# Caf\xe9 \x1b[2J\r\n" + b"x" * 1_000_000)
    assert shown(root) == [
        ("CR-20251211-006", "Caf\ufffd [2J", "doing"),
        ("CR-20251211-002", "Agents from the web", "doing"),
    ]
    assert find(tmp_path / "nowhere").files == ()


def test_more_files_than_are_read_are_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requests, "MOST_FILES", 3)
    for number in range(5):
        request(tmp_path, f"docs/requests/CR-20251211-{number:03}.md", AGENTS)
    found = find(tmp_path)
    assert "more than 3 files" in found.problems[0]


# What a model is told


@pytest.mark.parametrize(
    ("request_id", "title", "told"),
    [
        ("ADHOC", "", "this request"),
        ("CR-7", "", "CR-7"),
        ("CR-7", "Dark mode", "CR-7 (Dark mode)"),
        ("Dark mode", "Dark mode", "Dark mode"),
    ],
)
def test_a_request_in_a_sentence(request_id: str, title: str, told: str) -> None:
    assert subject(request_id, title) == told


@pytest.mark.parametrize(
    ("request_id", "prompt"),
    [
        (None, "Propose a design for this request."),
        ("Dark mode", "Propose a design for Dark mode."),
        ("CR-20251211-002", "Propose a design for CR-20251211-002 (Agents from the web)."),
        ("{{stageName}}", "Propose a design for {{stageName}}."),
        (r"\1 \g<0>", r"Propose a design for \1 \g<0>."),
    ],
)
def test_a_prompt_names_it(tmp_path: Path, request_id: str | None, prompt: str) -> None:
    request(tmp_path, "docs/requests/change-requests/doing/CR-20251211-002.md", AGENTS)
    manager = manager_of(tmp_path)
    text = "name: t\nstages:\n  - name: s\n    type: design\n    initPrompt: %s\n"
    document = template(text % "Propose a design for {{requestId}}.")
    workflow = manager.create(document, request_id=request_id)
    material = manager.turn_material(workflow.id)
    assert [turn.text for turn in material.turns] == [prompt]
    assert material.request is None  # it is said once


@pytest.mark.parametrize("prompt", ["", "    initPrompt: Design it.\n"])
def test_where_no_prompt_names_it_a_turn_does(tmp_path: Path, prompt: str) -> None:
    manager = manager_of(tmp_path)
    document = template(f"name: t\nstages:\n  - name: s\n    type: design\n{prompt}")
    for request_id, told in ((None, None), ("Dark mode", "This work is about: Dark mode")):
        workflow = manager.create(document, request_id=request_id)
        assert manager.turn_material(workflow.id).request == told
        assert manager.turn_material(workflow.id, Defaults(context="stage")).request is None


def test_it_can_be_named_later(tmp_path: Path) -> None:
    manager = manager_of(tmp_path)
    workflow = manager.create("hotfix")
    assert manager.set_request(workflow.id, " Dark\nmode ").request_id == "Dark mode"
    assert manager.list(request_id="Dark mode").workflows[0].id == workflow.id
    assert manager.set_request(workflow.id, None).request_id == "ADHOC"
    manager.discard(workflow.id)
    with pytest.raises(WorkflowError) as refusal:
        manager.set_request(workflow.id, "Too late")
    assert refusal.value.code == "workflow-not-active"


# Titles


def test_a_workflow_has_a_title(tmp_path: Path) -> None:
    request(tmp_path, "docs/requests/change-requests/doing/CR-20251211-002.md", AGENTS)
    manager = manager_of(tmp_path)
    known = manager.create("hotfix", request_id="CR-20251211-002").id
    titled = manager.create("hotfix", request_id="Dark mode").id
    asked = manager.create("hotfix").id
    manager.add_message(asked, "\n\nWhy does the\nserver " + "crash " * 50)
    empty = manager.create("hotfix").id
    expected = {
        known: "Agents from the web",
        titled: "Dark mode",
        asked: "Why does the server crash crash crash crash crash crash cra…",
        empty: "hotfix",
    }
    assert {one.id: one.title for one in manager.list().workflows} == expected
    assert {one: manager.title(manager.get(one)) for one in expected} == expected


def test_a_request_file_tells_its_title_to_whoever_asks() -> None:
    files = (RequestFile("CR-1", "One", "doing", Path()), RequestFile("CR-2", "", "todo", Path()))
    found = requests.Requests(Path(), files)
    assert (found.title("CR-1"), found.title("CR-2"), found.title("CR-3")) == ("One", "", "")
