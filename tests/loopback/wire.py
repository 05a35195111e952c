"""Reading requests and writing answers, byte for byte, so that answers can also be wrong."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass
class Request:
    """One request as it came."""

    method: str
    path: str  # without the query
    query: list[tuple[str, str]]
    headers: Mapping[str, str]  # names in lower case
    body: bytes
    hung_up: asyncio.Event  # the client left

    def parameter(self, name: str) -> str | None:
        return next((value for key, value in self.query if key == name), None)

    def json(self) -> Any:
        return json.loads(self.body or b"{}")

    def to_json(self) -> dict[str, Any]:
        """For `GET /_log`."""
        return {
            "method": self.method,
            "path": self.path,
            "query": self.query,
            "headers": dict(self.headers),
            "body": self.body.decode("utf-8", "replace"),
            "hungUp": self.hung_up.is_set(),
        }


@dataclass(frozen=True)
class Reply:
    """A whole answer: `body` is JSON unless it is text or bytes."""

    body: object = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    def data(self) -> bytes:
        if isinstance(self.body, bytes):
            return self.body
        text = self.body if isinstance(self.body, str) else json.dumps(self.body)
        return text.encode()


async def read_request(reader: asyncio.StreamReader, hung_up: asyncio.Event) -> Request | None:
    """The next request of a connection; None when it has ended."""
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        pairs = (line.split(":", 1) for line in head[1:] if line)
        headers = {name.strip().lower(): value.strip() for name, value in pairs}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    method, target, _ = head[0].split(" ", 2)
    url = urlsplit(target)
    return Request(method, url.path, parse_qsl(url.query), headers, body, hung_up)


def head(reply: Reply, length: int) -> bytes:
    """The status line and the headers of an answer whose body has `length` bytes."""
    kind = "text/html" if isinstance(reply.body, str) else "application/json"
    headers = {"content-type": kind, "content-length": str(length), **reply.headers}
    lines = [f"HTTP/1.1 {reply.status} -", *(f"{key}: {value}" for key, value in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


async def send(writer: asyncio.StreamWriter, reply: Reply) -> None:
    """Write a whole answer."""
    data = reply.data()
    writer.write(head(reply, len(data)) + data)
    await writer.drain()


class Connection(asyncio.StreamReaderProtocol):
    """A connection that knows when its client hangs up, also while nobody reads from it."""

    def __init__(self, handle: Handle, connections: set[Connection]) -> None:
        super().__init__(asyncio.StreamReader(), self._serve)
        self.hung_up = asyncio.Event()
        self.serving: asyncio.Task[Any] | None = None
        self._handle = handle
        self._connections = connections

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.serving = asyncio.current_task()
        self._connections.add(self)
        try:
            await self._handle(reader, writer, self.hung_up)
        except (ConnectionError, asyncio.CancelledError):
            pass  # cancelled: the server ends, and asyncio would log it
        finally:
            writer.close()
            self._connections.discard(self)

    def eof_received(self) -> bool | None:
        self.hung_up.set()
        return super().eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        self.hung_up.set()
        super().connection_lost(exc)


Handle = Callable[[asyncio.StreamReader, asyncio.StreamWriter, asyncio.Event], Awaitable[None]]


@asynccontextmanager
async def listening(
    handle: Handle, port: int = 0, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1"
) -> AsyncIterator[int]:
    """Serve every connection on this event loop; gives the port. All are closed at the end."""
    connections: set[Connection] = set()
    server = await asyncio.get_running_loop().create_server(
        lambda: Connection(handle, connections), host, port, ssl=tls
    )
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        serving = [connection.serving for connection in connections if connection.serving]
        for task in serving:
            task.cancel()
        await asyncio.gather(*serving, return_exceptions=True)
