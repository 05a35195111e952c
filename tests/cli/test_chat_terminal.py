"""`stagewright chat` and `workflows` in terminals of 80, 40 and 20 columns."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from rich.console import Console
from tests.cli.terminal import terminal
from tests.loopback.process import LoopbackProcess, loopback_process
from tests.workflows.workspace import choragen_folder

from stagewright.catalog.model import ModelReference
from stagewright.cli.markdown import LARGEST, MarkdownStream, boundaries
from stagewright.cli.terminal import fitted
from stagewright.workflows.manager import WorkflowManager

FIRST = "rehearsal/rehearsal-1"
AGENTS = "# Change Request: Agents from the web\n\n**ID**: CR-20251211-002\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    workspace = tmp_path / "workspace"
    choragen_folder(workspace, "workflow-templates", "roles")
    (workspace / "config.toml").touch()
    return workspace


def request(folder: Path) -> None:
    path = folder / "docs/requests/change-requests/doing/CR-20251211-002-agents.md"
    path.parent.mkdir(parents=True)
    path.write_text(AGENTS)


@pytest.fixture(scope="module")
def providers() -> Iterator[LoopbackProcess]:
    with loopback_process() as running:
        yield running


@pytest.mark.parametrize("columns", [80, 40])
def test_a_new_user_chooses_a_template_and_a_request_and_talks(folder: Path, columns: int) -> None:
    request(folder)
    with terminal(folder, "chat", columns=columns) as screen:
        screen.until("team-standard")
        screen.until("Which one?")
        screen.type("team-standard\r")
        assert "CR-20251211-002  doing" in screen.until("about?")
        screen.until("› ")
        screen.type("1\r")
        head = screen.until("request › ")
        assert "1/6 request (request)" in head
        assert "Agents from the web" in " ".join(head.split())
        screen.type(f"/model {FIRST}\r")
        screen.until("request › ")
        screen.type("Hi\r")
        screen.until("A real model would")
        screen.until("request › ")
        screen.type("/stage\r")
        assert "▸ request" in screen.until("request › ")
        screen.type("\x04")
        screen.until("Go on with")
        assert screen.end() == 0
    (workflow,) = WorkflowManager(folder).list().workflows
    assert workflow.request_id == "CR-20251211-002"
    assert screen.widest <= columns


def test_skipping_the_request_is_one_key(folder: Path) -> None:
    with terminal(folder, "chat", "hotfix") as screen:
        screen.until("skips.")
        screen.type("\r")
        screen.until(" › ")
        screen.type("\x04")
        screen.until("Go on with")
        assert screen.end() == 0
    assert WorkflowManager(folder).list().workflows[0].request_id == "ADHOC"


def test_a_bracketed_paste_is_one_message(folder: Path) -> None:
    with terminal(folder, "chat", "hotfix", "--model", FIRST, "--request", "x") as screen:
        screen.until(" › ")
        screen.type("\x1b[200~first\r/stage\rlast\x1b[201~")
        screen.until("last")
        screen.type("\r")
        screen.until("tokens")
        screen.until(" › ")
        screen.type("\x04")
        screen.until("Go on with")
        assert screen.end() == 0
    manager = WorkflowManager(folder)
    (summary,) = manager.list().workflows
    said = [one.content for one in manager.get(summary.id).messages if one.role == "human"]
    assert said == ["first\n/stage\nlast"]


def test_leaving_without_a_choice_begins_nothing(folder: Path) -> None:
    with terminal(folder, "chat") as screen:
        screen.until("› ")
        screen.type("99\r")
        screen.until("Type a number from 1 to 8")
        screen.until("› ")
        screen.type("\r")
        assert screen.end() == 0
    assert WorkflowManager(folder).list().workflows == ()


def test_twenty_columns_do_not_break_it(folder: Path) -> None:
    manager = WorkflowManager(folder)
    manager.create("hotfix", request_id="A title that is longer than the line")
    with terminal(folder, "chat", "team-standard", "--request", "Dark", columns=20) as screen:
        screen.until("request › ")
        for line in ("/stage", "/help", f"/model {FIRST}", "Hi", "/context"):
            screen.type(f"{line}\r")
            screen.until("request › ")
        screen.type("\x04")
        screen.until("Go on")
        assert screen.end() == 0
    answer = manager.list().workflows[0]
    assert answer.message_count == 4


# Answers


MARKDOWN = """\
# Heading

