"""Work on many files by several processes: in order, and to the end whatever happens to them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from stagewright.cli.checking.processes import Crew, workers_for

HERE = os.getpid()


def doubled(shared: int, item: int) -> tuple[int, int]:
    return shared * item, os.getpid()


def killed_by(shared: int, item: int) -> int:
    """Ends the process that works on the item `shared`, unless it is this one."""
    if item == shared and os.getpid() != HERE:
        os._exit(1)
    return item


def refusing(_: None, item: int) -> int:
    if item == 7:
        raise ValueError("seven")
    return item


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_answers_come_in_order(workers: int) -> None:
    with Crew(range(500), workers) as crew:
        answers = list(crew.each(doubled, 2))
    assert [number for number, _ in answers] == [2 * item for item in range(500)]
    pids = {pid for _, pid in answers}
    assert (pids == {HERE}) if workers == 1 else (HERE not in pids)


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_who_has_worked_on_an_item_does_so_again(workers: int) -> None:
    with Crew(range(500), workers) as crew:
        first = [pid for _, pid in crew.each(doubled, 2)]
        for shared in (3, 4):
            answers = list(crew.each(doubled, shared))
            assert answers == [
                (shared * item, pid) for item, pid in zip(range(500), first, strict=True)
            ]


@pytest.mark.parametrize("item", [0, 250, 499])
def test_a_process_that_dies_loses_nothing(item: int) -> None:
    with Crew(range(500), 2) as crew:
        assert list(crew.each(killed_by, item)) == list(range(500))
        assert [number for number, _ in crew.each(doubled, 2)] == list(range(0, 1000, 2))


@pytest.mark.parametrize("item", [0, 250, 499])
def test_a_process_that_dies_later_loses_nothing(item: int) -> None:
    with Crew(range(500), 2) as crew:
        list(crew.each(doubled, 2))
        assert list(crew.each(killed_by, item)) == list(range(500))
        assert [number for number, _ in crew.each(doubled, 2)] == list(range(0, 1000, 2))


def test_work_that_nobody_waits_for_ends() -> None:
    with Crew(range(500), 2) as crew:
        assert next(crew.each(doubled, 2))[0] == 0


@pytest.mark.parametrize("workers", [1, 2])
def test_an_error_in_the_work_is_raised(workers: int) -> None:
    with Crew(range(100), workers) as crew, pytest.raises(ValueError, match="seven"):
        list(crew.each(refusing, None))


def test_few_files_are_worth_no_process(tmp_path: Path) -> None:
    small, large = tmp_path / "small", tmp_path / "large"
    small.write_text("x")
    large.write_bytes(b"x" * 1024 * 1024)
    assert workers_for([]) == workers_for([small] * 100) == workers_for([large]) == 1
    assert workers_for([large] * 100) == min(8, len(os.sched_getaffinity(0)))
    assert workers_for([tmp_path / "absent", small]) == 1
