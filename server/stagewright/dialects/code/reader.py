"""How a line of code is read: which lines are worth it, and what they hold."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Set
from functools import lru_cache
from itertools import chain
from typing import Any, NamedTuple

from stagewright.dialects.code.facts import TELLING, Fact, facts, may_tell
from stagewright.dialects.code.literals import CARRIED, START, LineState, Literal, literals, may_ask
from stagewright.dialects.code.names import is_name
from stagewright.dialects.code.sieve import WITHIN, names, within
from stagewright.text.code.languages import Language
from stagewright.text.code.lines import Beside, Reader
from stagewright.text.code.scan import PAGE, goes_on, lasting, may_last, scan

_NAME = r"([A-Za-z]+)[-\d:./_@]"
_QUOTED = re.compile(rf"[\"'`]{_NAME}", re.ASCII)
_WITHIN = re.compile(rf"{WITHIN}(?:(?<=\{{)[\w.-]+:-?)?{_NAME}", re.ASCII)
_BARE = re.compile(rf"(?<![\w./@+-]){_NAME}", re.ASCII)
_WORDS = ("odel", "ODEL", "llm", "LLM", "eploy", "EPLOY")


LONGEST = 2_000_000
"""Characters of a text that is looked into: who writes longer ones is a program."""

_IMPORT = re.compile(r"[ \t]*(?:from|import) [\w., *]*")


_PAGE = re.compile(r"\s*<(?!\?)")


class LineRead(NamedTuple):
    """What a line holds."""

    literals: tuple[Literal, ...]
    facts: tuple[Fact, ...]


def plausible(text: str, language: Language, heads: Set[str]) -> bool:
    """Whether a model may be named in a text: all that is done of most. `heads` are the words that
    known ids begin with."""
    return len(text) <= LONGEST and (
        any(word in text for word in _WORDS)
        or next(_like_known(text, language, heads), None) is not None
    )


def _like_known(text: str, language: Language, heads: Set[str]) -> Iterator[int]:
    """Where what begins as a known id does needs nothing beside it to be one."""
    words = language.name == "ruby" and re.search("%[wW]", text)
    shape = _BARE if language.values or language.notebook or words else _QUOTED
    begins = within(text, language) if shape is _QUOTED else ()
    every = chain(shape.finditer(text), filter(None, (_WITHIN.match(text, at) for at in begins)))
    return (one.start() for one in every if one[1].lower() in heads)


@lru_cache(maxsize=64)
def reader_of(
    language: Language, heads: frozenset[str], kernel: Language | None = None
) -> Reader[Any, LineRead]:
    """The reader of a language; of a notebook with the one of its cells."""
    if kernel is not None:
        return _of_notebooks(kernel)

    def is_worth(line: str) -> bool:
        return plausible(line, language, heads) or may_tell(line)

    def is_idle(line: str) -> bool:
        return not (is_worth(line) or may_last(line, language))

    def busy(text: str) -> tuple[Iterable[int], Iterable[int]]:
        """Where something stands in a text that may name a model, ask for one or tell whose it is;
        and what may go on over the end of its line."""
        first = [0] if language.page else []
        small = text.lower()
        if len(small) != len(text):  # there are letters that become two
            return range(len(text)), ()
        named = [*names(text, language, heads)]
        found = {*first, *named, *_asking_above(text, named)}
        for word in TELLING:
            found.update(at for at in _places(word, small) if may_tell(_line_at(text, at)))
        return found, (at for word in lasting(language) for at in _places(word, text))

    def behind(line: str, state: LineState) -> LineState | None:
        if state.carry is not None:
            return None
        if goes_on(line, state.lexical):
            return state
        return LineState(scan(line, state.lexical, language)[1])

    def read(line: str, state: LineState, beside: Beside) -> tuple[LineRead | None, LineState]:
        if language.page and beside.above is None and _PAGE.match(line):
            state = LineState(PAGE)
        if state.carry is None and (goes_on(line, state.lexical) or not is_worth(line)):
            return None, behind(line, state) or state
        if state == START and _IMPORT.fullmatch(line) is not None:  # nothing else stands there
            said = tuple(facts(line, line, language))
            return (LineRead((), said) if said else None), state
        found, code, after = literals(line, state, language, beside)
        kept = tuple(one for one in found if may_name(one))
        tells = may_tell(line) and not goes_on(line, state.lexical)
        said = tuple(facts(line, code, language)) if tells else ()
        return (LineRead(kept, said) if kept or said else None), after

    return Reader(START, is_idle, busy, behind, read, CARRIED)


def _places(word: str, text: str) -> Iterator[int]:
    at = text.find(word)
    while at >= 0:
        yield at
        at = text.find(word, at + 1)


def _line_at(text: str, at: int) -> str:
    end = text.find("\n", at)
    return text[text.rfind("\n", 0, at) + 1 : end if end >= 0 else len(text)]


def _asking_above(text: str, named: Iterable[int]) -> Iterator[int]:
    """Where the lines begin above these places that may ask for what stands there."""
    for at in named:
        end = text.rfind("\n", 0, at)
        for _ in range(CARRIED):
            if end < 0:
                break
            begin = text.rfind("\n", 0, end) + 1
            if may_ask(text[begin:end]):
                yield begin
            end = begin - 1


def _of_notebooks(kernel: Language) -> Reader[Any, LineRead]:
    from stagewright.dialects.code import notebook  # most projects have none

    def read(line: str, state: notebook.NotebookState, _: Beside) -> tuple[LineRead | None, Any]:
        found, said, after = notebook.read(line, state)
        kept = tuple(one for one in found if may_name(one))
        return (LineRead(kept, tuple(said)) if kept or said else None), after

    # No line is passed over: any may open or close something.
    start = notebook.NotebookState(kernel=kernel)
    return Reader(
        start, lambda _: False, lambda text: (range(len(text)), ()), lambda *_: None, read
    )


def kernel_of(text: str) -> Language:
    """The language of a notebook's cells."""
    from stagewright.dialects.code import notebook  # most projects have none

    return notebook.kernel_of(text)


def literals_at(
    line: str, at: int, state: Any, language: Language, beside: Beside
) -> list[Literal]:
    """The literal at a column of a line that begins in this state, be it half-typed or empty."""
    if language.notebook:
        from stagewright.dialects.code import notebook  # most projects have none

        return notebook.read(line, state, at)[0]
    return literals(line, state, language, beside, at)[0]


def may_name(literal: Literal) -> bool:
    """Whether a literal may name a model, whatever the catalogue knows."""
    if not literal.is_closed or not literal.text:
        return False
    telling = literal.asks or any(sign.isdigit() for sign in literal.text) or "/" in literal.text
    return (telling or ":" in literal.text) and is_name(literal.text)
