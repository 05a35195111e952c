"""Values without quotes: of dotenv, INI, properties, Dockerfiles, YAML and shell."""

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
        re.compile(rf"(?:^[ \t]*(?:-[ \t]+)+|[\[,][ \t]*)(?P<key>){_VALUE}[ \t]*(?=[,\]]|$)"),
    ),
}


def values(line: str, code: str, language: Language) -> Iterator[tuple[int, int, str]]:
    """Start, end and key of each; `code` is the line without its comments and what is in quotes."""
    for kind in language.values:
        in_quotes = kind in ("default", "placeholder", "quoted")  # `"${MODEL:-gpt-4o}"`
        for pattern in _KINDS[kind]:
            at = 0
            text = line if in_quotes else code
            while (found := pattern.search(text, at)) is not None:
                start, end = found.span("value")
                at = end
                if code[start:end].strip():  # not in a comment
                    yield start, end, found["key"]
