"""What stands to the left of a literal: the name it is the value of, the functions it is passed to.

Texts are as `literals` has them: every string in double quotes, comments blanked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from stagewright.dialects.code.hints import DEFAULTS, asks, is_deployment
from stagewright.dialects.code.providers import provider_in


def plain(hint: str) -> str:
    return re.split(r"[./]", hint)[-1].lower()


_SEPARATOR = re.compile(
    r"(?:(?P<either>\?\?=?|\|\|=?|\?:|\bor|\belse|\bunwrap_or)|=>|:=|\+=|[=!]==?|<-|->|=|:)$"
)
_CALL = re.compile(r"(?P<name>[\w$.:@?!>-]*[\w>?!])(?:<[\w<>, .]*>)?\s*!?\($")
NAME = re.compile(
    r"""(?:\[\s*)?"(?P<text>[^"]*)"\s*\]?\??$"""
    r"""|\[\s*:?(?P<pair>\w+)(?:,[^\]\[]*)?\]$"""
    r"""|(?P<path>[\w$@-][\w$@.?!>:-]*)$"""
)
_TYPED = re.compile(
    r"(?P<name>(?<![\w$])[\w@.]+)\s*[?!]?\s*:\s*[\w$\[\]|<>&.,' ?*]+$"
    r"|\b(?:var|const)\s+(?P<go>(?!val\b)\w+)\s+[\w.*\[\]]+$"
)
LAST = re.compile(r'"(?P<text>[\w.\-$:/]+)"\s*,$')
_OPTION = re.compile(r'(?:"|(?<=[\[, ]))(?P<name>--?[A-Za-z][\w-]*)"?\s*,$')
_LITERAL = re.compile(r"(?:[\w.]+\[)*\b(?:\w+\.)?Literal$")
_UNION = re.compile(r'(?<=[:=(<,])(?:\s*"[^"]*"\s*\|)+$')
_PROPERTY = re.compile(r"(?P<name>\w+)\s*\{[^{}]*\}$")
_GETTER = re.compile(r'[(\[]\s*"(?P<text>[\w.\-$:/]+)"[^()\[\]]*[)\]]$')
_ASSIGNED = re.compile(r"(?P<name>[\w$.@-]+)\s*(?::[\w\s|\[\]<>.]+)?(?:=>|:=|[=:])(?!=)")


_INSTEAD = frozenset(
    ("unwrap_or", "unwrap_or_else", "orelse", "getorelse", "orelseget", "ifempty", "or", "ifnull")
)
"""Functions whose argument stands in for what they are called on."""


