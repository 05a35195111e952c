"""Real templates typed character by character: the cursor's context is right at every one."""

from collections.abc import Iterator

import pytest
from tests.dialects.support import templates, with_models

from stagewright.dialects.document import Document
from stagewright.text.buffer import Position, Span
from stagewright.text.cursor_at import cursor_at
from stagewright.text.nodes import MappingNode, Node, ScalarNode, SequenceNode

pytestmark = pytest.mark.long(15)

Steps = tuple[str | int, ...]

PROSE = """\
    # A comment with model: x and provider: y in it.
    initPrompt: |
      Say which provider: is meant,
        and which model: too.

      stages:
        - name: no stage
    roleId: r  # model: none
"""


def with_prose() -> str:
    """A template with comments and block scalars that speak of models."""
    text = with_models(templates()[0].read_text())
    return text.replace("    gate:\n", f"{PROSE}    gate:\n")


TEXTS = {
    **{path.stem: path.read_text() for path in templates()},
    **{f"{path.stem} with models": with_models(path.read_text()) for path in templates()},
    "prose": with_prose(),
}


def values(node: Node, path: Steps, line: int) -> Iterator[tuple[Span, Steps]]:
    """Every text in a document that has a key or an index, with its absolute span."""
    match node:
        case MappingNode():
            for key, value in node.pairs:
                if isinstance(key, ScalarNode):
                    yield from values(value, (*path, key.value), line)
        case SequenceNode():
            for index, item in enumerate(node.items):
                yield from values(item, (*path, index), line)
        case ScalarNode(style="" | "'" | '"'):
            yield node.span.shifted(line), path


def values_of(document: Document) -> dict[Span, Steps]:
    found: dict[Span, Steps] = {}
    if head := document.head():
        found.update(values(head, (), 0))
    for index in range(len(document.entries())):
        if node := document.entry_node(index):
            found.update(values(node, ("stages", index), document.entry_line(index)))
    return found


def expected_at(whole: Document) -> dict[Position, tuple[Steps, str]]:
    """For each place in a value's text: its path, and what of it stands before the place."""
    expected = {}
    for (start, end), path in values_of(whole).items():
        line = whole.lines[start.line]
        quoted = line[start.column] in "'\""
        first, last = start.column + quoted, end.column - quoted
        for column in range(first, last + 1):
            expected[Position(start.line, column)] = (path, line[first:column])
    return expected


@pytest.mark.parametrize("rest", ["", "  - name: other\n    type: review\nversion: 1\n"])
@pytest.mark.parametrize("name", TEXTS)
def test_typing_a_template(name: str, rest: str) -> None:
    """At the end of a file, and in the middle of one that goes on with another stage."""
    whole = Document(TEXTS[name])
    expected = expected_at(whole)
    document = Document(rest)
    for number, line in enumerate(whole.lines):
        for column in range(len(line) + 1):
            place = Position(number, column)
            if column:
                left = Position(number, column - 1)
                document.edit(Span(left, left), line[column - 1])
            elif number:
                end = Position(number - 1, len(whole.lines[number - 1]))
                document.edit(Span(end, end), "\n")
            document.entries()
            cursor = cursor_at(document, place)
            if place in expected:
                path, prefix = expected[place]
                assert cursor is not None, place
                assert (cursor.place, cursor.path, cursor.prefix) == ("value", path, prefix), place
    assert document.text == TEXTS[name] + rest


@pytest.mark.parametrize("line", PROSE.splitlines(), ids=str.strip)
def test_no_context_in_comments_and_block_scalars(line: str) -> None:
    document = Document(with_prose())
    number = document.lines.index(line)
    if line.endswith("|"):
        columns = range(line.index("|") + 1, len(line) + 1)
    elif "#" in line:
        columns = range(line.index("#") + 1, len(line) + 1)
    else:
        columns = range(4 if line else 0, len(line) + 1)
    for column in columns:
        cursor = cursor_at(document, Position(number, column))
        assert cursor is None or (not line and cursor.place == "key"), column
