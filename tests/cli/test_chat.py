"""`stagewright chat` with piped lines: a conversation from its template to its end."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.cli.chatting import FIRST, SECOND, chat, saved
from tests.loopback.process import loopback_process


def test_a_conversation_that_switches_its_model(folder: Path) -> None:
    code, shown = chat(
        folder,
        "team-standard",
        "--model",
        FIRST,
        say=f"Hello there\n/model {SECOND}\nAnd what do you say?\n/quit\n",
    )
    assert code == 0
    lines = [line.strip() for line in shown.splitlines()]
    assert f"{FIRST}  from this chat" in lines
    assert f"{SECOND}  from this chat" in lines
    assert "- Heard: And what do you say?" in lines
    workflow = saved(folder)
    assert lines[-1] == f"Go on with: stagewright chat --workflow {workflow['id']}"
    said = [message for message in workflow["messages"] if message["role"] != "system"]
    assert [message["content"][:20] for message in said] == [
        "Hello there",
        "This is rehearsal-1,",
        "And what do you say?",
        "rehearsal-2 — also o",
    ]
    assert "\x1b" not in shown


def test_a_workflow_is_continued(folder: Path) -> None:
    chat(folder, "team-standard", "--model", FIRST, say="Hello there\n")
    workflow = saved(folder)["id"]
    code, shown = chat(folder, "--workflow", workflow, say="Hello again\n")
    assert code == 0
    assert "Hello there" in shown
    assert "Turn 2 of this stage reached me as: “Hello again”" in shown
    assert len([m for m in saved(folder)["messages"] if m["role"] == "human"]) == 2


def test_a_template_is_named_by_its_file_and_begun_at_a_stage(folder: Path) -> None:
    path = ".choragen/workflow-templates/team-standard.yaml"
    code, shown = chat(folder, path, "--stage", "design", "--model", FIRST)
    assert code == 0
    assert "2/6 design (design)" in shown
    assert saved(folder)["currentStage"] == 1


@pytest.mark.parametrize(
    ("scripts", "say", "expected"),
    [
        ([{"status": 500}] * 3, "Hello\n", 1),
        ([{"fault": "drop"}] * 3, "Hello\n", 1),
        ([{"fault": "no-end"}], "Hello\n", 1),
        ([{"status": 401}, {}], "Hello\n\n/stage\nAgain\n", 1),
        ([{"status": 401}, {}], "Hello\n/retry\n", 0),
        ([{"status": 401}], "Hello\n/quit\n", 1),
        ([{}], "Hello\n/foo\n", 0),
        ([{}], "Hello\n/continue\n", 0),
        ([{"status": 401}], "Hello\n/continue\n", 1),
        ([], "/retry\n", 0),
        ([], "/stage\n", 0),
    ],
)
def test_a_piped_message_without_an_answer_sets_the_exit_code(
    folder: Path, scripts: list[dict[str, Any]], say: str, expected: int
) -> None:
    with loopback_process() as providers:
        providers.control(chats=scripts)
        arguments = ("hotfix", "--model", "anthropic/claude-opus-5-5", "--request", "x")
        code, shown = chat(folder, *arguments, say=say, **providers.environ)
    assert code == expected, shown


def test_a_model_is_chosen_once_for_all_stages_that_name_none(folder: Path) -> None:
    code, shown = chat(folder, "standard", "--model", FIRST, say="Hello\n/advance\ny\n/stage\n")
    assert code == 0
    assert shown.count("No model is set") == 0
    assert f"{FIRST}  from an earlier stage" in shown


def test_a_discarded_workflow_ends_the_conversation(folder: Path) -> None:
    _, shown = chat(folder, "team-standard", say="/discard Not needed\nHello\n")
    assert saved(folder)["status"] == "discarded"
    assert shown.rstrip().endswith("is discarded.")


def test_a_paused_workflow_is_left_and_resumed_when_that_is_wanted(folder: Path) -> None:
    _, shown = chat(folder, "team-standard", say="/pause\nHello\n")
    paused = saved(folder)
    assert paused["status"] == "paused"
    again = f"stagewright chat --workflow {paused['id']}"
    assert shown.rstrip().endswith(f"{paused['id']} is paused.\nGo on with: {again}")

    _, shown = chat(folder, "--workflow", paused["id"], say="no\nHello\n")
    assert f"{paused['id']} is paused. Resume it?" in shown
    assert shown.rstrip().endswith(f"is paused.\nGo on with: {again}")
    assert saved(folder)["status"] == "paused"

    _, shown = chat(folder, "--workflow", paused["id"], say="y\n/stage\n")
    assert "▸" in shown
    assert saved(folder)["status"] == "active"


def test_a_stage_s_request_and_what_is_sent_can_be_seen(folder: Path) -> None:
    say = "Hello\n/advance\ny\n/context\n/preview Now\n/context stage\n/request none\n/preview\n"
    code, shown = chat(folder, "team-standard", "--model", FIRST, "--request", "Dark mode", say=say)
    assert code == 0
    assert "team-standard · Dark mode" in shown
    assert "/help" not in shown  # nobody types
    assert "Sees:" not in shown.partition("2/6 design")[0]
    after = shown.partition("2/6 design")[2]
    assert "Sees: request's answer" in after
    first, second = after.split("# What design sends")[1:]
    for part in (
        "## The request\n\nThis work is about: Dark mode\n",
        'The answer of the earlier stage "request":\n\nThis is rehearsal-1',
        "## You\n\nNow\n",
    ):
        assert first.count(part) == 1
    assert "Sees: this stage alone" in first
    assert "Nothing else is sent before your message." in second
    assert saved(folder)["requestId"] == "ADHOC"


def test_what_is_seen_of_earlier_stages_can_be_chosen_at_the_start(folder: Path) -> None:
    say = "Hello\n/advance\ny\n"
    _, shown = chat(folder, "team-standard", "--model", FIRST, "--context", "workflow", say=say)
    assert "Sees: request's conversation" in shown
    _, shown = chat(folder, "--workflow", saved(folder)["id"], "--context", "stage")
    assert "Sees: this stage alone" in shown
