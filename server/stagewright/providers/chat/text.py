"""An answer's text as it is told: characters whole, reasoning apart, and bounded. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from stagewright.providers.base import ChatEvent, ReasoningDelta, TextDelta
from stagewright.providers.chat.sse import MEBIBYTE, TooLong

MOST = 16 * MEBIBYTE
"""Characters of an answer with its reasoning; far beyond what any model gives."""

_TAGS: Mapping[str, str] = {
    "<think>": "</think>",
    "<thinking>": "</thinking>",
    "<thought>": "</thought>",
    "<reasoning>": "</reasoning>",
    "<seed:think>": "</seed:think>",
    "[think]": "[/think]",  # Magistral
    "◁think▷": "◁/think▷",  # Kimi
    "<|begin_of_thought|>": "<|end_of_thought|>",
    "<|channel|>analysis<|message|>": "<|start|>assistant<|channel|>final<|message|>",  # gpt-oss
    "<|channel>thought": "<channel|>",  # Gemma
}
"""What servers without a reasoning parser leave at the beginning of an answer, in lower case."""

_ATTRIBUTED = re.compile(
    r"(<(?:think|thinking|thought|reasoning|seed:think))"
    r"(?:\s+[\w:-]{1,40}\s?=\s?(?:\"[^\"<>]{0,100}\"|'[^'<>]{0,100}'|[^\s\"'<>=]{1,100})){1,4}\s?>",
    re.IGNORECASE,
)
_ATTRIBUTES = re.compile(
    r"<(?:think|thinking|thought|reasoning|seed:think)\s[^<>]{0,400}\Z", re.IGNORECASE
)
"""The same with attributes, and the beginning of one."""

_LONGEST_TAG = max(map(len, _TAGS))
_BLANKS = 1000
"""Blanks at the beginning behind which no reasoning is looked for."""


_SEARCHED = MEBIBYTE
"""Characters of a content in which the end of reasoning is looked for."""

_CLOSING_LINE = re.compile(
    r"^[ \t]*(?:</think>|</thinking>|\[/think\]|◁/think▷)[ \t]*(?:\n|\Z)",
    re.IGNORECASE | re.MULTILINE,
)


def without_unopened(content: str) -> tuple[str, str]:
    """Reasoning and answer of a whole content whose reasoning is closed but was never opened.

    Some chat templates put the opening tag into the prompt. Only a tag on a line of its own counts,
    outside of code, and the first of its kind: whoever writes about tags also opens them.
    """
    closed = _CLOSING_LINE.search(content[:_SEARCHED])
    before = content[: closed.start()] if closed else ""
    if (
        closed is None
        or before.count("```") % 2
        or re.search(r"<think|\[think|◁think", before, re.IGNORECASE)
    ):
        return "", content
    return before.strip(), content[closed.end() :].lstrip()


class Halves:
    """Joins characters of which two deltas bring a half each, escaped as surrogates."""

    def __init__(self) -> None:
        self._half = ""

    def feed(self, text: str) -> str:
        """The text without its last character where that is a first half."""
        text = self._half + text
        self._half = text[-1] if "\ud800" <= text[-1:] <= "\udbff" else ""
        return whole_characters(text[: -len(self._half)] if self._half else text)

    def end(self) -> str:
        """What is left: a half whose other half never came."""
        half, self._half = self._half, ""
        return whole_characters(half)


def whole_characters(text: str) -> str:
    """The text with pairs of surrogates joined and lone ones replaced: any encoding can hold it."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


class AnswerText:
    """Deltas in, deltas out. Raises TooLong."""

    def __init__(self, most: int = MOST) -> None:
        self._left = most
        self._text, self._reasoning = Halves(), Halves()
        self._state = "before"  # whatever may be reasoning; then "inside" it; then "after"
        self._held = ""  # where more decides what it is
        self._closing = ""  # of the last reasoning that began

    def text(self, text: str) -> Iterator[ChatEvent]:
        """What a piece of the content tells."""
        yield from self._split(self._text.feed(self._counted(text)))

    def reasoning(self, text: str) -> Iterator[ChatEvent]:
        """What a piece of reasoning tells that comes apart from the content."""
        if more := self._reasoning.feed(self._counted(text)):
            yield ReasoningDelta(more)

    def end(self) -> Iterator[ChatEvent]:
        """What was held back."""
        if left := self._reasoning.end():
            yield ReasoningDelta(left)
        yield from self._split(self._text.end())
        held, self._held = self._held, ""
        if self._state == "inside" and held:
            yield ReasoningDelta(held)
        elif held := held.lstrip() if self._closing else held:
            yield TextDelta(held)

    def _counted(self, text: str) -> str:
        self._left -= len(text)
        if self._left < 0:
            raise TooLong(f"more than {MOST // MEBIBYTE} MiB of text in one answer")
        return text

    def _split(self, text: str) -> Iterator[ChatEvent]:
        text, self._held = self._held + text, ""
        while text:
            match self._state:
                case "before":
                    text = self._after_opening(text)
                case "inside":
                    thought, text = self._up_to_closing(text)
                    if thought:
                        yield ReasoningDelta(thought)
                case _:
                    yield TextDelta(text)
                    return

    def _after_opening(self, text: str) -> str:
        """What is to be read on with; nothing while a tag may still come."""
        lead = text.lstrip()
        if len(text) - len(lead) >= _BLANKS:
            lead = text
        start = lead[:_LONGEST_TAG].lower()
        if tag := next((tag for tag in _TAGS if start.startswith(tag)), None):
            self._state, self._closing = "inside", _TAGS[tag]
            return lead.removeprefix(lead[: len(tag)])
        if attributed := _ATTRIBUTED.match(lead):
            self._state, self._closing = "inside", _TAGS[f"{attributed[1].lower()}>"]
            return lead[attributed.end() :]
        if any(tag.startswith(start) for tag in _TAGS) or _ATTRIBUTES.match(lead):
            self._held = text
            return ""
        self._state = "after"
        return text.lstrip() if self._closing else text

    def _up_to_closing(self, text: str) -> tuple[str, str]:
        """The reasoning, and what is to be read on with."""
        closed = re.search(re.escape(self._closing), text, re.IGNORECASE)
        if closed:
            self._state = "before"  # some models think in several blocks
            return text[: closed.start()], text[closed.end() :]
        certain = max(0, len(text) - len(self._closing) + 1)
        self._held = text[certain:]
        return text[:certain], ""
