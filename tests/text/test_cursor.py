"""Where a cursor stands, in whole and in half-typed text."""

from textwrap import dedent

import pytest
from tests.dialects.support import cursor_in, with_cursor

from stagewright.dialects import choragen
from stagewright.dialects.document import Document
from stagewright.text.buffer import Position
from stagewright.text.cursor import Cursor
from stagewright.text.cursor_at import cursor_at


def in_second_stage(body: str, after: str = "") -> str:
    """A template with this body in the second of its stages."""
    indented = "".join(
        f"    {line}\n" if line else "\n" for line in dedent(body).strip("\n").split("\n")
    )
    first = "name: t\nstages:\n  - name: one\n    type: request\n  - name: two\n"
    return first + indented.removesuffix("\n") + after


def found(cursor: Cursor | None, inside: int = 0) -> str:
    """A cursor in one line: place, path without its first steps, prefix."""
    if cursor is None:
        return "nothing"
    path = ".".join(str(step) for step in cursor.path[inside:])
    return f"{cursor.place} {path or '-'} {cursor.prefix!r}"


NEXT_STAGE = "\n  - name: three\n    type: review\n"


@pytest.mark.parametrize("after", ["", "\n", NEXT_STAGE])
@pytest.mark.parametrize(
    ("body", "expected"),
    [
        # values of keys, with nothing, a part, or something wrong written
        ("defaultModel:\n  provider: $0", "value defaultModel.provider ''"),
        ("defaultModel:\n  provider: $0\n  model: m", "value defaultModel.provider ''"),
        ("defaultModel:\n  provider:$0\n  model: m", "value defaultModel.provider ''"),
        ("defaultModel:\n  provider:$0", "value defaultModel.provider ''"),
        ("defaultModel:\n  provider:an$0", "value defaultModel.provider 'an'"),
        ("defaultModel:\n  provider: an$0", "value defaultModel.provider 'an'"),
        ("defaultModel:\n  provider: an$0thropic", "value defaultModel.provider 'an'"),
        ("defaultModel:\n  provider: $0anthropic", "value defaultModel.provider ''"),
        ("defaultModel:\n  model: org/x:7b$0", "value defaultModel.model 'org/x:7b'"),
        ("defaultModel:\n  model:\t$0", "value defaultModel.model ''"),
        ("defaultModel:\n  model: &a $0x", "value defaultModel.model ''"),
        ("defaultModel:\n  model: !!str x$0", "value defaultModel.model 'x'"),
        ("defaultModel:\n  provider: x\n  model: y\n  model: $0", "value defaultModel.model ''"),
        ("defaultModel: *fa$0", "value defaultModel '*fa'"),
        ("defaultModel: $0", "value defaultModel ''"),
        ("defaultModel: &m\n  model: $0", "value defaultModel.model ''"),
        ("<<: *base\ndefaultModel:\n  model: $0", "value defaultModel.model ''"),
        ("'defaultModel':\n  \"model\" : $0", "value defaultModel.model ''"),
        # quotes
        ('defaultModel:\n  model: "$0"', "value defaultModel.model ''"),
        ('defaultModel:\n  model: "gp$0t"', "value defaultModel.model 'gp'"),
        ("defaultModel:\n  model: 'gp$0", "value defaultModel.model 'gp'"),
        ('defaultModel:\n  model: "gp$0\n  provider: x', "value defaultModel.model 'gp'"),
        ('defaultModel:\n  model: "gpt"$0', "nothing"),
        ('defaultModel:\n  model: "gpt" $0', "nothing"),
        ('roleId: "never closed\ndefaultModel:\n  model: $0', "value defaultModel.model ''"),
        # keys
        ("defau$0", "key - 'defau'"),
        ("defau$0\ngate:\n  type: auto", "key - 'defau'"),
        ("gate:\n  type: auto\ndefau$0\nroleId: x", "key - 'defau'"),
        ("roleId: x\n$0\ngate:\n  type: auto", "key - ''"),
        ("ro$0leId: x", "key - 'ro'"),
        ("roleId$0: x", "key - 'roleId'"),
        ('"ro$0', "key - 'ro'"),
        ("defaultModel:\n  mo$0", "key defaultModel 'mo'"),
        ("defaultModel:\n  $0", "key defaultModel ''"),
        ("defaultModel:\n      $0", "key defaultModel ''"),
        ("defaultModel:\n  provider: x\n  $0", "key defaultModel ''"),
        ("gate:\n  options:\n    - label: a\n      $0", "key gate.options.0 ''"),
        ("gate:\n  options:\n    - label: a\n    - $0", "key gate.options.1 ''"),
        ("gate:\n  options:\n    - label: a\n    -$0", "key gate.options.1 ''"),
        ("gate:\n  options:\n    - label: a\n      b: c\n    - la$0", "key gate.options.1 'la'"),
        ("gate:\n  options:\n    - label: a\n    $0", "key gate.options ''"),
        ("gate:\n  options:\n  - label: a\n  - $0", "key gate.options.1 ''"),
        ("gate:\n  options:\n  -\n    $0", "key gate.options.0 ''"),
        ("hooks:\n  onEnter:\n    - type: x\n    - type: $0", "value hooks.onEnter.1.type ''"),
        # items of lists of texts
        ("gate:\n  commands:\n    - pn$0pm", "value gate.commands.0 'pn'"),
        ("gate:\n  commands:\n    - a: b\n    - run:x$0", "value gate.commands.1 'run:x'"),
        ("gate:\n  commands:\n  - a\n  - $0", "value gate.commands.1 ''"),
        ("gate:\n  commands: [a, b$0]", "value gate.commands.1 'b'"),
        # flow style on one line
        ("defaultModel: {$0}", "key defaultModel ''"),
        ("defaultModel: {mo$0}", "key defaultModel 'mo'"),
        ("defaultModel: {provider: x, $0}", "key defaultModel ''"),
        ("defaultModel: {provider: x, model: $0}", "value defaultModel.model ''"),
        ("defaultModel: {provider: x, model:$0}", "value defaultModel.model ''"),
        ("defaultModel: {provider: x, model: y$0}", "value defaultModel.model 'y'"),
        ("defaultModel: {provider: $0, model: y}", "value defaultModel.provider ''"),
        ('defaultModel: {"provider":"x","model":"y$0"}', "value defaultModel.model 'y'"),
        ("defaultModel: {provider: x, model: 'y$0}", "value defaultModel.model 'y'"),
        ("defaultModel: {provider: x, model: y}$0", "nothing"),
        ("defaultModel: {provider: x # $0", "nothing"),
        # flow style that is not closed
        ("defaultModel: {provider: x, $0", "key defaultModel ''"),
        ("defaultModel: {provider: x, model: $0", "value defaultModel.model ''"),
        ("defaultModel: {model: y$0\ngate:\n  type: auto", "value defaultModel.model 'y'"),
        ("defaultModel: {provider: x,\ngate:\n  type: $0", "value gate.type ''"),
        # flow style over several lines
        ("defaultModel: {\n  provider: x,\n  model: $0\n}", "value defaultModel.model ''"),
        ("defaultModel: {\n  provider: x,\n  $0\n}", "key defaultModel ''"),
        ("defaultModel: {\n  provider: x,\n  model:\n    y$0\n}", "value defaultModel.model 'y'"),
        ("gate: {options: [{label: a}, {$0}]}", "key gate.options.1 ''"),
        ("gate: {options: [{label: a}, {\n  action: $0", "value gate.options.1.action ''"),
        # prose: a value whose path says so
        ('initPrompt: "Do {{$0"', "value initPrompt 'Do {{'"),
        ("gate:\n  prompt: Model: $0", "value gate.prompt 'Model: '"),
        # comments, block scalars and texts of several lines: never
        ("# model: $0", "nothing"),
        ("defaultModel:\n  # model: $0", "nothing"),
        ("defaultModel:\n  model: x # $0", "nothing"),
        ("defaultModel:\n  model: # $0", "nothing"),
        ("initPrompt: |$0", "nothing"),
        ("initPrompt: |\n  model: $0", "nothing"),
        ("initPrompt: >-\n  text\n\n  provider: $0", "nothing"),
        ("initPrompt: |\n  text\n  $0", "nothing"),
        ("initPrompt: |\n  text\n$0", "key - ''"),
        ("initPrompt: plain\n  model: $0", "nothing"),
        ('initPrompt: "quoted\n  model: $0"', "nothing"),
        # places that mean nothing
        ("gate:\n  type: auto\n   $0", "nothing"),
        ("gate:\n $0 type: auto", "nothing"),
        ("roleId: x\n  $0", "nothing"),
        ("?$0", "nothing"),
    ],
)  # fmt: skip
def test_in_a_stage(body: str, after: str, expected: str) -> None:
    assert found(cursor_in(in_second_stage(body, after)), inside=2) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$0", "key - ''"),
        ("# only a comment\n$0", "key - ''"),
        ("na$0", "key - 'na'"),
        ("name: $0", "value name ''"),
        ("name: t\n$0", "key - ''"),
        ("name: t\n$0\nstages:\n  - name: a\n", "key - ''"),
        ("name: t\nstages:\n  - name: a\n$0", "key - ''"),
        ("name: t\nstages:\n  - name: a\nver$0", "key - 'ver'"),
        ("name: t\nstages:\n  - name: a\nver$0\n  - name: b\n", "key - 'ver'"),
        ("name: t\nstages:\n  - name: a\nversion: $0", "value version ''"),
        ("name: t\nstages:\n$0", "key - ''"),
        ("name: t\nstages:\n  $0", "key stages ''"),
        ("name: t\nstages:\n  - name: a\n  $0", "key stages ''"),
        ("name: t\nstages:\n  - name: a\n  na$0", "key stages 'na'"),
        ("name: t\nstages:\n  - $0", "key stages.0 ''"),
        ("name: t\nstages:\n  -$0", "key stages.0 ''"),
        ("name: t\nstages:\n  $0- name: a", "nothing"),
        ("name: t\nstages:\n  - name: a\n   $0", "nothing"),
        ("stages:\n- name: a\n  $0", "key stages.0 ''"),
        ("stages:\n- name: a\n  type: $0\n- name: b", "value stages.0.type ''"),
        ("stages:\n- name: a\n$0", "key - ''"),
        ("  stages:\n    - name: a\n    - type: $0", "value stages.1.type ''"),
        ("stages: &all\n  - name: a\n  - type: $0", "value stages.1.type ''"),
        ("stages: [{name: a}, {defaultModel: {model: $0", "value stages.1.defaultModel.model ''"),
        ('{"stages": [\n  {"name": "a",\n   "type": "$0"}\n]}', "value stages.0.type ''"),
        ('{\n"stages": [\n{"type": "r$0"}\n]}', "value stages.0.type 'r'"),
        ("name: a\n---\nname: $0", "value name ''"),
        ("--- $0", "nothing"),
        ("%YAML 1.2$0", "nothing"),
        ("description: |\n  name: $0", "nothing"),
        ("stages:\n  - name: a\n\ttype: $0", "nothing"),
        ("stages:\n\t- name: a\n\t  $0", "nothing"),
        ("\ufeffname: $0", "value name ''"),
        ("\ufeffna$0", "key - 'na'"),
        ("name: 😀😀\nstages:\n  - name: 😀\n    type: re$0", "value stages.0.type 're'"),
        ("name: a\u2028b\nversion: $0", "value version ''"),
        ("name: t\r\nstages:\r\n  - name: a\r\n    type: $0\r\n", "value stages.0.type ''"),
        ("name: t\rstages:\r  - name: a\r    type: $0\r", "value stages.0.type ''"),
        ("name: t\nstages:\n  - name: 'open\n  - type: $0\n", "value stages.1.type ''"),
        ("name: 'open\nstages:\n  - type: $0\n", "value stages.0.type ''"),
        ("stages:\n  - name: a\n  type: $0\n", "value stages.type ''"),
        ("stages:\n  - name: a\n     type: $0\n", "nothing"),
        ("a" + " " * 30_000 + "$0", "nothing"),
    ],
)  # fmt: skip
def test_in_a_file(text: str, expected: str) -> None:
    plain, position = with_cursor(text)
    assert found(cursor_at(Document(plain), position)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("    model:\n      provider: $0\n", "value model.provider ''"),
        ("  - id: b\n    model:\n      model: x$0\n", "value model.model 'x'"),
        ("    model: {provider: x, model: $0}\n", "value model.model ''"),
        ("    toolIds:\n      - chain:st$0\n", "value toolIds.0 'chain:st'"),
        ("    toolIds:\n      - a\n      $0\n", "key toolIds ''"),
        ("    systemPrompt: |\n      model: $0\n", "nothing"),
        ("    mo$0\n    toolIds: []\n", "key - 'mo'"),
    ],
)  # fmt: skip
def test_in_the_role_index(text: str, expected: str) -> None:
    cursor = cursor_in(f"roles:\n  - id: a\n{text}", choragen.ROLES)
    assert found(cursor, inside=2) == expected


