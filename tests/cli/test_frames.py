"""A diagnostic under its source line: what is marked, cut and wrapped."""

from __future__ import annotations

from textwrap import dedent

import pytest
from rich.cells import cell_len

from stagewright.cli.frames import frame
from stagewright.foreign import visible
from stagewright.text.buffer import Position, Span

MODEL = '      model: "claude-3-opus"'


def framed(line: str, start: int, end: int, *, number: int = 12, **more: object) -> str:
    settings = {"severity": "error", "code": "model-retired", "message": "It is gone.", **more}
    span = Span(Position(number - 1, start), Position(number - 1, end))
    return frame(place="a.yaml", line=line, span=span, **settings).plain  # type: ignore[arg-type]


def test_a_frame() -> None:
    said = framed(
        MODEL,
        13,
        28,
        within="stage `design`",
        helps=["Use `claude-opus-5`", "Remove the default model"],
    )
    assert said == dedent(
        """\
        error[model-retired]: It is gone.
          --> a.yaml:12:14  stage `design`
           |
        12 |       model: "claude-3-opus"
           |              ^^^^^^^^^^^^^^^
           = fix: Use `claude-opus-5`
           = or: Remove the default model
        """
    )


def test_a_narrow_terminal_wraps_words_and_keeps_the_mark_in_sight() -> None:
    said = framed(
        "x" * 100 + "MARKED" + "y" * 100,
        100,
        106,
        message="One two three four five six seven eight nine ten.",
        helps=["One two three four five six seven eight nine ten"],
        width=40,
    )
    assert said == dedent(
        """\
        error[model-retired]: One two three
          four five six seven eight nine ten.
          --> a.yaml:12:101
           |
        12 | …xxxxxxxxxxxMARKEDyyyyyyyyyyyyyyy…
           |             ^^^^^^
           = fix: One two three four five six
                  seven eight nine ten
        """
    )


def test_marks_are_laid_by_the_width_of_characters() -> None:
    *_, line, mark = framed('  a: "🎭漢" b', 5, 9).splitlines()
    assert cell_len(line[: line.index('"')]) == mark.index("^")
    assert mark.count("^") == cell_len('"🎭漢"')


@pytest.mark.parametrize("width", [30, 60, None])
@pytest.mark.parametrize("char", ["x", "漢", "\t"])
@pytest.mark.parametrize(("start", "end"), [(0, 0), (0, 5000), (2500, 2504), (5000, 5000)])
def test_no_line_is_longer_than_there_is_room(
    width: int | None, char: str, start: int, end: int
) -> None:
    *_, line, mark = framed(char * 5000, start, end, width=width).splitlines()
    assert cell_len(line) <= (width or 210) + 5
    assert mark.count("^") > 0
    assert cell_len(mark) <= cell_len(line) + 1


def test_what_spans_lines_is_marked_to_the_end_of_the_first() -> None:
    span = Span(Position(0, 3), Position(4, 2))
    said = frame(place="a", line="a: [b,", span=span, severity="hint", code="c", message="m").plain
    assert said.endswith("1 | a: [b,\n  |    ^^^\n")


def test_a_file_cannot_steer_the_terminal() -> None:
    said = framed('  a: "\x1b[31m\u202egone\x07"', 6, 10, message="\x1b]0;title\x07 here")
    assert not set(said) & set("\x1b\x07\u202e")
    assert visible("a\tb\u2028c\x00") == "a b\ufffdc\ufffd"
