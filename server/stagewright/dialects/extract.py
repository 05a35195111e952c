"""Which parts of a value are names of models, where it holds more; and how another is put there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from stagewright.dialects.key_path import KeyPath, values_at
from stagewright.dialects.place import Extract, Place
from stagewright.text.nodes import ScalarNode
from stagewright.text.syntaxes import syntax

Within = Literal["", "word", "'", '"', "mixed", "json", "list"]
"""What a part stands in: nothing that needs care, a shell's bare word, its quotes, a word that is
quoted in part, a text of JSON, a list divided by commas or the like."""


class Part(NamedTuple):
    """A part of a value. Places are offsets in the value."""

    start: int
    end: int
    text: str  # what it says
    within: Within = ""

    @property
    def is_verbatim(self) -> bool:
        """Whether each character of the value says itself."""
        return self.end - self.start == len(self.text)


def parts(place: Place, value: str) -> Iterator[Part]:
    """The parts of a value that may name a model, in their order; empty ones too."""
    for part in _extracted(place.extract, value):
        yield _default_in(place, part) or part


def part_at(place: Place, value: str, offset: int) -> Part | None:
    """The part that a cursor is in or at the end of, or in which something new would begin."""
    every = (
        _default_in(place, one, may_be_empty=True) or one
        for one in _extracted(place.extract, value)
    )
    found = next((one for one in every if one.start <= offset <= one.end), None)
    if found is None or found.text:
        return found
    return found._replace(start=offset, end=offset)


def encoded(part: Part, text: str, extract: Extract | None) -> str | None:
    """A text as it has to stand in the place of a part; None where it cannot."""
    if not text.isprintable() or (extract and extract.split and extract.split in text):
        return None
    match part.within:
        case "mixed":
            return None
        case "word":
            return text if _SAFE_WORD.fullmatch(text) else None
        case "'":
            return None if "'" in text else text
        case '"':
            return None if set(text) & set('"\\$`') else text
        case "json":
            return None if set(text) & set('"\\') else text
    return text


_SAFE_WORD = re.compile(r"[\w@%+=:,./\[\]-]+")


def _extracted(extract: Extract | None, value: str) -> Iterator[Part]:
    if extract is None:
        yield _stripped(value, 0, len(value))
    elif extract.options:
        for option in _options(extract.options, value):
            yield from _pieces(option, extract.split)
    elif extract.json:
        yield from _json(extract.json, value)
    elif extract.split and _FILLED_IN in value:
        yield _stripped(value, 0, len(value))
    elif extract.split:
        start = 0
        for piece in value.split(extract.split):
            yield _stripped(value, start, start + len(piece), "list")
            start += len(piece) + len(extract.split)
    elif (at := value.find(extract.after)) >= 0:
        yield _stripped(value, at + len(extract.after), len(value))


def _pieces(part: Part, split: str) -> Iterator[Part]:
    """What stands in the value of an option, which may be several."""
    if not split or split not in part.text or not part.is_verbatim or _FILLED_IN in part.text:
        yield part
        return
    at = 0
    for piece in part.text.split(split):
        found = _stripped(part.text, at, at + len(piece), part.within)
        yield found._replace(start=part.start + found.start, end=part.start + found.end)
        at += len(piece) + len(split)


def _stripped(value: str, start: int, end: int, within: Within = "") -> Part:
    """A part without the blanks around it."""
    text = value[start:end]
    bare = text.strip()
    start += len(text) - len(text.lstrip()) if bare else 0
    return Part(start, start + len(bare) if bare else end, bare, within)


def _default_in(place: Place, part: Part, *, may_be_empty: bool = False) -> Part | None:
    """The literal in an interpolation that names a model if nothing else does.

    Only where the interpolation is all of the text.
    """
    marks = [at for mark in place.opaque if (at := part.text.find(mark)) >= 0]
    if not marks or not part.is_verbatim or part.text[: min(marks)].strip():
        return None
    for begin, end in place.default:
        start = part.text.find(begin, min(marks))
        stop = part.text.find(end, start + len(begin)) if start >= 0 else -1
        if stop < 0 or any(char.isalnum() for char in part.text[stop + len(end) :]):
            continue
        found = _stripped(part.text, start + len(begin), stop)
        is_name = found.text or may_be_empty
        if is_name and not any(mark in found.text for mark in place.opaque):
            return Part(part.start + found.start, part.start + found.end, found.text, part.within)
    return None


class _Character(NamedTuple):
    """What one character of a shell's word says, and where it is written."""

    text: str
    start: int
    end: int
    quote: str


