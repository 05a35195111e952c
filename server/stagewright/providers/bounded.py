"""Bodies of answers, decompressed piece by piece, so that no few bytes become gigabytes.

To be a response hook of an HTTP client. What the client itself would decompress it does at once, as
much as comes of it; here a piece has an end, and whoever reads can count.
"""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx2

PIECE = 64 * 1024
"""Bytes of a decompressed piece, at the most."""

ERROR_BODY = 64 * 1024
"""Bytes that are read of the body of an error, or of a redirect."""

_ERROR_SECONDS = 10.0
"""How long the body of an error may take; what has come by then is told."""

_ENCODINGS = {"gzip": zlib.MAX_WBITS | 16, "x-gzip": zlib.MAX_WBITS | 16, "deflate": zlib.MAX_WBITS}


async def bound_body(response: httpx2.Response) -> None:
    """Have a response's body come decompressed, in bounded pieces; one of an error is cut short."""
    names = response.headers.get("content-encoding", "").lower().split(",")
    encodings = [name.strip() for name in reversed(names) if name.strip() not in ("", "identity")]
    if "content-encoding" in response.headers:
        del response.headers["content-encoding"]
    assert isinstance(response.stream, httpx2.AsyncByteStream)
    stream = _Decoded(response.stream, encodings)
    if response.is_success:
        response.stream = stream
        return
    body = bytearray()
    try:
        async with asyncio.timeout(_ERROR_SECONDS):
            async for piece in stream:
                body += piece
                if len(body) >= ERROR_BODY:
                    break
    except (httpx2.HTTPError, TimeoutError):
        pass  # the status says enough
    finally:
        await stream.aclose()
    response.stream = httpx2.ByteStream(bytes(body[:ERROR_BODY]))


class _Decoded(httpx2.AsyncByteStream):
    """A body without its encodings, the outermost first."""

    def __init__(self, stream: httpx2.AsyncByteStream, encodings: list[str]) -> None:
        self._stream = stream
        self._encodings = encodings

    async def __aiter__(self) -> AsyncIterator[bytes]:
        unknown = [name for name in self._encodings if name not in _ENCODINGS]
        if unknown or len(self._encodings) > 2:
            name = ", ".join(unknown or self._encodings)
            raise httpx2.DecodingError(f"content-encoding {name[:40]} was not asked for")
        decoders = [_Decoder(name) for name in self._encodings]
        async for data in self._stream:
            for count, piece in enumerate(_decoded(data, decoders)):
                if count:
                    await asyncio.sleep(0)  # nothing else would get its turn meanwhile
                yield piece
        for at, decoder in enumerate(decoders):
            for piece in _decoded(decoder.rest(), decoders[at + 1 :]):
                yield piece

    async def aclose(self) -> None:
        await self._stream.aclose()


class _Decoder:
    """One encoding, undone."""

    def __init__(self, name: str) -> None:
        self._made: Any = zlib.decompressobj(_ENCODINGS[name])
        self._raw_possible = name == "deflate"

    def pieces(self, data: bytes) -> Iterator[bytes]:
        while data:
            try:
                piece = self._made.decompress(data, PIECE)
            except zlib.error as error:
                if not self._raw_possible:
                    raise httpx2.DecodingError(str(error)) from None
                self._made = zlib.decompressobj(-zlib.MAX_WBITS)  # deflate without zlib's frame
                self._raw_possible = False
                continue
            self._raw_possible = False
            data = self._made.unconsumed_tail
            if piece:
                yield piece
            elif not data or self._made.eof:
                return

    def rest(self) -> bytes:
        """What is left at the end: some hundred bytes at the most."""
        return bytes(self._made.flush())


def _decoded(data: bytes, decoders: list[_Decoder]) -> Iterator[bytes]:
    if not decoders:
        yield data
        return
    first, *rest = decoders
    for piece in first.pieces(data):
        yield from _decoded(piece, rest)
