"""A text of source code or loose configuration as a document: an entry is a line with literals."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from stagewright.catalog.catalog import Catalog
from stagewright.catalog.model import ModelReference
from stagewright.catalog.recognition import OFFLINE, Recognizer, recognizer_of
from stagewright.dialects.around import Around
from stagewright.dialects.code.facts import Facts, together
from stagewright.dialects.code.literals import CARRIED, Literal, may_ask, value_at
from stagewright.dialects.code.names import is_name
from stagewright.dialects.code.prose import is_child
from stagewright.dialects.code.reader import LineRead, kernel_of, literals_at, plausible, reader_of
from stagewright.dialects.code.routes import Route, route
from stagewright.dialects.dialect import Dialect
from stagewright.dialects.document import Document
from stagewright.dialects.entry import Entry
from stagewright.dialects.governed import NOTHING, UNGOVERNED, Defined, Governed
from stagewright.dialects.place import Place
from stagewright.dialects.text_sites import TextSite
from stagewright.text.buffer import Position, Span, Splice, span_at
from stagewright.text.code.languages import LANGUAGES, Language, language_of
from stagewright.text.code.lines import CodeLines, Reader, beside
from stagewright.text.code.scan import scan
from stagewright.text.nodes import MappingNode, NodePath, ScalarNode, SyntaxProblem


@dataclass(frozen=True, slots=True)
class CodeSite(TextSite):
    """A literal that names a model."""

    routes: tuple[ModelReference, ...] = ()
    """The same model of each provider that has it; `reference` is the first."""
    is_shown: bool = False  # the file shows that it is the first

    def naming(self, reference: ModelReference) -> str | None:
        """The text that names another model here; None where none can. Where nothing shows whose
        models are asked here, or somebody else's are, an id alone may be anybody's."""
        if not is_name(reference.model):
            return None
        if self.place.separator or (self.is_shown and not self.is_redirected):
            return TextSite.naming(self, reference)
        return reference.model


class _Known(NamedTuple):
    """The sites of a line, and what they were recognised by."""

    facts: Facts
    recognizer: Recognizer
    sites: tuple[CodeSite, ...]


class CodeDocument(Document):
    """Lines in which literals stand. Which of these are models the catalogue says."""

    def __init__(
        self, text: str, dialect: Dialect, governed: Governed = UNGOVERNED, name: str = ""
    ) -> None:
        self.name = name
        self.language: Language = language_of(name) or LANGUAGES[0]
        self._kernel: Language | None = None  # the language of a notebook's cells
        self._recognizer = OFFLINE
        self._code: CodeLines[Any, LineRead] | None = None  # None: nothing has been read
        self._is_empty: bool | None = None  # no model can be named in it; None: not looked yet
        self._entries: list[Entry] = []
        self._facts: Facts | None = None
        self._sites: WeakKeyDictionary[Entry, _Known] = WeakKeyDictionary()
        super().__init__(text, dialect, governed)

    def with_text(self, text: str) -> CodeDocument:
        other = CodeDocument(text, self.dialect, self.governed, self.name)
        other._recognizer = self._recognizer
        return other

    def recognize(self, catalog: Catalog) -> None:
        before, self._recognizer = self._recognizer, recognizer_of(catalog)
        is_read = self._code is not None or self._is_empty is not None
        if is_read and before is not self._recognizer and before.heads != self._recognizer.heads:
            self._divide(None)

    def edit(self, span: Span | None, text: str) -> None:
        if span is None:
            self._load(text)
            return
        splice = self._buffer.splice(span, text)
        if self._kernel is not None and self._kernel is not kernel_of(self.text):
            self._divide(None)
        elif self._code is not None:
            low, removed, added = self._code.spliced(self._buffer.lines, splice)
            self._entries[low : low + removed] = map(_entry, self._code.numbers[low : low + added])
            self._facts = None
        elif self._is_empty:
            new = self._buffer.lines[splice.first : splice.first + splice.added]
            if plausible("\n".join(new), self.language, self._heads):
                self._is_empty = None

    def _divide(self, splice: Splice | None) -> None:  # noqa: ARG002
        self._code, self._facts, self._entries, self._is_empty = None, None, [], None

    @property
    def facts(self) -> Facts:
        """What the file says of where its models are asked."""
        if self._facts is None:
            code = self._worth_reading
            every = (one for held in code.found for one in held.facts) if code else ()
            self._facts = together(every)
        return self._facts

    def sites(self, index: int) -> tuple[CodeSite, ...]:
        entry, facts = self.entry(index), self.facts
        known = self._sites.get(entry)
        if known is None or known.recognizer is not self._recognizer or known.facts != facts:
            held = self._read().found[index]
            found = tuple(
                _site(literal, named, self.dialect.places)
                for literal in held.literals
                if (named := route(literal, facts, self._recognizer, self.dialect.places))
            )
            known = self._sites[entry] = _Known(facts, self._recognizer, found)
        return known.sites

    def literal_at(self, position: Position) -> Literal | None:
        """The literal that a cursor is in, be it empty or half-typed."""
        line, column = position
        near = self.lines[max(0, line - CARRIED) : line + 1]
        if not any(may_ask(one) for one in near):
            return None  # nor has the state to be known in which the line begins
        text, state = self.lines[line], self._read().state(line)
        found = literals_at(text, column, state, self.language, beside(self.lines, line))
        if found or not self.language.values:
            return found[-1] if found else None  # the innermost
        return value_at(self.lines[line], column, self._state(line), self.language)

    def _state(self, line: int) -> Any:
        """What a line is read with, where what stands above it may ask for a value that is not
        there yet."""
        first = max(0, line - CARRIED)
        state, reader = self._read().state(first), self._reader
        for number in range(first, line):
            _, state = reader.read(self.lines[number], state, beside(self.lines, number))
        return state

    def comment_on(self, line: int, *, alone: bool) -> str:
        text, state = self.lines[line], self._read().state(line)
        if self.language.notebook:
            return text
        tokens, _ = scan(text, state.lexical, self.language)
        comments = [one for one in tokens if one.is_comment]
        left = text[: comments[0].begins].strip() if alone and comments else ""
        if left and not (left == "{" and self.language.prose == "markup"):
            return ""
        return " ".join(text[one.start : one.end] for one in comments)

    def comment_line(self, text: str, line: int) -> str | None:
        below, language = self.lines[line], self.language
        indent = below[: len(below) - len(below.lstrip())]
        before = self.lines[line - 1] if line else ""
        if self._kernel is not None:
            is_own = below.strip()[:1] == '"' and below.strip().rstrip(",")[-1:] == '"'
            mark = self._kernel.comment
            return f'{indent}"{mark} {text}\\n",' if is_own and mark else None
        if not language.comment or "\ufeff" in below or self._read().state(line).lexical:
            return None
        if before.endswith("\\") and language.name != "dockerfile":
            return None  # it is one line with the one above
        may_hold_markup = language.prose == "markup" and not self.name.endswith("ts")
        if may_hold_markup and is_child(self.lines, line):
            return f"{indent}{{/* {text} */}}"
        return f"{indent}{language.comment} {text}"

    def count(self) -> int:
        return len(self.entries())

    def entry(self, index: int) -> Entry:
        return self.entries()[index]

    def entries(self) -> Sequence[Entry]:
        return self._entries if self._worth_reading else ()

    def entry_line(self, index: int) -> int:
        return self._read().numbers[index]

    def entry_at(self, line: int) -> int | None:
        numbers = code.numbers if (code := self._worth_reading) else []
        place = bisect_left(numbers, line)
        return place if place < len(numbers) and numbers[place] == line else None

    def parts(self) -> Sequence[int]:
        return range(self.count())

    def parts_at(self, line: int) -> Sequence[int]:
        index = self.entry_at(line)
        return () if index is None else (index,)

    @property
    def is_read(self) -> bool:
        return self._code is not None or bool(self._is_empty)

    def read_some(self, limit: int) -> bool:  # noqa: ARG002
        self.count()
        return False

    def path_of(self, index: int) -> NodePath:  # noqa: ARG002
        return ()

    def entry_node(self, index: int) -> MappingNode | None:  # noqa: ARG002
        return None

    def head(self) -> MappingNode | None:
        return None

    def problems(self) -> Sequence[SyntaxProblem]:
        return ()

    def around(self, line: int, path: NodePath) -> tuple[Around, bool]:  # noqa: ARG002
        return Around(()), False

    @property
    def defined(self) -> Defined:
        return NOTHING

    @property
    def _heads(self) -> frozenset[str]:
        return _with_providers(self.dialect, self._recognizer.heads)

    @property
    def _worth_reading(self) -> CodeLines[Any, LineRead] | None:
        """The lines, read; None where no model can be named in any of them."""
        if self._code is None and self._is_empty is None:
            self._is_empty = not plausible(self.text, self.language, self._heads)
        return None if self._code is None and self._is_empty else self._read()

    @property
    def _reader(self) -> Reader[Any, LineRead]:
        return reader_of(self.language, self._heads, self._kernel)

    def _read(self) -> CodeLines[Any, LineRead]:
        if self._code is None:
            self._kernel = kernel_of(self.text) if self.language.notebook else None
            self._code = CodeLines(self._buffer.lines, self._reader)
            self._entries = [*map(_entry, self._code.numbers)]
        return self._code


@lru_cache(maxsize=64)
def _with_providers(dialect: Dialect, heads: frozenset[str]) -> frozenset[str]:
    """The words that a text which names a model begins with: an id, or its provider."""
    names = (name for place in dialect.places for name in place.providers)
    return heads.union(re.split("[^a-z]", name)[0] for name in names)


def _entry(_: int) -> Entry:
    return Entry(None, None, None, (), (), False, span_at(0, 0, 0, 0))


def _site(literal: Literal, named: Route, places: Sequence[Place]) -> CodeSite:
    start, end, text = literal[:3]
    span = span_at(0, start, 0, end)
    whole = ScalarNode(text, span, "")
    begins = named.begins
    provider = ScalarNode(text[: begins - 1], span_at(0, start, 0, start + begins - 1), "")
    model = ScalarNode(text[begins:], span_at(0, start + begins, 0, end), "")
    reference = named.routes[0] if named.routes else None
    return CodeSite(
        places[named.place],
        tuple(filter(None, literal.hint.split("."))),
        span,
        span,
        provider if begins else None,
        model,
        reference,
        whole=whole,
        source=whole,
        is_settable=True,
        standing_word="opaque" if named.is_away else None,
        beside=reference.provider if reference and not begins else None,
        is_redirected=named.is_away,
        routes=named.routes,
        is_shown=named.is_shown,
    )
