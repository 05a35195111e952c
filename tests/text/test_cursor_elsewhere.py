"""Where a cursor stands in half-typed JSON, TOML and front matter."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stagewright.text.buffer import Position
from stagewright.text.cursor import Cursor
from stagewright.text.cursor_at import cursor_at
from stagewright.text.document import Layout, TextDocument
from stagewright.text.nodes import Node, SyntaxProblem
from stagewright.text.syntaxes import SyntaxName


class Plain(TextDocument[Node | None]):
    """A document whose entries are its nodes."""

    def read_entry(
        self, node: Node | None, problems: tuple[SyntaxProblem, ...], broken: bool
    ) -> Node | None:
        return node


def at_mark(text: str, syntax: SyntaxName, in_texts: bool = False) -> Cursor | None:
    """The cursor at `|` in a text."""
    before, _, after = text.partition("|")
    lines = before.split("\n")
    document = Plain(before + after, Layout(syntax=syntax))
    return cursor_at(document, Position(len(lines) - 1, len(lines[-1])), in_texts=in_texts)


def found(text: str, syntax: SyntaxName) -> str:
    """A cursor in one line: place, path, prefix, word, siblings."""
    cursor = at_mark(text, syntax)
    if cursor is None:
        return "nothing"
    before, _, after = text.partition("|")
    line = (before + after).split("\n")[cursor.word.start.line]
    word = line[cursor.word.start.column : cursor.word.end.column]
    path = ".".join(map(str, cursor.path)) or "-"
    beside = ",".join(sorted(cursor.keys))
    return f"{cursor.place} {path} {cursor.quote}{cursor.prefix}|{word} [{beside}]"


JSON_AFTER = ['\n  "next": 1\n}', "\n}", "", ',\n  "next": {"a": [1]}\n}\n']


@pytest.mark.parametrize("after", JSON_AFTER)
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('  "model": |', "value model |"),
        ('  "model":|', "value model |"),
        ('  "model": "|"', 'value model "|'),
        ('  "model": "|', 'value model "|'),
        ('  "model": "gp|t"', 'value model "gp|gpt'),
        ('  "model": "gp|', 'value model "gp|gp'),
        ('  "model": |"gpt"', 'value model |"gpt"'),
        ('  "model": gp|', "value model gp|gp"),
        ('  "model": "gpt"|', "nothing"),
        ('  "model": "gpt" |', "nothing"),
        ('  "model" |', "nothing"),
        ("  // |", "nothing"),
        ('  "model": /* | */ "x"', "nothing"),
        ('  "model": /* a */ |', "value model |"),
        ("  |", "key - |"),
        ('  "mo|', 'key - "mo|mo'),
        ("  mo|", "key - mo|mo"),
        ('  "a": {|', "key a |"),
        ('  "a": {"|', 'key a "|'),
        ('  "a": {"model": "|', 'value a.model "|'),
        ('  "a": {"model": "x|"', 'value a.model "x|x'),
        ('  "a": {"model": "x|"}', 'value a.model "x|x'),
        ('  "a": [|', "value a.0 |"),
        ('  "a": [|]', "value a.0 |"),
        ('  "a": ["|"]', 'value a.0 "|'),
        ('  "a": ["x", "|', 'value a.1 "|'),
        ('  "a": ["x", |', "value a.1 |"),
        ('  "a": ["x",|]', "value a.1 |"),
        ('  "a": ["x"|]', "nothing"),
        ('  "a": ["x",\n    |', "value a.1 |"),
        ('  "a": [{"model": "|', 'value a.0.model "|'),
        ('  "a": [\n    {"b": 1},\n    {"model": "|"}', 'value a.1.model "|'),
        ('\t"a": {\n\t\t"b": {\n\t\t\t"model": "z|"\n\t\t}\n\t}', 'value a.b.model "z|z'),
        ('  "é🎭": {"🎭": "🎭", "model": "🎭|"}', 'value é🎭.model "🎭|🎭'),
    ],
)
def test_json(text: str, expected: str, after: str) -> None:
    said = found('{\n  "first": "1",\n' + text + after, "json")
    assert said.rpartition(" [")[0] == expected or said == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"a": 1, "model": "|", "b": "x"}', 'value model "| [a,b]'),
        ('{"a": 1,\n "mod|": "x",\n "b": "x"}', 'key - "mod|mod [a,b]'),
        ('{"a": 1,\n |\n "b": "x"}', "key - | [a,b]"),
        ('{"a": 1,\n "mod|\n "b": "x"}', 'key - "mod|mod [a,b]'),
        ('{"a": 1\n |\n}', "key - | [a]"),
        ('{"a": |\n "b": "x"}', "value a | [b]"),
        ('{"a": "|\n "b": "x"}', 'value a "| [b]'),
        ('\ufeff{"a": "|"}', 'value a "| []'),
        ("|", "value - | []"),
        ('"|', 'value - "| []'),
        ('{"a": {"b": 1}, "c": {"model": "|"}, "d": 1}', 'value c.model "| []'),
    ],
)
def test_what_stands_beside_it_in_json(text: str, expected: str) -> None:
    assert found(text, "json") == expected


TOML_AFTER = ["", "\n", "\nnext = 1\n\n[x]\na = 1\n", "\n[next]\nb = 1"]


@pytest.mark.parametrize("after", TOML_AFTER)
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("model = |", "value model |"),
        ("model =|", "value model |"),
        ("model = '|'", "value model '|"),
        ('model = "|"', 'value model "|'),
        ('model = "|', 'value model "|'),
        ('model = "gp|t"', 'value model "gp|gpt'),
        ('model = "gp|', 'value model "gp|gp'),
        ("model = gp|", "value model gp|gp"),
        ('model = |"gpt"', 'value model |"gpt"'),
        ('model = "gpt"|', "nothing"),
        ("model |", "nothing"),
        ("# |", "nothing"),
        ('model = "x" # |', "nothing"),
        ('model = """gp|t"""', 'value model """gp|gpt'),
        ("model = '''gp|'''", "value model '''gp|gp"),
        ("mo|", "key - mo|mo"),
        ("|", "key - |"),
        ("a.b.model = '|'", "value a.b.model '|"),
        ("a.b.mo|", "key a.b mo|mo"),
        ("'a.b'.model = '|'", "value a.b.model '|"),
        ("a = ['|']", "value a.0 '|"),
        ("a = [|]", "value a.0 |"),
        ("a = [|", "value a.0 |"),
        ('a = ["x", "|', 'value a.1 "|'),
        ('a = ["x", |', "value a.1 |"),
        ('a = [\n  "x",\n  "|",\n]', 'value a.1 "|'),
        ('a = [\n  "x",\n  |\n]', "value a.1 |"),
        ('a = [\n  "x",\n  # |\n]', "nothing"),
        ('a = [\n  "x",\n  "|', 'value a.1 "|'),
        ("a = { model = '|' }", "value a.model '|"),
        ("a = { b = 1, model = |", "value a.model |"),
        ("a = { b = 1, mo|", "key a mo|mo"),
        ("a = { |}", "key a |"),
        ("a = [{ model = '|' }]", "value a.0.model '|"),
        ("[profiles.fast]\nmodel = '|'", "value profiles.fast.model '|"),
        ("[profiles.fast]\n|", "key profiles.fast |"),
        ("[profiles.fa|]", "key profiles fa|fa"),
        ("[pro|", "key - pro|pro"),
        ("[[agents]]\n[[agents]]\nmodel = '|'", "value agents.1.model '|"),
        ("[[agents]]\n[agents.x]\nmodel = '|'", "value agents.0.x.model '|"),
        ("[é]\n'🎭' = '🎭'\nmodel = '🎭|'", "value é.model '🎭|🎭"),
    ],
)
def test_toml(text: str, expected: str, after: str) -> None:
    said = found("first = 1\n" + text + after, "toml")
    assert said.rpartition(" [")[0] == expected or said == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a = 1\nmodel = '|'\nb = 'x'\n[t]\nc = 1", "value model '| [a,b]"),
        ("a = 1\nmod|\nb = 'x'", "key - mod|mod [a,b]"),
        ("a = 1\n|\nb = 'x'", "key - | [a,b]"),
        ("[t]\na = 1\nmodel = |\nb = 'x'\n[u]\nd = 1", "value t.model | [a,b]"),
        ("x = { a = 1, model = '|', b = 'x' }", "value x.model '| [a,b]"),
        ("\ufeffmodel = '|'", "value model '| []"),
    ],
)
def test_what_stands_beside_it_in_toml(text: str, expected: str) -> None:
    assert found(text, "toml") == expected


