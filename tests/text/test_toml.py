"""TOML: equal to what the standard library reads, and read on where that gives up."""

from __future__ import annotations

import json
import math
import tomllib
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.text import reading

from stagewright.text.buffer import Position
from stagewright.text.nodes import Parsed
from stagewright.text.toml.reader import read_table
from stagewright.text.toml.scan import Table, tables
from stagewright.text.toml.whole import paths, read


def parse(text: str) -> Parsed:
    return read(text.split("\n"))


def word(text: str) -> Any:
    """What a word alone says."""
    return tomllib.loads(f"x = {text}")["x"]


plain = partial(reading.plain, word=word)


def same(one: Any, other: Any) -> bool:
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, float) and isinstance(other, float) and math.isnan(one):
        return math.isnan(other)
    return bool(one == other)


_chars = st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from("\t\"'\\[]{}#=,\n. ")
_texts = st.text(_chars, max_size=10)
_bare = st.text(st.sampled_from("abZ09-_"), min_size=1, max_size=4)
_keys = st.one_of(
    _bare,
    st.text(_chars.filter(lambda char: char != "\n"), max_size=5).map(json.dumps),
    st.text(_chars.filter(lambda char: char not in "'\n"), max_size=5).map("'{}'".format),
)
_gaps = st.sampled_from(["", " ", "\t", "\n", "\n\n  ", " # ] } \" '''\n", "\n# x = [\n\t"])
_words = st.sampled_from(
    [
        "1",
        "-2_000",
        "+1.5e3",
        "0xfF",
        "0o7",
        "0b1",
        "inf",
        "-nan",
        "true",
        "false",
        "1979-05-27",
        "1979-05-27T07:32:00Z",
        "1979-05-27 07:32:00.5",
        "07:32:00",
    ]
)


def basic(text: str) -> str:
    return json.dumps(text, ensure_ascii=len(text) % 2 == 0 and not any(c > "\uffff" for c in text))


def literal(text: str) -> str:
    return "'" + text.replace("'", "").replace("\n", "") + "'"


def long(text: str) -> str:
    text = text.replace("\\", "\\\\").replace('"""', '""\\"')
    first = "\n" if len(text) % 2 else ""
    return f'"""{first}{text}\\\n\n   z"""'


def long_literal(text: str) -> str:
    return "'''" + text.replace("'", "") + "''" * (len(text) % 2) + "'''"


_strings = st.builds(
    lambda write, text: write(text), st.sampled_from([basic, literal, long, long_literal]), _texts
)


def lists(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    parts = st.lists(st.tuples(_gaps, inner, _gaps).map("".join), max_size=4)
    return st.builds(
        lambda items, comma, gap: f"[{','.join(items)}{',' if items and comma else ''}{gap}]",
        parts,
        st.booleans(),
        _gaps,
    )


def inlines(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pair = st.builds(
        lambda keys, value: f"{'.'.join(keys)} = {value}",
        st.lists(_keys, min_size=1, max_size=2),
        inner,
    )
    return st.lists(pair, max_size=3).map(lambda pairs: "{ " + ", ".join(pairs) + " }")


_values = st.recursive(_words | _strings, lambda inner: lists(inner) | inlines(inner), max_leaves=8)
_pairs = st.builds(
    lambda keys, value, comment: f"{' . '.join(keys)} = {value}{comment}",
    st.lists(_keys, min_size=1, max_size=3),
    _values,
    st.sampled_from(["", " # x = [", "\t", "\n", "\n\n# [x]"]),
)
_headers = st.builds(
    lambda keys, item: ("[[{}]]" if item else " [ {} ] # x").format(" . ".join(keys)),
    st.lists(_keys, min_size=1, max_size=3),
    st.booleans(),
)


def valid(text: str) -> bool:
    try:
        tomllib.loads(text)
    except ValueError:
        return False
    return True


@st.composite
def files(draw: st.DrawFn) -> str:
    """A file that is valid: a statement that is refused is left out."""
    text = ""
    for one in draw(st.lists(_pairs | _headers, max_size=12)):
        if valid(text + one + "\n"):
            text += one + "\n"
    return text


@pytest.mark.parametrize(
    "text",
    [
        "a.b = 1\n[a.c]\nd = 2\n",
        "[t]\na.b.c = 1\n[t.a.d]\ne = 2\n",
        '0 . 0 = {  }\n[ 0 . "" ]\n',
        "a.x = 1\n[[a.b]]\nc = 1\n[[a.b]]\nd = 2\n",
    ],
)
def test_a_table_below_a_dotted_key_is_added_to_it(text: str) -> None:
    assert plain(parse(text).node) == tomllib.loads(text)


@given(files(), st.booleans())
def test_equals_the_standard_library(text: str, bom: bool) -> None:
    parsed = parse("\ufeff" * bom + text)
    assert parsed.problems == ()
    assert same(plain(parsed.node), tomllib.loads(text))


@given(files())
def test_tables_stand_where_their_headers_say(text: str) -> None:
    lines = text.split("\n")
    ones = [read_table(lines, table) for table in tables(lines)]
    found = paths([([key.value for key in one.keys], one.is_item) for one in ones])
    whole = tomllib.loads(text)
    for path, one in zip(found, ones, strict=True):
        node: Any = whole
        for step in path:
            node = node[step]
        for key, value in plain(one.table.frozen()).items():
            if not isinstance(value, dict):
                assert same(node[key], value)


@given(files())
def test_spans_cover_what_was_read(text: str) -> None:
    lines = text.split("\n")
    for scalar in reading.scalars(parse(text).node):
        (line, start), (last, end) = scalar.span
        source = "\n".join([*lines[line:last], lines[last][:end]])[start:]
        assert same(word(source), plain(scalar))


_pieces = st.sampled_from(
    [
        "[",
        "]",
        "[[",
        "]]",
        "{",
        "}",
        ",",
        "=",
        ".",
        '"',
        "'",
        '"""',
        "'''",
        "\\",
        "#",
        "\n",
        " ",
        "a",
        "b = ",
        "[t]\n",
        "x = [\n",
        "1",
        *reading.ODD,
        "\\U00110000",
    ]
)


@given(st.lists(_pieces, max_size=40).map("".join), st.integers(-1, 20), st.integers(-1, 20))
def test_no_text_raises(text: str, line: int, column: int) -> None:
    lines = text.split("\n")
    parse(text)
    for table in tables(lines):
        if table.start < table.after:
            read_table(lines, table, cursor=Position(line, column))


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("a = " + "[" * 100_000, True),
        ("a = " + "{a=" * 50_000, True),
        (".".join("a" * 90_000) + " = 1", False),
        ("[" + ".".join("a" * 90_000) + "]\nx = 1", False),
        ("\0" * 4096, False),
        ("]" * 9_000, False),
        ("a = [\n" * 9_000, False),
    ],
)
def test_what_is_nested_deep_is_cut(text: str, cut: bool) -> None:
    parsed = parse(text)
    assert parsed.cut == cut
    assert parsed.problems


