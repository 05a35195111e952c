"""Dialects of a few lines, and texts with the sites that are expected in them marked below."""

from __future__ import annotations

import re
import tomllib
from textwrap import dedent

from stagewright.dialects.dialect import Dialect
from stagewright.dialects.document import Document, in_order
from stagewright.dialects.faults import checked
from stagewright.dialects.governed import UNGOVERNED, Governed

_MARK = re.compile(r"^ *\^+ ")


def dialect(text: str, syntax: str = "yaml") -> Dialect:
    """A dialect of one syntax; what stands before its first table may be left out."""
    head = f'name = "Mine"\nfiles = ["mine"]\nsyntax = "{syntax}"\n'
    made, faults = checked("mine", tomllib.loads(head + dedent(text)))
    assert faults == []
    (one,) = made
    return one


def place(text: str, syntax: str = "yaml") -> Dialect:
    """A dialect of one place, at `$.model` and as `provider/model` unless told otherwise."""
    text = dedent(text)
    head = "" if re.search("^at = ", text, re.MULTILINE) else 'at = ["$.model"]\n'
    head += "" if re.search("^written = ", text, re.MULTILINE) else 'written = "provider/model"\n'
    return dialect(f"[[places]]\n{head}{text}", syntax)


def unmarked(text: str) -> str:
    return "\n".join(line for line in dedent(text).strip("\n").split("\n") if not _MARK.match(line))


def marked(document: Document) -> str:
    """The text; below each model that is named `^^^`, and which it is or why nothing is said."""
    under: dict[int, list[str]] = {}
    for index, number in in_order(document):
        site = document.sites(index)[number]
        (line, start), (last, end) = site.span.shifted(document.entry_line(index))
        width = end - start if line == last else 1
        word = f"{site.standing_word}{'?' * site.is_undefined}"
        under.setdefault(line, []).append(f"{' ' * start}{'^' * width} {site.reference or word}")
    shown = []
    for number, line in enumerate(document.lines):
        shown += [line, *under.get(number, [])]
    return "\n".join(shown)


def assert_sites(said: Dialect, text: str, governed: Governed = UNGOVERNED) -> Document:
    """Check that in a text exactly those models are named that are marked in it."""
    document = Document(unmarked(text), said, governed)
    assert marked(document) == dedent(text).strip("\n")
    return document
