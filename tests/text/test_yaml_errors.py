"""Errors of YAML, in plain words and at the exact place; and what is kept around them."""
# ruff: noqa: E501 - a mark stands on one line with its message

from __future__ import annotations

import pytest
import yaml
from tests.dialects.support import assert_problems, names
from tests.text.stages import in_a_stage

from stagewright.dialects.document import Document
from stagewright.text.buffer import span_at
from stagewright.text.nodes import ScalarNode
from stagewright.text.yaml import syntax

IN_A_STAGE = [
    *map(
        in_a_stage,
        [
            """
            roleId: "never closed
                    ^^^^^^^^^^^^^ Unclosed quote. Add `"` at the end of the text.
            """,
            """
            initPrompt: 'it's'
                            ^^ Unexpected text after the closing quote. Quote all of it, or remove it.
            """,
            """
            initPrompt: Model: what
                        ^^^^^^^^^^^ A value with `: ` in it must be quoted.
            """,
            """
            gate: {type: auto
                  ^^^^^^^^^^^ Unclosed `{`. Add `}` after the last item.
            """,
            """
            gate: {type: auto}}
                              ^ Unmatched `}`.
            """,
            """
            gate: {type: auto satisfied: false}
                                       ^ Expected `,` or `}` before this.
            """,
            """
            roleId: @me
                    ^^^ A value cannot start with `@`. Quote it.
            """,
            """
            initPrompt: "a \\u12 b"
                           ^^^^ Incomplete escape `\\u12`: `\\u` takes 4 hexadecimal digits. For a backslash, write `\\\\`.
            """,
            """
            initPrompt: "a \\x b"
                           ^^ Incomplete escape `\\x`: `\\x` takes 2 hexadecimal digits. For a backslash, write `\\\\`.
            """,
            """
            initPrompt: "a \\q b"
                           ^^ Invalid escape `\\q`. Write `\\\\` for a backslash, or use single quotes.
            """,
            """
            roleId: *
                    ^ A value that starts with `*` is an alias in YAML. Quote it.
            """,
            """
            roleId: - a
                    ^ A list cannot start here. Put each item on its own line below the key.
            """,
            """
            initPrompt: | text
                         ^^^^^ Start the text on the line below `|`, indented with spaces.
            """,
            """
            initPrompt: "open
                        ^^^^^ Unclosed quote. Add `"` at the end of the text.
            roleId: 'open
                    ^^^^^ Unclosed quote. Add `'` at the end of the text.
            """,
        ],
    ),
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
            "Nested too deeply: the limit is 100 levels.",
            (0, 102, 0, 103),
        ),
    ],
)  # fmt: skip
def test_what_is_no_yaml(text: str, message: str, place: tuple[int, int, int, int]) -> None:
    document = Document(text)
    assert [(problem.message, problem.span) for problem in document.problems()] == [
        (message, span_at(*place))
    ]
