"""Random editing of real and broken texts, and every answer about a document to compare."""

from __future__ import annotations

import os
import random
import re
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from lsprotocol import types
from tests.analysis.support import CATALOG, OPTIONS

from stagewright.analysis.choragen.hints import hints
from stagewright.analysis.choragen.lenses import lenses
from stagewright.analysis.choragen.navigation import name_at
from stagewright.analysis.choragen.symbols import folds, links, symbols
from stagewright.analysis.completion.complete import complete
from stagewright.analysis.diagnostics.diagnose import diagnose
from stagewright.analysis.diagnostics.lookups import references
from stagewright.analysis.fixes.actions import fixes
from stagewright.analysis.hover import hover
from stagewright.analysis.selection_range import selection_ranges
from stagewright.catalog.model import ModelReference
from stagewright.dialects import choragen
from stagewright.dialects.choragen.roles import Role, RoleIndex, read_roles
from stagewright.dialects.document import Dialect, Document
from stagewright.dialects.entry import Entry
from stagewright.lsp.documents import OpenDocument
from stagewright.text.buffer import Encoding, Position, Span
from stagewright.text.cursor_at import cursor_at
from stagewright.text.yaml.editing import continues_text

EDITS = int(os.environ.get("STAGEWRIGHT_EDITS", "50000"))
"""Edits of one run of the property; set the variable for more."""

DATA = Path(__file__).parents[1] / "data" / "choragen"
_NOWHERE = Span(Position(0, 0), Position(0, 0))
_ROLE = Role(
    "writer", None, None, ModelReference("openai", "gpt-5"), None, None, None, (), _NOWHERE
)
_OPTIONS = replace(OPTIONS, roles=RoleIndex({"writer": _ROLE}))
_LONGEST = 1_500  # characters of a text that is edited: each comparison reads all of it

STAGES = """\
name: t
stages:
  - name: one
    type: design
    roleId: writer
    gate:
      type: auto
  - name: two
    type: review
    defaultModel:
      provider: openai
      model: gpt-9
    gate:
      type: auto
version: 1
"""

MANY = STAGES.replace(
    "version: 1\n",
    "".join(
        f"  - name: {name}\n    type: design\n    roleId: {name}\n    gate:\n      type: auto\n"
        for name in ("three", "four", "five", "six")
    ),
)

BROKEN = [
    "    defaultModel:\n      provider:\n      model: gpt-5\n",
    "    defaultModel:\n      provider:\n",
    "    defaultM\n    gate:\n      type: auto\n",
    '    initPrompt: "never closed\n',
    "    defaultModel: {provider: openai, mo\n",
    "    defaultModel: {provider: openai,\n      model: gpt-5\n    gate:\n",
    "\tgate:\n",
    "  type: design\n",
    "        type: design\n",
    "  -\n",
    "  - \n    name: x\n",
    "    gate: *\n",
    "    gate: *a\n    roleId: &a writer\n",
    "    name: twice\n    name: twice\n",
    "    defaultModel: &m\n      provider: openai\n      model: gpt-5\n",
    "    defaultModel:\n      <<: *m\n",
    "    initPrompt: see: this\n",
    "---\nname: second\nstages:\n  - name: x\n",
    "...\n",
    "    initPrompt: |\n      provider: x\n\n      - name: y\n    roleId: writer\n",
    "    initPrompt: >-\n        deep\n      shallow\n",
    "# stagewright: ignore[role-unknown]\n",
    "    # comment: here\n",
    "    name: 😀 provider: x\n",
    " - name: astray\n",
    "   - name: astray\n",
    "- name: at the left\n  type: design\n",
    "stages:\n  - name: again\n",
    "roles:\n  - id: again\n",
    "stages: [{name: x, type: design}]\n",
    "stages:\n",
    "%YAML 1.2\n",
    "%TAG ! tag:x,2000:\n",
    "version: 2\n",
    "{name: x}\n",
    "? name\n: x\n",
    "half a key\n",
    "\ufeff",
    "  - id: r\n    model:\n      provider: openai\n      model: gpt-4o\n",
    "    systemPrompt: file:prompts/a.md\n",
    "    hooks:\n      onEnter:\n        - type: spawn_agent\n          role: writer\n",
    "    initPrompt: Do {{requestId}} {{\n",
]  # fmt: skip

