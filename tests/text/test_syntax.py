"""What is wrong with a text, in plain words and at the exact place; and what is kept of it."""
# ruff: noqa: E501 - a mark stands on one line with its message

import pytest
import yaml
from tests.dialects.support import all_problems, assert_problems, names

from stagewright.dialects.document import Document
from stagewright.text.buffer import span_at
from stagewright.text.nodes import TOO_MUCH, AliasNode, MappingNode, ScalarNode, SequenceNode
from stagewright.text.yaml import syntax
from stagewright.text.yaml.syntax import EVENT_LIMIT, parse

pytestmark = pytest.mark.long(25)

IN_A_STAGE = [
    """
    stages:
      - name: one
        roleId: "never closed
                ^^^^^^^^^^^^^ Unclosed quote. Add `"` at the end of the text.
        defaultModel:
          provider: p
          model: m
      - name: two
    """,
    """
    stages:
      - name: one
        initPrompt: 'it's'
                        ^^ Unexpected text after the closing quote. Quote all of it, or remove it.
        defaultModel:
          provider: p
          model: m
      - name: two
    """,
    """
    stages:
      - name: one
        defaultModel:
          provider: p
          model: m
        gat
        ^^^ Expected `:` after this key.
        type: review
      - name: two
    """,
    """
    stages:
      - name: one
        initPrompt: Model: what
                    ^^^^^^^^^^^ A value with `: ` in it must be quoted.
        defaultModel:
          provider: p
          model: m
      - name: two
    """,
    """
    stages:
      - name: one
        gate: {type: auto
              ^^^^^^^^^^^ Unclosed `{`. Add `}` after the last item.
        defaultModel:
          provider: p
          model: m
      - name: two
    """,
    """
    stages:
      - name: one
        gate: {type: auto}}
                          ^ Unmatched `}`.
        defaultModel:
          provider: p
          model: m
      - name: two
    """,
    """
    stages:
      - name: one
        gate: {type: auto satisfied: false}
                                   ^ Expected `,` or `}` before this.
        defaultModel:
          provider: p
          model: m
      - name: two
    """,
    """
    stages:
      - name: one
        defaultModel:
          provider: p
          model: m
          type: review
            deeper: x
            ^^^^^^ Unexpected key: this line is indented deeper than the keys above it.
      - name: two
    """,
    """
    stages:
      - name: one
       type: review
       ^^^^^^^^^^^^ This line does not line up with the keys above it.
        defaultModel:
          provider: p
          model: m
      - name: two
    """,
    """
    stages:
       - name: one
       ^ This `-` does not line up with the other items.
         defaultModel:
           provider: p
           model: m
      - name: two
      - name: three
    """,
    """
    stages:
      - name: one
    gate
    ^^^^ This line does not line up with the keys above it.
        defaultModel:
          provider: p
          model: m
      - name: two
    """,
    """
    stages:
      - name: one
        roleId: @me
                ^^^ A value cannot start with `@`. Quote it.
        defaultModel:
          provider: p
          model: m
      - name: two
    """,
    """
    stages:
      - name: one
        initPrompt: "a \\u12 b"
                       ^^^^ Incomplete escape `\\u12`: `\\u` takes 4 hexadecimal digits. For a backslash, write `\\\\`.
        defaultModel:
          provider: p
          model: m
      - name: two
    """,
    """
    stages:
      - name: one
        initPrompt: "a \\x b"
                       ^^ Incomplete escape `\\x`: `\\x` takes 2 hexadecimal digits. For a backslash, write `\\\\`.
        defaultModel:
          provider: p
          model: m
      - name: two
    """,
    """
    stages:
      - name: one
        initPrompt: "a \\q b"
                       ^^ Invalid escape `\\q`. Write `\\\\` for a backslash, or use single quotes.
        defaultModel:
          provider: p
          model: m
      - name: two
    """,
    """
    stages:
      - name: one
        roleId: *
                ^ A value that starts with `*` is an alias in YAML. Quote it.
        defaultModel:
          provider: p
          model: m
      - name: two
    """,
    """
    stages:
      - name: one
        roleId: - a
                ^ A list cannot start here. Put each item on its own line below the key.
        defaultModel:
          provider: p
          model: m
      - name: two
    """,
    """
    stages:
      - name: one
        initPrompt: | text
                     ^^^^^ Start the text on the line below `|`, indented with spaces.
        defaultModel:
          provider: p
          model: m
      - name: two
    """,
    """
    stages:
      - name: one
        initPrompt: "open
                    ^^^^^ Unclosed quote. Add `"` at the end of the text.
        roleId: 'open
                ^^^^^ Unclosed quote. Add `'` at the end of the text.
        defaultModel:
          provider: p
          model: m
      - name: two
    """,
    """
    stages:
      - name: one
        defaultModel:
          provider: p
          model: m
        gate:
          options:
            - label: a
              action: "open
                      ^^^^^ Unclosed quote. Add `"` at the end of the text.
            - label: b
      - name: two
    """,
]  # fmt: skip


