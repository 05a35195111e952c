"""How a line of code is read: which lines are worth it, and what they hold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from functools import lru_cache
from typing import Any, NamedTuple

from stagewright.dialects.code.facts import TELLING, Fact, facts, may_tell
from stagewright.dialects.code.literals import START, LineState, Literal, literals
from stagewright.dialects.code.names import is_name
from stagewright.text.code.languages import Language
from stagewright.text.code.lines import Reader
from stagewright.text.code.scan import goes_on, lasting, may_last, scan

_NAME = r"([A-Za-z]+)[-\d:./_@][\w./:@+-]"
_QUOTED = re.compile(rf"[\"'`]{_NAME}", re.ASCII)
_BARE = re.compile(rf"(?<![\w./@+-]){_NAME}", re.ASCII)
_WORDS = ("odel", "ODEL", "llm", "LLM", "eploy", "EPLOY")


class LineRead(NamedTuple):
    """What a line holds."""

    literals: tuple[Literal, ...]
    facts: tuple[Fact, ...]


def plausible(text: str, language: Language, heads: Set[str]) -> bool:
    """Whether a model may be named in a text: all that is done of most. `heads` are the words that
    known ids begin with."""
    return (
        any(word in text for word in _WORDS)
        or next(_like_known(text, language, heads), None) is not None
    )


def _like_known(text: str, language: Language, heads: Set[str]) -> Iterator[int]:
    """Where what begins as a known id does needs nothing beside it to be one."""
    shape = _BARE if language.values or language.notebook else _QUOTED
    return (one.start() for one in shape.finditer(text) if one[1].lower() in heads)


@lru_cache(maxsize=64)
def reader_of(language: Language, heads: frozenset[str]) -> Reader[Any, LineRead]:
    """The reader of a language."""
    if language.notebook:
        return _of_notebooks()

    def is_worth(line: str) -> bool:
        return plausible(line, language, heads) or may_tell(line)

    def is_idle(line: str) -> bool:
        return not (is_worth(line) or may_last(line, language))

    def busy(text: str) -> list[int]:
        """Where something stands in a text for which its line is not idle."""
        small = text.lower()
        found = [*_like_known(text, language, heads)]
        for words, within in ((_WORDS, text), (lasting(language), text), (TELLING, small)):
            for word in words:
                at = within.find(word)
                while at >= 0:
                    found.append(at)
                    at = within.find(word, at + 1)
        return found if len(small) == len(text) else [*range(len(text))]

    def read(line: str, state: LineState) -> tuple[LineRead | None, LineState]:
        if state.carry is None and goes_on(line, state.lexical):
            return None, state
        if state.carry is None and not is_worth(line):
            return None, LineState(scan(line, state.lexical, language)[1])
        found, code, after = literals(line, state, language)
        kept = tuple(one for one in found if may_name(one))
        said = tuple(facts(line, code, language)) if may_tell(line) else ()
        return (LineRead(kept, said) if kept or said else None), after

    return Reader(START, is_idle, busy, read)


def _of_notebooks() -> Reader[Any, LineRead]:
    from stagewright.dialects.code import notebook  # most projects have none

    def read(line: str, state: notebook.NotebookState) -> tuple[LineRead | None, Any]:
        found, said, after = notebook.read(line, state)
        kept = tuple(one for one in found if may_name(one))
        return (LineRead(kept, tuple(said)) if kept or said else None), after

    # No line is passed over: any may open or close something.
    return Reader(notebook.FIRST, lambda _: False, lambda text: [*range(len(text))], read)


def literals_of(line: str, state: Any, language: Language) -> list[Literal]:
    """Every literal of a line that begins in this state, also half-typed and empty ones."""
    if language.notebook:
        from stagewright.dialects.code import notebook  # most projects have none

        return notebook.read(line, state, every=True)[0]
    return literals(line, state, language, every=True)[0]


def may_name(literal: Literal) -> bool:
    """Whether a literal may name a model, whatever the catalogue knows."""
    if not literal.is_closed or not literal.text:
        return False
    telling = literal.asks or any(sign.isdigit() for sign in literal.text) or "/" in literal.text
    return (telling or ":" in literal.text) and is_name(literal.text)
