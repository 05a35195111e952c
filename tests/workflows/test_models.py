"""Which model a stage uses, and what its next answer is asked with."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.workflows.workspace import (
    DEEP,
    FAST,
    SAMPLE,
    at,
    choragen_folder,
    contents,
    manager_of,
    roles,
    template,
)

from stagewright.catalog.effective import Effective, Origin
from stagewright.catalog.model import ModelReference
from stagewright.dialects.choragen.roles import RoleIndex
from stagewright.dialects.choragen.schema import VARIABLES
from stagewright.providers.base import Turn
from stagewright.workflows.errors import WorkflowError
from stagewright.workflows.manager import WorkflowManager
from stagewright.workflows.state import Message, ModelPair
from stagewright.workflows.turns import Defaults

ROLE = ModelReference("gemini", "gemini-3-pro")
SETTING = ModelReference("ollama", "llama3:8b")
ROLES = f"""
roles:
  - id: writer
    model:
      provider: {ROLE.provider}
      model: {ROLE.model}
      temperature: 0.7
      maxTokens: 900
    systemPrompt: You write.
"""
MODEL = "    defaultModel: {{provider: {0.provider}, model: {0.model}}}\n"


def stages(*texts: str) -> str:
    """A template of stages of which the texts say the rest."""
    lines = [f"  - name: s{n}\n    type: design\n{text}" for n, text in enumerate(texts)]
    return "name: t\nstages:\n" + "".join(lines)


def begin(root: Path, text: str, stage: int = 0) -> tuple[WorkflowManager, str]:
    manager = manager_of(root)
    return manager, manager.create(template(text), stage=stage).id


# The order


@pytest.mark.parametrize(
    ("texts", "setting", "expected"),
    [
        (("", MODEL.format(FAST) + "    roleId: writer\n"), SETTING, (FAST, Origin.STAGE)),
        ((MODEL.format(DEEP), "    roleId: writer\n"), SETTING, (ROLE, Origin.ROLE)),
        ((MODEL.format(DEEP), MODEL.format(FAST), ""), SETTING, (FAST, Origin.EARLIER_STAGE)),
        ((MODEL.format(DEEP), "", ""), SETTING, (DEEP, Origin.EARLIER_STAGE)),
        (("", "", MODEL.format(DEEP)), SETTING, (DEEP, Origin.STAGE)),
        (("", "    roleId: nobody\n"), SETTING, (SETTING, Origin.SETTING)),
        (("", ""), None, (None, Origin.NONE)),
    ],
)
def test_the_first_that_applies_is_in_effect(
    tmp_path: Path,
    texts: tuple[str, ...],
    setting: ModelReference | None,
    expected: tuple[ModelReference | None, Origin],
) -> None:
    manager, workflow_id = begin(tmp_path, stages(*texts), stage=len(texts) - 1)
    found = manager.get_current_model(workflow_id, Defaults(roles(ROLES), setting))
    assert found == Effective(*expected)


def test_the_newest_message_of_the_stage_that_names_a_model_comes_first(tmp_path: Path) -> None:
    manager, workflow_id = begin(tmp_path, stages(MODEL.format(FAST), MODEL.format(FAST)))
    manager.add_message(workflow_id, "One", DEEP)
    manager.add_message(workflow_id, "Two")
    assert manager.get_current_model(workflow_id) == Effective(DEEP, Origin.MESSAGE)
    manager.advance(workflow_id)
    assert manager.get_current_model(workflow_id) == Effective(FAST, Origin.STAGE)


def test_in_choragens_workflow_its_last_answers_model_is_in_effect(
    manager: WorkflowManager,
) -> None:
    model = ModelReference("openai", "gpt-4o")
    assert manager.get_current_model(SAMPLE) == Effective(model, Origin.MESSAGE)


def test_a_finished_workflow_uses_none(tmp_path: Path) -> None:
    manager, workflow_id = begin(tmp_path, stages(MODEL.format(FAST)))
    manager.advance(workflow_id)
    found = manager.get_current_model(workflow_id, Defaults(roles(ROLES), SETTING))
    assert found == Effective(None, Origin.NONE)


def test_a_role_that_choragen_left_out_is_told_by_the_template(root: Path) -> None:
    # Choragen's file names no role; its template `ideation` does, for the stage of this name.
    index = roles("roles:\n  - id: ideation\n    model: {provider: openai, model: gpt-5-mini}\n")
    path = root / f".choragen/workflows/{SAMPLE}.json"
    path.write_bytes(path.read_bytes().replace(b'"currentStage": 0', b'"currentStage": 1'))
    manager = manager_of(root)
    assert manager.get_current_model(SAMPLE, Defaults(index)) == Effective(FAST, Origin.ROLE)
    path.write_bytes(path.read_bytes().replace(b'"name": "proposal"', b'"name": "renamed"'))
    assert manager.get_current_model(SAMPLE, Defaults(index)).origin is Origin.EARLIER_STAGE
    path.write_bytes(path.read_bytes().replace(b'"ideation",', b'"gone",', 1))
    assert manager.get_current_model(SAMPLE, Defaults(index)).origin is Origin.EARLIER_STAGE


def test_what_was_chosen_holds_on_in_later_stages_that_name_no_model(tmp_path: Path) -> None:
    manager, workflow_id = begin(tmp_path, stages("", "", "", MODEL.format(DEEP), ""))
    manager.set_model(workflow_id, FAST)
    manager.add_message(workflow_id, "One")
    manager.add_message(workflow_id, "Two", role="impl", model=DEEP)  # no choice
    manager.set_model(workflow_id, FAST)
    held = Effective(FAST, Origin.EARLIER_STAGE)
    for _ in range(2):
        manager.advance(workflow_id)
        assert manager.get_current_model(workflow_id, Defaults(model=SETTING)) == held
    manager.add_message(workflow_id, "Three", SETTING)
    manager.advance(workflow_id)
    assert manager.get_current_model(workflow_id) == Effective(DEEP, Origin.STAGE)
    manager.set_model(workflow_id, FAST)
    manager.advance(workflow_id)
    held = Effective(DEEP, Origin.EARLIER_STAGE)
    assert manager.get_current_model(workflow_id) == held, "a default goes before a choice"


def test_what_was_only_answered_or_taken_back_does_not_hold_on(tmp_path: Path) -> None:
    manager, workflow_id = begin(tmp_path, stages("", "", "", ""))
    manager.add_message(workflow_id, "One")
    manager.add_message(workflow_id, "Two", role="impl", model=DEEP)
    manager.advance(workflow_id)
    assert manager.get_current_model(workflow_id).origin is Origin.NONE
    manager.set_model(workflow_id, FAST)
    manager.set_model(workflow_id, None)
    manager.advance(workflow_id)
    found = manager.get_current_model(workflow_id, Defaults(model=SETTING))
    assert found == Effective(SETTING, Origin.SETTING)
    manager.set_model(workflow_id, FAST)
    manager.advance(workflow_id)
    assert manager.get_current_model(workflow_id) == Effective(FAST, Origin.EARLIER_STAGE)


# Switching


def test_a_switch_is_a_system_message_that_choragen_sees_too(manager: WorkflowManager) -> None:
    workflow, message = manager.set_model(SAMPLE, FAST)
    assert workflow.messages[-1].to_json() == {
        "id": message.id,
        "role": "system",
        "content": "Model: openai/gpt-5-mini",
        "stageIndex": 0,
        "timestamp": workflow.updated_at,
        "metadata": {"type": "model_switch"},
        "model": {"provider": "openai", "model": "gpt-5-mini"},
    }
    assert manager.get_current_model(SAMPLE) == Effective(FAST, Origin.MESSAGE)


def test_back_to_the_stages_default_names_it(manager: WorkflowManager) -> None:
    _, message = manager.set_model(SAMPLE, None)
    assert message.metadata == {"type": "model_switch"}
    assert message.model == ModelPair(provider="anthropic", model="claude-opus-4-8")
    assert manager.get_current_model(SAMPLE) == Effective(DEEP, Origin.STAGE)


@pytest.mark.parametrize("kind", ["control", "impl"])
def test_an_answer_by_the_model_that_answers_anyway_chose_nothing(
    tmp_path: Path, kind: str
) -> None:
    manager, workflow_id = begin(tmp_path, stages(MODEL.format(FAST), ""), stage=1)
    manager.add_message(workflow_id, "One")
    manager.add_message(workflow_id, "Two", role=kind, model=FAST)
    assert manager.get_current_model(workflow_id) == Effective(FAST, Origin.EARLIER_STAGE)
    manager.add_message(workflow_id, "Three", role=kind, model=DEEP)
    assert manager.get_current_model(workflow_id) == Effective(DEEP, Origin.MESSAGE)


def test_without_a_default_a_reset_undoes_what_earlier_messages_named(tmp_path: Path) -> None:
    manager, workflow_id = begin(tmp_path, stages(""))
    manager.set_model(workflow_id, DEEP)
    _, message = manager.set_model(workflow_id, None)
    assert (message.model, message.metadata) == (None, {"type": "model_switch", "reset": True})
    assert "model" not in message.to_json()
    found = manager.get_current_model(workflow_id, Defaults(model=SETTING))
    assert found == Effective(SETTING, Origin.SETTING)
    manager.add_message(workflow_id, "Again", FAST)
    assert manager.get_current_model(workflow_id) == Effective(FAST, Origin.MESSAGE)


@pytest.mark.parametrize("model", [ModelReference("", "gpt-5"), ModelReference("openai", " ")])
def test_half_a_model_is_refused(
    manager: WorkflowManager, root: Path, model: ModelReference
) -> None:
    before = contents(root)
    for act in (
        lambda: manager.set_model(SAMPLE, model),
        lambda: manager.add_message(SAMPLE, "Hi", model),
    ):
        with pytest.raises(WorkflowError) as refusal:
            act()
        assert refusal.value.code == "model-reference"
    assert contents(root) == before


@pytest.mark.parametrize("content", ["", " ", "\n\t "])
def test_an_empty_message_is_refused(manager: WorkflowManager, root: Path, content: str) -> None:
    before = contents(root)
    with pytest.raises(WorkflowError) as refusal:
        manager.add_message(SAMPLE, content)
    assert refusal.value.code == "message-empty"
    assert contents(root) == before


# The turn


@pytest.mark.parametrize("name", [one.name for one in VARIABLES])
def test_every_variable_that_is_offered_is_filled_in(tmp_path: Path, name: str) -> None:
    prompt = f'    initPrompt: "Now <{{{{{name}}}}}>"\n'
    manager, workflow_id = begin(tmp_path, stages(prompt))
    (turn,) = manager.turn_material(workflow_id).turns
    assert turn.text.startswith("Now <")
    assert name not in turn.text


def test_a_turn_is_the_prompt_then_what_was_said_in_the_stage(tmp_path: Path) -> None:
    prompt = '"{{workflowId}} {{requestId}} [{{chainId}}] {{stageName}} {{stageType}} {{colour}}"'
    first = f"    roleId: writer\n    initPrompt: {prompt}\n"
    manager, workflow_id = begin(tmp_path, stages("    roleId: writer\n", first))
    manager.add_message(workflow_id, "Of another stage")
    manager.advance(workflow_id)
    manager.add_message(workflow_id, "Hello")
    manager.add_message(workflow_id, "Hi", role="control")
    manager.add_message(workflow_id, "there", role="impl")
    manager.set_model(workflow_id, FAST)
    manager.add_message(workflow_id, "More")

    material = manager.turn_material(workflow_id, Defaults(roles(ROLES)))
    assert material.system == "You write."
    assert material.turns == (
        Turn("user", f"{workflow_id} this request [] s1 design {{{{colour}}}}"),
        Turn("user", "Hello"),
        Turn("assistant", "Hi"),
        Turn("assistant", "there"),
        Turn("user", "More"),
    )
    assert (material.stage_index, material.stage_name) == (1, "s1")
    assert (material.temperature, material.max_tokens) == (0.7, 900)
    assert manager.get(workflow_id).messages[-1].content == "More"  # the prompt is not stored


@pytest.mark.parametrize("kind", ["design", "implementation"])
def test_answers_have_the_role_of_their_stage(tmp_path: Path, kind: str) -> None:
    manager, workflow_id = begin(tmp_path, stages("").replace("design", kind))
    expected = "impl" if kind == "implementation" else "control"
    assert manager.turn_material(workflow_id).answer_role == expected


def test_without_roles_there_is_no_system_prompt(tmp_path: Path) -> None:
    manager, workflow_id = begin(tmp_path, stages("    roleId: writer\n"))
    for index in (None, RoleIndex({}, exists=False)):
        material = manager.turn_material(workflow_id, Defaults(index))
        assert (material.system, material.temperature, material.turns) == (None, None, ())


def test_a_prompts_file_is_read_inside_the_workspace(tmp_path: Path) -> None:
    (tmp_path / "prompts").mkdir()
    (tmp_path / "prompts/writer.md").write_text("You write well.\n")
    manager, workflow_id = begin(tmp_path, stages("    roleId: writer\n"))
    index = roles(ROLES.replace("You write.", "'file: prompts/writer.md'"))
    assert manager.turn_material(workflow_id, Defaults(index)).system == "You write well.\n"


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("../secret.md", "leads out of the workspace"),
        ("/etc/hostname", "leads out of the workspace"),
        ("link.md", "leads out of the workspace"),
        ("missing.md", "there is no file"),
        (".", "is a folder, not a file"),
        ("latin.md", "is not UTF-8"),
    ],
)
def test_any_other_prompts_file_is_refused(tmp_path: Path, name: str, why: str) -> None:
    (tmp_path / "secret.md").write_text("secret")
    root = tmp_path / "workspace"
    root.mkdir()
    (root / "link.md").symlink_to(tmp_path / "secret.md")
    (root / "latin.md").write_bytes(b"\xe9")
    manager, workflow_id = begin(root, stages("    roleId: writer\n"))
    with pytest.raises(WorkflowError) as refusal:
        manager.turn_material(
            workflow_id, Defaults(roles(ROLES.replace("You write.", f"file:{name}")))
        )
    assert refusal.value.code == "role-prompt-unreadable"
    assert why in refusal.value.message
    assert "`writer`" in refusal.value.message


# Answers


def answer(content: str, *, partial: bool, timestamp: str = at(9)) -> Message:
    return Message(
        id="answer-1",
        role="control",
        content=content,
        stage_index=0,
        timestamp=timestamp,
        metadata={"runId": "r", "partial": True}
        if partial
        else {"runId": "r", "stopReason": "end"},
        model=ModelPair.of(DEEP),
    )


def test_an_answer_grows_in_its_place(manager: WorkflowManager) -> None:
    manager.add_message(SAMPLE, "Go")
    manager.save_answer(SAMPLE, answer("Ye", partial=True))
    manager.satisfy_gate(SAMPLE)
    manager.save_answer(SAMPLE, answer("Yes, b", partial=True))
    workflow = manager.save_answer(SAMPLE, answer("Yes, but.", partial=False))
    assert workflow.stages[0].gate.satisfied
    assert [message.content for message in workflow.messages[2:]] == ["Go", "Yes, but."]
    assert workflow.messages[-1].metadata == {"runId": "r", "stopReason": "end"}


def test_what_others_added_to_an_answer_stays(manager: WorkflowManager, root: Path) -> None:
    manager.save_answer(SAMPLE, answer("Ye", partial=True))
    path = manager.path(SAMPLE)
    path.write_bytes(
        path.read_bytes()
        .replace(b'"runId": "r",', b'"runId": "r",\n        "rating": 5,')
        .replace(b'"id": "answer-1",', b'"id": "answer-1",\n      "pinned": true,')
    )
    saved = manager.save_answer(SAMPLE, answer("Yes.", partial=False)).messages[-1].to_json()
    assert saved["pinned"] is True
    assert saved["metadata"] == {"rating": 5, "runId": "r", "stopReason": "end"}


def test_a_switch_made_while_an_answer_was_on_its_way_stays_in_effect(
    manager: WorkflowManager,
) -> None:
    _, asked = manager.add_message(SAMPLE, "Go")
    manager.set_model(SAMPLE, FAST)
    manager.save_answer(SAMPLE, answer("Late", partial=True, timestamp=asked.timestamp))
    assert manager.get_current_model(SAMPLE) == Effective(FAST, Origin.MESSAGE)
    order = [message.content for message in manager.get(SAMPLE).messages[2:]]
    assert order == ["Go", "Late", "Model: openai/gpt-5-mini"]


@pytest.mark.parametrize("status", ["paused", "cancelled"])
def test_an_answer_is_kept_whatever_became_of_the_workflow(
    manager: WorkflowManager, status: str
) -> None:
    manager.set_status(SAMPLE, status)
    workflow = manager.save_answer(SAMPLE, answer("Kept", partial=False))
    assert (workflow.status, workflow.messages[-1].content) == (status, "Kept")


def test_a_broken_off_answer_is_sent_with_the_next_turn(manager: WorkflowManager) -> None:
    manager.add_message(SAMPLE, "Go")
    manager.save_answer(SAMPLE, answer("Half an", partial=True))
    manager.add_message(SAMPLE, "Go on")
    turns = manager.turn_material(SAMPLE).turns
    assert turns[-2:] == (Turn("assistant", "Half an"), Turn("user", "Go on"))


def test_an_empty_answer_is_not_sent(manager: WorkflowManager) -> None:
    manager.save_answer(SAMPLE, answer("", partial=True))
    assert manager.turn_material(SAMPLE).turns[-1].text == "Three directions are worth comparing."


def test_the_shipped_role_index_gives_prompts(tmp_path: Path) -> None:
    choragen_folder(tmp_path, "roles")
    index = roles((tmp_path / ".choragen/roles/index.yaml").read_text())
    manager = manager_of(tmp_path)
    created = manager.create("ideation")
    material = manager.turn_material(created.id, Defaults(index))
    assert material.system is not None
    assert material.system.startswith("You are an Ideation Agent")
    assert material.temperature == 0.7
    found = manager.get_current_model(created.id, Defaults(index))
    assert found == Effective(ModelReference("anthropic", "claude-sonnet-4-20250514"), Origin.ROLE)