@pytest.mark.parametrize("text", IN_A_STAGE)
def test_one_bad_line_of_a_stage_costs_that_line_only(text: str) -> None:
    document = assert_problems(text)
    assert names(document)[:2] == ["one", "two"]
    first, second, *_ = document.entries()
    assert first.broken
    assert first.model is not None
    assert str(first.model.reference) == "p/m"
    assert not second.broken


NO_CHARACTERS = [
    """
    stages:
      - name: one
        initPrompt: "a \\ud83d\\uDE00 b"
                       ^^^^^^^^^^^^ `\\ud83d\\uDE00` is one character in two halves. Write `\\U0001F600`.
        defaultModel:
          provider: p
          model: m
      - name: two
    """,
    """
    stages:
      - name: one
        initPrompt: "a \\uD800 b"
                       ^^^^^^ `\\uD800` is half of a character. Write the whole character.
        defaultModel:
          provider: p
          model: m
      - name: two
    """,
    """
    stages:
      - name: one
        initPrompt: "a \\udfff\\ud800 b"
                       ^^^^^^ `\\udfff` is half of a character. Write the whole character.
        defaultModel:
          provider: p
          model: m
      - name: two
    """,
    """
    stages:
      - name: one
        initPrompt: "a \\U0000d800 b"
                       ^^^^^^^^^^ `\\U0000d800` is half of a character. Write the whole character.
        defaultModel:
          provider: p
          model: m
      - name: two
    """,
    """
    stages:
      - name: one
        initPrompt: "a \\U00110000 b"
                       ^^^^^^^^^^ Invalid escape `\\U00110000`: the last character is `\\U0010FFFF`.
        defaultModel:
          provider: p
          model: m
      - name: two
    """,
]


# Every wheel of PyYAML brings libyaml, so CI has it. A build without it reads these escapes by a
# parser that takes them, and nobody can be told what that one does not refuse.
@pytest.mark.skipif(not yaml.__with_libyaml__, reason="the pure parser takes them")
@pytest.mark.parametrize("text", NO_CHARACTERS)
def test_escapes_of_what_is_no_character(text: str) -> None:
    assert_problems(text)


