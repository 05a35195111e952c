"""Documents: entries from chunks, kept while untouched, and edits that equal reading anew."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.dialects.support import DATA, all_problems, names, templates, with_models

from stagewright.dialects import choragen
from stagewright.dialects.document import Dialect, Document, Entry
from stagewright.text.buffer import Edit, Position, Span, span_at
from stagewright.text.cursor_at import cursor_at
from stagewright.text.nodes import ScalarNode, SequenceNode

THREE = (
    "name: t\nstages:\n  - name: a\n    type: request\n\n"
    "  - name: b\n    type: review\n  # about c\n  - name: c\n    type: design\nversion: 1\n"
)


def insert(document: Document, line: int, column: int, text: str) -> None:
    document.edit(span_at(line, column, line, column), text)


@pytest.mark.parametrize("path", templates(), ids=lambda path: path.stem)
def test_real_templates_are_read_without_problems(path: Path) -> None:
    for text in (path.read_text(), with_models(path.read_text())):
        document = Document(text)
        assert document.text == text
        assert all_problems(document) == []
        assert all(document.entry_node(n) for n in range(len(document.entries())))
        assert None not in names(document)
    assert {str(entry.model.reference) for entry in document.entries() if entry.model} == {
        "anthropic/claude-opus-4-1"
    }
    assert all(entry.model for entry in document.entries())


def test_what_an_entry_says() -> None:
    document = Document("stages:\n# c\n  - name: 'a'\n    type: request\n    roleId: \"r\"\n")
    (entry,) = document.entries()
    assert document.entry_line(0) == 2
    assert entry.name == ScalarNode("a", span_at(0, 10, 0, 13), "'")
    assert entry.type == ScalarNode("request", span_at(1, 10, 1, 17), "")
    assert entry.role_id == ScalarNode("r", span_at(2, 12, 2, 15), '"')
    assert entry.model is None
    assert entry.span == span_at(0, 4, 2, 15)
    node = document.entry_node(0)
    assert node is not None
    assert node.span == entry.span


@pytest.mark.parametrize(
    ("line", "index"), [(0, None), (1, None), (2, 0), (4, 0), (5, 1), (7, 1), (9, 2), (10, None)]
)
def test_which_entry_a_line_belongs_to(line: int, index: int | None) -> None:
    assert Document(THREE).entry_at(line) == index


def test_the_head_is_the_top_level_without_the_entries() -> None:
    head = Document(THREE).head()
    assert head is not None
    assert [key.value for key, _ in head.pairs if isinstance(key, ScalarNode)] == [
        "name",
        "stages",
        "version",
    ]
    assert head.get("stages") == SequenceNode((), span_at(2, 2, 9, 16))
    assert head.get("version") == ScalarNode("1", span_at(10, 9, 10, 10), "")
    assert head.span == span_at(0, 0, 10, 10)


def test_the_head_is_read_again_only_where_it_was_touched_or_moved() -> None:
    document = Document(THREE)
    head = document.head()
    insert(document, 3, 10, "x")
    assert document.head() is head
    insert(document, 9, 16, "x")  # the list ends further right
    assert document.head() == Document(document.text).head() != head
    head = document.head()
    insert(document, 4, 0, "\n")  # what follows the list is further down
    assert document.head() == Document(document.text).head() != head
    head = document.head()
    insert(document, 0, 7, "x")
    assert document.head() == Document(document.text).head() != head


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("stages:\n- name: a\n- name: b\nversion: 1", ["a", "b"]),
        ('"stages":\n    - name: a\n    -   name: b\n', ["a", "b"]),
        ("'stages' : # all\n\n  # first\n  - name: a\n", ["a"]),
        ("stages:\r\n  - name: a\r\n  - name: b\r\n", ["a", "b"]),
        ("stages:\r  - name: a\r  - name: b", ["a", "b"]),
        ("---\nstages:\n  - name: a\n...\n---\nstages:\n  - name: z\n", ["a"]),
        ("stages:\n  - name: a\nother:\n  - name: z\n", ["a"]),
        ("stages:\n  -\n    name: a\n  -\n", ["a", None]),
        ("stages:\n  - plain\n  - - nested\n  - *alias\n", [None, None, None]),
        ("stages: [{name: a}, {name: b}]", ["a", "b"]),
        ("stages: &all\n  - name: a\n", ["a"]),
        ("  stages:\n    - name: a\n", ["a"]),
        ('{"stages": [\n  {"name": "a"}\n]}', ["a"]),
        ("%YAML 1.1\n---\nstages:\n  - name: a\n", ["a"]),
        ("description: |\n  stages:\n    - name: z\nstages:\n  - name: a\n", ["a"]),
        ("stages: later\n", []),
        ("stages:\n", []),
        ("- name: a\n", []),
        ("just text", []),
        ("name: t", []),
    ],
)
def test_where_entries_are_found(text: str, expected: list[str | None]) -> None:
    assert names(Document(text)) == expected


def test_the_role_index_has_its_roles_as_entries() -> None:
    document = Document((DATA / "roles" / "index.yaml").read_text(), choragen.ROLES)
    assert names(document)[:3] == ["control", "ideation", "design"]
    assert all(entry.model and entry.model.reference for entry in document.entries())


@pytest.mark.parametrize(
    ("edit", "kept"),
    [
        (Edit(span_at(6, 12, 6, 12), "x"), [True, False, True]),  # in b
        (Edit(span_at(5, 10, 5, 11), "x"), [True, False, True]),  # the first line of b
        (Edit(span_at(0, 0, 0, 0), "# above\n"), [True, True, True]),
        (Edit(span_at(10, 0, 10, 0), "other: x\n"), [True, True, True]),
        (Edit(span_at(11, 0, 11, 0), "other: x"), [True, True, True]),
        (Edit(span_at(6, 16, 6, 16), "\n    roleId: r"), [True, False, True]),
        (Edit(span_at(10, 8, 10, 10), ": 2"), [True, True, True]),  # behind the list
        (Edit(span_at(2, 0, 5, 0), ""), [False, False]),  # the list begins elsewhere
        (Edit(span_at(8, 0, 8, 0), "  - name: new\n"), [True, True, False, True]),
        (Edit(span_at(7, 0, 7, 0), "  - name: new\n"), [True, False, False, True]),
        (Edit(span_at(2, 0, 2, 0), "  - name: new\n"), [False, False, False, False]),
        (Edit(span_at(2, 0, 2, 0), "# first\n"), [True, True, True]),
    ],
)
def test_untouched_entries_stay_the_same_objects(edit: Edit, kept: list[bool]) -> None:
    document = Document(THREE)
    before = document.entries()
    assert document.entries() is before
    document.edit(edit.span, edit.text)
    after = document.entries()
    assert [entry in before for entry in after] == kept
    assert len(before) == 3


@pytest.mark.parametrize(
    ("line", "column", "removed", "added"),
    [
        (2, 0, 0, " "),
        (2, 0, 0, "  "),
        (2, 0, 1, ""),
        (5, 0, 0, " "),
        (5, 0, 1, ""),
        (8, 0, 0, " "),
        (8, 0, 1, ""),
    ],
)
def test_an_item_whose_dash_is_moved_hides_no_other(
    line: int, column: int, removed: int, added: str
) -> None:
    document = Document(THREE)
    document.edit(span_at(line, column, line, column + removed), added)
    moved = document.lines[line].partition("name: ")[2]
    assert {"a", "b", "c"} - {moved} <= set(names(document))
    assert names(document) == names(Document(document.text))


def test_a_touched_entry_is_another_object_even_if_it_says_the_same() -> None:
    document = Document(THREE)
    first = document.entries()[1]
    insert(document, 6, 16, " # note")
    second = document.entries()[1]
    assert first is not second
    assert (first.name, first.type) == (second.name, second.type)


def test_long_files_can_be_read_in_steps() -> None:
    document = Document("stages:\n" + "".join(f"  - name: s{n}\n" for n in range(10)))
    assert document.read_some(4)
    insert(document, 1, 0, "  - name: new\n")
    insert(document, 10, 0, "  - name: late\n")
    steps = 0
    while document.read_some(3):
        steps += 1
    assert 2 <= steps <= 4
    assert names(document) == ["new", *(f"s{n}" for n in range(8)), "late", "s8", "s9"]


def test_nodes_are_read_again_when_they_are_not_at_hand() -> None:
    document = Document("stages:\n" + "".join(f"  - name: s{n}\n" for n in range(200)))
    document.entries()
    for index in (0, 199, 100):
        node = document.entry_node(index)
        assert node is not None
        name = node.get("name")
        assert isinstance(name, ScalarNode)
        assert name.value == f"s{index}"


@pytest.mark.parametrize(
    ("edits", "expected"),
    [
        ([Edit(span_at(0, 0, 0, 1), "x"), Edit(span_at(1, 0, 1, 1), "y")], "x\r\ny"),
        ([Edit(span_at(1, 0, 1, 1), "y"), Edit(span_at(0, 0, 0, 1), "x")], "x\r\ny"),
        ([Edit(span_at(0, 1, 0, 1), "1"), Edit(span_at(0, 1, 0, 1), "2")], "a12\r\nb"),
        ([Edit(span_at(0, 0, 0, 0), "1"), Edit(span_at(0, 0, 0, 1), "2")], "12\r\nb"),
        ([Edit(span_at(0, 0, 1, 1), "")], ""),
        ([], "a\r\nb"),
    ],
)
def test_applying_edits_leaves_the_document_as_it_is(edits: list[Edit], expected: str) -> None:
    document = Document("a\r\nb")
    assert document.apply(edits) == expected
    assert document.text == "a\r\nb"


def test_replacing_everything() -> None:
    document = Document(THREE)
    document.entries()
    document.edit(None, "stages:\n  - name: only\n")
    assert names(document) == ["only"]
    assert document.end() == Position(2, 0)


FRAGMENTS = [
    "stages:\n", "roles:\n", "name: t\n", "  - name: a\n", "  - id: r\n", "    type: b\n",
    "    defaultModel:\n", "    model:\n", "      provider: x\n", "      model: \"", "'", "{", "}",
    "[", "]", ",", ": ", "- ", "? ", "\n", "\r", "\r\n", "  ", "\t", "#", " |\n", " >\n", "&a ",
    "*a", "!x ", "<<: *a\n", "---\n", "...\n", "%A\n", "\ufeff", "\u2028", "\x85", "\x00",
    "\ud800", "😀", "x",
]  # fmt: skip

texts = st.lists(st.sampled_from(FRAGMENTS), max_size=10).map("".join) | st.text(max_size=20)
bases = texts | st.sampled_from([*(path.read_text() for path in templates()), THREE])
kinds: st.SearchStrategy[Dialect] = st.sampled_from([choragen.TEMPLATE, choragen.ROLES])


def positions(document: Document, data: st.DataObject) -> Position:
    line = data.draw(st.integers(0, document.end().line))
    return Position(line, data.draw(st.integers(0, len(document.lines[line]))))


def everything(document: Document) -> list[object]:
    """All that a document says, by value."""
    entries = [
        (
            *(entry.name, entry.type, entry.role_id, entry.model),
            *(entry.problems, entry.broken, entry.span),
            *(document.entry_line(index), document.entry_node(index)),
        )
        for index, entry in enumerate(document.entries())
    ]
    return [document.lines, entries, document.head(), document.problems(), document.chunks]


def spans(document: Document) -> Iterator[Span]:
    yield from (problem.span for problem in document.problems())
    if head := document.head():
        yield from (node.span for pair in head.pairs for node in pair)
    for index, entry in enumerate(document.entries()):
        line = document.entry_line(index)
        yield from (span.shifted(line) for span in spans_of(entry))


def spans_of(entry: Entry) -> Iterator[Span]:
    yield entry.span
    yield from (problem.span for problem in entry.problems)
    yield from (scalar.span for scalar in (entry.name, entry.type, entry.role_id) if scalar)
    if model := entry.model:
        yield from filter(None, (model.key_span, model.span, model.problem_span))


@settings(max_examples=300)
@given(bases, kinds, st.data())
def test_edits_give_what_reading_the_result_anew_gives(
    text: str, kind: Dialect, data: st.DataObject
) -> None:
    document = Document(text, kind)
    for _ in range(3):
        if data.draw(st.booleans()):
            document.entries()
        start = positions(document, data)
        end = max(start, positions(document, data)) if data.draw(st.booleans()) else start
        document.edit(Span(start, end), data.draw(texts))
        assert everything(document) == everything(Document(document.text, kind))


@settings(max_examples=300)
@given(bases | st.text(), kinds, st.data())
def test_any_text_has_its_spans_inside_and_a_cursor_anywhere(
    text: str, kind: Dialect, data: st.DataObject
) -> None:
    document = Document(text, kind)
    for start, end in spans(document):
        assert document.clamp(start) == start <= end == document.clamp(end)
    position = positions(document, data)
    cursor = cursor_at(document, position)
    if cursor is not None:
        start, end = cursor.word
        assert start.line == end.line
        assert start <= position <= end == document.clamp(end)
        for field in cursor.siblings.values():
            assert document.clamp(field.value_span.end) == field.value_span.end
