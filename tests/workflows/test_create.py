"""Beginning a workflow: from which template, at which stage, under which id, in which form."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.workflows.workspace import (
    CHORAGEN,
    INDEX,
    SAMPLE_FILE,
    at,
    contents,
    index_of,
    manager_of,
    template,
)

from stagewright.workflows.errors import WorkflowError
from stagewright.workflows.manager import WorkflowManager

ALL_OF_A_STAGE = """
name: everything
stages:
  - name: build
    type: implementation
    roleId: implementer
    initPrompt: Build {{requestId}}.
    chainId: CHAIN-1
    sessionId: S-1
    defaultModel:
      provider: ollama
      model: llama3:8b
    gate:
      type: human_approval
      prompt: Ship it?
      agentTriggered: TRUE
      auditEnabled: no
      options:
        - label: Ship
          action: advance
          icon: rocket
    hooks:
      onEnter:
        - type: command
          command: make
          blocking: false
      onExit:
        - type: spawn_agent
          role: reviewer
          context: {depth: 2}
    colour: red
"""


def test_the_file_has_exactly_the_fields_and_forms_that_choragen_writes(tmp_path: Path) -> None:
    manager = manager_of(tmp_path)
    created = manager.create(template(ALL_OF_A_STAGE), request_id="CR-7")
    assert json.loads(manager.path(created.id).read_bytes()) == {
        "id": "WF-20261124-001",
        "requestId": "CR-7",
        "template": "everything",
        "currentStage": 0,
        "status": "active",
        "stages": [
            {
                "name": "build",
                "type": "implementation",
                "roleId": "implementer",
                "status": "active",
                "initPrompt": "Build {{requestId}}.",
                "chainId": "CHAIN-1",
                "sessionId": "S-1",
                "gate": {
                    "type": "human_approval",
                    "prompt": "Ship it?",
                    "agentTriggered": True,
                    "auditEnabled": False,
                    "options": [{"label": "Ship", "action": "advance"}],
                    "satisfied": False,
                },
                "hooks": {
                    "onEnter": [{"type": "command", "command": "make", "blocking": False}],
                    "onExit": [
                        {
                            "type": "spawn_agent",
                            "role": "reviewer",
                            "context": {"depth": "2"},
                            "blocking": True,
                        }
                    ],
                },
                "defaultModel": {"provider": "ollama", "model": "llama3:8b"},
                "startedAt": at(0),
            }
        ],
        "messages": [],
        "createdAt": at(0),
        "updatedAt": at(0),
        "blockingFeedbackIds": [],
    }
    assert index_of(tmp_path) == {
        "lastSequence": 1,
        "lastDate": "20261124",
        "workflows": {
            "WF-20261124-001": {
                "id": "WF-20261124-001",
                "requestId": "CR-7",
                "status": "active",
                "template": "everything",
                "currentStage": 0,
                "updatedAt": at(0),
            }
        },
    }


def test_a_built_in_begins_as_choragen_began_it(tmp_path: Path) -> None:
    theirs = json.loads(SAMPLE_FILE.read_bytes())
    ours = manager_of(tmp_path).create("ideation").to_json()
    for stage in theirs["stages"]:
        stage.pop("defaultModel", None)  # the sample's template had one
        stage.pop("startedAt", None)
        stage["gate"].pop("satisfiedAt", None)
    for stage in ours["stages"]:
        assert stage.pop("roleId") == "ideation"  # ours alone keeps it
        stage.pop("startedAt", None)
        stage["gate"].pop("satisfiedAt", None)
    assert json.dumps(ours["stages"]) == json.dumps(theirs["stages"])
    assert list(ours) == list(theirs)


@pytest.mark.parametrize("name", ["standard", "hotfix", "documentation", "ideation"])
def test_every_built_in_and_its_copy_in_the_workspace_give_the_same_stages(
    manager: WorkflowManager, name: str
) -> None:
    built_in = manager.create(name)
    team = manager.create(f"team-{name}")

    def shape(workflow: object) -> list[tuple[str, str, str, str | None]]:
        return [
            (each.name, each.type, each.gate.type, each.init_prompt)
            for each in workflow.stages  # type: ignore[attr-defined]
        ]

    assert shape(team) == shape(built_in)
    assert team.template == f"team-{name}"


def test_a_file_of_a_built_ins_name_shadows_it(tmp_path: Path) -> None:
    folder = tmp_path / ".choragen/workflow-templates"
    folder.mkdir(parents=True)
    (folder / "hotfix.yml").write_text("name: ours\nstages:\n  - name: only\n    type: review\n")
    created = manager_of(tmp_path).create("hotfix")
    assert (created.template, [stage.name for stage in created.stages]) == ("ours", ["only"])


def test_a_missing_gate_and_gate_type_read_as_auto_and_are_satisfied(tmp_path: Path) -> None:
    text = """
name: t
stages:
  - name: a
    type: design
  - name: b
    type: review
    gate:
      prompt: Well?
  - name: c
    type: review
    gate:
      type: auto
      satisfied: true
      satisfiedBy: me
      satisfiedAt: 2026-01-31
