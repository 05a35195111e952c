"""Bodies of answers, decompressed piece by piece, so that no few bytes become gigabytes.

To be a response hook of an HTTP client. What the client itself would decompress it does at once, as
much as comes of it; here a piece has an end, and whoever reads can count.
"""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncIterator

import httpx2

from stagewright.providers.unpacking import UnknownEncoding, Unpacking, encodings

ERROR_BODY = 64 * 1024
"""Bytes that are read of the body of an error, or of a redirect."""

_ENCODINGS = 2
"""One around the other, as gateways send them by mistake."""

_ERROR_SECONDS = 10.0
"""How long the body of an error may take; what has come by then is told."""


async def bound_body(response: httpx2.Response) -> None:
    """Have a response's body come decompressed, in bounded pieces; one of an error is cut short."""
    encoding = response.headers.pop("content-encoding", "")
    assert isinstance(response.stream, httpx2.AsyncByteStream)
    stream = _Unpacked(response.stream, encoding)
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


class _Unpacked(httpx2.AsyncByteStream):
    """A body without its encodings."""

    def __init__(self, stream: httpx2.AsyncByteStream, encoding: str) -> None:
        self._stream = stream
        self._encoding = encoding

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            unpacking = Unpacking(encodings(self._encoding, _ENCODINGS))
            async for data in self._stream:
                for count, piece in enumerate(unpacking.feed(data)):
                    if count:
                        await asyncio.sleep(0)  # nothing else would get its turn meanwhile
                    yield piece
            for piece in unpacking.end():
                yield piece
        except UnknownEncoding as error:
            message = f"content-encoding {str(error)[:40]} was not asked for"
            raise httpx2.DecodingError(message) from None
        except zlib.error as error:
            raise httpx2.DecodingError(str(error)) from None

    async def aclose(self) -> None:
        await self._stream.aclose()
