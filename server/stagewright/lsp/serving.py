"""Serving one client, over stdin and stdout or on a loopback address, until it leaves."""

from __future__ import annotations

import asyncio
import io
import logging
import select
import sys
import threading
from collections.abc import Awaitable, Callable
from contextlib import suppress

from stagewright.lsp import departure, logs
from stagewright.lsp.framing import Frame, Framing
from stagewright.lsp.server import StagewrightServer

log = logging.getLogger(__name__)

READ_BYTES = 1 << 16
"""Most bytes that are taken at once."""

WAITING_BYTES = 8 << 20
"""Bytes of messages that may wait to be handled; whoever sends more waits until they are."""

DRAIN = 1.0
"""Seconds in which what waits is still handled after stdin has ended."""

SWITCH_SECONDS = 0.0005
"""For how long a thread that imports or reads may keep the event loop from its next step."""


def serve(address: tuple[str, int] | None = None) -> None:
    """Serve one client, over stdio or on a loopback address; returns when it leaves."""
    logs.set_up()
    sys.setswitchinterval(SWITCH_SECONDS)
    server = StagewrightServer()
    asyncio.run(_serve_tcp(server, *address) if address else _serve_stdio(server))


class Connection:
    """The messages of one client, handled in their order until it leaves or is found gone."""

    def __init__(self, server: StagewrightServer, output: int | None) -> None:
        self._server = server
        self._loop = asyncio.get_running_loop()
        self._handling = asyncio.current_task()
        self._is_gone = False
        server.on_editor = lambda pid: departure.watch(pid, output, self.end)

    async def handle(self, take: Callable[[], Awaitable[list[Frame] | None]]) -> None:
        """Handle what `take` gives, until that is None. What still waits then is ended."""
        self._handling = asyncio.current_task()
        try:
            while await self._handle_next(take):
                pass
        except asyncio.CancelledError:
            if not self._is_gone:
                raise
        except ConnectionError:
            pass
        finally:
            self._handling = None
            departure.end_soon()
            await self._server.close()

    async def _handle_next(self, take: Callable[[], Awaitable[list[Frame] | None]]) -> bool:
        """Handle what comes next, of which nothing is kept; whether there was any."""
        if self._is_gone or (frames := await take()) is None:
            return False
        for frame in frames:
            if self._is_gone:
                break
            self._server.protocol.receive(frame)
        await asyncio.sleep(0)  # others have their turn
        return True

    def end(self) -> None:
        """The editor is gone: what it said last is not worked off. Called by any thread."""
        if not self._is_gone:
            self._is_gone = True
            departure.end_soon()
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._wake)

    def _wake(self) -> None:
        if self._handling is not None:
            self._handling.cancel()


async def _serve_stdio(server: StagewrightServer) -> None:
    connection = Connection(server, sys.stdout.fileno())
    server.protocol.set_writer(Output(sys.stdout.fileno(), connection.end))
    inbox = Inbox()
    stdin = io.FileIO(sys.stdin.fileno(), closefd=False)  # without a lock that would outlive us
    feeding = (stdin, inbox, connection)
    threading.Thread(target=_feed, args=feeding, daemon=True).start()
    await connection.handle(inbox.take)


async def _serve_tcp(server: StagewrightServer, host: str, port: int) -> None:
    left = asyncio.Event()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        listening.close()
        server.protocol.set_writer(writer)
        framing = Framing()

        async def take() -> list[Frame] | None:
            await writer.drain()  # whoever does not read us is not read either
            data = await reader.read(READ_BYTES)
            if not data:
                _look_at_end(framing)
                return None
            return list(framing.feed(data))

        try:
            await Connection(server, None).handle(take)
        finally:
            left.set()

    listening = await asyncio.start_server(connected, host, port)
    host, port = listening.sockets[0].getsockname()[:2]
    print(f"Listening on {host}:{port}", file=sys.stderr, flush=True)
    await left.wait()


class Inbox:
    """Messages on their way from the thread that reads them to the event loop.

    pygls reads on the event loop, and changes threads for each line of a header.
    """

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._room = threading.Condition()
        self._waiting = 0  # bytes
        self._frames: asyncio.Queue[tuple[list[Frame] | None, int]] = asyncio.Queue()

    def put(self, frames: list[Frame] | None, size: int) -> None:
        """Hand over what came in `size` bytes, or None at the end; waits while much lies there.

        Called by the thread. Raises RuntimeError when the event loop has ended.
        """
        with self._room:
            self._room.wait_for(lambda: self._waiting <= WAITING_BYTES)
            self._waiting += size
        self._loop.call_soon_threadsafe(self._frames.put_nowait, (frames, size))

    async def take(self) -> list[Frame] | None:
        """What came together; None at the end."""
        frames, size = await self._frames.get()
        with self._room:
            self._waiting -= size
            self._room.notify()
        return frames


def _feed(stdin: io.FileIO, inbox: Inbox, connection: Connection) -> None:
    """Bring what comes to the event loop until stdin ends, or the loop has."""
    framing, size = Framing(), 0
    with suppress(RuntimeError):
        while data := _read(stdin):
            size += len(data)
            if frames := list(framing.feed(data)):
                inbox.put(frames, size)
                frames, size = [], 0  # a file's whole text would be kept until the next message
        _look_at_end(framing)
        departure.after(DRAIN, connection.end)
        inbox.put(None, 0)


def _read(stdin: io.FileIO) -> bytes:
    try:
        while (data := stdin.read(READ_BYTES)) is None:  # others may have made it non-blocking
            select.select([stdin], [], [])
    except OSError:
        return b""
    return data


def _look_at_end(framing: Framing) -> None:
    if not framing.is_between_messages:
        log.warning("The editor left in the middle of a message.")


class Output:
    """Our stdout, as pygls writes to it; when nobody reads it any more, nothing is written."""

    def __init__(self, descriptor: int, broken: Callable[[], None]) -> None:
        self._stream = io.FileIO(descriptor, "wb", closefd=False)
        self._broken = broken

    def write(self, data: bytes) -> None:
        """Write all of it, however long that takes."""
        rest = memoryview(data)
        try:
            while rest:
                written = self._stream.write(rest)
                if written is None:  # others may have made it non-blocking
                    select.select([], [self._stream], [])
                else:
                    rest = rest[written:]
        except (OSError, ValueError):
            self._broken()

    def close(self) -> None:
        """Say no more."""
        self._stream.close()
