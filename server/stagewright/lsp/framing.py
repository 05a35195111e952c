"""From bytes to messages: LSP's headers, read as HTTP reads them, and bounded.

Nothing that comes ends the reading. After a header without a usable length it is not known where
its message ends, so everything up to the next `Content-Length` is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

MAX_BODY = 64 << 20
"""Bytes of the longest message: a file of the largest size that is read, with its escapes."""

MAX_LINE = 8 << 10
"""Bytes of a header's line that are looked at, from its end."""

ABSURD = 1 << 30
"""What claims to be so many bytes long is not waited for."""

BEGINNING = 1 << 10
"""Bytes that are kept of a message that is too long, to find its id in."""

_LENGTH = re.compile(rb"(?<![\w-])content-length[ \t]*:[ \t]*(.*?)[ \t]*\Z", re.IGNORECASE)
_AFTER_REST = re.compile(_LENGTH.pattern.removeprefix(rb"(?<![\w-])"), re.IGNORECASE)
"""The same behind what is left of a message that was passed over, in one line with it."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """What came and is no message: why, and the beginning of its body if that is known."""

    reason: str
    beginning: bytes = b""


Frame = bytes | Unreadable
"""A message's body, or what could not be read as one."""

NO_LENGTH = Unreadable("A message without a valid Content-Length was ignored.")


class Framing:
    """Takes bytes as they come, in whatever pieces."""

    def __init__(self, max_body: int = MAX_BODY) -> None:
        self._max_body = max_body
        self._bytes = bytearray()
        self._searched = 0  # bytes among which no line ends
        self._said: set[bytes] = set()  # the lengths that the header has named so far
        self._in_header = False
        self._lost = False  # where the next message begins is not known
        self._awaited: int | None = None  # bytes of the body that has begun
        self._surplus = 0  # bytes of a body that are passed over

    @property
    def is_between_messages(self) -> bool:
        """Whether what came has been read to its end."""
        return not (self._bytes or self._in_header or self._awaited or self._surplus)

    def feed(self, data: bytes) -> Iterator[Frame]:
        """What is complete with these bytes."""
        self._bytes += data
        while True:
            if self._surplus:
                passed = self._take(min(self._surplus, len(self._bytes)))
                self._surplus -= len(passed)
                if self._surplus:
                    return
            elif self._awaited is not None:
                kept = self._awaited if self._awaited <= self._max_body else BEGINNING
                if len(self._bytes) < kept:
                    return
                yield from self._body(self._take(kept))
            elif (line := self._line()) is None:
                return
            elif line.strip():
                self._in_header = True
                if found := (_AFTER_REST if self._lost else _LENGTH).search(line):
                    self._said.add(found[1])
                    self._lost = False
            elif self._in_header:
                yield from self._end_of_header()

    def _take(self, number: int) -> bytes:
        with memoryview(self._bytes) as view:
            taken = bytes(view[:number])  # not by way of a second bytearray
        del self._bytes[:number]
        return taken

    def _line(self) -> bytes | None:
        """The next line without its end, which is CRLF or LF alone; None until it has come."""
        end = self._bytes.find(b"\n", self._searched)
        if end < 0:
            del self._bytes[:-MAX_LINE]
            self._searched = len(self._bytes)
            return None
        self._searched = 0
        return self._take(end + 1)[-MAX_LINE:].rstrip(b"\r\n")

    def _end_of_header(self) -> Iterator[Frame]:
        said, self._said, self._in_header = self._said, set(), False
        number = said.pop() if len(said) == 1 else b""
        if number.isdigit() and len(number) < 20 and int(number) < ABSURD:
            self._awaited = int(number)
        elif not self._lost:
            self._lost = True
            yield NO_LENGTH

    def _body(self, body: bytes) -> Iterator[Frame]:
        length, self._awaited = self._awaited or 0, None
        if length <= self._max_body:
            yield body
        else:
            self._surplus = length - len(body)
            most = self._max_body >> 20
            reason = f"A message of {length:,} bytes was ignored: the limit is {most} MiB."
            yield Unreadable(reason, body)
