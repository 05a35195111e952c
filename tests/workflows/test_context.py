"""What a stage knows of the ones before: whose words are sent, how they fit, what is said of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.workflows.workspace import FAST, manager_of, template

from stagewright.catalog.model import Model
from stagewright.providers.base import Turn
from stagewright.settings import ContextMode
from stagewright.workflows import context
from stagewright.workflows.context import Context, Part, fit, parts, room_for, said_in
from stagewright.workflows.errors import WorkflowError
from stagewright.workflows.manager import WorkflowManager
from stagewright.workflows.turns import Defaults, Sent, compose

STAGES = "name: t\nstages:\n" + "".join(
    f"  - name: {name}\n    type: design\n" for name in ("request", "design", "build")
)


def begun(root: Path, stage: str = "request") -> tuple[WorkflowManager, str]:
    manager = manager_of(root)
    return manager, manager.create(template(STAGES), stage=stage).id


def told(root: Path) -> tuple[WorkflowManager, str]:
    """A workflow in its third stage, with something said in each."""
    manager, workflow_id = begun(root)
    for name in ("request", "design"):
        manager.add_message(workflow_id, f"Question about {name}")
        manager.add_message(workflow_id, f"First {name}", role="control")
        manager.add_message(workflow_id, f"Another about {name}")
        manager.add_message(workflow_id, f"Last {name}\n", role="control", model=FAST)
        manager.set_model(workflow_id, FAST)
        manager.advance(workflow_id)
    manager.add_message(workflow_id, "Build it")
    return manager, workflow_id


def sent(
    manager: WorkflowManager,
    workflow_id: str,
    setting: ContextMode = "answers",
    facts: Model | None = None,
) -> Sent:
    material = manager.turn_material(workflow_id, Defaults(context=setting))
    return compose(material, material.turns, facts)


# Whose words


def test_answers_are_the_last_of_each_earlier_stage(tmp_path: Path) -> None:
    found = sent(*told(tmp_path))
    assert found.turns == (
        Turn("user", 'The answer of the earlier stage "request":\n\nLast request'),
        Turn("user", 'The answer of the earlier stage "design":\n\nLast design'),
        Turn("user", "Build it"),
    )
    assert found.sources == ("context", "context", "message")
    assert found.context.words == "sees: request's and design's answers"
    assert found.context.notes == ()


def test_a_stage_alone_is_as_it_was(tmp_path: Path) -> None:
    found = sent(*told(tmp_path), "stage")
    assert found.turns == (Turn("user", "Build it"),)
    assert found.context.words == "sees: this stage alone"


def test_the_workflow_is_all_that_was_said(tmp_path: Path) -> None:
    first, second, last = sent(*told(tmp_path), "workflow").turns
    assert first.text == (
        'The conversation of the earlier stage "request":\n\n'
        "User: Question about request\n\nAssistant: First request\n\n"
        "User: Another about request\n\nAssistant: Last request"
    )
    assert second.text.startswith('The conversation of the earlier stage "design":')
    assert last.text == "Build it"


def test_what_says_nothing_contributes_nothing(tmp_path: Path) -> None:
    manager, workflow_id = begun(tmp_path, "design")  # `request` is skipped
    manager.add_message(workflow_id, "Unanswered")
    manager.add_message(workflow_id, "Kept\n", role="control")
    manager.save_answer(
        workflow_id,
        manager.get(workflow_id).messages[-1].model_copy(update={"id": "x", "content": " \n"}),
    )
    manager.advance(workflow_id)
    workflow = manager.get(workflow_id)
    assert [part.text for part in parts(workflow, 2, "answers")] == ["Kept"]
    workflow.stages[1].status = "skipped"
    assert parts(workflow, 2, "workflow") == ()
    assert parts(workflow, 0, "workflow") == ()
    assert sent(manager, workflow_id).context.words == "sees: design's answer"


# Said anew


def test_what_was_said_anew_counts_no_more(tmp_path: Path) -> None:
    manager, workflow_id = begun(tmp_path)
    _, first = manager.add_message(workflow_id, "Frist")
    manager.add_message(workflow_id, "Frist?", role="control")
    manager.add_message(workflow_id, "Yes")
    _, edited = manager.add_message(workflow_id, "First", instead_of=first.id)
    assert [one.content for one in said_in(manager.get(workflow_id), 0)] == ["First"]
    _, answer = manager.add_message(workflow_id, "One", role="control")
    manager.add_message(workflow_id, "Two", role="control", metadata={"insteadOf": answer.id})
    assert [one.content for one in said_in(manager.get(workflow_id), 0)] == ["First", "Two"]
    assert len(manager.get(workflow_id).messages) == 6  # nothing is lost
    manager.advance(workflow_id)
    assert [part.text for part in parts(manager.get(workflow_id), 1, "answers")] == ["Two"]
    for wrong, code in (
        (first.id, "message-unknown"),
        (answer.id, "message-unknown"),
        ("nowhere", "message-unknown"),
        (edited.id, "stage-changed"),
    ):
        with pytest.raises(WorkflowError) as refusal:
            manager.add_message(workflow_id, "Again", instead_of=wrong)
        assert refusal.value.code == code


@pytest.mark.parametrize("wrong", [7, None, "", "later", "elsewhere"])
def test_a_place_that_is_none_hides_nothing(tmp_path: Path, wrong: object) -> None:
    manager, workflow_id = begun(tmp_path)
    manager.add_message(workflow_id, "One")
    manager.add_message(workflow_id, "Two", role="control", metadata={"insteadOf": wrong})
    assert len(said_in(manager.get(workflow_id), 0)) == 2


def test_what_was_sent_for_an_answer_is_seen_afterwards(tmp_path: Path) -> None:
    manager, workflow_id = begun(tmp_path)
    manager.add_message(workflow_id, "Question")
    _, first = manager.add_message(workflow_id, "One", role="control")
    _, again = manager.add_message(
        workflow_id, "Two", role="control", metadata={"insteadOf": first.id}
    )
    manager.add_message(workflow_id, "Later")
    for answer in (first, again):
        material = manager.turn_material(workflow_id, message_id=answer.id)
        assert material.turns == (Turn("user", "Question"),)
    with pytest.raises(WorkflowError) as refusal:
        manager.turn_material(workflow_id, message_id="nowhere")
    assert refusal.value.code == "message-unknown"


# The mode


def test_a_chat_has_a_mode_of_its_own_in_every_stage(tmp_path: Path) -> None:
    manager, workflow_id = told(tmp_path)
    _, message = manager.set_context(workflow_id, "stage")
    assert (message.role, message.metadata) == (
        "system",
        {"type": "context_switch", "context": "stage"},
    )
    found = sent(manager, workflow_id, "workflow").context
    assert (found.mode, found.chosen) == ("stage", True)
    manager.add_message(workflow_id, "More")
    manager.set_context(workflow_id, None)
    found = sent(manager, workflow_id, "workflow").context
    assert (found.mode, found.chosen) == ("workflow", False)


def test_a_mode_of_a_later_version_is_the_settings(tmp_path: Path) -> None:
    manager, workflow_id = told(tmp_path)
    manager.add_message(
        workflow_id, "?", role="system", metadata={"type": "context_switch", "context": "summary"}
    )
    assert context.mode_of(manager.get(workflow_id), "answers") == ("answers", False)


# What fits


def part(index: int, text: str) -> Part:
    return Part(index, f"s{index}", f"s{index}:", text)


def kept(found: Context) -> list[tuple[int, bool]]:
    """Each stage with whether any of it is sent."""
    return [(one.stage_index, one.sent > 0) for one in found.seen]


def test_the_oldest_goes_first_and_that_is_said() -> None:
    three = [part(0, "a" * 4000), part(1, "b" * 900), part(2, "c" * 4000)]
    found = fit(three, "answers", False, room=4200)
    assert kept(found) == [(0, False), (1, False), (2, True)]
    assert found.words == "sees: s2's answer"
    assert found.notes == (
        "Not sent, because the model takes no more: the answers of `s0` and `s1`.",
    )


def test_what_fits_in_part_is_shortened_and_that_is_said() -> None:
    found = fit([part(0, "b" * 50), part(1, "x" * 5000 + "end")], "answers", False, room=3000)
    assert kept(found) == [(0, False), (1, True)]
    text = found.turns[-1].text
    assert text.startswith("s1:\n\nxxx")
    assert text.endswith("end")
    assert "characters left out" in text
    assert "is sent shortened" in found.notes[0]
    assert sum(context.size(turn.text) for turn in found.turns) <= 3000


@pytest.mark.parametrize(
    "text", ["word " * 400_000, "世界" * 350_000, "👩‍💻" * 180_000, "\ud800" * 2_000_000]
)
def test_an_answer_of_2_megabytes_is_shortened_whatever_the_model_takes(text: str) -> None:
    found = fit([part(0, text)], "answers", False, room=50_000_000)
    assert context.size(found.turns[0].text) <= context.MOST_BYTES + 100
    (seen,) = found.seen
    assert 20_000 < seen.sent < seen.characters == len(text)
    assert f"{seen.sent:,} of its {len(text):,} characters" in found.notes[0]


@pytest.mark.parametrize("room", [-5, 0, 500, None])
def test_without_room_nothing_is_sent_of_what_is_large(room: int | None) -> None:
    found = fit([part(0, "x" * 5000)], "answers", False, room)
    assert kept(found) == [(0, room is None)]
    assert ("this stage alone" in found.words) == (room is not None)


def test_room_is_what_the_model_takes_without_the_rest_and_its_answer() -> None:
    small = Model("m", context_window=8000, max_output=4000)
    assert room_for(small, ["é" * 100], None) == (8000 - 2000) * 3 - 200
    assert room_for(small, [], 500) == 7500 * 3
    assert room_for(None, [], None) == (32_768 - 4096) * 3


def test_a_small_model_is_sent_less(tmp_path: Path) -> None:
    manager, workflow_id = told(tmp_path)
    small = Model("m", context_window=20, max_output=4)
    found = sent(manager, workflow_id, facts=small)
    assert [turn.text for turn in found.turns] == ["Build it"]
    assert found.context.notes == (
        "Not sent, because the model takes no more: the answers of `request` and `design`.",
    )


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (("a",), "sees: a's answer"),
        (("a", "b"), "sees: a's and b's answers"),
        (("a", "b", "c"), "sees: a's, b's and c's answers"),
    ],
)
def test_a_line_says_whose_words_are_seen(names: tuple[str, ...], words: str) -> None:
    found = [Part(n, name, "h", "text") for n, name in enumerate(names)]
    assert fit(found, "answers", False).words == words
