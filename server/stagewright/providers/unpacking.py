"""Content encodings, undone piece by piece, so that no few bytes become gigabytes."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from typing import Any

PIECE = 64 * 1024
"""Bytes of an unpacked piece, at the most."""

_KNOWN = ("gzip", "x-gzip", "deflate")


class UnknownEncoding(ValueError):
    """Packed in a way that nobody asked for; the message names it."""


def encodings(header: str, most: int) -> list[str]:
    """What a `content-encoding` names, the outermost first. Raises UnknownEncoding.

    No more than `most` are undone, one around the other.
    """
    names = [name.strip().lower() for name in reversed(header.split(","))]
    found = [name for name in names if name not in ("", "identity")]
    unknown = [name for name in found if name not in _KNOWN]
    if unknown or len(found) > most:
        raise UnknownEncoding(", ".join(unknown or found))
    return found


class Unpacking:
    """A body that comes bit by bit, without its encodings. Raises zlib.error for what is broken."""

    def __init__(self, names: Sequence[str]) -> None:
        """`names` are as `encodings` gives them."""
        self._decoders = [_Decoder(name) for name in names]

    @property
    def whole(self) -> bool:
        """Whether every encoding has come to its end."""
        return all(decoder.ended for decoder in self._decoders)

    def feed(self, data: bytes) -> Iterator[bytes]:
        """What comes of the next bytes; to be gone through to its end, or never fed again."""
        return _through(data, self._decoders)

    def end(self) -> Iterator[bytes]:
        """What is left when all bytes have been fed."""
        for at, decoder in enumerate(self._decoders):
            yield from _through(decoder.rest(), self._decoders[at + 1 :])


class _Decoder:
    """One encoding."""

    def __init__(self, name: str) -> None:
        self._made: Any = zlib.decompressobj(zlib.MAX_WBITS | 32)  # tells gzip and zlib itself
        self._may_be_bare = name == "deflate"

    @property
    def ended(self) -> bool:
        return bool(self._made.eof)

    def pieces(self, data: bytes) -> Iterator[bytes]:
        while data:
            try:
                piece = self._made.decompress(data, PIECE)
            except zlib.error:
                if not self._may_be_bare:
                    raise
                self._made = zlib.decompressobj(-zlib.MAX_WBITS)  # deflate without zlib's frame
                self._may_be_bare = False
                continue
            self._may_be_bare = False
            data = self._made.unconsumed_tail
            if piece:
                yield piece
            elif not data or self._made.eof:
                return

    def rest(self) -> bytes:
        """What is left at the end: some hundred bytes at the most."""
        return bytes(self._made.flush())


def _through(data: bytes, decoders: Sequence[_Decoder]) -> Iterator[bytes]:
    if not decoders:
        yield data
        return
    first, *rest = decoders
    for piece in first.pieces(data):
        yield from _through(piece, rest)
