"""Patterns in dialects: literal texts in which `*` stands for any text. No pattern is slow."""

from __future__ import annotations

from collections.abc import Iterable

ANY = "*"


def fits(pattern: str, text: str) -> bool:
    """Whether a text, in any case, is what a pattern describes.

    Takes time in proportion to the length of the one times that of the other, at most.
    """
    text = lowered(text)
    first, *others = lowered(pattern).split(ANY)
    if not others:
        return text == first
    *middle, last = others
    if not text.startswith(first) or len(text) < len(first) + len(last):
        return False
    at, end = len(first), len(text) - len(last)
    for piece in middle:
        at = text.find(piece, at, end)
        if at < 0:
            return False
        at += len(piece)
    return at <= end and text.endswith(last)


def without_endings(patterns: Iterable[str], text: str) -> str:
    """A text without the endings that fit one of the patterns, and the blanks before these.

    A pattern begins with the literal text that such an ending begins with.
    """
    while (begins := min((_begins(one, text) for one in patterns), default=len(text))) < len(text):
        text = text[:begins].rstrip()
    return text


def _begins(pattern: str, text: str) -> int:
    """Where the shortest ending begins that fits a pattern; the text's length where none does."""
    head, star, _ = lowered(pattern).partition(ANY)
    at = lowered(text).rfind(head) if star else len(text) - len(head)
    return at if at >= 0 and fits(pattern, text[at:]) else len(text)


def lowered(text: str) -> str:
    """The text in lower case, of the same length: places in it are places in the text."""
    lower = text.lower()
    return lower if len(lower) == len(text) else text
