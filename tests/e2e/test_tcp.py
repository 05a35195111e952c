"""The server on a loopback address: what it holds for a client that sends and does not read."""

from __future__ import annotations

import asyncio
import json
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from tests.e2e.editor import environment

# How much the server holds for a client is read where only Linux tells it; CI runs on Linux.
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")

REQUESTS, SIZE = 6000, 10_000


@asynccontextmanager
async def listening(folder: Path) -> AsyncIterator[tuple[asyncio.subprocess.Process, int]]:
    """A server, and its port."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "stagewright", "server", "--tcp", "127.0.0.1:0"),
        stderr=asyncio.subprocess.PIPE,
        env=environment(folder),
    )
    try:
        assert process.stderr
        found = re.search(rb"127\.0\.0\.1:(\d+)", await process.stderr.readline())
        assert found
        yield process, int(found[1])
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


def message(**said: object) -> bytes:
    body = json.dumps({"jsonrpc": "2.0", **said}).encode()
    return b"Content-Length: %d\r\n\r\n%s" % (len(body), body)


async def answer(reader: asyncio.StreamReader) -> dict[str, object]:
    """The next message with an id."""
    while True:
        header = await reader.readuntil(b"\r\n\r\n")
        found = re.search(rb"Content-Length: (\d+)", header)
        assert found
        body: dict[str, object] = json.loads(await reader.readexactly(int(found[1])))
        if "id" in body and "method" not in body:
            return body


def memory(pid: int, name: str) -> int:
    """Bytes, by a name of /proc."""
    found = re.search(rf"{name}:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    assert found
    return int(found[1]) * 1024


def worked(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]


async def test_who_does_not_read_is_not_read_either(tmp_path: Path) -> None:
    async with listening(tmp_path) as (process, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 16)
        writer.write(message(id=0, method="initialize", params={"capabilities": {}}))
        assert (await answer(reader))["id"] == 0
        before = memory(process.pid, "VmRSS")
        ids = [f"{number:0{SIZE}}" for number in range(REQUESTS)]
        writer.write(b"".join(message(id=one, method="no/such") for one in ids))
        said: list[str] = []
        # Nothing tells when a process has come to wait.
        while said != (said := worked(process.pid)):  # noqa: ASYNC110
            await asyncio.sleep(0.3)
        assert memory(process.pid, "VmHWM") - before < REQUESTS * SIZE / 2
        for one in ids:
            assert (await answer(reader))["id"] == one
        writer.write(message(id=1, method="shutdown"))
        assert (await answer(reader))["id"] == 1
        writer.write(message(method="exit"))
        assert await process.wait() == 0


async def test_what_is_too_long_is_refused_and_the_next_is_answered(tmp_path: Path) -> None:
    async with listening(tmp_path) as (process, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        size = 80 << 20
        writer.write(b'Content-Length: %d\r\n\r\n{"jsonrpc":"2.0","id":7,' % size)
        before = memory(process.pid, "VmRSS")
        rest = size - len('{"jsonrpc":"2.0","id":7,')
        for _ in range(rest >> 20):
            writer.write(bytes(1 << 20))
            await writer.drain()
        writer.write(bytes(rest & 0xFFFFF))
        refused = await answer(reader)
        assert (refused["id"], refused["error"]["code"]) == (7, -32600)  # type: ignore[index]
        writer.write(message(id=8, method="initialize", params={"capabilities": {}}))
        assert (await answer(reader))["id"] == 8
        assert memory(process.pid, "VmHWM") - before < size / 2


async def test_a_client_that_leaves_in_the_middle_ends_the_server(tmp_path: Path) -> None:
    async with listening(tmp_path) as (process, port):
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b'Content-Length: 100\r\n\r\n{"jsonrpc":')
        writer.close()
        assert process.stderr
        assert b"The editor left in the middle of a message." in await process.stderr.read()
        assert await process.wait() == 0
