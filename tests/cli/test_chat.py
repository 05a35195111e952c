"""`stagewright chat` as a process: piped lines, signals, and a real terminal."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from tests import forks
from tests.loopback.process import loopback_process
from tests.workflows.workspace import choragen_folder

from stagewright.catalog.model import ModelReference
from stagewright.cli.chat_view import Streamed, wrapped
from stagewright.foreign import printable
from stagewright.workflows.manager import WorkflowManager

PROGRAM = [sys.executable, "-m", "stagewright", "chat"]
FIRST = "rehearsal/rehearsal-1"
SECOND = "rehearsal/rehearsal-2"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    choragen_folder(tmp_path, "workflow-templates", "roles")
    (tmp_path / "config.toml").touch()
    return tmp_path


def environ(folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.endswith("_API_KEY")}
    (folder / "config.toml").touch()
    return kept | {
        "STAGEWRIGHT_REHEARSAL": "1",
        "STAGEWRIGHT_CACHE_DIR": str(folder / "cache"),
        "STAGEWRIGHT_CONFIG": str(folder / "config.toml"),
        "TERM": "xterm",
        "PYTHONUTF8": "1",
    }


def chat(
    folder: Path, *arguments: str, say: str = "", module: str = "stagewright", **more: str
) -> tuple[int, str]:
    """Run it with these lines on stdin and `more` variables; its exit code and what it wrote."""
    done = subprocess.run(
        [*forks.program(module), "chat", *arguments],
        cwd=folder,
        env=environ(folder) | more,
        input=say,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    return done.returncode, done.stdout


@contextmanager
def running(folder: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [*PROGRAM, *arguments],
        cwd=folder,
        env=environ(folder),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def saved(folder: Path) -> dict[str, Any]:
    """The one workflow that there is."""
    (path,) = (folder / ".choragen" / "workflows").glob("WF-*.json")
    workflow: dict[str, Any] = json.loads(path.read_bytes())
    return workflow


def until(process: subprocess.Popen[str], text: str) -> str:
    """What the process writes up to this text."""
    assert process.stdout
    read = ""
    while text not in read:
        character = process.stdout.read(1)
        assert character, read
        read += character
    return read


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


def test_a_workflow_is_gone_on_with(folder: Path) -> None:
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


def test_gates_are_asked_about_before_a_stage_is_left(folder: Path) -> None:
    _, shown = chat(folder, "team-standard", say="/advance\nno\n/stage\n/advance\ny\n/stage\n")
    assert "CR created. Proceed to design? Approve?" in shown
    before, after = (line for line in shown.splitlines() if line.startswith("▸"))
    assert before.split()[1] == "request"
    assert after.split()[1] == "design"


HOOKED = """\
name: hooked
stages:
  - name: one
    type: design
    gate:
      type: human_approval
    hooks:
      onExit:
        - type: command
          command: make it
  - name: two
    type: review
    gate:
      type: auto