LINES = [f"{line}\n" for line in STAGES.splitlines()]
PIECES = [
    *' :-#"\'{}[],|>&*!?%a1\t',
    *("\n", "\r", "\r\n", "\n\n", "  ", "    ", ": ", "- ", "  - ", "\n  - ", "\n    ", " #"),
    "---",
    *("\0", "\x85", "\u2028", "😀", "é", "\ud800", "\ufeff", "\\"),
    *("name:", "model: gpt-9", "provider: openai", "stages:", "roles:", "*a", "&a ", "<<: *m"),
]  # fmt: skip


def seeds(kind: Dialect) -> list[str]:
    """Texts to begin with: real ones, small ones, broken ones, with each kind of line end."""
    if kind is choragen.TEMPLATE:
        real = [path.read_text("utf-8") for path in (DATA / "workflow-templates").glob("*.yaml")]
        small = [STAGES, *(STAGES.replace("    gate:\n", part, 1) for part in BROKEN[:28]), ""]
        left = re.sub("(?m)^  ", "", STAGES)
        small += [
            *[MANY] * 8,
            left,
            STAGES.replace("\n", "\r\n"),
            STAGES.replace("\n", "\r"),
            "stages: []\n",
        ]
        return [*sorted(real), *small, "{name: t, stages: [{name: a, type: design}, {name: b}]}"]
    if kind is choragen.ROLES:
        return [(DATA / "roles" / "index.yaml").read_text("utf-8")[:_LONGEST], "roles:\n", ""]
    matter = "---\nworkflow: WF-1\nstage: one\nmodel:\n  provider: openai\n  model: gpt-5\n---\n"
    return [matter + "\n# Stage\n\n- name: prose\n", matter.replace("---\n", "", 1), "---\n", "x"]


def apply(text: str, range_: types.Range, new: str, encoding: Encoding) -> str:
    """What LSP says the text is after a change: worked out from the whole text, line by line."""
    lines = re.split(r"(?<=\n)|(?<=\r)(?!\n)", text)
    if text and text[-1] in "\r\n" and lines[-1]:
        lines.append("")

    def offset(place: types.Position) -> int:
        if place.line >= len(lines):
            return len(text)
        body = lines[place.line].rstrip("\r\n")
        units, column = 0, 0
        codec = {"utf-8": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}[encoding]
        size = {"utf-8": 1, "utf-16": 2, "utf-32": 4}[encoding]
        while column < len(body):
            units += len(body[column].encode(codec, "surrogatepass")) // size
            if units > place.character:
                break
            column += 1
        return sum(map(len, lines[: place.line])) + column

    start, end = sorted((offset(range_.start), offset(range_.end)))
    return text[:start] + new + text[end:]


def edit(text: str, random: random.Random) -> tuple[types.Range, str]:
    """One thing that people and tools do to a text, in lines and units of any encoding."""
    lines = re.split(r"\r\n|\n|\r", text)
    line = random.randrange(len(lines))
    indent = len(lines[line]) - len(lines[line].lstrip(" "))
    end = random.choice((0, indent, len(lines[line]), random.randint(0, len(lines[line]) + 2)))

    def span(start: int, column: int, stop: int, after: int) -> types.Range:
        return types.Range(types.Position(start, column), types.Position(stop, after))

    match random.randrange(14):
        case 0 | 1 | 2 | 3:
            return span(line, end, line, end), random.choice(PIECES)
        case 4:
            return span(line, max(0, end - random.randint(1, 2)), line, end), ""
        case 5 | 6:
            return span(line, 0, line + 1, 0), ""
        case 7:
            return span(line, 0, line + 1, 0), random.choice(LINES)
        case 8:
            return span(line, 0, line, 0), random.choice((*LINES, *BROKEN, *BROKEN))
        case 9:
            taken = "\n".join(lines[line : line + random.randint(1, 4)])
            to = random.randrange(len(lines))
            return span(to, 0, to, 0), f"{taken}\n"
        case 10:
            return span(line, 0, line, indent), " " * max(0, indent + random.choice((-2, -1, 1, 2)))
        case 11:
            return span(line, 0, line + random.randint(0, 5), 0), ""
        case 12:
            return span(line, indent, line + 1, random.randint(0, 6)), random.choice(PIECES)
        case _:
            return span(line, indent, line, 10_000), random.choice(LINES).strip()


def cheap(document: Document) -> Any:
    """What nearly everything rests on."""
    return [document.chunks, document.count(), *map(plain, document.entries())]


