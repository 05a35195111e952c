"""The literals of a line that may name models, each with what stands to its left."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from stagewright.dialects.code import unquoted
from stagewright.dialects.code.hints import ALLOWED, DEFAULTS, asks, is_deployment
from stagewright.dialects.code.left import (
    LAST,
    NAME,
    allowed_for,
    callees,
    is_factory,
    nearest_asking,
    plain,
    tail,
    typed_name,
    value_of,
)
from stagewright.dialects.code.names import is_name
from stagewright.dialects.code.prose import is_docstring, is_joined, is_part, is_prose
from stagewright.dialects.code.providers import provider_in
from stagewright.text.code.languages import Language
from stagewright.text.code.lines import LONGEST_LINE, Beside
from stagewright.text.code.scan import PLAIN, State, Token, scan

MOST = 200
"""Literals of a line that are looked into."""

_REACH = 400
"""Characters to the left of a literal that are looked at."""


_ALONE = Beside()


class Literal(NamedTuple):
    """A literal on one line; columns of its content, without quotes."""

    start: int
    end: int
    text: str
    hint: str = ""  # the name to its left that it is the value of
    asks: bool = False  # that name, or the function around it, asks for a model
    provider: str = ""  # whose model, by what stands around it on its line
    is_closed: bool = True
    is_listed: bool = False  # one of several in brackets
    is_deployed: bool = False  # it names a deployment: its user's own name, whatever it says


def value_at(line: str, column: int, state: LineState, language: Language) -> Literal | None:
    """The value without quotes that is to be written at a column, where none is yet."""
    tokens, _ = scan(line, state.lexical, language)
    if state.lexical or any(one.begins <= column <= one.over for one in tokens):
        return None
    code = _code(line, tokens)
    found = _EMPTY.search(code[:column], max(0, column - _REACH))
    if found is None or code[column:].strip():
        return None
    left = code[: found.end("key")] + code[found.end("key") : column]
    return _read(line, column, column, found["key"], left, state.carry, language)


_EMPTY = re.compile(r"(?P<key>[A-Za-z_][\w.\-]*)[ \t]*(?:=[ \t]*|:[ \t]+)$")


CARRIED = 4
"""Lines below it that a line can say something of, at most."""


def may_ask(line: str) -> bool:
    """Whether a line may say that a value on it, or below it, is a model."""
    return _ASKING.search(line) is not None and (
        _ASKING_WORDS.search(line) is not None or provider_in(line) != ""
    )


class Carry(NamedTuple):
    """What a line says of the value on a line below it."""

    hint: str
    lines: int  # so many lines on, at most
    keys: bool = False  # only of the value of a key that says nothing by itself: `default`, `value`


class LineState(NamedTuple):
    """What a line is read with: what the lines above leave open."""

    lexical: State = PLAIN
    carry: Carry | None = None


START = LineState()


def literals(
    line: str,
    state: LineState,
    language: Language,
    beside: Beside = _ALONE,
    at: int | None = None,
) -> tuple[list[Literal], str, LineState]:
    """The literals of a line that may name models, or the one `at` a column, also half-typed or
    empty; its code, with comments left out; and the state behind it."""
    if len(line) > LONGEST_LINE:
        return [], "", state
    if line[:1] == "\ufeff":
        line = f" {line[1:]}"
    tokens, after = scan(line, state.lexical, language)
    code = _code(line, tokens)
    carry = state.carry
    may_ask = at is not None or carry is not None or _ASKING.search(code) is not None
    worth = (
        token
        for token in _apart(line, tokens)
        if not token.is_comment
        and token.is_whole
        and (
            _is_worth(line[token.start : token.end], token, may_ask=may_ask)
            if at is None
            else token.start <= at <= token.end
        )
        and not (language.docstrings and is_docstring(line, code, token, carry is None, beside))
    )
    found = [_quoted(line, code, one, carry, language, beside) for one in islice(worth, MOST)]
    for start, end, key in islice(unquoted.values(line, code, language), MOST):
        if at is not None and not start <= at <= end:
            continue
        if not key and is_prose(code, start, end, language):
            continue
        found.append(_read(line, start, end, key, code[:start], carry, language))
    if "rovider" in code and (around := _BESIDE.findall(code)) and len(set(around)) == 1:
        named = provider_in(around[0])
        found = [one if one.provider else one._replace(provider=named) for one in found]
    found.sort()
    return found, code, LineState(after, _carried(code, carry))


_BESIDE = re.compile(r"[pP]rovider(?:_?[iI][dD]|_?[nN]ame)?\"?\s*(?:=>|[:=])\s*\"([\w-]+)\"")
"""The provider that a line names beside the model: `{provider: "openai", model: "gpt-4"}`."""


def _is_worth(text: str, token: Token, *, may_ask: bool) -> bool:
    return token.is_closed and (may_ask or _TELLING.search(text) is not None) and is_name(text)


_ASKING = re.compile(r"(?i:odel|llm|deploy)|\(")
_ASKING_WORDS = re.compile(r"(?i:odel|llm)")
_TELLING = re.compile(r"[\d/:]")


_LIST = re.compile(r"%[wW]\W")


def _apart(line: str, tokens: Iterable[Token]) -> Iterator[Token]:
    """The strings of a line, and the words of Ruby's `%w[a b]` each by itself."""
    for one in tokens:
        if one.is_whole and _LIST.match(line, one.begins, one.start):
            for word in _WORD.finditer(line, one.start, one.end):
                yield Token(False, one.start, *word.span(), one.end, True)
        else:
            yield one


