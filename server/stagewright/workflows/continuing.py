"""Going on with an answer that is not whole, so that the two parts read as one.

A model that is told to go on begins anew with the words before the cut, with a blank less, or with
a blank more. So it is asked to repeat the last words, and what it repeats is taken away.
"""

from __future__ import annotations

import re

from stagewright.workflows.endings import outcome
from stagewright.workflows.errors import WorkflowError
from stagewright.workflows.state import Message

_QUOTED = 60
"""Characters of the answer's end that the model is asked to repeat, at the most."""

_COMPARED = 400
"""Characters of the answer's end that a repetition is looked for in."""

_LEAST = 8
"""Fewer characters than these are alike by chance, unless they are all of the last line."""

_LEADING = re.compile(r"\A[\s\"'“”„«»…]+")


def to_continue(answer: Message | None) -> Message:
    """The answer to go on with, which is what was said last in its stage.

    Raises WorkflowError `nothing-to-continue`.
    """
    if answer is None:
        raise WorkflowError(
            "nothing-to-continue", "There is no answer to continue: the last message is yours."
        )
    if outcome(answer).how == "whole":
        raise WorkflowError("nothing-to-continue", "The last answer is complete. Write a message.")
    return answer


def request_to_continue(content: str) -> str:
    """What is said to the model behind the answer that it is to go on with."""
    return (
        "Your last message was cut off. Continue it from exactly where it ends. Begin by repeating "
        f"its last words, “{_last_words(content)}”, and go on from there: no introduction, no "
        "comment, and nothing else of it once more."
    )


def _last_words(content: str) -> str:
    line = content.rstrip().rpartition("\n")[2]
    if len(line) <= _QUOTED:
        return line
    tail = line[-_QUOTED:]
    return tail.partition(" ")[2] or tail  # from the beginning of a word


class Seam:
    """Takes away what the second part of an answer repeats of the first; fed as text comes."""

    def __init__(self, before: str) -> None:
        self._before = before[-_COMPARED:]
        self._tail = self._before.rstrip()
        self._held: str | None = ""  # may still be a repetition; None once that is settled

    def feed(self, text: str) -> str:
        """What is new of a piece of text; empty while that cannot be told."""
        if self._held is None:
            return text
        self._held += text
        return "" if _LEADING.sub("", self._held) in self._tail else self.end()

    def end(self) -> str:
        """What was held back, as far as it is new."""
        held, self._held = self._held or "", None
        words = _LEADING.sub("", held)
        repeated = self._repeated(words)
        more = words[repeated:] if repeated else held
        if self._before[-1:].isspace():
            return more.lstrip(" ")
        if not repeated and self._before[-1:].isalnum() and more[:1].isalnum():
            return f" {more}"  # two words, which would become one
        return more

    def _repeated(self, words: str) -> int:
        """How many characters the text begins with that the first part ends with."""
        least = min(_LEAST, len(_last_words(self._tail)))
        lengths = range(min(len(words), len(self._tail)), least - 1, -1)
        return next((n for n in lengths if n and self._tail.endswith(words[:n])), 0)
