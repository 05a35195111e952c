"""All providers on one loopback port: lists, single models and chats, with faults on demand."""

from __future__ import annotations

import asyncio
import re
import ssl
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.loopback import chat, lists
from tests.loopback.wire import Reply, Request, head, listening, read_request, send

FaultKind = Literal[
    "status",  # answers with `status`, `headers` and `body`
    "hang",  # not even a status line, until the client leaves
    "slow",  # waits `delay` seconds, then answers as usual
    "hold",  # waits until `fix`, then answers as usual
    "drip",  # the usual answer, one byte every `delay` seconds
    "cut",  # half of the usual answer, then the connection ends
    "reset",  # the connection ends before the first byte
    "loop",  # every page points to the same next one
]


@dataclass
class Fault:
    """What goes wrong with requests whose path matches."""

    path: str  # a regular expression, searched in the path
    kind: FaultKind = "status"
    status: int = 200
    body: object = None
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.1
    skip: int = 0  # so many matching requests are answered as usual before
    times: int | None = None  # so many go wrong; None: all


@dataclass
class Loopback:
    """The server's state, to be set and looked at by tests."""

    world: lists.World = field(default_factory=lists.World)
    faults: list[Fault] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    calls: list[chat.Call] = field(default_factory=list)  # the chat requests among them
    scripts: deque[chat.Script] = field(default_factory=deque)  # of the next chat answers
    default: chat.Script = field(default_factory=chat.Script)
    arrived: asyncio.Condition = field(default_factory=asyncio.Condition)
    fixed: asyncio.Event = field(default_factory=asyncio.Event)  # whoever is held waits for it
    port: int = 0
    tls: bool = False

    @property
    def origin(self) -> str:
        return f"http{'s' * self.tls}://127.0.0.1:{self.port}"

    @property
    def environ(self) -> dict[str, str]:
        """Variables that lead the main job's two providers here, with keys that are accepted."""
        return {
            "ANTHROPIC_BASE_URL": f"{self.origin}/anthropic",
            "ANTHROPIC_API_KEY": lists.KEYS["anthropic"],
            "OPENAI_BASE_URL": f"{self.origin}/openai/v1",
            "OPENAI_API_KEY": lists.KEYS["openai"],
        }

    def break_(self, path: str, kind: FaultKind = "status", **how: Any) -> None:
        """From now on, requests to `path` go wrong; the newest fault of a path counts."""
        self.fixed.clear()
        self.faults.insert(0, Fault(path, kind, **how))

    def fix(self) -> None:
        """Everything works again."""
        self.faults.clear()
        self.fixed.set()

    def asked(self, path: str) -> list[Request]:
        """The requests so far whose path matches."""
        return [request for request in self.requests if re.search(path, request.path)]

    async def wait_for(self, path: str, count: int = 1) -> list[Request]:
        """The requests to `path`, once there are so many."""
        async with self.arrived:
            await self.arrived.wait_for(lambda: len(self.asked(path)) >= count)
        return self.asked(path)

    def then(self, *scripts: chat.Script) -> None:
        """Answer the next chat requests so."""
        self.scripts.extend(scripts)

    async def call(self, number: int = 0) -> chat.Call:
        """The chat request of this number, once it has come."""
        async with self.arrived:
            await self.arrived.wait_for(lambda: len(self.calls) > number)
        return self.calls[number]

    async def handle(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, hung_up: asyncio.Event
    ) -> None:
        """Serve one connection."""
        while (request := await read_request(reader, hung_up)) is not None:
            if request.path.startswith("/_"):
                await send(writer, self._control(request))
                continue
            async with self.arrived:
                self.requests.append(request)
                self.arrived.notify_all()
            if not await self._answer(request, writer):
                break

    async def _answer(self, request: Request, writer: asyncio.StreamWriter) -> bool:
        """Answer one request. False when the connection is not to be used again."""
        fault = self._fault(request)
        match fault.kind if fault else None:
            case "status":
                assert fault
                await send(writer, Reply(fault.body, fault.status, fault.headers))
                return True
            case "reset":
                return False
            case "hang":
                await request.hung_up.wait()
                return False
            case "slow":
                assert fault
                await asyncio.sleep(fault.delay)
            case "hold":
                await self.fixed.wait()
        for method, pattern, route in ROUTES:
            if request.method == method and re.search(pattern, request.path):
                return await route(self, request, writer, fault)
        await send(writer, Reply({"error": {"message": "no such path"}}, 404))
        return True

    def _fault(self, request: Request) -> Fault | None:
        for fault in self.faults:
            if not re.search(fault.path, request.path) or fault.times == 0:
                continue
            if fault.skip > 0:
                fault.skip -= 1
                return None
            if fault.times is not None:
                fault.times -= 1
            return fault
        return None

    def _control(self, request: Request) -> Reply:
        """`GET /_log`; `POST /_control` with any of the keys below; `POST /_fix`, `/_resume`."""
        if request.path == "/_log":
            return Reply({"requests": [one.to_json() for one in self.requests]})
        if request.path == "/_fix":
            self.fix()
            return Reply({})
        if request.path == "/_resume":
            for call in self.calls:
                call.resume.set()
            return Reply({})
        said = request.json()
        for fault in said.get("faults", []):
            self.break_(**fault)
        for name, value in said.get("world", {}).items():
            setattr(self.world, name, value)
        self.scripts.extend(chat.Script(**script) for script in said.get("chats", []))
        if "chat" in said:
            self.default = chat.Script(**said["chat"])
        if said.get("forget"):
            self.requests.clear()
        return Reply({})


async def _deliver(
    reply: Reply, fault: Fault | None, request: Request, writer: asyncio.StreamWriter
) -> bool:
    data = reply.data()
    if fault is not None and fault.kind == "cut":
        writer.write(head(reply, len(data)) + data[: len(data) // 2])
        await writer.drain()
        return False
    if fault is not None and fault.kind == "drip":
        writer.write(head(reply, len(data)))
        for byte in data:
            if request.hung_up.is_set():
                return False
            writer.write(bytes((byte,)))
            await writer.drain()
            await asyncio.sleep(fault.delay)
        return True
    await send(writer, reply)
    return True


Route = Callable[[Loopback, Request, asyncio.StreamWriter, Fault | None], Awaitable[bool]]
"""Answers one request; False when the connection is not to be used again."""


def _listed(handler: lists.Handler) -> Route:
    async def route(
        server: Loopback, request: Request, writer: asyncio.StreamWriter, fault: Fault | None
    ) -> bool:
        looping = fault is not None and fault.kind == "loop"
        return await _deliver(handler(server.world, request, looping), fault, request, writer)

    return route


async def _chat(
    server: Loopback, request: Request, writer: asyncio.StreamWriter, fault: Fault | None
) -> bool:
    call = chat.Call(request.path, request.headers, request.json(), request.hung_up)
    async with server.arrived:
        server.calls.append(call)
        server.arrived.notify_all()
    script = server.scripts.popleft() if server.scripts else server.default
    return await chat.answer(call, script, writer)


ROUTES: list[tuple[str, str, Route]] = [
    ("POST", r"/(messages|responses|chat/completions)$", _chat),
    *((method, pattern, _listed(handler)) for method, pattern, handler in lists.HANDLERS),
]
"""Method, pattern searched in the path, and the answer; the first that fits counts."""


@asynccontextmanager
async def loopback(port: int = 0, tls: ssl.SSLContext | None = None) -> AsyncIterator[Loopback]:
    """A server that runs on this event loop."""
    server = Loopback(tls=tls is not None)
    async with listening(server.handle, port, tls) as server.port:
        yield server
