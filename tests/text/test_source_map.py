"""From an offset in a value to its place in the text, and back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from stagewright.text.buffer import Position, span_at
from stagewright.text.nodes import MappingNode, Node, ScalarNode, SequenceNode
from stagewright.text.source_map import SourceMap, source_map
from stagewright.text.yaml.syntax import parse


def scalars(node: Node | None) -> Iterator[ScalarNode]:
    match node:
        case ScalarNode():
            yield node
        case MappingNode():
            for pair in node.pairs:
                for part in pair:
                    yield from scalars(part)
        case SequenceNode():
            for item in node.items:
                yield from scalars(item)


def value_of(text: str, first: int = 0) -> tuple[ScalarNode, list[str]]:
    """The last scalar of a YAML text; its spans count from a line of the text."""
    lines = text.split("\n")
    *_, last = scalars(parse(lines[first:]).node)
    return last, lines


def covered(found: SourceMap, lines: list[str], start: int, end: int) -> str:
    (line, column), (last, stop) = found.span(start, end)
    assert line == last
    return lines[line][column:stop]


@pytest.mark.parametrize(
    "text",
    [
        "a: --model claude-x --y",
        "a: '--model claude-x'",
        "a: 'it''s --model claude-x'",
        'a: "\\t\\u0041 \\x41\\U0001F3AD --model claude-x"',
        'a: "\\\\ \\" --model claude-x"',
        "a: &anchor !!str --model claude-x",
        "a: &anchor\n  --model claude-x",
        "a: |\n  --model claude-x\n",
        "a: |2-\n     first\n\n  --model claude-x\n    deeper",
        "a: &x |+\n\n\n      first\n      --model claude-x\n\n\n",
        "- - a: >-\n      folded\n      --model claude-x\n      on\n\n\n      here\n        x\n",
        "a: >\n\n\n  folded\n    deeper\n  --model claude-x",
        'a: "folded  \n\n\n   --model claude-x\\\n   on\\ \n  "',
        "a: 'folded\n  --model claude-x\n\n  ''on'''",
        "a: plain\n  --model claude-x\n\n  on",
        "a:\n  - 🎭é --model claude-x 🎭",
        '{a: [b, "--model claude-x"]}',
    ],
)
@pytest.mark.parametrize("above", ["", "x: y\nz: |\n  --model no\n"])
def test_where_a_word_of_a_value_stands(text: str, above: str) -> None:
    first = above.count("\n")
    scalar, lines = value_of(above + text, first)
    found = source_map(scalar, lines, first)
    assert found is not None
    start = scalar.value.index("claude-x")
    shifted = found.span(start, start + 8).shifted(first)
    (line, column), (_, stop) = shifted
    assert lines[line][column:stop] == "claude-x"
    for inside in range(9):
        position = found.position(start)._replace(column=column + inside)
        assert found.offset(position) == start + inside


def test_escapes_and_breaks_are_one_character_each() -> None:
    scalar, lines = value_of('a: "x\\u0041\\\n  y\n\n  z"')
    found = source_map(scalar, lines)
    assert found is not None
    assert scalar.value == "xAy\nz"
    assert [covered(found, lines, at, at + 1) for at in (0, 1, 2, 4)] == ["x", "\\u0041", "y", "z"]
    assert found.span(3, 4).start == Position(1, 3)
    assert found.offset(Position(0, 7)) == 1  # in the middle of the escape
    assert found.offset(Position(0, 11)) == 2
    assert found.offset(Position(1, 1)) is None  # in the indentation
    assert found.position(99) == found.end == Position(3, 3)


@pytest.mark.parametrize("text", ['a: ""', "a: ''", "a:", "a: |\n", "a: |\n\n\n", "a: >-\nb: "])
def test_an_empty_value_has_a_place(text: str) -> None:
    scalar, lines = value_of(text)
    found = source_map(scalar, lines)
    assert found is not None
    assert found.span(0, 0).start.line <= scalar.span.end.line


JSON = [
    (
        r'"a\"b\\c\u0041\ud83c\udfad x"',
        'a"b\\cA🎭 x',
        {"A": r"\u0041", "🎭": r"\ud83c\udfad", "x": "x"},
    ),
    (r'"\q x', "\\q x", {"q": "q", "x": "x"}),
    ('"\\ud83d x"', "\ud83d x", {"x": "x"}),
]


@pytest.mark.parametrize(("text", "value", "places"), JSON)
def test_escapes_of_json(text: str, value: str, places: dict[str, str]) -> None:
    lines = ["{", f'  "k": {text}']
    found = source_map(
        ScalarNode(value, span_at(1, 7, 1, len(lines[1])), '"'), lines, syntax="json"
    )
    assert found is not None
    for char, source in places.items():
        at = value.index(char)
        assert covered(found, lines, at, at + 1) == source


TOML = [
    ("'", ["'a\\n x'"], "a\\n x"),
    ('"', ['"\\e\\x41 x"'], "\x1bA x"),
    ("'''", ["'''", "a", "", "  x'''"], "a\n\n  x"),
    ('"""', ['"""a \\', "", "   b\\tx", '"""'], "a b\tx\n"),
    ('"""', ['"""', 'q""x"""'], 'q""x'),
]


@pytest.mark.parametrize(("style", "source", "value"), TOML)
def test_texts_of_toml(style: str, source: list[str], value: str) -> None:
    lines = ["", f"k = {source[0]}", *source[1:]]
    scalar = ScalarNode(value, span_at(1, 4, len(lines) - 1, len(lines[-1])), style)
    found = source_map(scalar, lines, syntax="toml")
    assert found is not None
    at = value.index("x")
    assert covered(found, lines, at, at + 1) == "x"


_texts = st.text(
    st.characters(
        exclude_categories=("Cs",), exclude_characters="\r\x85\u2028\u2029\ufeff\x7f"
    ).filter(lambda char: char >= " " and not "\x7f" <= char <= "\x9f" and char != "\ufffe")
    | st.sampled_from(" \n'\"\\#:-"),
    max_size=60,
)


@given(_texts, st.sampled_from(["|", ">", '"', "'", None]), st.integers(10, 40))
def test_every_value_that_yaml_writes(value: str, style: str | None, width: int) -> None:
    text = yaml.safe_dump(
        {"k": [value, "end"]}, default_style=style, width=width, allow_unicode=True
    )
    lines = text.split("\n")
    scalar = list(scalars(parse(lines).node))[1]
    assert scalar.value == value
    found = source_map(scalar, lines)
    assert found is not None, text
    for offset, char in enumerate(value):
        if char not in " \n":
            span = found.span(offset, offset + 1)
            assert found.offset(span.start) == offset
            assert found.offset(span.end) in (offset + 1, None)


@given(
    st.sampled_from(["yaml", "json", "toml"]),
    st.sampled_from(["", "'", '"', "|", ">", "'''", '"""']),
    st.lists(st.text(max_size=12), max_size=5),
    st.text(max_size=12),
    st.tuples(*[st.integers(-1, 14)] * 4),
)
def test_no_text_raises(
    syntax: str, style: str, lines: list[str], value: str, span: tuple[int, int, int, int]
) -> None:
    if syntax == "json" and style != "":
        style = '"'
    found = source_map(ScalarNode(value, span_at(*span), style), lines, syntax=syntax)
    if found is not None:
        found.span(0, len(value))
        found.offset(Position(0, 0))
