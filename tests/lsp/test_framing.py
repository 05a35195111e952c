"""Messages are found in what comes, whatever stands between them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stagewright.lsp.framing import MAX_LINE, NO_LENGTH, Frame, Framing, Unreadable

BODY = b'{"jsonrpc":"2.0","method":"x"}'
LENGTH = b"%d" % len(BODY)
GOOD = b"Content-Length: " + LENGTH + b"\r\n\r\n" + BODY


def frames(data: bytes, size: int | None = None, max_body: int = 1000) -> list[Frame]:
    framing = Framing(max_body)
    pieces = [data[i : i + size] for i in range(0, len(data), size)] if size else [data]
    return [frame for piece in pieces for frame in framing.feed(piece)]


@pytest.mark.parametrize(
    "header",
    [
        b"Content-Length: %s\r\n\r\n",
        b"content-length: %s\r\n\r\n",
        b"CONTENT-LENGTH:%s\r\n\r\n",
        b"Content-Length:\t  %s \t\r\n\r\n",
        b"Content-Length : %s\r\n\r\n",
        b"Content-Length: %s\n\n",
        b"Content-Length: %s\r\n\n",
        b"Content-Length: 000%s\r\n\r\n",
        b"\r\n\r\nContent-Length: %s\r\n\r\n",
        b"Content-Type: application/vscode-jsonrpc; charset=utf8\r\nContent-Length: %s\r\n\r\n",
        b"Content-Length: %s\r\ncontent-type:application/json;charset=UTF-8\r\n\r\n",
        b'Content-Length: %s\r\nContent-Type: x; charset="utf-8"; q=1\r\n\r\n',
        b"X-Trace: 1\r\nContent-Length: %s\r\nX-Content-Length: 3\r\n\r\n",
        b"Content-Length: %s\r\nContent-Length: %s\r\n\r\n",
        b"no header at all\r\nContent-Length: %s\r\n\r\n",
        b"\x00\xff\x80garbage }Content-Length: %s\r\n\r\n",
    ],
)
@pytest.mark.parametrize("size", [None, 1, 7])
def test_a_header_is_read_as_http_reads_it(header: bytes, size: int | None) -> None:
    assert frames(header.replace(b"%s", LENGTH) + BODY + GOOD, size) == [BODY, BODY]


@pytest.mark.parametrize(
    "header",
    [
        b"Content-Length: -5\r\n\r\n",
        b"Content-Length: many\r\n\r\n",
        b"Content-Length: 3.0\r\n\r\n",
        b"Content-Length: 0x1e\r\n\r\n",
        b"Content-Length: \xd9\xa3\r\n\r\n",
        b"Content-Length:\r\n\r\n",
        b"Content-Length: 30, 31\r\n\r\n",
        b"Content-Length: 30\r\nContent-Length: 31\r\n\r\n",
        b"Content-Length: 99999999999999999999999999\r\n\r\n",
        b"Content-Length: 9223372036854775807\r\n\r\n",
        b"Content-Type: application/json\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\n\n",
    ],
)
@pytest.mark.parametrize("size", [None, 1])
def test_after_a_header_that_cannot_be_used_the_next_message_is_found(
    header: bytes, size: int | None
) -> None:
    assert frames(header + BODY + GOOD + GOOD, size) == [NO_LENGTH, BODY, BODY]


@pytest.mark.parametrize("size", [None, 1000])
def test_a_message_that_is_too_long_is_passed_over(size: int | None) -> None:
    long = b'{"id":7,"params":"' + b"x" * 5000 + b'"}'
    found, after = frames(b"Content-Length: %d\r\n\r\n%s%s" % (len(long), long, GOOD), size)
    assert isinstance(found, Unreadable)
    assert found.reason.startswith(f"A message of {len(long):,} bytes was ignored")
    assert found.beginning.startswith(b'{"id":7')
    assert after == BODY


def test_a_line_without_end_takes_no_memory() -> None:
    framing = Framing()
    for _ in range(100):
        assert list(framing.feed(b"x" * 100_000)) == []
        assert len(framing._bytes) <= MAX_LINE
    assert list(framing.feed(b"\r\n\r\n" + GOOD)) == [NO_LENGTH, BODY]


def test_what_was_passed_over_may_end_in_anything() -> None:
    lost = b"Content-Length: ?\r\n\r\nhello"
    assert frames(lost + GOOD) == [NO_LENGTH, BODY]


def test_an_empty_body_is_a_body() -> None:
    assert frames(b"Content-Length: 0\r\n\r\n" + GOOD) == [b"", BODY]


@given(st.binary(max_size=300), st.integers(1, 50))
def test_what_comes_in_pieces_is_what_comes_at_once(data: bytes, size: int) -> None:
    assert frames(data + GOOD, size) == frames(data + GOOD)


@given(st.lists(st.binary(max_size=100), max_size=5), st.integers(1, 30))
def test_every_body_is_found_in_any_pieces(bodies: list[bytes], size: int) -> None:
    framing = Framing()
    data = b"".join(b"Content-Length: %d\r\n\r\n%s" % (len(one), one) for one in bodies)
    found = [f for i in range(0, len(data), size) for f in framing.feed(data[i : i + size])]
    assert found == bodies
    assert framing.is_between_messages
