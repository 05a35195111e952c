"""What fails is logged by its method, without a word of what is in the user's files."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import Any

import pytest
from tests.e2e.editor import environment
from tests.e2e.support import SERVER

from stagewright.cli.rpc import Client, RequestRefused
from stagewright.lsp import logs
from stagewright.lsp.server import StagewrightServer

TEXT = "name: nobody else's business"


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.handler.addFilter(logs.discreet)
    return caplog


async def test_a_handler_that_fails(logged: pytest.LogCaptureFixture) -> None:
    server = StagewrightServer()
    answered = asyncio.Event()
    server.protocol.set_writer(type("Writer", (), {"write": lambda *_: answered.set()})())

    def fails(params: Any) -> None:
        raise ValueError("out of range")

    async def fails_later(params: Any) -> None:
        raise ValueError("out of range")

    for number, handler in enumerate((fails, fails_later)):
        server.feature(f"test/{handler.__name__}")(handler)
        message = {"jsonrpc": "2.0", "method": f"test/{handler.__name__}", "params": {"text": TEXT}}
        server.protocol.handle_message(server.protocol.structure_message({**message, "id": number}))
        server.protocol.handle_message(server.protocol.structure_message(message))
        await answered.wait()
        answered.clear()
    lines = logged.text.splitlines()
    for method in ("test/fails", "test/fails_later"):
        assert any(line.endswith(f"{method} failed.") for line in lines)
        assert any(line.endswith(f"{method} failed: ValueError: out of range") for line in lines)
    assert TEXT not in logged.text


def test_a_request_that_is_cancelled_too_late(logged: pytest.LogCaptureFixture) -> None:
    cancel = {"jsonrpc": "2.0", "method": "$/cancelRequest", "params": {"id": 7}}
    server = StagewrightServer()
    server.protocol.handle_message(server.protocol.structure_message(cancel))
    assert logged.text == ""


def test_a_message_that_cannot_be_read(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with Client(SERVER, environment(tmp_path)) as client:
        client.request("initialize", {"rootUri": None, "capabilities": {}})
        client.notify("initialized", {})
        document = {"uri": "file:///a.yaml", "languageId": "yaml", "version": TEXT, "text": TEXT}
        client.notify("textDocument/didOpen", {"textDocument": document})
        with pytest.raises(RequestRefused, match="Invalid Params"):
            client.request("textDocument/hover", {"textDocument": TEXT})
        change = {"textDocument": {"uri": "file:///a.yaml", "version": 2}}
        client.notify("textDocument/didChange", {**change, "contentChanges": [{"text": TEXT}]})
    said = capfd.readouterr().err
    assert [line for line in said.splitlines() if not line.startswith(" ")] == [
        "WARNING stagewright.lsp.jsonrpc: textDocument/didOpen could not be read.",
        "WARNING stagewright.lsp.jsonrpc: textDocument/hover could not be read.",
    ]


def entry(number: int) -> logging.LogRecord:
    place = ("session", logging.WARNING, "session.py", 7)
    return logging.LogRecord(*place, "%s cannot be read", (number,), None)


def test_that_entries_are_left_out_is_said_where_it_begins() -> None:
    seldom = logs.Seldom()
    kept = [one.getMessage() for one in map(entry, range(1, 101)) if seldom.filter(one)]
    assert kept == [
        *[f"{number} cannot be read" for number in range(1, 20)],
        "20 cannot be read (20 entries like this one; most of those that follow are left out)",
        "32 cannot be read (32 times so far)",
        "64 cannot be read (64 times so far)",
    ]
