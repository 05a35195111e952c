"""A workflow's file and the answer that comes in it, read as one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from stagewright.catalog.effective import Origin
from stagewright.catalog.model import ModelReference
from stagewright.lsp.chats.workflows import with_answer
from stagewright.workflows.chat import Running
from stagewright.workflows.state import Message


def run(name: str) -> Running:
    message = Message(id=name, role="control", content="", stage_index=0, timestamp="")
    return Running(name, name, ModelReference("a", "m"), Origin.STAGE, "", message)


@pytest.mark.parametrize(
    ("seen", "reads", "last"),
    [
        (["", ""], 1, ""),
        (["", "a", "a"], 2, "a"),
        (["a", "a"], 1, "a"),
        (["a", "", ""], 2, ""),
        (["a", "b", "b"], 2, "b"),
        (["a", "b", "", ""], 3, ""),
        (["", "a", "", ""], 3, ""),
    ],
)
async def test_what_was_read_before_an_answer_began_or_ended_is_read_again(
    seen: list[str], reads: int, last: str
) -> None:
    """`seen` are the answers that are coming before the first read and after each."""
    coming: Iterator[str] = iter(seen)
    files = iter(range(1, 9))

    async def read() -> int:
        return next(files)

    def running() -> Running | None:
        return run(name) if (name := next(coming)) else None

    found, now = await with_answer(read, running)
    assert (found, now and now.run_id) == (reads, last or None)
    assert list(coming) == []
