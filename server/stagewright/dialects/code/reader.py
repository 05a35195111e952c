"""How a line of code is read: which lines are worth it, and what they hold."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, NamedTuple

from stagewright.dialects.code.facts import TELLING, Fact, facts
from stagewright.dialects.code.literals import START, LineState, Literal, literals
from stagewright.dialects.code.routes import is_name
from stagewright.text.code.languages import Language
from stagewright.text.code.lines import Reader

_FAMILIES = (
    "gpt|claude|gemini|mistral|codestral|command|sonar|deepseek|grok|llama|qwen|kimi|glm|davinci"
)
_QUOTED = re.compile(
    rf"[mM](?:odel|ODEL)|[\"'`](?:[A-Za-z~@][\w./:@+-]{{0,80}}\d|(?:{_FAMILIES})-)"
)
_BARE = re.compile(
    rf"[mM](?:odel|ODEL)|(?:^|[\s=:,\"'`\[-])(?:[A-Za-z~@][\w./:@+-]{{0,80}}\d|(?:{_FAMILIES})-)",
    re.MULTILINE,
)


class LineRead(NamedTuple):
    """What a line holds."""

    literals: tuple[Literal, ...]
    facts: tuple[Fact, ...]


def plausible(text: str, language: Language) -> bool:
    """Whether a model may be named in a text: one search, which is all that is done of most."""
    return _worth(language).search(text) is not None


def _worth(language: Language) -> re.Pattern[str]:
    return _BARE if language.values or language.notebook else _QUOTED


@cache
def reader_of(language: Language) -> Reader[Any, LineRead]:
    """The reader of a language."""
    if language.notebook:
        return _of_notebooks()
    worth, lasting = _worth(language), _lasting(language)

    def is_idle(line: str) -> bool:
        return not (lasting.search(line) or worth.search(line) or TELLING.search(line))

    def read(line: str, state: LineState) -> tuple[LineRead | None, LineState]:
        found, code, after = literals(line, state, language)
        if state.carry is None and not (worth.search(line) or TELLING.search(line)):
            return None, after
        kept = tuple(one for one in found if may_name(one))
        said = tuple(facts(line, code, language)) if TELLING.search(line) else ()
        return (LineRead(kept, said) if kept or said else None), after

    return Reader(START, is_idle, read)


def _of_notebooks() -> Reader[Any, LineRead]:
    from stagewright.dialects.code import notebook  # most projects have none

    def read(line: str, state: notebook.NotebookState) -> tuple[LineRead | None, Any]:
        found, said, after = notebook.read(line, state)
        kept = tuple(one for one in found if may_name(one))
        return (LineRead(kept, tuple(said)) if kept or said else None), after

    # No line is passed over: any may open or close something.
    return Reader(notebook.FIRST, lambda _: False, read)


def literals_of(line: str, state: Any, language: Language) -> list[Literal]:
    """Every literal of a line that begins in this state, also half-typed and empty ones."""
    if language.notebook:
        from stagewright.dialects.code import notebook

        return notebook.read(line, state)[0]
    return literals(line, state, language)[0]


def may_name(literal: Literal) -> bool:
    """Whether a literal may name a model, whatever the catalogue knows."""
    if not literal.is_closed or not literal.text:
        return False
    telling = literal.asks or any(sign.isdigit() for sign in literal.text) or "/" in literal.text
    return (telling or ":" in literal.text) and is_name(literal.text)


_NOTHING = re.compile(r"(?!)")


@cache
def _lasting(language: Language) -> re.Pattern[str]:
    """What may begin something that goes on over the end of its line."""
    parts = [re.escape(begin) for begin, _ in language.blocks]
    parts += [one.opens for one in language.quotes if one.lines]
    parts += [language.heredoc.replace("P<q>", "P<_q>").replace("P=q", "P=_q")] * bool(
        language.heredoc
    )
    parts += [r"\\$"] * any(one.escape == "\\" for one in language.quotes)
    parts += [r"\\$"] * (language.name == "properties")
    parts += [f"^{language.ends}$"] * bool(language.ends)
    parts += [r"[|>][+\-\d]*[ \t]*(?:#.*)?$"] * (language.name == "yaml")
    return re.compile("|".join(parts)) if parts else _NOTHING
