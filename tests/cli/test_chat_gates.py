"""`stagewright chat` at gates: what it asks before a stage is left."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.chatting import chat, saved


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
