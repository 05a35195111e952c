"""Values without quotes of their own: of dotenv, INI, YAML and others, and within strings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from stagewright.text.code.languages import Language

_VALUE = r"(?P<value>[A-Za-z~@][\w./:@+~-]*)"
_END = r"(?=[\s,;\])}#&|]|$)"

_KINDS: Mapping[str, tuple[re.Pattern[str], ...]] = {
    "assignment": (
        re.compile(rf"(?:^|[\s;&|(])(?P<key>[A-Za-z_][\w.]*)[ \t]?=[ \t]?{_VALUE}{_END}"),
    ),
    "option": (re.compile(rf"(?<![\w-])--?(?P<key>[A-Za-z][\w-]*)[ =:]{_VALUE}{_END}"),),
    "default": (re.compile(rf"\$\{{(?P<key>\w+):?[-=]{_VALUE}\}}"),),
    "placeholder": (re.compile(rf"[$#]\{{(?P<key>[\w.-]+):{_VALUE}\}}"),),
    "argument": (re.compile(rf"[\"'`](?P<key>--[A-Za-z][\w-]*)={_VALUE}[\"'`]"),),
    "command": (
        re.compile(
            rf"(?<![\w-])(?P<key>--?[A-Za-z][\w-]*)[ =][\"']?{_VALUE}(?=[\s,;\])}}#&|\"']|$)"
        ),
    ),
    "instruction": (
        re.compile(rf"(?:^[ \t]*(?:ENV|ARG)[ \t]+|^[ \t]*|[ \t])(?P<key>\w+)={_VALUE}{_END}"),
        re.compile(rf"^[ \t]*ENV[ \t]+(?P<key>\w+)[ \t]+{_VALUE}[ \t]*$"),
    ),
    "entry": (
        re.compile(rf"^[ \t]*(?P<key>[\w.\-/\[\]]+)[ \t]*[=:][ \t]*{_VALUE}[ \t]*$"),
        re.compile(rf"^[ \t]+(?P<key>){_VALUE}[ \t]*$"),
    ),
    "property": (re.compile(rf"^[ \t]*(?P<key>[\w.\-]+)[ \t]+{_VALUE}[ \t]*$"),),
    "quoted": (re.compile(rf"^[ \t]*(?:-[ \t]+)+[\"'](?P<key>[A-Za-z_]\w*)={_VALUE}[\"']"),),
    "yaml": (
        re.compile(
            rf"(?:^[ \t]*(?:-[ \t]+)*|[{{,][ \t]*)[\"']?(?P<key>[\w.\-/$]+)[\"']?[ \t]*:"
            rf"[ \t]+{_VALUE}[ \t]*(?=[,\]}}]|$)"
        ),
        re.compile(rf"^[ \t]*(?:-[ \t]+)+(?P<key>[A-Za-z_]\w*)={_VALUE}[ \t]*$"),
        re.compile(
            rf"(?:^[ \t]*(?:-[ \t]+)+|[\[,][ \t]*)(?P<key>--?[A-Za-z][\w-]*)={_VALUE}"
            r"[ \t]*(?=[,\]]|$)"
        ),
        re.compile(rf"(?:^[ \t]*(?:-[ \t]+)+|[\[,][ \t]*)(?P<key>){_VALUE}[ \t]*(?=[,\]]|$)"),
    ),
}


_COMMAND = re.compile(
    r"[ \t]*(?:-[ \t]+)*[\"']?(?:\w*[_-]|\w*[a-z](?=[A-Z]))?"
    r"(?i:command|args|cmd|entrypoint|run|script|exec)[\"']?[ \t]*:"
)
"""How a line of YAML begins whose value is run: elsewhere an option is only spoken of."""


def values(line: str, code: str, language: Language) -> Iterator[tuple[int, int, str]]:
    """Start, end and key of each; `code` is the line without its comments and what is in quotes."""
    taken: set[int] = set()
    for start, end, key in _all(line, code, language):
        if start not in taken and code[start:end].strip():  # not in a comment
            taken.add(start)
            yield start, end, key


def _all(line: str, code: str, language: Language) -> Iterator[tuple[int, int, str]]:
    for kind in language.values:
        yield from _found(kind, code)
    for kind in (*language.embedded, "argument"):  # `"${MODEL:-gpt-4o}"`, `"--model=gpt-4o"`
        if _SIGN[kind] in line and (kind != "command" or _COMMAND.match(line)):
            yield from _found(kind, line)


_SIGN = {"default": "${", "placeholder": "{", "quoted": "=", "command": "-", "argument": "="}
"""What stands in each line that holds one."""


def _found(kind: str, text: str) -> Iterator[tuple[int, int, str]]:
    for pattern in _KINDS[kind]:
        at = 0
        while (found := pattern.search(text, at)) is not None:
            start, at = found.span("value")
            yield start, at, found["key"]
