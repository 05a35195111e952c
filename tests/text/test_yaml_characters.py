"""Characters in YAML: escapes of what is none, those not allowed, those that move no span."""
# ruff: noqa: E501 - a mark stands on one line with its message

from __future__ import annotations

import pytest
import yaml
from tests.dialects.support import assert_problems, names
from tests.text.stages import in_a_stage

from stagewright.dialects.document import Document
from stagewright.text.buffer import span_at
from stagewright.text.nodes import ScalarNode

NO_CHARACTERS = [
    """
    initPrompt: "a \\ud83d\\uDE00 b"
                   ^^^^^^^^^^^^ `\\ud83d\\uDE00` is one character in two halves. Write `\\U0001F600`.
    """,
    """
    initPrompt: "a \\uD800 b"
                   ^^^^^^ `\\uD800` is half of a character. Write the whole character.
    """,
    """
    initPrompt: "a \\udfff\\ud800 b"
                   ^^^^^^ `\\udfff` is half of a character. Write the whole character.
    """,
    """
    initPrompt: "a \\U0000d800 b"
                   ^^^^^^^^^^ `\\U0000d800` is half of a character. Write the whole character.
    """,
    """
    initPrompt: "a \\U00110000 b"
                   ^^^^^^^^^^ Invalid escape `\\U00110000`: the last character is `\\U0010FFFF`.
    """,
]


# Every wheel of PyYAML brings libyaml, so CI has it. A build without it reads these escapes by a
# parser that takes them, and nobody can be told what that one does not refuse.
@pytest.mark.skipif(not yaml.__with_libyaml__, reason="the pure parser takes them")
@pytest.mark.parametrize("text", list(map(in_a_stage, NO_CHARACTERS)))
def test_escapes_of_what_is_no_character(text: str) -> None:
    assert_problems(text)


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