"""


def test_an_approval_without_its_hooks_that_is_declined_changes_nothing(folder: Path) -> None:
    (folder / ".choragen" / "workflow-templates" / "hooked.yaml").write_text(HOOKED)
    _, shown = chat(folder, "hooked", say="/advance\ny\nno\n")
    assert "make it" in shown
    stage = saved(folder)["stages"][0]
    assert (stage["status"], stage["gate"]["satisfied"]) == ("active", False)


def test_what_cannot_be_done_is_said_and_the_conversation_goes_on(folder: Path) -> None:
    code, shown = chat(
        folder,
        "team-standard",
        say="Hello\n/foo\n/model nonsense\n/model rehersal/one\n/stop\n/retry\n/discard\n",
    )
    assert code == 1
    for sentence in (
        "No model is set for this stage: choose one with /model.",
        "No model is set for stage `request`.",
        "Unknown command /foo. /help lists the commands.",
        "`nonsense` is not a model",
        "Unknown provider `rehersal`. Did you mean rehearsal?",
        "No answer is coming.",
        "This cannot be undone.",
    ):
        assert sentence in " ".join(shown.split())


def test_a_model_that_its_provider_does_not_offer_is_doubted_before_anything_is_sent(
    folder: Path,
) -> None:
    with loopback_process() as providers:
        typed = "/model anthropic/claude-opus-5-6\n/quit\n"
        _, shown = chat(
            folder, "team-standard", say=typed, module="tests.patient", **providers.environ
        )
        assert not providers.requests("/messages")
    assert (
        "Anthropic says that it has no model `claude-opus-5-6`. Near it: anthropic/claude-opus-5-5"
        in " ".join(shown.split())
    )
    assert shown.count("has no model") == 1


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("/model openai/gpt-5", "OpenAI is not configured. Set OPENAI_API_KEY in the environment"),
        ("/model openai/my-tune", "OpenAI is not configured. Set OPENAI_API_KEY"),
        ("/model gemini/gemini-4-argon", "Set GEMINI_API_KEY"),
        ("/model", "Without a key: anthropic (ANTHROPIC_API_KEY), openai (OPENAI_API_KEY), gemini"),
        ("/model", "Put one into its variable and start again to use that provider."),
        ("/model", "Not set up or turned off: ollama, litellm"),
        ("/context all", "Unknown context `all`: choose answers, stage, workflow or default."),
    ],
)
def test_a_choice_that_cannot_work_is_told_at_once(folder: Path, typed: str, says: str) -> None:
    _, shown = chat(folder, "team-standard", say=f"{typed}\n/quit\n")
    assert says in " ".join(shown.split())


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
def test_a_piped_message_without_an_answer_is_told_by_the_exit_code(
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


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "name a TEMPLATE to begin"),
        (("team-standard", "--workflow", "WF-20261122-001"), "name either a TEMPLATE"),
        (("--workflow", "WF-20261122-001", "--stage", "x"), "goes on at its own stage"),
        (("team-standard", "--model", "gpt-5"), "`gpt-5` is not a model: write PROVIDER/MODEL"),
        (("nothing",), "error: Unknown template `nothing`"),
        (("nothing.yaml",), "error: "),
        (("--workflow", "WF-20261122-999"), "error: "),
        (("team-standard", "--stage", "nowhere"), "error: "),
        (("team-standard", "--request", "x" * 201), "error: A request's id or title has at most"),
        (
            ("team-standard", "--context", "all"),
            "Invalid value for '--context': 'all' is not one of",
        ),
        (("team-standard", "--model", "rehersal/rehearsal-1"), "Did you mean rehearsal?"),
        (("team-standard", "--model", "openai/gpt-5"), "OPENAI_API_KEY"),
    ],
)
def test_wrong_usage_is_explained(folder: Path, arguments: tuple[str, ...], says: str) -> None:
    code, shown = chat(folder, *arguments)
    assert code == 2
    assert says in " ".join(shown.replace("│", " ").split())
    assert not list((folder / ".choragen").glob("workflows/WF-*"))


def test_a_missing_configuration_is_told_before_anything_is_sent(folder: Path) -> None:
    missing = str(folder / "nowhere.toml")
    code, shown = chat(folder, "team-standard", say="/quit\n", STAGEWRIGHT_CONFIG=missing)
    assert code == 0
    assert shown.startswith(f"warning: {missing}: STAGEWRIGHT_CONFIG names this file, but it")


def test_without_arguments_it_says_what_can_be_chosen(folder: Path) -> None:
    manager = WorkflowManager(folder)
    known = manager.create("hotfix", request_id="Dark mode").id
    manager.discard(manager.create("hotfix", request_id="Not this").id)
    code, shown = chat(folder)
    assert code == 2
    lines = [line.split() for line in shown.splitlines()]
    assert ["1", "team-documentation"] in lines
    assert ["5", "standard", "built", "in"] in lines
    assert ["9", known, "active", "Dark", "mode"] in [line[:5] for line in lines]
    assert "Not this" not in shown


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


GATED = """\
name: gated
stages:
  - name: check
    type: verification
    gate:
      type: verification_pass
      prompt: Is it fit to ship?
      commands:
        - make test
        - make check
      options:
        - label: Ship it
          action: advance
        - label: Throw it away
          action: discard
  - name: plain
    type: verification
    gate:
      type: verification_pass
      commands: [make docs]
  - name: last
    type: review
    gate:
      type: auto
