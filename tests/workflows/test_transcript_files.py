"""Transcripts on disk, and what is offered at which place of one."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest
from filelock import FileLock
from tests.workflows.transcripts import EFFECTIVE, NONE, sample, typed
from tests.workflows.workspace import SAMPLE

from stagewright.workflows import state
from stagewright.workflows.errors import WorkflowError
from stagewright.workflows.manager import WorkflowManager
from stagewright.workflows.transcript_reading import places, read
from stagewright.workflows.transcript_writing import render


@pytest.mark.parametrize(
    ("gate", "running", "expected"),
    [
        ({"type": "human_approval", "satisfied": False}, False, ["Send", "Approve gate"]),
        ({"type": "chain_complete", "satisfied": False}, True, ["Stop", "Approve gate"]),
        ({"type": "human_approval", "satisfied": True}, False, ["Send", "Advance to proposal"]),
        ({"type": "post_commit", "satisfied": False}, False, ["Send", "Advance to proposal"]),
    ],
)
def test_what_can_be_done_is_offered_where_it_belongs(
    gate: dict[str, object], running: bool, expected: list[str]
) -> None:
    workflow = sample()
    workflow.stages[0].gate = state.Gate.model_validate(gate)
    document = read(render(workflow, EFFECTIVE))
    switch, *others = places(document, workflow, running=running)
    assert (switch.action, switch.title) == ("switch-model", "Switch model")
    assert document.lines[switch.span.start.line] == "model:"
    quiet = ["Preview what is sent", "Pause the workflow"]
    assert [place.title for place in others if not place.quiet] == expected
    assert [place.title for place in others if place.quiet] == quiet
    assert {document.lines[place.span.start.line] for place in others} == {
        "## Your message <!-- stagewright:write anthropic/claude-opus-4-8#f30d8b2b -->"
    }


def test_the_last_stage_completes_the_workflow() -> None:
    workflow = sample()
    workflow.current_stage = 2
    found = tuple(places(read(render(workflow, NONE)), workflow, running=False))
    titles = [place.title for place in found if not place.quiet]
    assert titles == ["Switch model", "Send", "Complete the workflow"]


@pytest.mark.parametrize("status", ["paused", "failed"])
def test_what_was_set_aside_can_be_resumed(status: str) -> None:
    workflow = sample()
    workflow.status = status
    (place,) = places(read(render(workflow, EFFECTIVE)), workflow, running=False)
    assert (place.action, place.title) == ("resume", "Resume")


@pytest.mark.parametrize("status", ["completed", "discarded"])
def test_nothing_is_offered_where_nothing_can_be_done(status: str) -> None:
    workflow = sample()
    workflow.status = status
    text = render(workflow, EFFECTIVE)
    assert f"## Your message (the workflow is {status}) <!--" in text
    assert list(places(read(text), workflow, running=False)) == []


# On disk


def test_the_file_is_made_anew_and_keeps_what_a_person_left_in_it(
    manager: WorkflowManager, root: Path
) -> None:
    path = manager.write_transcript(SAMPLE, lambda _: EFFECTIVE)
    assert path == root / f".choragen/workflows/{SAMPLE}.chat.md"
    path.write_text(typed(path.read_text("utf-8"), "not sent"), "utf-8")
    _, message = manager.add_message(SAMPLE, "From elsewhere")
    manager.write_transcript(SAMPLE, lambda _: EFFECTIVE)
    document = read(path.read_text("utf-8"))
    assert document.unsent == "not sent"
    assert document.sections[-1].message_id == message.id


class Listener(logging.Filter):
    """Lets every record pass and tells when one of this text came."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text
        self.heard = Event()

    def filter(self, record: logging.LogRecord) -> bool:
        if self.text in record.getMessage():
            self.heard.set()
        return True


def test_what_is_saved_while_the_file_waits_to_be_made_anew_is_kept(
    manager: WorkflowManager, root: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Another window's editor saves while another program holds the lock."""
    path = manager.write_transcript(SAMPLE, lambda _: EFFECTIVE)
    _, message = manager.add_message(SAMPLE, "From elsewhere")
    caplog.set_level(logging.DEBUG, "filelock")
    listener = Listener("not acquired")
    with ThreadPoolExecutor(1) as thread, caplog.filtering(listener):
        with FileLock(root / ".choragen/workflows/.stagewright.lock"):
            writing = thread.submit(manager.write_transcript, SAMPLE, lambda _: EFFECTIVE)
            assert listener.heard.wait(30)  # it waits for the lock
            assert not writing.done()
            path.write_text(typed(path.read_text("utf-8"), "not sent"), "utf-8")
        writing.result()
    document = read(path.read_text("utf-8"))
    assert document.unsent == "not sent"
    assert document.sections[-1].message_id == message.id


def test_a_transcript_that_cannot_be_read_is_left_alone(manager: WorkflowManager) -> None:
    path = manager.transcript_path(SAMPLE)
    path.write_bytes(b"\xff")
    with pytest.raises(WorkflowError) as refusal:
        manager.write_transcript(SAMPLE, lambda _: EFFECTIVE)
    assert refusal.value.code == "transcript-unreadable"
    assert path.read_bytes() == b"\xff"
