"""Remembering an answer for as long as what it is about lives."""

from __future__ import annotations

import weakref
from collections import deque
from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

K = TypeVar("K")
V = TypeVar("V")
P = ParamSpec("P")

_RECENT = 8


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


def recently(function: Callable[Concatenate[K, P], V]) -> Callable[Concatenate[K, P], V]:
    """Call `function` once for what it was asked about among the last few times.

    The first argument is told apart by identity and must not change: what is asked for each
    diagnostic of a file is often about the same large node. The others are compared.
    """
    answers: deque[tuple[K, tuple[object, ...], V]] = deque(maxlen=_RECENT)

    def ask(argument: K, /, *others: P.args, **named: P.kwargs) -> V:
        for known, besides, answer in answers:
            if known is argument and besides == others:
                return answer
        answer = function(argument, *others, **named)
        answers.append((argument, others, answer))
        return answer

    return ask
