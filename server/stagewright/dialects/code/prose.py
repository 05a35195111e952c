"""Literals that name no model: in a text, in an unquoted value, or a part of a longer name."""

from __future__ import annotations

import re
from collections.abc import Sequence

from stagewright.text.code.languages import Language
from stagewright.text.code.lines import LONGEST_LINE, Beside
from stagewright.text.code.scan import Token

_REACH, _LONGEST_LIST = 100, 2000
"""Characters to the left that are looked at: a line may be long, and hold many strings."""

_BEGINS = re.compile(
    r"(?:^[ \t]*(?:-[ \t]+)*|[=:][ \t]*(?:[!&]\S+[ \t]+)*|[\[{][ \t]*|[\[{][^\]}]*,[ \t]*)"
    r'(?:"[^"]*"[ \t]*,[ \t]*)*$'
    r"|\{\{(?:(?!\}\}).)*$"  # an expression, as Helm and GitHub have them
)
"""What stands left of a string where strings are whole values."""

_WORD = r"(?P<word>[A-Za-z_$][\w$]*)"
_BEFORE, _BEHIND = re.compile(rf"(?<![\w$.]){_WORD}[ \t]+$"), re.compile(rf"[ \t]+{_WORD}")
_TEXT = re.compile(r"[>,;.][ \t]*$")  # `model="…" stream` is no text
_KEYWORDS = frozenset(
    {
        *("as", "await", "case", "default", "delete", "do", "else", "extends", "if", "in", "infer"),
        *("instanceof", "is", "keyof", "new", "of", "readonly", "return", "satisfies", "throw"),
        *("typeof", "void", "yield"),
    }
)
"""Words that a string of JavaScript may stand beside."""


def is_prose(code: str, begins: int, over: int, language: Language) -> bool:
    """Whether what is in quotes from `begins` up to `over` is a part of a text. `code` is its line
    without comments, with all quotes alike."""
    match language.prose:
        case "value":
            return _BEGINS.search(code, max(0, begins - _LONGEST_LIST), begins) is None
        case "markup":
            near = max(0, begins - _REACH)
            is_text = _TEXT.search(code, near, begins)
            words = _BEFORE.search(code, near, begins), is_text and _BEHIND.match(code, over)
            return any(found is not None and found["word"] not in _KEYWORDS for found in words)
    return False


_IS_CHILD, _IN_CODE = re.compile(r"\s*[{<]"), re.compile(r"(?:[\[(,{:=;?&|]|=>)\s*$")
_TAG_ENDS = re.compile(r"(?:(?:</|(?<![\w)])<)[^<>]*|/|[\"'}]|^\s*)>\s*$")
_REMARK = re.compile(r"\s*(?://|/?\*)|\s*$"), re.compile(r"\s//.*")


def is_child(lines: Sequence[str], number: int) -> bool:
    """Whether a line of JavaScript seems to stand in the text of markup, by the one above it; then
    a comment stands in braces."""
    above = (line for line in reversed(lines[max(0, number - _ABOVE) : number]))
    before = next((line for line in above if not _REMARK[0].match(line)), None)
    if before is None:
        return False
    before = _REMARK[1].sub("", before)
    if _IS_CHILD.match(lines[number]):
        return _IN_CODE.search(before) is None
    return _TAG_ENDS.search(before) is not None


_ABOVE = 10
"""Lines that are looked through for one that says something."""

_PART = re.compile(
    r"(?i:starts?_?with|ends?_?with|has_?prefix|has_?suffix|strpos|index_?of|str_contains)[?!]?"
    r"\([^()]*(?:\([^()]*\)[^()]*)*(?:\([^()]*)?$"
    r"|(?P<within>\w+)\)?[?!]*\.(?i:includes?|contains)[?!]?\(\s*$"
)
_IN = re.compile(r"\s+(?:not\s+)?in\s+(?:\w+\.)*(?P<within>\w+)(?:\.lower\(\))?(?![\w.(\[])")


_PREFIX = r"[a-zA-Z$@]{0,2}"
_PLUS = r"(?:\.(?:to_\w+|into)\(\))?\s*\+\s*&?|\.concat\(\s*"