class _Word(NamedTuple):
    characters: tuple[_Character, ...]
    start: int
    end: int

    @property
    def text(self) -> str:
        return "".join(one.text for one in self.characters)


def _options(options: tuple[str, ...], value: str) -> Iterator[Part]:
    """What stands behind the options of a command line, as their value or behind `=`."""
    words = list(_words(value))
    for number, word in enumerate(words):
        text = word.text
        follows = words[number + 1] if number + 1 < len(words) else None
        if text in options:
            if follows is None or follows.text.startswith("-"):
                end = follows.start - 1 if follows else len(value)
                if end > word.end:
                    yield Part(word.end + 1, end, "", "word")
            else:
                yield _of_word(follows, 0)
            continue
        option, equals, _ = text.partition("=")
        if equals and option in options:
            yield _of_word(word, len(option) + 1)


def _of_word(word: _Word, first: int) -> Part:
    """The part of a shell's word from a character on."""
    characters = word.characters[first:]
    if not characters:
        before = word.end - word.start - (word.characters[-1].end - word.start if first else 0)
        at = word.end - before // 2  # between the quotes, if there are any
        return Part(at, at, "", "word" if before < 2 else '"')
    quotes = {one.quote for one in characters}
    quote = quotes.pop() if len(quotes) == 1 else "mixed"
    text = "".join(one.text for one in characters)
    within: Within = "'" if quote == "'" else '"' if quote == '"' else "mixed" if quote else "word"
    return Part(characters[0].start, characters[-1].end, text, within)


def _words(value: str) -> Iterator[_Word]:
    """The words of a command line as a shell divides it; comments are left out."""
    at, end = 0, len(value)
    while at < end:
        if value[at].isspace() or value.startswith("\\\n", at):
            at += 1 if value[at].isspace() else 2
            continue
        if value[at] == "#":
            at = _find(value, "\n", at)
            continue
        start, quote = at, ""
        characters: list[_Character] = []
        while at < end and (quote or not value[at].isspace()):
            sign = value[at]
            if value.startswith(_FILLED_IN, at):  # before a shell divides anything
                stop = min(_find(value, "}}", at) + 2, end)
                characters += [
                    _Character(value[one], one, one + 1, quote) for one in range(at, stop)
                ]
                at = stop
            elif quote and sign == quote:
                quote, at = "", at + 1
            elif not quote and sign in "'\"":
                quote, at = sign, at + 1
            elif sign == "\\" and quote != "'" and at + 1 < end:
                if value[at + 1] != "\n":
                    characters.append(_Character(value[at + 1], at, at + 2, quote))
                at += 2
            else:
                characters.append(_Character(sign, at, at + 1, quote))
                at += 1
        yield _Word(tuple(characters), start, at)


_FILLED_IN = "${{"
"""How an expression of GitHub's begins: one piece of a word, whatever it holds."""


def _find(value: str, what: str, start: int) -> int:
    at = value.find(what, start)
    return at if at >= 0 else len(value)


def _json(paths: tuple[KeyPath, ...], value: str) -> Iterator[Part]:
    """The texts at these paths of a value that is JSON."""
    lines = value.split("\n")
    node = syntax("json").read(lines).node
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    if node is None:
        return
    for path in paths:
        for found in values_at(node, path.steps):
            if isinstance(found.value, ScalarNode) and found.value.style == '"':
                begin, end = (starts[place.line] + place.column for place in found.value.span)
                yield Part(begin + 1, end - 1, found.value.value, "json")