@pytest.mark.parametrize(
    ("line", "word", "needs_space"),
    [
        ("model: $0", "", False),
        ("model:$0", "", True),
        ("model:$0 old", " old", True),
        ("model: $0  old", "  old", False),
        ("model: o$0ld", "old", False),
        ("model: old$0", "old", False),
        ("model: old$0 # why", "old", False),
        ("model: old $0", "old ", False),
        ('model: "o$0ld"', "old", False),
        ('model: $0"old"', '"old"', False),
        ("model: 'o$0ld", "old", False),
        ("model:o$0ld", "old", True),
        ("mo$0del: old", "model", False),
        ('"mo$0del": old', "model", False),
        ("mo$0del", "model", False),
        ("gate: {type: a$0b}", "ab", False),
        ("gate: {type: $0}", "", False),
        ("gate: {type:$0}", "", True),
        ("gate: {type: ab $0}", "ab ", False),
        ("gate: {ty$0pe: ab}", "type", False),
        ("😀: o$0ld", "old", False),
    ],
)
def test_the_word_that_an_answer_replaces(line: str, word: str, needs_space: bool) -> None:
    plain, position = with_cursor(f"stages:\n  - name: a\n    {line}\n")
    document = Document(plain)
    cursor = cursor_at(document, position)
    assert cursor is not None
    start, end = cursor.word
    assert start.line == end.line == position.line
    assert document.lines[start.line][start.column : end.column] == word
    assert start <= position <= end
    assert cursor.needs_space is needs_space


