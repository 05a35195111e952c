"""The code in a notebook's JSON: the source of its code cells, and nothing else."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import NamedTuple

from stagewright.dialects.code.facts import Fact, facts, may_tell
from stagewright.dialects.code.literals import START, LineState, Literal, literals
from stagewright.text.code.languages import LANGUAGES, Language, Quote
from stagewright.text.code.lines import LONGEST_LINE

_BY_NAME = {one.name: one for one in LANGUAGES}
_PYTHON, _SHELL = _BY_NAME["python"], _BY_NAME["shell"]
_ALIASES = {"ipython": "python", "typescript": "javascript", "c#": "csharp", "bash": "shell"}
_OTHER = Language(
    "other", (), "#", (r"(?<!\S)#", "(?<!:)//"), (), quotes=(Quote('"'), Quote(r"(?<!\w)'"))
)
"""What a language is read as of which nothing is known: R, Julia."""

_KERNEL = (
    re.compile(r'"kernelspec"\s*:\s*\{[^{}]*?"language"\s*:\s*"(?P<name>[^"]*)"'),
    re.compile(r'"language_info"\s*:\s*\{(?:[^{}]|\{[^{}]*\})*?"name"\s*:\s*"(?P<name>[^"]*)"'),
)


def kernel_of(text: str) -> Language:
    """The language of a notebook's code: Python where it does not say."""
    found = next(filter(None, (one.search(text) for one in _KERNEL)), None)
    if found is None:
        return _PYTHON
    name = found["name"].lower()
    return _BY_NAME.get(_ALIASES.get(name, name), _OTHER)


class Around(NamedTuple):
    """An object or list that is open, and the key whose value is next in it."""

    is_list: bool
    key: str = ""


class NotebookState(NamedTuple):
    """What a line of a notebook is read with."""

    around: tuple[Around, ...] = ()
    is_code: bool = False  # the cell is one of code
    code: LineState = START  # what the lines of the cell above leave open
    kernel: Language = _PYTHON  # the language of all cells


_TOKEN = re.compile(r'"(?P<text>(?:[^"\\]|\\.)*)"(?P<key>\s*:)?|(?P<sign>[{}\[\],])|(?P<open>".*$)')
_ESCAPE = re.compile(r"\\(?:u[0-9a-fA-F]{4}|.)")
_MEANS = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}
_DEEPEST = 40


def read(
    line: str, state: NotebookState, at: int | None = None
) -> tuple[list[Literal], list[Fact], NotebookState]:
    """The literals of the code on a line of the JSON, what that says of its file, and the state
    behind the line."""
    found: list[Literal] = []
    said: list[Fact] = []
    if len(line) > LONGEST_LINE:
        return found, said, state
    around, is_code, code = list(state.around), state.is_code, state.code
    for token in _TOKEN.finditer(line):
        sign, text = token["sign"], token["text"]
        if sign is not None:
            if sign in "{[":
                if len(around) < _DEEPEST:
                    around.append(Around(sign == "["))
                if _is_cell(around):
                    is_code, code = False, START
            elif sign in "}]" and around:
                around.pop()
            continue
        if token["key"] is not None:
            if around:
                around[-1] = Around(is_list=False, key=text)
            continue
        if _is_cell(around) and around[-1].key == "cell_type":
            is_code = text == "code"
        elif is_code and _is_source(around):
            start = token.start() + 1
            end = token.end() - (text is not None)
            more, facts_of, code = _read_code(line, start, end, code, state.kernel, at)
            found += more
            said += facts_of
    return found, said, NotebookState(tuple(around), is_code, code, state.kernel)


def _is_cell(around: list[Around]) -> bool:
    return len(around) == 3 and around[0].key == "cells" and not around[2].is_list


def _is_source(around: list[Around]) -> bool:
    inner = around[2].key if len(around) in (3, 4) else ""
    whole = inner == "source" and around[0].key == "cells"
    return whole and (len(around) == 3 or around[3].is_list)


def _read_code(
    line: str, start: int, end: int, state: LineState, kernel: Language, at: int | None
) -> tuple[list[Literal], list[Fact], LineState]:
    """What stands in one text of a cell's source: lines of code."""
    found: list[Literal] = []
    said: list[Fact] = []
    for text, columns in _lines(line, start, end):
        is_magic = kernel is _PYTHON and text[:1] in ("!", "%") and state == START
        language = _SHELL if is_magic else kernel
        own, code, after = literals(text, state, language, at=_inside(columns, at))
        state = state if is_magic else after
        found += (one._replace(start=columns[one.start], end=columns[one.end]) for one in own)
        said += facts(text, code, language) if may_tell(text) else ()
    return found, said, state


def _inside(columns: list[int], at: int | None) -> int | None:
    """A column of the file as one of a line of the code in it; -1 for one of another line."""
    if at is None:
        return None
    return bisect_left(columns, at) if columns and columns[0] <= at <= columns[-1] else -1


def _lines(line: str, start: int, end: int) -> Iterator[tuple[str, list[int]]]:
    """The lines that a text of JSON holds, each with the columns of its characters."""
    signs: list[str] = []
    columns: list[int] = []
    at = start
    while at < end:
        escape = _ESCAPE.match(line, at, end)
        sign = line[at] if escape is None else _meant(escape[0])
        columns.append(at)
        at = at + 1 if escape is None else escape.end()
        if sign == "\n":
            yield "".join(signs), columns
            signs, columns = [], []
        else:
            signs.append(sign)
    if signs:
        yield "".join(signs), [*columns, end]


def _meant(escape: str) -> str:
    if escape[1] == "u" and len(escape) == 6:
        return chr(int.from_bytes(bytes.fromhex(escape[2:])))
    return _MEANS.get(escape[1], escape[1])
