"""One request and its answer, within bounds: what is sent beyond them is neither kept nor unpacked.

Bounds hold after decompression. A large answer is unpacked and read in a thread.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import httpx2

from stagewright.providers.unpacking import PIECE, UnknownEncoding, Unpacking, encodings

MAX_BYTES = 16 * 1024 * 1024
"""Of one answer, packed and unpacked; 20,000 models with prices take some 10 MB."""

MAX_ERROR_BYTES = 64 * 1024
"""Of an answer that is an error: it has one sentence to say."""

_MAX_PARTS = 2_000_000  # values: each takes up to a hundred times its room on the wire
_MAX_GROUPS = 400_000  # objects and arrays
_MAX_REDIRECTS = 5
_MIB = 1024 * 1024
_PORTS = {"http": 80, "https": 443}


class Unfit(Exception):
    """An answer of which nothing can be made; the message follows the provider's name."""


@dataclass(frozen=True, slots=True)
class Raw:
    """An answer as it came: packed, within the bounds."""

    status: int
    headers: httpx2.Headers
    data: bytes


async def exchange(http: httpx2.AsyncClient, request: httpx2.Request) -> Raw:
    """Send a request, and again where its own origin redirects it to. Other origins get nothing.

    Raises Unfit and httpx2's errors.
    """
    for _ in range(_MAX_REDIRECTS):
        response = await http.send(request, stream=True)
        try:
            following = response.next_request
            if following is None:
                return Raw(response.status_code, response.headers, await _read(response))
            if origin(following.url) != origin(request.url):
                raise Unfit(
                    f"redirects to {origin(following.url)}, where its key is not sent. If that is "
                    "right, make it the provider's base URL."
                )
            request = following
        finally:
            await response.aclose()
    raise Unfit("redirects without end.")


def origin(url: httpx2.URL) -> str:
    """Scheme, host and port, the port always written."""
    return f"{url.scheme}://{url.host}:{url.port or _PORTS.get(url.scheme)}"


def limit(status: int) -> int:
    """How many bytes an answer may have."""
    return MAX_BYTES if status == 200 else MAX_ERROR_BYTES


async def _read(response: httpx2.Response) -> bytes:
    """The body, packed. What an error says beyond its bound is left out."""
    data = bytearray()
    most = limit(response.status_code)
    try:
        # A transport that makes answers of its own has them whole, and unpacked.
        whole = response.is_stream_consumed
        async for piece in response.aiter_bytes() if whole else response.aiter_raw():
            data += piece
            if len(data) > most:
                if response.status_code != 200:
                    return bytes(data[:most])
                raise Unfit(_too_large(most))
    except (httpx2.ProtocolError, httpx2.NetworkError):
        raise Unfit("broke off its answer. Refresh the models to ask again.") from None
    return bytes(data)


def unpacked(raw: Raw) -> bytes | bytearray:
    """The body, unpacked no further than its bound; of an error, what fits. Raises Unfit."""
    try:
        names = encodings(raw.headers.get("content-encoding", ""), 1)
    except UnknownEncoding:
        raise Unfit("compressed its answer in a way that it was not asked for.") from None
    if not names:
        return raw.data
    most = limit(raw.status)
    try:
        data, whole = _unpack(raw.data, names, most)
    except zlib.error:
        raise Unfit("sent an answer that cannot be unpacked.") from None
    if raw.status == 200 and not whole:
        if len(data) > most:
            data.clear()  # the error lives on, and would keep it
            raise Unfit(_too_large(most))
        raise Unfit("broke off its answer. Refresh the models to ask again.")
    return data


def _unpack(data: bytes, names: Sequence[str], most: int) -> tuple[bytearray, bool]:
    """What is packed, up to a piece more than `most`, and whether that is all."""
    unpacking = Unpacking(names)
    parts = (data[at : at + PIECE] for at in range(0, len(data), PIECE))
    found = bytearray()
    for piece in chain(chain.from_iterable(map(unpacking.feed, parts)), unpacking.end()):
        found += piece
        if len(found) > most:
            break
    return found, unpacking.whole and len(found) <= most


def parsed(data: bytes | bytearray) -> Any:
    """The JSON of a body. Raises Unfit on what is none, too deep, or too much to be kept."""
    parts = data.count(b",")
    groups = data.count(b"{") + data.count(b"[")
    if parts > _MAX_PARTS or groups > _MAX_GROUPS:
        raise Unfit("sent more values than any list of models has.")
    try:
        try:
            return json.loads(data)
        except json.JSONDecodeError:
            raise
        except ValueError:  # a number of thousands of digits, or bytes that are not UTF-8
            return json.loads(data, parse_int=_number)
    except (ValueError, RecursionError):
        raise Unfit("sent something that is not JSON.") from None


def _number(digits: str) -> float:
    return int(digits) if len(digits) < 20 else float(digits)


def _too_large(most: int) -> str:
    return f"sent more than {most // _MIB} MiB, which is not a list of models."
