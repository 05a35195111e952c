"""`stagewright chat` whose answers are stopped or cut: signals, /stop, limits of output."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest
from tests.cli.chatting import FIRST, chat, running, saved, say, until
from tests.loopback.process import loopback_process

LONG = "words " * 3000  # half a minute: whoever stops it comes in time on any machine


def test_ctrl_c_stops_the_answer_and_not_the_conversation(folder: Path) -> None:
    with running(folder, "team-standard", "--model", FIRST) as process:
        say(process, LONG)
        until(process, "words words")
        process.send_signal(signal.SIGINT)
        until(process, "Stopped by you. Type /continue to go on with it.")
        say(process, "/quit")
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
        say(process, LONG)
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
def test_a_cut_answer_says_so_and_is_continued(folder: Path, word: str, says: str) -> None:
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
