"""What the index repeats of the workflow files, and how it is brought up to date from them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from pydantic.alias_generators import to_camel

from stagewright.workflows.context import superseded
from stagewright.workflows.requests import ADHOC, shortened
from stagewright.workflows.state import Index, Workflow

WORKFLOW_ID = re.compile(r"WF-([0-9]{8})-([0-9]{3,})")
"""The local date of its creation, and its number of that day."""

TITLE_LENGTH = 60
TITLE_FROM = 1000
"""Characters of a title made of a message, and of that message that are looked at."""

_REPEATED = {
    to_camel(name): name
    for name in ("id", "request_id", "status", "template", "current_stage", "updated_at")
}
"""What the index repeats of a workflow, by its name in the index."""


@dataclass(frozen=True, slots=True)
class Summary:
    """One line of a list of workflows."""

    id: str
    request_id: str
    status: str
    template: str
    current_stage: int
    updated_at: str
    stage_name: str | None  # None once every stage is done
    message_count: int
    title: str  # for people: what it is about, as far as its file tells

    @classmethod
    def of(cls, workflow: Workflow) -> Summary:
        """The summary of a workflow as it is."""
        return cls(
            **{name: getattr(workflow, name) for name in _REPEATED.values()},
            stage_name=workflow.stage.name if workflow.stage else None,
            message_count=len(workflow.messages),
            title=title_of(workflow),
        )

    def to_json(self) -> dict[str, Any]:
        """As programs see it."""
        return {to_camel(name): value for name, value in asdict(self).items()}

    def index_entry(self) -> dict[str, Any]:
        """What the index says of the workflow."""
        return {key: getattr(self, name) for key, name in _REPEATED.items()}


def title_of(workflow: Workflow, request_title: str = "") -> str:
    """A workflow's title: its request's, else its request's id, else how its first message begins,
    else its template's name."""
    if workflow.request_id != ADHOC:
        return request_title or shortened(workflow.request_id)
    left = superseded(workflow)
    said = (m for m in workflow.messages if m.role == "human" and m.id not in left)
    first = next((m.content for m in said if m.content.strip()), "")
    return shortened(first[:TITLE_FROM], TITLE_LENGTH) or workflow.template


def update_index(
    index: Index,
    files: Mapping[str, Summary | None],
    reserve: tuple[str, int] | None = None,
) -> None:
    """Make an index say what the files say: summaries by id, None for files that cannot be read.

    What it says of an unreadable file stays. `reserve` is a date and number that is given out now.
    """
    for gone in index.workflows.keys() - files.keys():
        del index.workflows[gone]
    for workflow_id, summary in files.items():
        if summary is not None:
            index.workflows.setdefault(workflow_id, {}).update(summary.index_entry())
    ids = [match for match in map(WORKFLOW_ID.fullmatch, files) if match]
    if reserve is not None:
        index.last_date, index.last_sequence = reserve
    elif not index.last_date and ids:
        index.last_date = max(match[1] for match in ids)
    index.last_sequence = max([index.last_sequence, *numbers_of(index.last_date, files)])


def numbers_of(day: str, names: Iterable[str]) -> list[int]:
    """The numbers that names of a local date, YYYYMMDD, begin with after it."""
    found = map(WORKFLOW_ID.match, names)
    return [int(match[2]) for match in found if match and match[1] == day]