@pytest.mark.parametrize("text", IN_A_STAGE)
def test_the_pure_parser_sees_the_same(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(syntax, "_LOADER", yaml.SafeLoader)
    document = assert_problems(text)
    assert names(document)[:2] == ["one", "two"]


@pytest.mark.parametrize(
    "text",
    [
        """
        name: "open
              ^^^^^ Unclosed quote. Add `"` at the end of the text.
        version: 1
        stages:
          - name: one
        """,
        """
        nam
        ^^^ Expected `:` after this key.
        version: 1
        stages:
          - name: one
        """,
        """
        stages:
          - name: one
        version: 1
        broken: [
                ^ Unclosed `[`. Add `]` after the last item.
        """,
        """
        name: t
        stages:
          - name: one
        version: 1
        ---
        other: "document
               ^^^^^^^^^ Unclosed quote. Add `"` at the end of the text.
        """,
        """
        version: 1
        %x
        ^^ Unexpected `%`: a directive needs `---` below it. Remove the line.
        stages:
          - name: one
        """,
    ],
)
def test_a_broken_head_leaves_the_stages_and_the_other_keys(text: str) -> None:
    document = assert_problems(text)
    assert names(document) == ["one"]
    head = document.head()
    assert head is not None
    assert isinstance(head.get("version"), ScalarNode)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("stages: [{name: a}, {name: b}, {name: 'c", ["a", "b"]),
        ("stages: [{name: a}, {name: b},", ["a", "b"]),
        ('{"stages": [{"name": "a"}, {"name": "b"', ["a", "b"]),
        ("  stages:\n    - name: a\n      type: 'x\n    - name: b\n", ["a", "b"]),
    ],
)
def test_a_broken_text_that_is_read_whole_keeps_what_came_before(
    text: str, expected: list[str | None]
) -> None:
    document = Document(text)
    assert document.chunks is None
    assert len(document.problems()) == 1
    assert names(document) == expected
    assert all(entry.broken for entry in document.entries())


@pytest.mark.parametrize(
    ("text", "message", "place"),
    [
        ("a: \x00b", "The character U+0000 is not allowed in YAML. Remove it.", (0, 3, 0, 4)),
        ("a: x\x1b[0m", "The character U+001B is not allowed in YAML. Remove it.", (0, 4, 0, 5)),
        ("a: 😀\ud83d", "The character U+D83D is half a character. Remove it.", (0, 4, 0, 5)),
        ("a:\n\tb: c", "Tabs cannot be used for indentation. Use spaces.", (1, 0, 1, 1)),
        ("a:\n  b: c\n\td: e", "Tabs cannot be used for indentation. Use spaces.", (2, 0, 2, 1)),
        ("? [", "Unclosed `[`. Add `]` after the last item.", (0, 2, 0, 3)),
        ("a: &", "A value that starts with `&` is an anchor in YAML. Quote it.", (0, 3, 0, 4)),
        ("a: !<x", "A value that starts with `!` is a tag in YAML. Quote it.", (0, 3, 0, 6)),
        ("a: [b, ,]", "Expected a value before `,`.", (0, 7, 0, 8)),
        (
            "a: " + "[" * 200,
            "Nested more than 100 levels deep, which is not read.",
            (0, 102, 0, 103),
        ),
    ],
)  # fmt: skip
def test_what_is_no_yaml(text: str, message: str, place: tuple[int, int, int, int]) -> None:
    document = Document(text)
    assert [(problem.message, problem.span) for problem in document.problems()] == [
        (message, span_at(*place))
    ]


def test_a_forbidden_character_does_not_hide_the_text_around_it() -> None:
    document = Document("stages:\n  - name: a\x00b\n    type: review\n")
    entry = document.entries()[0]
    assert not entry.broken
    assert entry.name is not None
    assert entry.name.value == "a\x00b"
    assert len(entry.problems) == 1


@pytest.mark.parametrize("odd", ["\u2028", "\u2029", "\x85", "\ufeff"])
def test_what_libyaml_takes_for_a_line_break_moves_no_span(odd: str) -> None:
    document = Document(f'stages:\n  - name: "a{odd}b"\n    type: x{odd}y # c\n    roleId: r\n')
    entry = document.entries()[0]
    assert entry.name == ScalarNode(f"a{odd}b", span_at(0, 10, 0, 15), '"')
    assert entry.type == ScalarNode(f"x{odd}y", span_at(1, 10, 1, 13), "")
    assert entry.role_id == ScalarNode("r", span_at(2, 12, 2, 13), "")


def test_a_byte_order_mark_counts_as_a_column_of_the_first_line() -> None:
    document = Document("\ufeffname: t\nstages:\n  - name: a\n")
    head = document.head()
    assert head is not None
    assert head.pairs[0] == (
        ScalarNode("name", span_at(0, 1, 0, 5), ""),
        ScalarNode("t", span_at(0, 7, 0, 8), ""),
    )
    assert names(document) == ["a"]


