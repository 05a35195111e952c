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

_LONGEST_WORD = 60
"""Characters of a word that is waited for."""

_UNSPACED = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
    r"\U00020000-\U0003ffff]"
)
"""Letters of scripts that put no blanks between words: Thai to Khmer, Japanese, Chinese."""

_LEADING = re.compile(r"\A[\s\"'“”„«»…]+")


def to_continue(answer: Message | None) -> Message:
    """The answer to go on with, which is what was said last in its stage.

    Raises WorkflowError `nothing-to-continue`.
    """
    if answer is None:
        raise WorkflowError(
            "nothing-to-continue", "There is no answer to continue: the last message is yours."
        )
    if outcome(answer) == ("whole", None):
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
        self._whole = before
        self._before = before[-_COMPARED:]
        self._tail = self._before.rstrip()
        self._held: str | None = ""  # may still be a repetition; None once that is settled

    def feed(self, text: str) -> str:
        """What is new of a piece of text; empty while that cannot be told."""
        if self._held is None:
            return text
        self._held += text
        if _LEADING.sub("", self._held) in self._tail or self._within_word():
            return ""
        return self.end()

    def end(self) -> str:
        """What was held back, as far as it is new."""
        held, self._held = self._held or "", None
        words = _LEADING.sub("", held)
        repeated = self._repeated(words)
        more = words[repeated:] if repeated else held
        if self._before[-1:].isspace():
            return more.lstrip(" ")
        return more if repeated else self._blank_before(more) + more

    def _within_word(self) -> bool:
        """Whether the first word of the second part may go on, if only it tells of a blank."""
        held = self._held or ""
        return self._before[-1:].isalnum() and held.isalnum() and len(held) < _LONGEST_WORD

    def _blank_before(self, more: str) -> str:
        """What must stand between two parts of which the second repeats nothing.

        A provider's own blank decides. Most leave it out at the beginning of an answer, so that
        its lack does not tell the middle of a word from the space between two. One whose first
        part began with a blank does not leave it out. Elsewhere a blank is right more often,
        except within a number or where the whole word has been said before.
        """
        last, first = self._before[-1:], more[:1]
        if not (last.isalnum() and first.isalnum()):
            return ""
        if _UNSPACED.match(last) or _UNSPACED.match(first) or (last + first).isdecimal():
            return ""
        if self._whole[:1] == " " and first.islower():
            return ""
        ending, beginning = re.search(r"\w+\Z", self._before), re.match(r"\w+", more)
        word = (ending[0] if ending else "") + (beginning[0] if beginning else "")
        said = re.search(rf"\b{re.escape(word)}\b", self._whole, re.IGNORECASE)
        return "" if said else " "

    def _repeated(self, words: str) -> int:
        """How many characters the text begins with that the first part ends with."""
        least = min(_LEAST, len(_last_words(self._tail)))
        lengths = range(min(len(words), len(self._tail)), least - 1, -1)
        return next((n for n in lengths if n and self._tail.endswith(words[:n])), 0)