def _joined(operator: str, join: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What stands before and behind a part of a name: a string with more of it, or behind it also
    a variable. A variable before it, as text around it, may well leave it whole."""
    before = rf"(?<!\\)[A-Za-z0-9_.@-][\"'`](?:{join})$"
    string = rf"(?:{join}){_PREFIX}[\"'`]+[A-Za-z0-9_./:@{{$-]"
    variable = rf"(?:{operator})(?!{_PREFIX}[\"'`])[\w$@({{\[-]"
    return re.compile(before), re.compile(f"{string}|{variable}")


_ANY = _joined(_PLUS, _PLUS)
_SIDE_BY_SIDE = _joined(_PLUS, rf"{_PLUS}|\s*")
_JOINED = {
    "php": _joined(r"\s*\.\s*", r"\s*\.\s*"),
    "python": _SIDE_BY_SIDE,
    "ruby": _SIDE_BY_SIDE,
    "shell": _joined("", ""),
}


def is_joined(line: str, begins: int, over: int, language: Language, beside: Beside) -> bool:
    """Whether what is in quotes is a part of a longer name: `"gpt-4" + "-32k"`, be it on one line
    or on several. `line` is without the comment behind it."""
    before, behind = _JOINED.get(language.name, _ANY)
    below = beside.below
    if not line[over:].strip(_BETWEEN) and _is_one(line, below, language):
        line = line.rstrip(_BLANK) + below.lstrip()[:_REACH]
    above = "" if line[:begins].strip(_BETWEEN) else _above(beside)
    if above and _is_one(above, line, language):
        above, indent = above.rstrip(_BLANK)[-_REACH:], _indent(line)
        line = above + line[indent:]
        begins, over = begins + len(above) - indent, over + len(above) - indent
    return before.search(line, max(0, begins - _REACH), begins) is not None or (
        behind.match(line, over) is not None
    )


_COMMENT = re.compile(r"(?:^|\s)(?://|#(?=[\s\"'])).*")


def _above(beside: Beside) -> str:
    """The line above without its comment; nothing of one that is too long to be looked into."""
    above = beside.above or ""
    return _COMMENT.sub("", above) if len(above) <= LONGEST_LINE else ""


_BLANK = " \t\\"
_BETWEEN = f"{_BLANK}+.&"
_GOES_ON = re.compile(r"(?:(?<!\+)\+|(?<![\w.])\.|\\)\s*$")
_GONE_ON = re.compile(r"\s*(?:\+(?!\+)|\.(?![.\d]))")
_STRING, _STRING_ENDS = re.compile(rf"\s*{_PREFIX}[\"']"), re.compile(r"[\"']\s*$")


def _is_one(upper: str, lower: str, language: Language) -> bool:
    """Whether an expression on a line goes on with the next one, as far as joined strings do."""
    if language.name == "shell":
        return False  # words on several lines are several words
    if _GOES_ON.search(upper, max(0, len(upper) - _REACH)) or _GONE_ON.match(lower):
        return True
    if language.name != "python" or not (_STRING.match(lower) and _STRING_ENDS.search(upper)):
        return False
    deeper = _indent(lower) - _indent(upper)
    return deeper > 0 or (not deeper and _STRING.match(upper) is not None)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


_HEAD = re.compile(
    r"\s*(?:async|def|class|for|with|if|while|elif|else|try|except|finally|match|case)\b|\s*\)"
)
"""How a line begins that ends with a colon and is no key of a dictionary."""


def is_docstring(line: str, code: str, string: Token, is_free: bool, beside: Beside) -> bool:
    """Whether a string is a statement: one in triple quotes that its line begins with, and another
    that is alone on it, at the beginning of the file, of a line or of a block. `code` is the line
    without its comments; `is_free`, that it is not known to be what a line above asks for."""
    if line[: string.begins].strip():
        return False
    if line[string.end : string.over] in ('"""', "'''"):
        return True
    if not is_free or code[string.over :].strip():
        return False
    above = _above(beside).rstrip()
    begins_block = above.endswith(":") and _HEAD.match(above) is not None
    return begins_block or not (string.begins or above.endswith(("(", "[", "{", ",", "=", "\\")))


def is_part(code: str, begins: int, over: int) -> bool:
    """Whether what is in quotes is looked for in a name: `name.startswith("gpt-4")`. In several
    names, as `"gpt-4" in MODELS`, it is one of them."""
    found = _PART.search(code, max(0, begins - _REACH), begins) or _IN.match(code, over)
    within = (found["within"] or "") if found else "s"
    return not (within.lower().endswith("s") or within.isupper())
