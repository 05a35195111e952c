"""Tables in terminals: what is dropped, what is cut, what always shows."""

from __future__ import annotations

import pytest

from stagewright.cli.table import lines

ROWS = [
    ("claude-opus-4-1-20250805", "deprecated", "a long title for it", "200K"),
    ("世界", "active", "", "32K"),
]


@pytest.mark.parametrize(
    ("width", "expected"),
    [
        (
            None,
            [
                "claude-opus-4-1-20250805  deprecated  a long title for it  200K",
                "世界                      active                           32K",
            ],
        ),
        (
            57,
            [
                "claude-opus-4-1-20250805  deprecated  a long title for it",
                "世界                      active",
            ],
        ),
        (
            40,
            [
                "claude-opus-4-1-20250805  deprecated",
                "世界                      active",
            ],
        ),
        (20, ["claude-opus-4-1-20250805\n  deprecated", "世界\n  active"]),
    ],
)
def test_columns_go_from_the_end_and_the_first_two_stay(
    width: int | None, expected: list[str]
) -> None:
    assert list(lines(ROWS, width)) == expected


def test_words_are_cut_before_a_column_goes() -> None:
    rows = [("WF-1", "active", "a title that goes on and on", "design")]
    assert list(lines(rows, 44, words=2)) == ["WF-1  active  a title that goes on …  design"]
    assert list(lines(rows, 36, words=2)) == ["WF-1  active  a title that goes on …"]
    assert list(lines(rows, 30, words=2)) == ["WF-1  active\n  a title that goes on and on"]


def test_words_get_a_line_of_their_own_where_there_is_no_room() -> None:
    rows = [("WF-1", "active", "a title that goes on", "design"), ("WF-22", "paused", "", "a")]
    assert list(lines(rows, 20, words=2)) == [
        "WF-1   active\n  a title that goes…",
        "WF-22  paused",
    ]
    assert list(lines(rows, 10, words=2)) == [
        "WF-1\n  active\n  a title…",
        "WF-22\n  paused",
    ]
    assert list(lines(rows, 20, first=1, words=2)) == list(lines(rows, 20, words=2))
    assert list(lines([("WF-1", "a title that goes on")], 9, words=1)) == ["WF-1\n  a titl…"]


def test_columns_in_which_nothing_stands_are_left_out() -> None:
    assert list(lines([("a", "", "c"), ("b", "", "d")], 80)) == ["a  c", "b  d"]
    assert list(lines([], 80)) == []