def plain(entry: Entry) -> tuple[Any, ...]:
    """An entry, which is compared by identity, as a value."""
    return tuple(getattr(entry, field.name) for field in fields(entry))


def answers(document: Document, places: list[Position]) -> Iterator[tuple[str, Any]]:
    """Every answer about a document, named."""
    yield "text", document.text
    yield "lines", list(document.lines)
    yield "cheap", cheap(document)
    yield "head", document.head()
    yield "problems", document.problems()
    yield "nodes", [document.entry_node(index) for index in range(document.count())]
    yield "starts", [document.entry_line(index) for index in range(document.count())]
    yield "around", [document.entry_at(line) for line in range(len(document.lines))]
    yield "prose", [continues_text(document, line) for line in range(len(document.lines))]
    found = diagnose(document, CATALOG, _OPTIONS)
    yield "diagnostics", found
    yield "symbols", symbols(document)
    yield "folds", folds(document)
    yield "links", links(document)
    yield "lenses", lenses(document, CATALOG, _OPTIONS)
    whole = Span(Position(0, 0), document.end())
    yield "hints", hints(document, whole, CATALOG, _OPTIONS)
    yield "references", references(document)
    yield "roles", read_roles(document) if document.dialect is choragen.ROLES else None
    for place in places:
        yield f"cursor {place}", cursor_at(document, place)
        yield f"completion {place}", complete(document, place, CATALOG, _OPTIONS)
        yield f"hover {place}", hover(document, place, CATALOG, _OPTIONS)
        yield f"selection {place}", selection_ranges(document, place)
        if document.dialect is not choragen.TRANSCRIPT:
            yield f"name {place}", name_at(document, place)
    for one in found[:2]:
        yield f"fixes {one.code}", fixes(document, one, CATALOG, _OPTIONS)


def places_in(document: Document, random: random.Random, count: int) -> list[Position]:
    """Some places of a text, its end among them."""
    found = [document.end()]
    for _ in range(count):
        line = random.randrange(len(document.lines))
        found.append(Position(line, random.randint(0, len(document.lines[line]))))
    return found


class Editing:
    """A document that is edited, and the text that it must then have."""

    def __init__(self, kind: Dialect, encoding: Encoding, random: random.Random) -> None:
        self.random = random
        self.kind, self.encoding = kind, encoding
        self.begin(self.random.choice(seeds(kind)))

    def begin(self, text: str) -> None:
        self.text = text
        self.before: list[str] = []
        self.document = Document(text, self.kind)
        self.opened = OpenDocument("file:///x.yaml", 1, self.document, self.encoding)
        self.log: list[tuple[types.Range | None, str]] = []
        self.start = text

    def step(self) -> None:
        """One edit, by a change as a client sends it."""
        choice = self.random.randrange(60)
        if choice == 0 or len(self.text) > 2 * _LONGEST:
            self.begin(self.random.choice(seeds(self.kind)))
        elif choice == 1:
            self.change(None, self.random.choice(seeds(self.kind)))
        elif choice < 8 and self.before:
            self.change(None, self.before.pop())
        else:
            self.before = [*self.before[-5:], self.text]
            self.change(*edit(self.text, self.random))

    def change(self, range_: types.Range | None, new: str) -> None:
        self.log.append((range_, new))
        if range_ is None:
            self.text = new
            self.opened.apply_change(types.TextDocumentContentChangeWholeDocument(new))
        else:
            self.text = apply(self.text, range_, new, self.encoding)
            self.opened.apply_change(types.TextDocumentContentChangePartial(range_, new))

    def compare(self, everything: bool) -> None:
        """Fail unless the document answers as one that was opened with its text."""
        fresh = Document(self.text, self.kind)
        if not everything:
            assert self.document.text == self.text, self.story()
            assert cheap(self.document) == cheap(fresh), self.story()
            return
        places = places_in(fresh, self.random, 3)
        pairs = zip(answers(self.document, places), answers(fresh, places), strict=True)
        for (name, ours), (_, theirs) in pairs:
            assert ours == theirs, f"{name}\n{self.story()}"

    def story(self) -> str:
        """How the text came about."""
        edits = "\n".join(repr(one) for one in self.log[-12:])
        return f"kind {self.kind}\nfrom {self.start!r}\n...\n{edits}\nto {self.text!r}"
