"""`stagewright chat` with what cannot work: wrong arguments, models and commands, told at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.chatting import FIRST, chat
from tests.loopback.process import loopback_process

from stagewright.workflows.manager import WorkflowManager


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


def test_a_model_that_its_provider_does_not_list_is_questioned_before_anything_is_sent(
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


def test_there_is_nothing_to_continue(folder: Path) -> None:
    _, shown = chat(folder, "team-standard", "--model", FIRST, say="/continue\nHi\n/continue\n")
    assert "There is no answer to continue" in shown
    assert "The last answer is complete." in shown
