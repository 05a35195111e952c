"""Remembering an answer for as long as what it is about lives."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")


def remembered(function: Callable[[K], V]) -> Callable[[K], V]:
    """Call `function` once per argument, told apart by identity, and let go of it when it dies.

    The argument must be weakly referable, must not change, and its answer must not hold it.
    """
    answers: dict[int, tuple[weakref.ref[K], V]] = {}

    def ask(argument: K) -> V:
        key = id(argument)
        known = answers.get(key)
        if known is None:
            answer = function(argument)
            known = weakref.ref(argument, lambda _: answers.pop(key, None)), answer
            answers[key] = known
        return known[1]

    return ask