"""


@pytest.mark.parametrize(
    ("said", "status", "stage"),
    [
        (["1"], "active", 1),
        (["ship IT"], "active", 1),
        (["yes"], "active", 1),
        ([""], "active", 0),
        (["3"], "active", 0),
        (["2", "y"], "discarded", 0),
        (["Throw it away", "no"], "active", 0),
    ],
)
def test_a_gate_asks_with_its_own_words(
    folder: Path, said: list[str], status: str, stage: int
) -> None:
    (folder / ".choragen" / "workflow-templates" / "gated.yaml").write_text(GATED)
    _, shown = chat(folder, "gated", say="\n".join(["/advance", *said, ""]))
    assert "  make test\n  make check\nIs it fit to ship?\n  1  Ship it\n" in shown
    assert "Approve?" not in shown
    workflow = saved(folder)
    assert (workflow["status"], workflow["currentStage"]) == (status, stage)


def test_commands_of_a_gate_without_words_are_asked_about(folder: Path) -> None:
    (folder / ".choragen" / "workflow-templates" / "gated.yaml").write_text(GATED)
    _, shown = chat(folder, "gated", "--stage", "plain", say="/advance\nno\n/advance\ny\n")
    assert "  make docs\nDid all of these commands succeed?\n" in shown
    assert saved(folder)["currentStage"] == 2


LONG = "words " * 3000  # half a minute: whoever stops it comes in time on any machine


def test_ctrl_c_stops_the_answer_and_not_the_conversation(folder: Path) -> None:
    with running(folder, "team-standard", "--model", FIRST) as process:
        assert process.stdin
        process.stdin.write(f"{LONG}\n")
        process.stdin.flush()
        until(process, "words words")
        process.send_signal(signal.SIGINT)
        until(process, "Stopped by you. Type /continue to go on with it.")
        process.stdin.write("/quit\n")
        process.stdin.flush()
        until(process, "Go on with")
        assert process.wait() == 0
    answer = saved(folder)["messages"][-1]
    assert answer["metadata"]["partial"] is True
    assert "words words" in answer["content"]


def test_stop_can_be_said_while_the_answer_comes(folder: Path) -> None:
    code, shown = chat(folder, "team-standard", "--model", FIRST, say=f"{LONG}\n/stop\nGo on\n")
    assert code == 0
    assert "Stopped by you." in shown
    assert "“Go on”" in shown


def test_being_ended_keeps_what_came(folder: Path) -> None:
    with running(folder, "team-standard", "--model", FIRST) as process:
        assert process.stdin
        process.stdin.write(f"{LONG}\n")
        process.stdin.flush()
        until(process, "words words")
        process.terminate()
        process.wait()
    answer = saved(folder)["messages"][-1]
    assert "words words" in answer["content"]
    assert answer["metadata"]["stopReason"] == "shutdown"


CUT = [
    ("max_tokens", "Stopped at the output limit."),
    ("model_context_window_exceeded", "Stopped at the limit of the model's context window."),
    ("refusal", "The model refused to go on."),
]


@pytest.mark.parametrize(("word", "says"), CUT)
def test_a_cut_answer_says_so_and_is_gone_on_with(folder: Path, word: str, says: str) -> None:
    with loopback_process() as providers:
        model = ("--model", "anthropic/claude-opus-5-5")
        providers.control(
            chats=[
                {"text": "One two 😀", "stop": word, "thinking": "A plan."},
                {"text": "One two 😀 three."},
            ]
        )
        code, shown = chat(
            folder, "team-standard", *model, say="Count\n/continue\n", **providers.environ
        )
    assert code == 0
    assert shown.count("One two 😀") == 1
    assert f"{says} Type /continue to go on with it." in shown
    assert "Reasoning: A plan. (7 characters; /open shows it)" in shown
    answer = saved(folder)["messages"][-1]
    assert (answer["content"], answer["metadata"]["ended"]) == ("One two 😀 three.", "whole")


def test_there_is_nothing_to_go_on_with(folder: Path) -> None:
    _, shown = chat(folder, "team-standard", "--model", FIRST, say="/continue\nHi\n/continue\n")
    assert "There is no answer to continue" in shown
    assert "The last answer is complete." in shown


def test_a_terminal_completes_commands_and_models(folder: Path) -> None:
    outer, inner = pty.openpty()
    read = b""

    def wait_for(text: str) -> None:
        nonlocal read
        while text.encode() not in read:
            read += os.read(outer, 4096)
        read = read.partition(text.encode())[2]

    process = subprocess.Popen(
        [*PROGRAM, "team-standard", "--model", FIRST, "--request", "x"],
        cwd=folder,
        env=environ(folder),
        stdin=inner,
        stdout=inner,
        stderr=inner,
    )
    try:
        wait_for("request › ")
        os.write(outer, b"/mod\treh\t2\t\n")
        wait_for(f"{SECOND} ")
        wait_for("request › ")
        os.write(outer, b"\x04")
        wait_for("Go on with")
        assert process.wait() == 0
    finally:
        process.kill()
        os.close(outer)
        os.close(inner)
    model = WorkflowManager(folder).get_current_model(saved(folder)["id"]).model
    assert model == ModelReference("rehearsal", "rehearsal-2")


def test_nothing_that_is_shown_can_steer_the_terminal() -> None:
    assert printable("a\x1b[2Jb\x07\tc\r\nd\x9b31m") == "a[2Jb\tc\nd31m"


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("one two three four", ["one two", "three four"]),
        ("one two  three", ["one two", "three"]),
        ("a word-that-is-longer-than-a-line b", ["a", "word-that-is-longer-than-a-line", "b"]),
        ("one\n\ntwo", ["one", "", "two"]),
        ("世界 世界 世界", ["世界 世界", "世界"]),
    ],
)
def test_an_answer_is_broken_between_words_however_it_is_cut(text: str, lines: list[str]) -> None:
    for size in (1, 3, 100):
        out = Console(width=10, force_terminal=True, color_system=None, record=True)
        out.file = open(os.devnull, "w")  # noqa: PTH123, SIM115
        streamed = Streamed(out)
        for at in range(0, len(text), size):
            streamed.write(text[at : at + size])
        streamed.end()
        assert [line.rstrip() for line in out.export_text().splitlines()] == lines


def test_wrapping_goes_on_at_the_column_reached() -> None:
    assert wrapped(["word"], 8, 10) == ("\nword", 4)
    assert wrapped(["word"], 6, 10) == ("word", 10)
    assert wrapped([" "], 10, 10) == ("\n", 0)