TEXT = """\
model = "gpt-5"  # the model
names = ["a", "b"]
profile.one = 'x'

[profiles.fast]
model = "gpt-6"
fallback = [
    "a",
    "b",
]
inline = { provider = "openai", model = "m" }

[[agents]]
model = "y"

[[agents]]
prompt = \"\"\"
model = "no"
[nor]
\"\"\"
model = 'z'
"""


@pytest.mark.parametrize(
    ("old", "new", "lost"),
    [
        ('"gpt-5"  # the model', '"', ["model"]),
        ('"gpt-5"  # the model', '"gpt-5', []),
        ('"gpt-5"  # the model', "", ["model"]),
        ('"gpt-5"  # the model', "gpt-5", []),
        ('model = "gpt-5"', "model", ["model"]),
        ('model = "gpt-5"', "mod", ["model", "mod"]),
        ('model = "gpt-5"', "profile.", ["model", "profile"]),
        ('model = "gpt-5"', '"mod', ["model", "mod  # the model"]),
        ('["a", "b"]', '["a", "b"', []),
        ('["a", "b"]', '["a", "b', []),
        ('["a", "b"]', '["a" "b"]', []),
        ('["a", "b"]', '["a", , "b"]', []),
        ('["a", "b"]', '["a", "b"}]', []),
        ('["a", "b"]', "[", ["names"]),
        ('    "b",\n]', '    "b",', []),
        ('    "b",\n]', '    "b', []),
        ('"m" }', '"m"', []),
        ('"m" }', '"m', []),
        ('model = "m" }', "model = \n", ["profiles"]),
        ("[profiles.fast]", "[profiles.fast", []),
        ("[profiles.fast]", "[profiles.", ["profiles"]),
        ("[[agents]]", "[[agents]", []),
        ("[[agents]]", "[[agents", []),
        ("'z'\n", "'z", []),
        ("'z'\n", "'''z", []),
    ],
)
def test_half_a_text_still_gives_the_rest(old: str, new: str, lost: list[str]) -> None:
    assert parse(TEXT).problems == ()
    whole, half = tomllib.loads(TEXT), parse(TEXT.replace(old, new, 1))
    reading.assert_kept(whole, half, lost, word)


@given(st.integers(0, len(TEXT)))
def test_the_first_half_says_what_it_holds(length: int) -> None:
    text = TEXT[:length]
    said = plain(parse(text).node)
    if '"gpt-5"' in text:
        assert said["model"] == "gpt-5"
    if '"gpt-6"' in text:
        assert said["profiles"]["fast"]["model"] == "gpt-6"
    if '"y"' in text:
        assert said["agents"][0]["model"] == "y"


def test_a_table_of_no_lines() -> None:
    assert list(tables(["[a]", "b = 1"])) == [Table(0, 0, False), Table(0, 2, True)]