def siblings(cursor: Cursor | None) -> dict[str, str | None]:
    """The other keys: the text of scalars, None for keys that hold something else."""
    assert cursor is not None
    return {
        key: cursor.siblings[key].value if key in cursor.siblings else None for key in cursor.keys
    }


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("provider: a\nmodel: $0", {"provider": "a"}),
        ("model: $0\nprovider: 'a''b' # x", {"provider": "a'b"}),
        ("model: $0\nprovider:", {"provider": ""}),
        ("model: $0\nprovider:\n  - x", {"provider": None}),
        ("model: $0\nprovider: |\n  x", {"provider": None}),
        ('model: $0\nprovider: "open', {"provider": "open"}),
        ("a: 1\n\n# c\nmodel: $0\n\nb: 2", {"a": "1", "b": "2"}),
        ("a:\n  deep: 1\nmodel: $0\nb: {c: d}", {"a": None, "b": None}),
        ("a: 1\n$0\nb: 2", {"a": "1", "b": "2"}),
        ("mo$0: x\nb: 2", {"b": "2"}),
        ("x: {a: 1, model: $0, b: '2', c: [d], e: }", {"a": "1", "b": "2", "c": None, "e": ""}),
        ("x: {a: 1, $0", {"a": "1"}),
        ("x: {\n  a: 1,\n  b: $0,\n  c: 3\n}\nd: 4", {"a": "1", "c": "3"}),
    ],
)
def test_the_keys_beside_it(body: str, expected: dict[str, str | None]) -> None:
    lines = "".join(f"      {line}\n" for line in body.split("\n"))
    assert siblings(cursor_in(f"stages:\n  - name: x\n    y:\n{lines}  - name: z\n")) == expected