"""
    first, second, third = manager_of(tmp_path).create(template(text)).stages
    by_system = {"satisfied": True, "satisfiedBy": "system", "satisfiedAt": at(0)}
    assert (first.status, first.gate.to_json()) == ("awaiting_gate", {"type": "auto", **by_system})
    assert second.status == "pending"
    assert second.gate.to_json() == {"type": "auto", "prompt": "Well?", **by_system}
    assert third.gate.to_json() == {
        "type": "auto",
        "satisfied": True,
        "satisfiedBy": "me",
        "satisfiedAt": "2026-01-31T00:00:00.000Z",
    }


def test_begun_at_a_later_stage_the_earlier_ones_are_skipped(tmp_path: Path) -> None:
    manager = manager_of(tmp_path)
    for stage in ("implementation", 2):
        created = manager.create("standard", stage=stage)
        assert created.current_stage == 2
        assert [each.status for each in created.stages] == [
            "skipped",
            "skipped",
            "active",
            "pending",
            "pending",
            "pending",
        ]
        assert [each.started_at is not None for each in created.stages] == [
            index == 2 for index in range(6)
        ]
        assert created.messages == []


@pytest.mark.parametrize(
    ("gate", "message"),
    [
        ("{type: human_approval, prompt: Ready?}", "Approval Required: Ready?"),
        ("{type: human_approval}", "Approval Required: Approval required to proceed."),
        ("{type: human_approval, agentTriggered: true}", None),
        ("{type: human_approval, satisfied: true}", None),
        ("{type: chain_complete, prompt: Done?}", None),
        ("{type: auto, prompt: Go?}", None),
    ],
)
def test_entering_a_stage_asks_for_its_approval(
    tmp_path: Path, gate: str, message: str | None
) -> None:
    text = f"name: t\nstages:\n  - name: a\n    type: design\n    gate: {gate}\n"
    created = manager_of(tmp_path).create(template(text))
    prompt = message and message.removeprefix("Approval Required: ")
    assert [each.to_json() for each in created.messages] == (
        [
            {
                "id": "message-1",
                "role": "system",
                "content": message,
                "stageIndex": 0,
                "timestamp": at(0),
                "metadata": {
                    "type": "gate_prompt",
                    "gateType": "human_approval",
                    "prompt": prompt,
                },
            }
        ]
        if message
        else []
    )


def test_request_id_is_adhoc_unless_given(tmp_path: Path) -> None:
    manager = manager_of(tmp_path)
    requested = [
        manager.create("hotfix", request_id=given).request_id for given in (None, " ", "A")
    ]
    assert requested == ["ADHOC", "ADHOC", "A"]


def test_numbers_go_on_from_the_index_and_from_every_file_of_the_local_day(tmp_path: Path) -> None:
    manager = manager_of(tmp_path)
    index = tmp_path / INDEX
    index.parent.mkdir()
    index.write_text('{"lastSequence": 7, "lastDate": "20261124", "workflows": {}}')
    assert manager.create("hotfix").id == "WF-20261124-008"

    index.unlink()
    assert manager.create("hotfix").id == "WF-20261124-009"

    index.write_text('{"lastSequence": 41, "lastDate": "20261123", "workflows": {}}')
    (tmp_path / ".choragen/workflows/WF-20261124-998.chat.md").write_text("an orphan")
    (tmp_path / ".choragen/workflows/WF-20261124-999").mkdir()
    assert manager.create("hotfix").id == "WF-20261124-1000"
    assert json.loads(index.read_bytes())["lastSequence"] == 1000
    assert json.loads(index.read_bytes())["lastDate"] == "20261124"


def test_anchors_aliases_and_merge_keys_say_what_they_say(tmp_path: Path) -> None:
    text = """
name: t
stages:
  - &first
    name: a
    type: design
    defaultModel: &fast {provider: openai, model: gpt-5-mini}
  - <<: *first
    name: b
  - name: c
    type: review
    defaultModel: *fast
"""
    created = manager_of(tmp_path).create(template(text))
    assert [stage.to_json()["defaultModel"]["model"] for stage in created.stages] == [
        "gpt-5-mini",
        "gpt-5-mini",
        "gpt-5-mini",
    ]


def test_aliases_cannot_make_a_template_explode(root: Path) -> None:
    lines = ["name: t", "a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    lines += ["stages:", "  - name: a", "    type: design"]
    with pytest.raises(WorkflowError) as refusal:
        manager_of(root).create(template("\n".join(lines)))
    assert "aliases stand for more than" in refusal.value.message


def test_unknown_templates_and_stages_are_refused_with_what_there_is(root: Path) -> None:
    before = contents(root)
    manager = manager_of(root)
    for name in ("missing", "", "../workflow-templates/team-hotfix", ".", "/etc/passwd"):
        with pytest.raises(WorkflowError) as refusal:
            manager.create(name)
        assert refusal.value.code == "template-unknown"
        assert "documentation, hotfix, ideation, standard, team-documentation" in str(refusal.value)
    for stage in ("deploy", 9, -1, True):
        with pytest.raises(WorkflowError) as refusal:
            manager.create("hotfix", stage=stage)
        assert refusal.value.code == "stage-unknown"
        assert "it has request, implementation, verification" in refusal.value.message
    assert contents(root) == before


def test_an_unreadable_template_file_is_refused(root: Path) -> None:
    (root / ".choragen/workflow-templates/latin.yaml").write_bytes(b"name: caf\xe9\n")
    with pytest.raises(WorkflowError) as refusal:
        manager_of(root).create("latin")
    assert refusal.value.code == "template-invalid"
    assert "is not UTF-8" in refusal.value.message


def test_the_bundled_built_ins_are_choragens() -> None:
    from stagewright.workflows.creation import builtin_templates

    assert builtin_templates() == json.loads((CHORAGEN / "builtin-templates.json").read_bytes())
