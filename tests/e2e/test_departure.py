"""An editor that goes is followed, however it goes; one whose process means nothing is served."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.e2e.editor import environment
from tests.e2e.support import SERVER

SYMBOLS = {"textDocument": {"uri": "file:///x.yaml"}}


def written(**message: Any) -> bytes:
    body = json.dumps({"jsonrpc": "2.0", **message}).encode()
    return b"Content-Length: %d\r\n\r\n%s" % (len(body), body)


@contextmanager
def served(folder: Path, process_id: int | None) -> Iterator[subprocess.Popen[bytes]]:
    """A server that has answered `initialize`; its log lies in the folder."""
    pipe = subprocess.PIPE
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            SERVER, stdin=pipe, stdout=pipe, stderr=log, env=environment(folder)
        )
    try:
        assert server.stdin
        assert server.stdout
        params = {"processId": process_id, "rootUri": None, "capabilities": {}}
        server.stdin.write(written(id=1, method="initialize", params=params))
        server.stdin.flush()
        assert server.stdout.readline().startswith(b"Content-Length")
        yield server
    finally:
        server.kill()
        server.wait()


@pytest.mark.parametrize("way", ["its process", "our output", "our input", "all of it"])
def test_the_server_ends_with_its_editor(tmp_path: Path, way: str) -> None:
    """Also where requests wait that nobody reads the answers of."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as editor:
        with served(tmp_path, editor.pid) as server:
            assert server.stdin
            assert server.stdout
            asked = written(id=2, method="textDocument/documentSymbol", params=SYMBOLS)
            server.stdin.write(asked * 5000)
            server.stdin.flush()
            if way in ("its process", "all of it"):
                editor.kill()
            if way in ("our output", "all of it"):
                server.stdout.close()
            if way in ("our input", "all of it"):
                server.stdin.close()
            server.wait(timeout=30)
            assert (tmp_path / "log").stat().st_size < 20_000
        editor.kill()


@pytest.mark.parametrize("process_id", [None, 0, -1, 2**22 + 7, 2**31 - 1])
def test_a_process_that_is_not_there_is_not_followed(
    tmp_path: Path, process_id: int | None
) -> None:
    """As where the editor lives in another container: its number means nothing here."""
    with served(tmp_path, process_id) as server:
        assert server.stdin
        assert server.stdout
        server.stdin.write(written(id=2, method="shutdown") + written(method="exit"))
        server.stdin.flush()
        assert b'"id": 2, "jsonrpc": "2.0", "result": null' in server.stdout.read()
        assert server.wait(timeout=30) == 0
