"""When garbage is collected."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from stagewright import garbage


class Cycle:
    """Garbage that only a collection finds."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    yield
    gc.unfreeze()
    gc.enable()


def test_what_a_start_leaves_behind_is_cleared_after_it() -> None:
    garbage.leave()
    left = weakref.ref(Cycle())
    assert left() is not None
    garbage.clear()
    assert left() is None
    assert gc.isenabled()
    assert gc.get_freeze_count() > 0


def test_there_is_nothing_to_clear_where_nothing_was_left() -> None:
    garbage.clear()
    assert gc.get_freeze_count() == 0
