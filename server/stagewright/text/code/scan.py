"""One line of code, from the state that the line before left: its strings and comments.

A state is what is open where a line begins, the innermost last; `()` is plain code. The scanner
never raises, and nothing that it takes wrongly outlasts the line, but for what may stand on several
lines by the rules of the language.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from string import ascii_letters, digits
from typing import NamedTuple

from stagewright.text.code.languages import Language, Quote


class Token(NamedTuple):
    """A string, or a part of one, or a comment. Columns of its line; the quotes are not within."""

    is_comment: bool
    begins: int  # of the quotes, or of what stands before them
    start: int
    end: int
    over: int  # behind the quotes that end it
    is_whole: bool  # begins and ends on this line, with no code in it
    is_closed: bool = True


class Opened(NamedTuple):
    """A string that is open."""

    close: str
    escape: str
    hole: str
    lines: bool
    doubled: bool


class Hole(NamedTuple):
    """Code within a string: what closes it, and how many brackets are open in it."""

    close: str
    depth: int


class Block(NamedTuple):
    """A comment of several lines."""

    begin: str
    end: str
    depth: int


class Heredoc(NamedTuple):
    """A text that ends with a line of its own."""

    end: str


class Folded(NamedTuple):
    """A text of YAML on lines of their own, deeper than this."""

    indent: int


class Page(NamedTuple):
    """Markup around code."""


class Continued(NamedTuple):
    """A value that goes on over the end of its line, behind a backslash."""


Frame = Opened | Hole | Block | Heredoc | Folded | Page | Continued
State = tuple[Frame, ...]

PLAIN: State = ()
PAGE: State = (Page(),)
_DEEPEST = 40


def goes_on(line: str, state: State) -> bool:
    """Whether all of a line belongs to the string or comment that is open where it begins."""
    top = state[-1] if state else None
    match top:
        case Opened():
            return top.lines and top.close not in line and not (top.hole and top.hole in line)
        case Block():
            return top.end not in line and top.begin not in line
        case Page():
            return _IN_PAGE.search(line) is None
        case _:
            return False


def scan(line: str, state: State, language: Language) -> tuple[list[Token], State]:
    """The tokens of a line in their order, and the state behind it."""
    tokens: list[Token] = []
    stack = list(state)
    heredocs: list[Frame] = []
    if not stack and _folds(line, language):
        stack_after: Frame | None = Folded(_indent(line))
    else:
        stack_after = Continued() if not stack and _continues(line, language) else None
    at, begins, whole = 0, 0, False
    while True:
        top = stack[-1] if stack else None
        match top:
            case Opened():
                found = _closer(top.close, top.escape, top.hole, top.doubled).search(line, at)
                while found is not None and found.lastgroup == "skip":
                    found = _closer(top.close, top.escape, top.hole, top.doubled).search(
                        line, found.end()
                    )
                if found is None:
                    tokens.append(Token(False, begins, at, len(line), len(line), whole, False))
                    break
                over = found.end()
                if found.lastgroup == "hole" and len(stack) < _DEEPEST:
                    tokens.append(Token(False, begins, at, found.start(), over, False))
                    stack.append(Hole(_ENDS.get(top.hole[-1], "}"), 0))
                else:
                    tokens.append(Token(False, begins, at, found.start(), over, whole))
                    stack.pop()
                at = over
            case Block():
                found = _ends_block(top.begin, top.end, language.nested).search(line, at)
                if found is None:
                    tokens.append(Token(True, begins, at, len(line), len(line), False))
                    break
                depth = top.depth + (1 if found.lastgroup == "begin" else -1)
                tokens.append(Token(True, begins, at, found.end(), found.end(), False))
                at = found.end()
                stack.pop()
                if depth:
                    stack.append(top._replace(depth=depth))
            case Heredoc():
                if _ends_heredoc(line, top.end):
                    stack.pop()
                    at = len(line) - len(line.lstrip()) + len(top.end)
                    continue
                tokens.append(Token(False, 0, 0, len(line), len(line), False))
                break
            case Page():
                found = _IN_PAGE.search(line, at)
                if found is None:
                    break
                begins, at = found.span()
                if found.lastgroup == "code":
                    stack.pop()
                elif found.lastgroup == "remark":
                    stack.append(Block("<!--", "-->", 1))
                elif found.lastgroup == "text":
                    tokens.append(Token(True, begins, begins, at, at, False))
                else:
                    first, last = found.span("value")
                    tokens.append(Token(False, first - 1, first, last, at, True))
            case Continued():
                stack.pop()
                if _continues(line, language):
                    stack_after = Continued()
                tokens.append(Token(False, 0, 0, len(line), len(line), False))
                break
            case Folded():
                if not line.strip() or len(line) - len(line.lstrip(" ")) > top.indent:
                    tokens.append(Token(False, 0, 0, len(line), len(line), False))
                    break
                stack.pop()
                if _folds(line, language):
                    stack_after = Folded(_indent(line))
            case _:
                found = _opener(language, isinstance(top, Hole)).search(line, at)
                if found is None:
                    break
                at = found.end()
                begins = found.start()
                kind = found.lastgroup or ""
                if kind == "page":
                    stack.append(Page())
                    continue
                if kind == "comment":
                    over = at if language.page else len(line)
                    tokens.append(Token(True, begins, begins, over, over, False))
                    at = over
                    continue
                if kind == "bracket":
                    if isinstance(top, Hole):
                        stack.pop()
                        if found[0] == top.close and not top.depth:
                            begins, whole = at, False  # the string around goes on
                        else:
                            more = 1 if found[0] in _ENDS else -1
                            stack.append(top._replace(depth=max(0, top.depth + more)))
                    continue
                if kind == "escaped":
                    continue
                if kind == "heredoc":
                    heredocs.append(Heredoc(found["end"]))
                elif kind == "regex":
                    at = _behind_regex(line, begins)
                elif kind == "char":
                    at = _behind_char(line, begins)
                elif kind[0] == "b":
                    begin, end = language.blocks[int(kind[1:])]
                    stack.append(Block(begin, end, 1))
                elif len(stack) < _DEEPEST:
                    quote = _strings(language)[int(kind[1:])]
                    if language.prose == "markup" and _is_mark(line, begins, quote):
                        continue
                    stack.append(_opened(quote, found[0]))
                    whole = True
    kept = _kept(stack, line)
    if language.ends and line == language.ends:
        kept = [Heredoc("\0")]
    if stack_after is not None and not kept:
        kept = [stack_after]
    return tokens, tuple(kept + heredocs[::-1]) if heredocs or kept else PLAIN


@cache
def lasting(language: Language) -> tuple[str, ...]:
    """What stands in each line that leaves another state than it begins with, if that is plain;
    a line end among it."""
    goes_on = language.name == "properties" or any(one.escape == "\\" for one in language.quotes)
    begins = (begin for begin, _ in language.blocks)
    return (*language.lasting, *begins, *["\\\n"] * goes_on)


def may_last(line: str, language: Language) -> bool:
    """Whether a line holds any of these."""
    return line.endswith("\\") or any(sign in line for sign in lasting(language))


_IN_PAGE = re.compile(
    r"(?P<code><\?(?!xml))|(?P<remark><!--)|(?<=>)(?P<text>[^<>]+)"
    r"|(?:=|(?:^|[{,(])\s*\w+:)\s*(?P<q>[\"'])(?P<value>[^\"'<>]*)(?P=q)"
)
"""What is looked at in markup: where code or a comment begins, text, and values."""

_ENDS = {"{": "}", "(": ")", "[": "]"}


def _kept(stack: list[Frame], line: str) -> list[Frame]:
    """What of it goes on over the end of the line."""
    for number, frame in enumerate(stack):
        if isinstance(frame, Opened) and not frame.lines:
            is_last = number == len(stack) - 1
            escapes = len(line) - len(line.rstrip("\\"))
            goes_on = is_last and frame.escape == "\\" and escapes % 2
            return stack[: number + 1] if goes_on else stack[:number]
    return stack


def _opened(quote: Quote, text: str) -> Opened:
    close = quote.close or text.lstrip(_PREFIX)[::-1]
    return Opened(close, quote.escape, quote.hole, quote.lines, quote.doubled)


_PREFIX = f"$@_{ascii_letters}{digits}"


@lru_cache(maxsize=256)
def _closer(close: str, escape: str, hole: str, doubled: bool) -> re.Pattern[str]:
    skip = [re.escape(escape) + "."] if escape else []
    if doubled:
        skip.append(re.escape(close) * 2)
    if hole == "{":
        skip.append(r"\{\{")
    if hole.startswith("\\"):  # `\(`, which is no escape
        skip = [rf"\\(?!{re.escape(hole[1:])})."]
    parts = [f"(?P<skip>{'|'.join(skip)})"] if skip else []
    if hole:
        parts.append(f"(?P<hole>{re.escape(hole)})")
    return re.compile("|".join((*parts, f"(?P<close>{re.escape(close)})")), re.DOTALL)


@cache
def _ends_block(begin: str, end: str, nested: bool) -> re.Pattern[str]:
    first = f"(?P<begin>{re.escape(begin)})|" if nested else ""
    return re.compile(f"{first}(?P<end>{re.escape(end)})")


def _strings(language: Language) -> list[Quote]:
    return [one for one in language.quotes if not one.is_char]


_openers: dict[tuple[str, bool], re.Pattern[str]] = {}


def _opener(language: Language, is_hole: bool) -> re.Pattern[str]:
    """What may begin something in code, or end it within a string."""
    key = language.name, is_hole
    if key not in _openers:
        parts = []
        if language.name == "shell":
            parts.append(r"(?P<escaped>\\.)")
        if language.heredoc:
            parts.append(f"(?P<heredoc>{language.heredoc})")
        for number, (begin, _) in enumerate(language.blocks):
            at = "^" if begin.isalpha() or begin[0] == "=" else ""
            parts.append(f"(?P<b{number}>{at}{re.escape(begin)})")
        parts += [r"(?P<page>\?>)"] if language.page else []
        parts += [f"(?P<comment>{'|'.join(language.comments)})"] if language.comments else []
        parts += [f"(?P<s{n}>{one.opens})" for n, one in enumerate(_strings(language))]
        parts += [f"(?P<char>{one.opens})" for one in language.quotes if one.is_char]
        if language.regex:
            parts.append(r"(?P<regex>/)")
        if is_hole:
            parts.append(r"(?P<bracket>[{}()])")
        _openers[key] = re.compile("|".join(parts) or r"(?!)")
    return _openers[key]


_WORDS = re.compile(
    r"(?:(?P<tag>[\w\"'/}]>)|^)[ \t]*(?P<first>[A-Za-z]\w*+)(?P<more>[\w ,.!?'\"-]*)[ \t]$"
)
_TAG_ENDS, _END_TAG = re.compile(r"[\w\"'/}]>[ \t]*$"), re.compile(r"[ \t]*</[a-zA-Z]")
_STATES = frozenset(
    ("await", "case", "const", "default", "else", "export", "let", "return", "throw", "yield")
)
"""Words that a line of JavaScript begins with before a string."""


def _is_mark(line: str, at: int, quote: Quote) -> bool:
    """Whether a back quote is a mark in the text of markup: the last one of its line, behind words
    or between tags. A template may begin with a tag, and be an argument behind another."""
    if not quote.lines or line.find("`", at + 1) >= 0:
        return False
    near = max(0, at - _LONGEST_REGEX)
    words = _WORDS.search(line, near, at)
    if words is None:
        return bool(_END_TAG.match(line, at + 1) and _TAG_ENDS.search(line, near, at))
    more = words["more"].rstrip()
    are_several = " " in more and not more.endswith(",")
    return (words["tag"] is not None or are_several) and words["first"] not in _STATES


_CHAR = re.compile(r"'(?:\\[^\n']*'?|[^\\'\n])'")
_REGEX = re.compile(r"/(?![/*])(?:[^/\\\[]|\\.|\[(?:[^\]\\]|\\.)*\])+/[a-zA-Z]*")
_LONGEST_REGEX = 500
_BEFORE_REGEX = re.compile(
    r"(?:^|[(,=:\[!&|?{};+~]|=>"
    r"|\b(?:return|typeof|case|in|of|do|when|if|unless|yield|await|else|and|or|not|then))\s*$"
)


_BEHIND_REGEX = re.compile(r"\.(?:test|exec|source)\b")


def _behind_char(line: str, at: int) -> int:
    """Behind a character in quotes; behind a quote that is none, as a lifetime of Rust's."""
    found = _CHAR.match(line, at)
    return found.end() if found else at + 1