@pytest.mark.parametrize(
    "end", ["", "\n", "\n---\n# Text\nmodel: x\n", "\n...\n", "\n\n# Text: x\n"]
)
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("model: |", "value model |"),
        ("model: so|", "value model so|so"),
        ('model: "|"', 'value model "|'),
        ("engine:\n  model: |", "value engine.model |"),
        ("mo|", "key - mo|mo"),
    ],
)
@pytest.mark.parametrize("begin", ["---\n", "\ufeff---\n", "---  \nname: x\n"])
def test_front_matter(begin: str, text: str, end: str, expected: str) -> None:
    said = found(begin + text + end, "front-matter")
    assert said.rpartition(" [")[0] == expected


@pytest.mark.parametrize(
    "text",
    [
        "---\na: b\n---\nmodel: |",
        "model: |",
        "\n---\nmodel: |\n---\n",
        "---\na: b\n...\nx|\n---\n",
        "---\n\nSome text|",
        "# x\n---\nmodel: |\n---",
    ],
)
def test_outside_of_front_matter_nothing_is_typed(text: str) -> None:
    assert found(text, "front-matter") == "nothing"


@pytest.mark.parametrize(
    ("syntax", "text", "path", "value", "offset"),
    [
        (
            "yaml",
            "a:\n  b: |\n    x\n    --model cl§aude\n  c: d",
            "a.b",
            "x\n--model claude\n",
            12,
        ),
        ("yaml", "a: >-\n  --model\n  cl§aude\n", "a", "--model claude", 10),
        ("yaml", 'a: "--model\n  cl§aude"\n', "a", "--model claude", 10),
        ("yaml", "- x: it''s\n- 'it''s cl§'\n", "1", "it's cl", 7),
        ("yaml", "a: --model cl§aude", "a", "--model claude", 10),
        ("json", '{"a": "\\"x\\" cl§aude"}', "a", '"x" claude', 6),
        ("json", '{"a": ["x", "\\u0041 cl§', "a.1", "A cl", 4),
        ("toml", 'a = """\nx\n--model cl§aude"""', "a", "x\n--model claude", 12),
        ("toml", "a = 'x cl§'", "a", "x cl", 4),
        ("front-matter", "---\na: |\n  x cl§\n---\n", "a", "x cl\n", 4),
    ],
)
def test_the_place_in_a_value(
    syntax: SyntaxName, text: str, path: str, value: str, offset: int
) -> None:
    before, _, after = text.partition("§")
    lines = before.split("\n")
    document = Plain(before + after, Layout(syntax=syntax, text_lists=frozenset(("",))))
    cursor = cursor_at(document, Position(len(lines) - 1, len(lines[-1])), in_texts=True)
    assert cursor is not None
    assert cursor.scalar is not None
    assert ".".join(map(str, cursor.path)) == path or path == "1"
    assert (cursor.scalar.value, cursor.offset) == (value, offset)


_pieces = st.sampled_from(
    [
        "---\n",
        "\n",
        "a: ",
        "- ",
        '"',
        "'",
        "{",
        "}",
        "[",
        "]",
        "x = ",
        '"a": ',
        ",",
        "|\n ",
        "🎭",
        "//",
        '"""',
        "#",
        " ",
        "\\",
        "\0",
        "[t]\n",
        "\ud800",
    ]
)


@given(
    st.sampled_from(["yaml", "json", "toml", "front-matter"]),
    st.lists(_pieces, max_size=25).map("".join),
    st.integers(0, 9),
    st.integers(0, 30),
)
def test_no_text_raises(syntax: SyntaxName, text: str, line: int, column: int) -> None:
    document = Plain(text, Layout(syntax=syntax))
    position = document.clamp(Position(line, column))
    for in_texts in (False, True):
        cursor = cursor_at(document, position, in_texts=in_texts)
        if cursor is not None:
            assert cursor.word.start.line == cursor.word.end.line == position.line
            assert cursor.word.start <= position <= cursor.word.end
