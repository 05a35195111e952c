"""What in a source file may name a model: told by one search, before any line is read.

Looser than what reads the lines, which it never keeps a known model from. Most files of a
repository end here: it takes a fiftieth of the time that reading their lines does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from functools import cache, lru_cache
from itertools import chain

from stagewright.catalog.recognition import BEFORE, OFFLINE, known_ids
from stagewright.dialects.code.providers import FUNCTIONS
from stagewright.dialects.dialect import builtin
from stagewright.text.code.languages import Language

_NAME = r"([~@a-zA-Z][a-zA-Z_]*+[-./:@0-9][\w./:@+~-]{0,200}+)(?![\w./:@+~-])"
WITHIN = r"[\"'`](?:\\?[$#]\{|--[a-zA-Z][\w-]*=)"
"""What a value that is a part of a string begins with: `"${MODEL:`, `"--model=`."""

_WITHIN = re.compile(rf"{WITHIN}{_NAME}\}}?\\?[\"'`]", re.ASCII)
_BARE = re.compile(rf"(?<![\w./:@+~$-]){_NAME}", re.ASCII)

_ASKS = "[mM]odel|MODEL|[lL][lL][mM]"
_WHOSE = rf"(?:{FUNCTIONS})\w*(?:\.\w+)*\("
_FACTORY = re.compile(_WHOSE, re.ASCII)
_BESIDE = re.compile(rf"(?:{_ASKS})\w*[\"'`\])]{{0,3}}\s*(?:=>|[:=]+|[(,])\s*$")
_REACH, _NEAR = 400, 80
"""Characters to the left of a name that may say what it is."""

_PART = re.compile(r"(?<=[/:@~])-?")
_HEAD = re.compile(r"[a-z]+(?=[-\d:.])")
_KEY = 6
"""Letters of a name that are like those of a known one: what follows may be newer."""

_STRANGE, _HINTED, _SURE = range(3)


def may_name(text: str, language: Language | None) -> bool:
    """Whether a model may be named in a text, read as loosely as can be where the language is not
    known."""
    return next(names(text, language), None) is not None


def names(text: str, language: Language | None, heads: Set[str] = frozenset()) -> Iterator[int]:
    """Where what may be a model's name begins in a text, roughly in order. `heads` are words that
    ids begin with besides the known ones.

    What is like a known name needs nothing beside it where it has a digit and a separator, or a
    provider's name in front; all else a word to its left that asks for a model.
    """
    is_bare, known = language is None or bool(language.values), _known()
    new = heads - known.all_heads
    every = (_BARE if is_bare else known.quoted).finditer(text)
    further = _further(text, language)
    for found in chain(every, _matches(_WITHIN, _BARE, text, *further)):
        if found[1] is None:  # a word
            if _is_asked(text, found.end()):
                yield found.start()
            continue
        kind, at, begins = _kind(found[1]), found.start(), found.start(1)
        asked = kind == _HINTED and _is_asked(text, found.end())
        if (
            asked
            or kind == _SURE
            or (kind == _STRANGE and (_is_beside(text, at) or _is_beside(text, begins)))
            or (new and (head := _HEAD.match(found[1].lower())) and head[0] in new)
        ):
            yield at
    words = known.bare_words.finditer(text) if is_bare else ()
    for found in chain(words, _matches(known.words_within, known.bare_words, text, *further)):
        if _is_asked(text, found.end()):
            yield found.start()


_WORDS = re.compile(r"%[wW][\[({]([^\])}]*)")


def within(text: str, language: Language) -> Iterator[int]:
    """Where strings begin that may hold a value as a part of them."""
    for sign in ("--", "${", "#{") if language.embedded else ("--",):
        at = text.find(sign)
        while at >= 0:
            begins = at - 2 if text[at - 1 : at] == "\\" else at - 1
            if begins >= 0 and text[begins] in "\"'`":
                yield begins
            at = text.find(sign, at + 2)


def _further(
    text: str, language: Language | None
) -> tuple[Sequence[int], Sequence[tuple[int, int]]]:
    """Where such strings begin; and where Ruby's lists of words stand: `%w[gpt-4o gpt-4o-mini]`."""
    if language is None or language.values:
        return (), ()
    is_listed = language.name == "ruby" and "%" in text
    lists = [one.span(1) for one in _WORDS.finditer(text)] if is_listed else ()
    return [*within(text, language)], lists


def _matches(
    inner: re.Pattern[str],
    bare: re.Pattern[str],
    text: str,
    strings: Sequence[int],
    lists: Sequence[tuple[int, int]],
) -> Iterator[re.Match[str]]:
    yield from filter(None, (inner.match(text, at) for at in strings))
    for begin, end in lists:
        yield from bare.finditer(text, begin - 1, end + 1)


def _is_asked(text: str, at: int) -> bool:
    left = text[max(0, at - _REACH) : at].lower()
    return "model" in left or "llm" in left or ("(" in left and _FACTORY.search(left) is not None)


def _is_beside(text: str, at: int) -> bool:
    left = text[max(0, at - _NEAR) : at]
    asks = "odel" in left or "ODEL" in left or "llm" in left.lower()
    return asks and _BESIDE.search(left) is not None


class _Known:
    """What known ids are like."""

    def __init__(self) -> None:
        ids = [one.lower() for one in known_ids()]
        words = sorted({one for one in ids if re.fullmatch("[a-z_]+", one)})
        pattern = "|".join(words)
        parts = {part for one in ids for part in _parts(one)}.difference(words)
        begins = {part[:_KEY] for part in parts}
        self.bare_words = re.compile(rf"[\s\"'`=:(\[-](?:{pattern})(?![\w./:@+~-])", re.ASCII)
        # Names and words in one search; also in a notebook's JSON.
        self.quoted = re.compile(rf"[\"'`](?:{_NAME}|(?:{pattern}))(?=\\?[\"'`])", re.ASCII)
        self.words_within = re.compile(
            rf"{WITHIN}(?:[\w.-]+:-?)?(?:{pattern})\}}?\\?[\"'`]", re.ASCII
        )
        self.begins = frozenset(one for one in begins if re.search("[a-z].*[a-z]", one))
        self.heads = frozenset(head[0] for one in parts if (head := _HEAD.match(one)))
        places = builtin("code").places
        self.providers = frozenset(name for place in places for name in place.providers)
        whose = (re.split("[^a-z]", name)[0] for name in self.providers)
        self.all_heads = self.heads.union(whose, BEFORE, OFFLINE.heads)


@cache
def _known() -> _Known:
    return _Known()


def _parts(name: str) -> Iterator[str]:
    """A name, and what follows each of its separators: `x/a:b`, `a:b`, `b`."""
    yield name
    for found in _PART.finditer(name):
        yield name[found.end() :]


@lru_cache(maxsize=1 << 16)
def _kind(name: str) -> int:
    text, known = name.lower(), _known()
    if "://" in text:
        return _STRANGE
    is_pair = re.split("[/:]", text, maxsplit=1)[0] in known.providers and text[-1] not in "/:"
    is_telling = re.search(r"\d", text) and re.search("[-./:@]", text)
    parts = [*_parts(text)]
    if not known.begins.isdisjoint(part[:_KEY] for part in parts):
        return _SURE if is_pair or is_telling else _HINTED
    heads = (_HEAD.match(part) for part in parts)
    if any(head and head[0] in known.heads for head in heads):
        return _SURE if is_telling else _HINTED
    return _HINTED if is_pair else _STRANGE