def test_spans_count_code_points_and_own_lines() -> None:
    parsed = parse(["a: 😀", "b: [x, {c: 'd'}]", "e: |", "  f", "", "  g", "", "h: *i"])
    assert isinstance(parsed.node, MappingNode)
    places = [(key.span, value.span) for key, value in parsed.node.pairs]
    assert places == [
        (span_at(0, 0, 0, 1), span_at(0, 3, 0, 4)),
        (span_at(1, 0, 1, 1), span_at(1, 3, 1, 16)),
        (span_at(2, 0, 2, 1), span_at(2, 3, 5, 3)),
        (span_at(7, 0, 7, 1), span_at(7, 3, 7, 5)),
    ]
    assert parsed.node.span == span_at(0, 0, 7, 5)
    assert parsed.node.pairs[3][1] == AliasNode("i", span_at(7, 3, 7, 5))


def test_block_collections_end_with_their_last_child() -> None:
    parsed = parse(["a:", "  - b: c", "  - d", "", "# comment", "e: f"])
    assert isinstance(parsed.node, MappingNode)
    listed = parsed.node.pairs[0][1]
    assert isinstance(listed, SequenceNode)
    assert listed.span == span_at(1, 2, 2, 5)
    assert not listed.flow


def test_anchors_merges_tags_and_duplicates_stay_as_written() -> None:
    parsed = parse(["a: &x !t {k: 1}", "<<: *x", "a: 2"])
    assert isinstance(parsed.node, MappingNode)
    assert [key.value for key, _ in parsed.node.pairs if isinstance(key, ScalarNode)] == [
        "a",
        "<<",
        "a",
    ]
    first = parsed.node.pairs[0][1]
    assert isinstance(first, MappingNode)
    assert (first.anchor, first.tag, first.flow) == ("x", "!t", True)


@pytest.mark.parametrize(
    "text", ["", "\n\n", "# only a comment\n", "\ufeff", "---\n", "---\n...\n"]
)
def test_empty_files_are_no_problem(text: str) -> None:
    document = Document(text)
    assert all_problems(document) == []
    assert document.head() is None
    assert document.entries() == ()


@pytest.mark.timeout(10)
@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        "- " * 100_000,
        "stages:\n  " + "- " * 100_000,
        "stages:\n  - a: " + "{b: " * 100_000,
        "stages:\n  - a" + " " * 200_000 + "\n    b: c",
        "stages:\n  - a: '" + "''" * 100_000,
        'stages:\n  - a: "' + '\\"' * 100_000,
        "stages:\n  - " + ":a" * 100_000,
        "stages:\n  - a: " + "#" * 200_000,
        "stages:\n  - a: &a [x]\n" + "    b: [*a, *a]\n" * 5_000,
        "stages:\n  - a:\n" + "".join(f"{' ' * (6 + n)}k:\n" for n in range(300)) + '"',
        "stages:\n  - name: a\n" + "    half\n" * 5_000,
        "stages:\n  - name: a\n" + '    k: "\n' * 3_000,
        "stages:\n  - a: " + "\x00" * 100_000,
    ],
    ids=lambda text: repr(text[:24]),
)
def test_hostile_texts_are_read_in_bounded_time(text: str) -> None:
    document = Document(text)
    document.entries()
    document.head()
    document.problems()


@pytest.mark.timeout(300)  # all that is read of a file takes a good machine 10 s
def test_what_is_too_much_for_one_file_is_said_and_left_out() -> None:
    text = "name: a\nstages: [" + "a," * EVENT_LIMIT + "]\n"
    document = Document(text)
    (problem,) = document.problems()
    assert problem.message == TOO_MUCH
    column = problem.span.start.column
    assert text.splitlines()[1][column] == "a"
    assert EVENT_LIMIT - 10 < document.count() < EVENT_LIMIT
