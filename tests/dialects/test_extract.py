"""Which parts of a longer text name a model, where they stand in it, and what can stand there."""

import pytest

from stagewright.dialects.extract import encoded, part_at, parts
from stagewright.dialects.key_path import parse_path
from stagewright.dialects.place import Extract, Place

PATHS = (parse_path("$[*]"), parse_path("$.a.b"))


def at(**said: object) -> Place:
    return Place((parse_path("$.x"),), "model", extract=Extract(**said))  # type: ignore[arg-type]


OPTIONS = at(options=("--model", "-m", "--fallback-model"))


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("--model a", [("a", "a")]),
        ("-m a --x --fallback-model b", [("a", "a"), ("b", "b")]),
        ("--model=a", [("a", "a")]),
        ("--model='a b'", [("a b", "a b")]),
        ('--model "a"', [("a", "a")]),
        ("--model \\\n  a", [("a", "a")]),
        ("--x\n--model a\n", [("a", "a")]),
        ("--model a\\ b", [("a b", "a\\ b")]),
        ("'--model' a", [("a", "a")]),
        ("--mo'del' a'b'c", [("abc", "a'b'c")]),
        ('--model "a\\"b"', [('a"b', 'a\\"b')]),
        ("--model a#b", [("a#b", "a#b")]),
        ("--model 'a", [("a", "a")]),
        ("--model a --model b", [("a", "a"), ("b", "b")]),
        ("--models a", []),
        ("--xmodel a", []),
        ("model a", []),
        ("# --model a\n--x", []),
        ("--x # --model a", []),
        ("'--model a'", []),
        ("--model --x", []),
        ("--model  --x", [("", "")]),
        ("--model", []),
        ("--model ''", [("", "")]),
        ("--model=", [("", "")]),
        ("", []),
        ("\\", []),
        ("'", []),
    ],
)
def test_what_stands_behind_an_option(value: str, found: list[tuple[str, str]]) -> None:
    read = list(parts(OPTIONS, value))
    assert [(one.text, value[one.start : one.end]) for one in read] == found


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ('["a", "b"]', ["a", "b"]),
        ('{"a": {"b": "x", "c": "y"}}', ["x"]),
        ('[\n  "a"\n]', ["a"]),
        ("[1, true, null, {}]", []),
        ('["a",', ["a"]),
        ("not JSON", []),
        ("", []),
        ('"a"', []),
    ],
)
def test_what_stands_in_json(value: str, found: list[str]) -> None:
    read = list(parts(at(json=PATHS), value))
    assert [one.text for one in read] == found
    assert [value[one.start : one.end] for one in read] == found


@pytest.mark.parametrize(
    ("value", "found"),
    [("a,b", ["a", "b"]), (" a , b ,", ["a", "b", ""]), ("a", ["a"]), (",", ["", ""]), ("", [""])],
)
def test_what_stands_between_commas(value: str, found: list[str]) -> None:
    read = list(parts(at(split=","), value))
    assert [one.text for one in read] == found
    assert [value[one.start : one.end].strip() for one in read] == found


@pytest.mark.parametrize(
    ("value", "found"), [("fast: a:b ", ["a:b"]), (":a", ["a"]), ("a", []), ("a:", [""])]
)
def test_what_stands_behind_a_mark(value: str, found: list[str]) -> None:
    assert [one.text for one in parts(at(after=":"), value)] == found


@pytest.mark.parametrize(
    ("value", "before", "text"),
    [
        ("--model abc --x", "--model a", "abc"),
        ("--model abc --x", "--model ", "abc"),
        ("--model abc --x", "--model abc", "abc"),
        ("--model  --x", "--model ", ""),
        ("--model ", "--model ", ""),
        ("--model abc --x", "--mod", None),
        ("--model abc --x", "--model abc ", None),
    ],
)
def test_the_part_that_a_cursor_is_in(value: str, before: str, text: str | None) -> None:
    found = part_at(OPTIONS, value, len(before))
    assert (found and found.text) == text
    if found is not None and not found.text:
        assert found.start == found.end == len(before)


@pytest.mark.parametrize(
    ("value", "text", "code"),
    [
        ("--model a", "b[1m]", "b[1m]"),
        ("--model a", "b c", None),
        ("--model a", "b;c", None),
        ("--model 'a'", "b c", "b c"),
        ("--model 'a'", "b'c", None),
        ('--model "a"', "b'c", "b'c"),
        ('--model "a"', "$b", None),
        ('--model "a"', "b\nc", None),
    ],
)
def test_what_can_stand_in_a_command_line(value: str, text: str, code: str | None) -> None:
    (part,) = parts(OPTIONS, value)
    assert encoded(part, text, OPTIONS.extract) == code


def test_what_can_stand_in_json_and_lists() -> None:
    (part,) = parts(at(json=PATHS), '["a"]')
    assert encoded(part, 'b"', None) is None
    assert encoded(part, "b", None) == "b"
    place = at(split=",")
    part, _ = parts(place, "a,b")
    assert encoded(part, "c,d", place.extract) is None
    assert encoded(part, "c", place.extract) == "c"