A **bold** word and `code`, in a paragraph that is longer than a line of forty columns.

- one
- two

```python
value = 1
```
"""


@pytest.mark.parametrize("columns", [80, 40])
def test_an_answer_is_rendered_and_broken_between_words(
    folder: Path, providers: LoopbackProcess, columns: int
) -> None:
    providers.control(chat={"text": MARKDOWN})
    arguments = ("chat", "hotfix", "--model", "anthropic/claude-opus-5-5", "--request", "x")
    with terminal(folder, *arguments, columns=columns, **providers.environ) as screen:
        screen.until(" › ")
        screen.type("Go\r")
        screen.until("11 + 7 tokens")
        screen.until("› ")
        said = screen.shown.partition("Go\n")[2]
        screen.type("\x04")
        screen.until("Go on with")
        screen.end()
    assert "**" not in said
    assert "```" not in said
    assert "• one" in said
    assert screen.widest <= columns
    last = said.rpartition("A bold word")[2].partition("•")[0]
    assert " ".join(last.split()) == (
        "and code, in a paragraph that is longer than a line of forty columns."
    )


def test_an_answer_in_a_pipe_is_as_it_came(folder: Path) -> None:
    out = Console(width=40, force_terminal=False)
    with out.capture() as captured:
        stream = MarkdownStream(out)
        stream.write("a")
        stream.end()
    assert captured.get().strip() == "a"


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        ("one\n\ntwo", ["one\n\n", "two"]),
        ("one\ntwo\n", ["one\ntwo\n"]),
        ("- a\n\n- b\n\n  more\n\nend", ["- a\n\n- b\n\n  more\n\n", "end"]),
        ("1. a\n\n2", ["1. a\n\n2"]),
        ("1. a\n\n20 things", ["1. a\n\n", "20 things"]),
        ("```\na\n\nb\n```\n\nc", ["```\na\n\nb\n```\n\n", "c"]),
        ("````\n```\n\nx\n````\n\ny", ["````\n```\n\nx\n````\n\n", "y"]),
        ("~~~\n\n```\n\n~~~\n\nz", ["~~~\n\n```\n\n~~~\n\n", "z"]),
        ("p\n\n    code\n\nq", ["p\n\n    code\n\n", "q"]),
        ("", []),
    ],
)
def test_a_block_stands_when_it_cannot_become_more(text: str, blocks: list[str]) -> None:
    ends = [0, *boundaries(text), len(text)]
    found = [text[start:end] for start, end in pairwise(ends)]
    assert [block for block in found if block] == blocks
    for size in range(len(text)):  # what stands once, stands for good
        assert set(boundaries(text[:size])) <= set(boundaries(text))


@pytest.mark.parametrize("size", [1, 7, 100])
def test_the_end_of_a_rendered_answer_is_the_same_however_it_is_cut(size: int) -> None:
    def shown(step: int) -> str:
        out = Console(width=40, force_terminal=True, color_system=None, height=10)
        with out.capture() as captured:
            stream = MarkdownStream(out)
            for at in range(0, len(MARKDOWN), step):
                stream._due = float("inf")  # drawn when it stands
                stream.write(MARKDOWN[at : at + step])
            stream.end()
        return captured.get()

    assert shown(size) == shown(len(MARKDOWN))


def test_a_block_without_end_is_shown_as_it_is(tmp_path: Path) -> None:
    out = Console(width=40, force_terminal=True, color_system=None)
    with out.capture() as captured:
        stream = MarkdownStream(out)
        for _ in range(2 * LARGEST // 1000 + 2):
            stream.write("word " * 200)
        stream.end()
    assert captured.get().count("word") >= 2 * LARGEST // 5


def test_a_model_that_its_provider_denies_is_told_before_anything_is_sent(
    folder: Path, providers: LoopbackProcess
) -> None:
    before = len(providers.requests("/messages"))
    arguments = ("chat", "hotfix", "--model", "anthropic/claude-opus-5-6")
    with terminal(folder, *arguments, columns=40, **providers.environ) as screen:
        assert screen.end() == 2
    assert screen.widest <= 40
    said = " ".join(screen.shown.split())
    assert "error: --model anthropic/claude-opus-5-6" in said
    assert "claude-opus-5-5" in said
    assert len(providers.requests("/messages")) == before
    assert WorkflowManager(folder).list().workflows == ()


# Lists of workflows


def some_workflows(folder: Path) -> list[str]:
    manager = WorkflowManager(folder)
    ids = [
        manager.create("hotfix", request_id="A title that is longer than a line of forty").id,
        manager.create("standard").id,
        manager.create("ideation").id,
    ]
    manager.set_model(ids[1], ModelReference("rehearsal", "rehearsal-1"))
    manager.set_status(ids[1], "paused")
    manager.discard(ids[2])
    return ids


@pytest.mark.parametrize(
    ("columns", "shown"),
    [
        (120, ("WORKFLOW", "STATUS", "ABOUT", "STAGE", "TEMPLATE", "CHANGED", "of forty")),
        (80, ("WORKFLOW", "STATUS", "ABOUT", "STAGE", "A title that")),
        (40, ("WORKFLOW", "STATUS", "ABOUT", "A title that is longer than a line of…")),
        (20, ("WORKFLOW", "STATUS", "ABOUT", "A title that is l…")),
    ],
)
def test_workflows_keep_what_matters(folder: Path, columns: int, shown: tuple[str, ...]) -> None:
    ids = some_workflows(folder)
    with terminal(folder, "workflows", columns=columns) as screen:
        assert screen.end() == 0
    assert screen.widest <= columns
    for text in (*shown, *ids, "active", "paused", "discarded"):
        assert text in screen.shown


def test_workflows_for_programs(folder: Path) -> None:
    ids = some_workflows(folder)
    with terminal(folder, "workflows", "--format", "json", "--status", "paused") as screen:
        assert screen.end() == 0
    found = json.loads(screen.shown)
    assert found["version"] == 1
    assert [(one["id"], one["status"]) for one in found["workflows"]] == [(ids[1], "paused")]
    assert set(found["workflows"][0]) == {
        "id", "requestId", "title", "status", "template", "currentStage", "stageName",
        "updatedAt", "messageCount",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        ((), 0, "No workflows in"),
        (("--status", "failed"), 0, "No failed workflows in"),
        (("--status", "open"), 2, "Invalid value for '--status': 'open' is not one of"),
    ],
)
def test_where_there_are_none_it_says_where_it_looked(
    folder: Path, arguments: tuple[str, ...], code: int, says: str
) -> None:
    with terminal(folder, "workflows", *arguments) as screen:
        assert screen.end() == code
    assert says in screen.shown


@pytest.mark.parametrize("columns", [40, 20])
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ("workflows",),
            "No workflows in {}/.choragen/workflows. Begin one with: stagewright chat",
        ),
        (
            ("check", "none/of/these/folders/is/there.yaml"),
            "error: none/of/these/folders/is/there.yaml does not exist. Name a file or a folder.",
        ),
    ],
)
def test_paths_are_broken_behind_slashes(
    folder: Path, columns: int, arguments: tuple[str, ...], said: str
) -> None:
    with terminal(folder, *arguments, columns=columns) as screen:
        screen.end()
    assert fitted(said.format(folder), columns) in screen.shown


def test_a_workflow_that_cannot_be_read_is_named(folder: Path) -> None:
    known = WorkflowManager(folder).create("hotfix").id
    broken = folder / ".choragen/workflows/WF-20260101-001.json"
    broken.write_text("{")
    with terminal(folder, "workflows", columns=120) as screen:
        assert screen.end() == 2
    assert known in screen.shown
    assert "WF-20260101-001.json cannot be read" in " ".join(screen.shown.split())
    assert broken.read_text() == "{"