def tail(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """What a pattern that ends at the text's end finds near it."""
    return pattern.search(text, max(0, len(text) - _NEAR))


_NEAR = 120


def value_of(left: str) -> tuple[str, str, bool]:
    """The name that a literal is the value of, the function that it is passed to, and whether it is
    one of several."""
    callee, is_listed = "", False
    for _ in range(6):
        left = _UNION.sub("", left.rstrip())
        if left.endswith("("):
            call = tail(_CALL, left)
            if call is None:
                left = left[:-1]
                continue
            name = call["name"]
            callee = callee or name
            if plain(name) in _INSTEAD:
                receiver = re.match(r"[\w$.]*(?=\.)", name)
                before = left[: call.start()] + (receiver[0] if receiver else "")
                return _either(before), callee, is_listed
            if asks(name) or plain(name) in DEFAULTS:
                return name, callee, is_listed
            left = left[: call.start()].rstrip()
            left = re.sub(r"\b(?:new|await|return|string)$", "", left).rstrip()
            if not tail(_SEPARATOR, left):
                return "", callee, is_listed
        elif left.endswith(("[", "{")):
            left, is_listed = _LITERAL.sub("", left[:-1]), True
        elif left.endswith(","):
            last = tail(LAST, left)
            opening = _opening(left)
            option = tail(_OPTION, left)
            if option is not None and (asks(option["name"]) or is_deployment(option["name"])):
                return option["name"], callee, True
            if opening < 0:
                return "", callee, is_listed
            if left[opening] == "(":
                if last is not None and (asks(last["text"]) or is_deployment(last["text"])):
                    return last["text"], callee, is_listed
                if tail(_CALL, left[: opening + 1]) is not None:
                    return "", callee, is_listed
            left, is_listed = _LITERAL.sub("", left[:opening]), True
            if re.search(r"[\w\])]$", left):
                return "", callee, is_listed
        elif (found := tail(_SEPARATOR, left)) is not None:
            before = left[: found.start()].rstrip()
            if found["either"]:
                return _either(before), callee, is_listed
            if found[0] == "=" and (typed := typed_name(before)):
                return typed, callee, is_listed
            if found[0] == "=" and (prop := tail(_PROPERTY, before)) is not None:
                return prop["name"], callee, is_listed
            name = tail(NAME, before)
            if name is None:
                return "", callee, is_listed
            return name["text"] or name["pair"] or name["path"] or "", callee, is_listed
        else:
            return "", callee, is_listed
    return "", callee, is_listed


def typed_name(before: str) -> str:
    """The name of what is assigned to where a type may stand beside it; empty where none does."""
    typed = tail(_TYPED, before)
    if typed is None:
        return ""
    last = re.split(r"\W", before)[-1]
    is_name = typed["go"] == "string" or (typed["name"] and (last.isupper() or last[:1].islower()))
    if is_name and asks(last):
        return last  # `case 1: model = …`, `const string Model = …`
    return typed["name"] or typed["go"] or ""


def _either(left: str) -> str:
    """The name of a value that another one stands in for, where it is missing."""
    got = tail(_GETTER, left)
    name = tail(NAME, left)
    for text in (got["text"] if got else "", (name["path"] or name["text"] or "") if name else ""):
        if text and asks(text):
            return text
    every = [one["name"] for one in _ASSIGNED.finditer(left)]
    return next((one for one in reversed(every) if asks(one)), "")


_NAMES = re.compile(r'"([\w.\-$:/]+)"|\bname\s*:\s*([\w.-]+)|([\w$]+)\s*[=:(]')


def nearest_asking(left: str) -> str:
    """The nearest name to the left that asks for a model."""
    every = [one[one.lastindex or 0] for one in _NAMES.finditer(left)]
    return next((one for one in reversed(every) if asks(one) and plain(one) not in DEFAULTS), "")


_NAMED_FIRST = re.compile(r'\(\s*(?P<names>"[^"]*"(?:\s*,\s*"[^"]*")*)')
_RECEIVER = re.compile(r'(?P<call>\(\s*"[^()]*\))\s*\.\w+\($')


def allowed_for(left: str) -> str:
    """What a list of allowed values is for, if that asks for a model: the option of the call around
    it, or the key of the object that it stands in. Empty where it does not."""
    for _ in range(3):
        at = _opening(left)
        if at < 0:
            return ""
        receiver = tail(_RECEIVER, left[: at + 1])
        named = _NAMED_FIRST.match(receiver["call"] if receiver else left[at:])
        names = named["names"].split('"')[1::2] if named else [value_of(left[:at])[0]]
        if (found := next(filter(asks, names), "")) or (named and not receiver):
            return found
        left = left[:at]
    return ""


def _opening(left: str) -> int:
    """Where the bracket stands that is open at the end of a text; -1 for none."""
    depth, inside = 0, False
    for at in range(len(left) - 1, -1, -1):
        sign = left[at]
        if sign == '"':
            inside = not inside
        elif inside:
            continue
        elif sign in ")]}":
            depth += 1
        elif sign in "([{":
            if not depth:
                return at
            depth -= 1
    return -1


def callees(left: str) -> Iterator[str]:
    """The functions around, the nearest first."""
    for _ in range(4):
        at = _opening(left)
        if at < 0:
            return
        call = tail(_CALL, left[: at + 1])
        if call is not None:
            yield call["name"]
        left = left[:at]


_FACTORIES = frozenset(
    (
        *("chat", "completion", "languagemodel", "responses", "generativemodel", "createopenai"),
        *("openai", "anthropic", "google", "mistral", "cohere", "groq", "xai", "deepseek"),
        *("perplexity", "togetherai", "fireworks", "bedrock", "vertex", "azure", "openrouter"),
        *("ollama", "cerebras", "embedding", "textembedding", "textembeddingmodel", "embeddings"),
        *("image", "imagemodel", "speech", "transcription", "embeddingmodel"),
    )
)


def is_factory(callee: str) -> bool:
    """Whether a function is a provider's own, which takes a model: `openai.chat('…')`."""
    path = re.split(r"[.:]+", callee.lower())
    return bool(provider_in(callee)) and path[-1].strip("?!") in _FACTORIES