def test_the_first_key_of_an_item_counts_as_a_sibling() -> None:
    assert siblings(cursor_in("stages:\n  - name: a\n    type: $0\n    roleId: r\n")) == {
        "name": "a",
        "roleId": "r",
    }


def test_keys_behind_the_stages_are_siblings_of_those_before() -> None:
    text = "na$0: x\nstages:\n  - name: a\n    version: 7\nversion: 1\n"
    assert siblings(cursor_in(text)) == {"stages": None, "version": "1"}


@pytest.mark.parametrize(
    ("line", "start", "end"),
    [
        ("provider: ab", 16, 18),
        ("provider: 'ab'", 16, 20),
        ("provider:", 15, 15),
        ("provider: ", 16, 16),
        ("provider:   ", 16, 16),
        ("provider: # why", 15, 15),
    ],
)
def test_where_a_sibling_value_stands_or_would_stand(line: str, start: int, end: int) -> None:
    cursor = cursor_in(f"stages:\n  - name: a\n    defaultModel:\n      {line}\n      model: $0\n")
    assert cursor is not None
    span = cursor.siblings["provider"].value_span
    assert span == ((3, start), (3, end))


def test_a_block_scalar_is_left_quickly_however_long_it_is() -> None:
    prose = "      text\n" * 1500
    text = f"stages:\n  - name: a\n    initPrompt: |\n{prose}    type: $0\n"
    assert found(cursor_in(text)) == "value stages.0.type ''"
    assert (
        found(cursor_in(text.replace("type: $0", "").replace("text\n    ", "text$0\n    ")))
        == "nothing"
    )


def test_a_position_outside_of_the_text_is_moved_into_it() -> None:
    assert found(cursor_at(Document("name: a"), Position(9, 9))) == "value name 'a'"


@pytest.mark.parametrize("bracket", ["[", "{", "{a: "])
def test_brackets_are_followed_to_a_bounded_depth(bracket: str) -> None:
    cursor = cursor_in(f"stages: {bracket * 4_000}$0")
    assert cursor is None or len(cursor.path) < 200
