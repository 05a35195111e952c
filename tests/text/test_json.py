"""JSON: equal to what the standard library reads, and read on where that gives up."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.text import reading

from stagewright.text.buffer import Position
from stagewright.text.json.reader import read, slot_at
from stagewright.text.nodes import Parsed


def parse(text: str) -> Parsed:
    return read(list(enumerate(text.split("\n"))))


plain = partial(reading.plain, word=json.loads)
"""A node as the standard library has it; of equal keys the last."""

_texts = st.text(max_size=8) | st.sampled_from(
    ['"', "\\", "//", "/*", "\ud83d", "🎭", "\t", "model"]
)
_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | _texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_texts, inner, max_size=4),
    max_leaves=20,
)


@given(_values, st.sampled_from([None, 0, 2, "\t"]), st.booleans())
def test_equals_the_standard_library(value: Any, indent: int | str | None, ascii_: bool) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_)
    parsed = parse(text)
    assert parsed.problems == ()
    assert plain(parsed.node) == json.loads(text)


_gaps = st.sampled_from(
    ["", " ", "\n", "\t", "  \n\t", '// , } ] " \n', '/* } " , */', "/*\n*/", "/**/"]
)


@given(_values, st.data())
def test_comments_and_trailing_commas_change_nothing(value: Any, data: st.DataObject) -> None:
    def gap() -> str:
        return data.draw(_gaps)

    def written(one: Any) -> str:
        if isinstance(one, list | dict):
            parts = (
                [written(item) for item in one]
                if isinstance(one, list)
                else [f"{json.dumps(k)}{gap()}:{written(v)}" for k, v in one.items()]
            )
            comma = "," if parts and data.draw(st.booleans()) else ""
            marks = "[]" if isinstance(one, list) else "{}"
            text = f"{marks[0]}{gap()}{','.join(parts)}{gap()}{comma}{gap()}{marks[1]}"
        else:
            text = json.dumps(one)
        return f"{gap()}{text}{gap()}"

    text = "\ufeff" + written(value)
    parsed = parse(text)
    assert parsed.problems == ()
    assert plain(parsed.node) == json.loads(json.dumps(value))


@given(_values, st.sampled_from([None, 2]))
def test_spans_cover_what_was_read(value: Any, indent: int | None) -> None:
    lines = json.dumps(value, indent=indent, ensure_ascii=False).split("\n")
    for node in reading.nodes(read(list(enumerate(lines))).node):
        (line, start), (last, end) = node.span
        source = "\n".join([*lines[line:last], lines[last][:end]])[start:]
        assert json.loads(source) == plain(node)


_pieces = st.sampled_from(
    [
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        '"',
        "'",
        "\\",
        "//",
        "/*",
        "*/",
        "\n",
        "\n  ",
        "\n    ",
        " ",
        '"a"',
        '"b": ',
        "x",
        "1",
        *reading.ODD,
        "\u2028",
    ]
)


@given(st.lists(_pieces, max_size=40).map("".join), st.integers(-1, 20), st.integers(-1, 20))
def test_no_text_raises(text: str, line: int, column: int) -> None:
    lines = list(enumerate(text.split("\n")))
    for inside in ("", "{", "["):
        read(lines, inside=inside)
        slot_at(lines, Position(line, column), inside=inside)


@pytest.mark.parametrize(
    ("text", "nested"),
    [
        ("[" * 100_000, True),
        ('{"a":' * 50_000 + "1" + "}" * 50_000, True),
        ("{" * 9_000, True),
        ("[1,2" * 200 + "\n", True),
        ("\0" * 4096, False),
        ("]" * 9_000, False),
    ],
)
def test_what_is_nested_deep_is_cut(text: str, nested: bool) -> None:
    parsed = parse(text)
    assert parsed.cut == nested
    assert parsed.problems


TEXT = """\
{
  // which models
  "model": "openai/gpt-5",
  "agent": {
    "build": {
      "model": "anthropic/claude-x"
    },
    "plan": {
      "model": "openai/gpt-6",
      "tools": ["a", "b"]
    }
  },
  "list": [
    {"model": "x"},
    {"model": "y"}
  ],
  "last": true
}
"""


@pytest.mark.parametrize(
    ("old", "new", "lost"),
    [
        ('"openai/gpt-5",', '"', ["model"]),
        ('"openai/gpt-5",', '"openai/gpt', ["model"]),
        ('"openai/gpt-5",', '"openai/gpt,', ["model"]),
        ('"openai/gpt-5",', ",", ["model"]),
        ('"openai/gpt-5",', "", ["model"]),
        ('"openai/gpt-5",', "openai/gpt-5", ["model"]),
        ('"openai/gpt-5",', '"openai/gpt-5"', []),
        ('"model": "openai/gpt-5",', '"mod', ["model", "mod"]),
        ('"model": "openai/gpt-5",', '"model"', ["model"]),
        ('"model": "openai/gpt-5",', "mod", ["model", "mod"]),
        ("    },\n", "", []),
        ("\n  },\n", "\n", []),
        ('"b"]', '"b"', []),
        ('"b"]', '"b', ["agent"]),
        ('"tools": [', '"tools": ', ["agent"]),
        ("  ],\n", "", []),
        ('"y"}', '"y"', []),
        ("true\n}\n", "true", []),
        ('{"model": "x"},', '{"model": "x",', []),
        ('{"model": "x"},', '{"model": ,', ["list"]),
        ("    },\n", "    },\n    },\n", []),
        ("{\n  //", "{{\n  //", None),
    ],
)
def test_half_a_text_still_gives_the_rest(old: str, new: str, lost: list[str] | None) -> None:
    whole, half = plain(parse(TEXT).node), parse(TEXT.replace(old, new, 1))
    assert parse(TEXT).problems == ()
    if lost is None:
        assert half.problems
        return
    reading.assert_kept(whole, half, lost, json.loads)


@given(st.integers(0, len(TEXT)))
def test_the_first_half_says_what_it_holds(length: int) -> None:
    text = TEXT[:length]
    said = plain(parse(text).node)
    if '"openai/gpt-5"' in text:
        assert said["model"] == "openai/gpt-5"
    if '"anthropic/claude-x"' in text:
        assert said["agent"]["build"]["model"] == "anthropic/claude-x"
    if '"x"' in text:
        assert said["list"][0]["model"] == "x"