def _behind_regex(line: str, at: int) -> int:
    """Behind a regular expression, or a slash that begins none."""
    found = _REGEX.match(line, at, at + _LONGEST_REGEX)
    if found is None:
        return at + 1
    is_one = _BEFORE_REGEX.search(line, max(0, at - 40), at) or _BEHIND_REGEX.match(
        line, found.end()
    )
    return found.end() if is_one else at + 1


def _ends_heredoc(line: str, end: str) -> bool:
    text = line.strip()
    if text == end:
        return True
    behind = text[len(end) :].lstrip()  # PHP's may stand before more code
    return text.startswith(end) and behind[:1] in (";", ",", ")", ".", "]")


_FOLDS = re.compile(
    r"(?::[ \t]+(?:[!&]\S+[ \t]+)*|^[ \t]*-[ \t]+)[|>][+\-\d]{0,2}[ \t]*(?:[ \t]#.*)?$"
)


def _continues(line: str, language: Language) -> bool:
    """Whether the value on this line goes on with the next one."""
    return language.name == "properties" and (len(line) - len(line.rstrip("\\"))) % 2 == 1


def _folds(line: str, language: Language) -> bool:
    """Whether a text of YAML on lines of its own begins behind this line."""
    return language.name == "yaml" and _FOLDS.search(line) is not None


def _indent(line: str) -> int:
    """The column that a text which begins behind this line stands deeper than."""
    text = line.lstrip(" ")
    column = len(line) - len(text)
    while text.startswith("- "):  # what belongs to a key in an item stands deeper than that key
        rest = text[1:].lstrip(" ")
        if ":" not in rest:
            break
        column, text = column + len(text) - len(rest), rest
    return column