_WORD = re.compile(r"\S+")


def _code(line: str, tokens: Sequence[Token]) -> str:
    """A line of which comments are blank, all quotes are alike and strings hold nothing that means
    anything in code; columns stay."""
    if not tokens:
        return line
    parts, at = [], 0
    for one in tokens:
        if one.begins < at:
            parts.append("_" * (one.over - at) if one.over > at else "")
            at = max(at, one.over)
            continue
        parts.append(line[at : one.begins])
        if one.is_comment:
            parts.append(" " * (one.over - one.begins))
        else:
            content = line[one.start : one.end]
            content = _SIGNS.sub("_", content) if one.is_whole else "_" * len(content)
            opens, closes = "[]" if _LIST.match(line, one.begins, one.start) else '""'
            opening = opens.rjust(one.start - one.begins) if one.start > one.begins else ""
            parts.append(opening + content + closes.ljust(one.over - one.end)[: one.over - one.end])
        at = one.over
    return "".join((*parts, line[at:]))


_SIGNS = re.compile(r"[^\w.\-$:/]")


def _quoted(
    line: str, code: str, token: Token, carry: Carry | None, language: Language, beside: Beside
) -> Literal:
    left = code[: token.begins]
    if (
        tail(_IMPORTED, left)
        or is_prose(code, token.begins, token.over, language)
        or is_part(code, token.begins, token.over)
        or is_joined(line[: len(code.rstrip())], token.begins, token.over, language, beside)
    ):
        return Literal(token.start, token.end, "")
    found = _read(line, token.start, token.end, "", left, carry, language)
    return found._replace(is_closed=token.is_closed)


_IMPORTED = re.compile(
    r"(?:\b(?:from|gem|use)|\b(?:import|require(?:_relative|_once)?|include(?:_once)?)\s*\(?)\s*$"
)


def _read(
    line: str,
    start: int,
    end: int,
    key: str,
    left: str,
    carry: Carry | None,
    language: Language,
) -> Literal:
    """A literal with what its left side says."""
    left = left[-_REACH:]
    hint, callee, is_listed = (key, "", False) if key else value_of(left)
    if not hint and "option" in language.values and (option := tail(_OPTION, left)) is not None:
        hint = option["name"]
    is_default = plain(hint) in DEFAULTS or (plain(hint) in ALLOWED and carry is not None)
    is_allowed = plain(hint) in ALLOWED or (plain(callee) in ALLOWED and not asks(hint))
    if is_allowed and (further := allowed_for(left)):
        hint = further
    elif is_default or not (hint or callee):
        further = nearest_asking(left) if is_default else ""
        is_next = carry is not None and (not carry.keys or carry.lines == CARRIED)
        if not further and carry is not None and (is_default or is_next):
            further = carry.hint
        hint = further or hint
    is_asked = asks(hint) or asks(callee)
    around = [provider_in(hint), *(provider_in(one) for one in (callee, *callees(left)) if one)]
    provider = next(filter(None, around), "")
    is_asked = is_asked or is_factory(callee)
    is_deployed = is_deployment(hint) or is_deployment(callee)
    is_asked = is_asked and not is_deployed
    text = line[start:end]
    return Literal(start, end, text, hint, is_asked, provider, True, is_listed, is_deployed)


_OPTION = re.compile(r"(?<![\w-])--?(?P<name>[A-Za-z][\w-]*)[ =:]\s*$")


_TAKES_NEXT = re.compile(r"(?:=>|:=|[=:(])\s*\(?$|,$")
_NAMED = re.compile(r"^\s*(?:-\s+)?[\"']?name[\"']?\s*[:=]\s*[\"']?(?P<name>[\w.-]+)[\"']?,?\s*$")


_ITEM = re.compile(r"^\s*(?:-\s+)+\"?(?P<name>--?[A-Za-z][\w-]*)\"?$")


def _tells(name: str) -> bool:
    return asks(name) or is_deployment(name)


def _carried(code: str, carry: Carry | None) -> Carry | None:
    """What this line says of one below."""
    text = code.rstrip()
    if (named := _NAMED.match(text)) is not None:
        return Carry(named["name"], 3, keys=True) if _tells(named["name"]) else None
    if (option := _ITEM.match(text)) is not None and _tells(option["name"]):
        return Carry(option["name"], 1)
    if (ends := tail(_TAKES_NEXT, text)) is not None:
        before = text[: ends.start()].rstrip()
        if ends[0] == ",":
            last = tail(LAST, text)
            is_option = last is not None and last["text"].startswith("-")
            if last is not None and (_tells if is_option else asks)(last["text"]):
                return Carry(last["text"], CARRIED if is_option else 1, keys=is_option)
        else:
            name = tail(NAME, before)
            said = typed_name(before) if ends[0].startswith("=") else ""
            said = said or ((name["text"] or name["path"] or "") if name else "")
            if said and asks(said):
                return Carry(said, 1)
    if carry is None or carry.lines <= 1 or text.lstrip().startswith((")", "}", "]")):
        return None
    if not text:
        return carry
    return carry._replace(lines=carry.lines - 1)
