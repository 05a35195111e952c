"""Lines, splices and columns in three encodings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stagewright.text.buffer import (
    Buffer,
    Encoding,
    Position,
    Span,
    from_units,
    span_at,
    to_units,
)

ENCODINGS: tuple[Encoding, ...] = ("utf-8", "utf-16", "utf-32")
CODECS = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}

texts = st.text(alphabet=st.sampled_from("ab é€😀\u2028\x85\x00\ud83d\ude00\t") | st.characters())
lines_of_text = st.lists(
    st.sampled_from(["\n", "\r", "\r\n", "a", "bc", "😀", "\u2028", "\f", ""]), max_size=12
).map("".join)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", [""]),
        ("a", ["a"]),
        ("a\n", ["a", ""]),
        ("a\r\nb\rc\nd", ["a", "b", "c", "d"]),
        ("a\u2028b\x85c\x0bd\x0ce\u2029f", ["a\u2028b\x85c\x0bd\x0ce\u2029f"]),
        ("\r\r\n\n", ["", "", "", ""]),
    ],
)
def test_lines_split_only_where_lsp_splits(text: str, lines: list[str]) -> None:
    buffer = Buffer(text)
    assert buffer.lines == lines
    assert buffer.text == text


@pytest.mark.parametrize(
    ("text", "span", "new", "result"),
    [
        ("a\nb\nc", span_at(0, 1, 2, 0), "", "ac"),
        ("a\rb", span_at(1, 0, 1, 0), "\n", "a\r\nb"),  # one line end now
        ("a\rx\nb", span_at(1, 0, 1, 1), "", "a\r\nb"),
        ("a\r\nb", span_at(0, 1, 1, 0), "\r", "a\rb"),
        ("a", span_at(7, 7, 9, 9), "b\n", "ab\n"),  # past the end means the end
        ("ab", span_at(0, 2, 0, 1), "x", "ax"),  # the wrong way round
        ("a\nb", span_at(0, 99, 1, 99), "", "a"),
    ],
)
def test_splices(text: str, span: Span, new: str, result: str) -> None:
    buffer = Buffer(text)
    buffer.splice(span, new)
    assert buffer.text == result
    assert buffer.lines == Buffer(result).lines


@given(lines_of_text, st.data())
def test_a_splice_gives_the_lines_of_the_resulting_text(text: str, data: st.DataObject) -> None:
    buffer = Buffer(text)
    for _ in range(3):
        start, end = sorted(_position(buffer, data) for _ in range(2))
        new = data.draw(lines_of_text)
        whole = buffer.text
        expected = whole[: _offset(buffer, start)] + new + whole[_offset(buffer, end) :]
        before = list(buffer.lines)
        first, removed, added = buffer.splice(Span(start, end), new)
        assert buffer.text == expected
        assert buffer.lines == Buffer(expected).lines
        assert before[:first] == buffer.lines[:first]
        assert before[first + removed :] == buffer.lines[first + added :]


def _position(buffer: Buffer, data: st.DataObject) -> Position:
    line = data.draw(st.integers(0, len(buffer.lines) - 1))
    return Position(line, data.draw(st.integers(0, len(buffer.lines[line]))))


def _offset(buffer: Buffer, position: Position) -> int:
    rest = Buffer(buffer.text)
    rest.splice(Span(position, rest.end), "")
    return len(rest.text)


@pytest.mark.parametrize("encoding", ENCODINGS)
@given(line=texts)
def test_columns_round_trip(encoding: Encoding, line: str) -> None:
    for column in range(len(line) + 1):
        units = to_units(line, column, encoding)
        assert from_units(line, units, encoding) == column
        codec, width = CODECS[encoding]
        assert units == len(line[:column].encode(codec, "surrogatepass")) // width


@pytest.mark.parametrize(
    ("encoding", "units", "column"),
    [
        ("utf-16", 1, 1),  # before the emoji
        ("utf-16", 2, 1),  # in the middle of it: its start
        ("utf-16", 3, 2),
        ("utf-16", 99, 3),
        ("utf-8", 2, 1),
        ("utf-8", 4, 1),
        ("utf-8", 5, 2),
        ("utf-8", 99, 3),
        ("utf-32", 99, 3),
        ("utf-8", -1, 0),
    ],
)
def test_a_column_is_moved_to_the_start_of_a_character_and_into_the_line(
    encoding: Encoding, units: int, column: int
) -> None:
    assert from_units("a😀b", units, encoding) == column


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_column_past_the_end_means_the_end(encoding: Encoding) -> None:
    assert from_units("plain", 99, encoding) == 5
    assert to_units("plain", 99, encoding) == 5
    assert to_units("plain", -3, encoding) == 0
    assert from_units("", 1, encoding) == 0


@pytest.mark.parametrize(
    ("text", "newline"), [("a", "\n"), ("a\r\nb\nc", "\r\n"), ("a\rb", "\r"), ("a\n", "\n")]
)
def test_the_line_end_in_use(text: str, newline: str) -> None:
    assert Buffer(text).newline == newline
