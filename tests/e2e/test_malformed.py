"""Whatever comes in place of a message: one server is sent all of it, and goes on answering."""

from __future__ import annotations

import json
import queue
import subprocess
import threading
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.e2e.editor import environment
from tests.e2e.support import SERVER

pytestmark = pytest.mark.long(20)

NOT_JSON, NO_REQUEST, NO_METHOD, BAD_PARAMS = -32700, -32600, -32601, -32602


class Wire:
    """A server's two pipes; what it says is sorted by id."""

    def __init__(self, environ: dict[str, str]) -> None:
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(SERVER, stdin=pipe, stdout=pipe, stderr=pipe, env=environ)
        self.ids = count(1)
        self.said: queue.Queue[dict[str, Any]] = queue.Queue()
        self.log = b""
        threading.Thread(target=self._read, daemon=True).start()
        threading.Thread(target=self._read_log, daemon=True).start()
        self.capabilities: dict[str, Any] = {}

    def _read(self) -> None:
        assert self.process.stdout
        while header := self.process.stdout.readline():
            self.process.stdout.readline()
            said = json.loads(
                self.process.stdout.read(int(header.split(b":")[1])), parse_constant=1
            )
            if "method" not in said:
                self.said.put(said)

    def _read_log(self) -> None:
        assert self.process.stderr
        while data := self.process.stderr.read(1000):
            self.log += data

    def send(self, data: bytes) -> None:
        assert self.process.stdin
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def message(self, body: bytes | dict[str, Any]) -> None:
        body = body if isinstance(body, bytes) else json.dumps({"jsonrpc": "2.0"} | body).encode()
        self.send(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))

    def answers(self) -> list[dict[str, Any]]:
        """Every answer up to that of a request which is sent now."""
        mine = f"probe {next(self.ids)}"
        self.message({"id": mine, "method": "workspace/executeCommand", "params": MODELS})
        found = []
        while (one := self.said.get(timeout=50))["id"] != mine:
            found.append(one)
        assert "providers" in one["result"]
        return found


MODELS = {"command": "stagewright.models.list", "arguments": [{}]}


@pytest.fixture(scope="module")
def wire(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wire]:
    folder: Path = tmp_path_factory.mktemp("malformed")
    running = Wire(environment(folder))
    start = {"rootUri": folder.as_uri(), "capabilities": {}}
    early = {"textDocument": {"uri": "file:///x"}, "position": {"line": 0, "character": 0}}
    running.message({"id": "early", "method": "textDocument/hover", "params": early})
    running.message({"id": "start", "method": "initialize", "params": start})
    running.message({"method": "initialized", "params": {}})
    assert running.said.get(timeout=50)["error"]["code"] == -32002
    assert "capabilities" in running.said.get(timeout=50)["result"]
    yield running
    running.process.kill()
    running.process.wait()


def request(**more: Any) -> bytes:
    return json.dumps({"jsonrpc": "2.0", "id": 7, "method": "shutdown"} | more).encode()


DEEP = b"[" * 100_000 + b"]" * 100_000
BODIES = {
    "nothing": (b"", NOT_JSON, None),
    "no JSON": (b"hello", NOT_JSON, None),
    "cut off": (request()[:-1], NOT_JSON, 7),
    "cut off in a text": (b'{"jsonrpc": "2.0", "id": "a\\"b", "method": "shut', NOT_JSON, 'a"b'),
    "two values": (request() + request(), NOT_JSON, 7),
    "single quotes": (request().replace(b'"', b"'"), NOT_JSON, None),
    "NaN": (b'{"jsonrpc":"2.0","id":8,"method":"x","params":{"a":NaN}}', NOT_JSON, 8),
    "Infinity": (b'{"jsonrpc":"2.0","id":8,"method":"x","params":[-Infinity]}', NOT_JSON, 8),
    "many digits": (b'{"jsonrpc":"2.0","id":8,"params":' + b"1" * 9000 + b"}", NOT_JSON, 8),
    "not UTF-8": (b'{"jsonrpc":"2.0","id":8,"method":"x","params":{"a":"\xff"}}', NOT_JSON, 8),
    "UTF-16": (request().decode().encode("utf-16"), NOT_JSON, None),
    "nested": (DEEP, NOT_JSON, None),
    "nested params": (b'{"jsonrpc":"2.0","id":9,"params":' + DEEP + b"}", NOT_JSON, 9),
    "zeros": (bytes(100), NOT_JSON, None),
    "a number": (b"5", NO_REQUEST, None),
    "a text": (b'"shutdown"', NO_REQUEST, None),
    "null": (b"null", NO_REQUEST, None),
    "a batch": (b"[" + request() + b"]", NO_REQUEST, None),
    "an empty object": (b"{}", NO_REQUEST, None),
    "no version": (b'{"id": 7, "method": "shutdown"}', NO_REQUEST, 7),
    "version 1.0": (request(jsonrpc="1.0"), NO_REQUEST, 7),
    "version as a number": (request(jsonrpc=2.0), NO_REQUEST, 7),
    "method a number": (request(method=5), NO_REQUEST, 7),
    "method null": (request(method=None), NO_REQUEST, 7),
    "method an object": (request(method={}), NO_REQUEST, 7),
    "neither method nor id": (b'{"jsonrpc": "2.0", "params": {}}', NO_REQUEST, None),
    "id null": (request(id=None), NO_REQUEST, None),
    "id a list": (request(id=[1]), NO_REQUEST, None),
    "id an object": (request(id={}), NO_REQUEST, None),
    "id a fraction": (request(id=1.5), NO_REQUEST, None),
    "id a truth": (request(id=True), NO_REQUEST, None),
    "params a text": (request(params="x"), NO_REQUEST, 7),
    "params a number": (request(params=1), NO_REQUEST, 7),
    "params false": (request(params=False), NO_REQUEST, 7),
    "initialized again": (request(method="initialize", params={}), NO_REQUEST, 7),
    "no such method": (request(method="no/such"), NO_METHOD, 7),
    "a method of other servers": (request(method="textDocument/moniker"), NO_METHOD, 7),
    "the empty method": (request(method=""), NO_METHOD, 7),
    "a long method": (request(method="x" * 1_000_000), NO_METHOD, 7),
    "a method that acts": (request(method="\x1b]0;x\x07\u202e"), NO_METHOD, 7),
}
HOVER = "textDocument/hover"
AT = {"line": 0, "character": 0}
FILE = {"uri": "file:///x.yaml"}
PARAMS: list[tuple[str, Any]] = [
    (HOVER, None),
    (HOVER, []),
    (HOVER, {}),
    (HOVER, [FILE, AT]),
    (HOVER, {"textDocument": None, "position": AT}),
    (HOVER, {"textDocument": [], "position": AT}),
    (HOVER, {"textDocument": FILE}),
    (HOVER, {"textDocument": FILE, "position": None}),
    (HOVER, {"textDocument": FILE, "position": 3}),
    (HOVER, {"textDocument": FILE, "position": {"line": "a", "character": 0}}),
    (HOVER, {"textDocument": FILE, "position": {"line": -1, "character": 0}}),
    (HOVER, {"textDocument": FILE, "position": {"line": 2**31, "character": 0}}),
    ("textDocument/completion", {"textDocument": FILE}),
    ("textDocument/codeAction", {"textDocument": FILE}),
    ("textDocument/codeAction", {"textDocument": FILE, "range": AT, "context": {}}),
    ("textDocument/documentSymbol", {"textDocument": "file:///x.yaml"}),
    ("textDocument/rename", {"textDocument": FILE, "position": AT}),
    ("textDocument/references", {"textDocument": FILE, "position": AT}),
    ("textDocument/selectionRange", {"textDocument": FILE, "positions": 4}),
    ("textDocument/inlayHint", {"textDocument": FILE}),
    ("workspace/symbol", {}),
    ("workspace/executeCommand", {}),
    ("workspace/executeCommand", {"command": 7}),
    ("workspace/executeCommand", {"command": "no.such"}),
    ("workspace/executeCommand", {"command": "stagewright.models.list", "arguments": [5]}),
    ("workspace/executeCommand", {"command": "stagewright.models.list", "arguments": [{}, {}]}),
    ("workspace/executeCommand", {"command": "stagewright.models.list", "arguments": "x"}),
    ("completionItem/resolve", None),
    ("completionItem/resolve", []),
]
TOLD: list[tuple[str, Any]] = [
    ("textDocument/didOpen", None),
    ("textDocument/didOpen", {"textDocument": {}}),
    ("textDocument/didOpen", {"textDocument": FILE | {"text": 5}}),
    ("textDocument/didChange", {"textDocument": FILE, "contentChanges": [{"text": "x"}]}),
    ("textDocument/didChange", {"textDocument": FILE | {"version": 1}, "contentChanges": 5}),
    ("textDocument/didChange", {"textDocument": FILE, "contentChanges": [{"range": 1}]}),
    ("textDocument/didClose", {"textDocument": FILE}),
    ("textDocument/didClose", {"textDocument": {"uri": "untitled:1"}}),
    ("textDocument/didSave", {"textDocument": FILE}),
    ("workspace/didChangeWatchedFiles", {"changes": [{"uri": "file:///%00", "type": 77}]}),
    ("workspace/didChangeWatchedFiles", {"changes": [{"uri": "::::", "type": 1}]}),
    ("workspace/didChangeConfiguration", {"settings": 5}),
    ("workspace/didChangeConfiguration", {"settings": {"stagewright": {"models": []}}}),
    ("workspace/didChangeWorkspaceFolders", {"event": {"added": [], "removed": [{"uri": "x"}]}}),
    ("$/cancelRequest", {}),
    ("$/cancelRequest", {"id": 99}),
    ("$/cancelRequest", {"id": []}),
    ("$/setTrace", {"value": "everything"}),
    ("$/no/such", {"x": 1}),
    ("no/such", {"type_name": "1 2", "x": {"class": 1}}),
    ("window/workDoneProgress/cancel", {"token": "none"}),
    ("exit/", None),
]
HEADERS = [
    b"Content-Length: -5\r\n\r\n",
    b"Content-Length: many\r\n\r\n",
    b"Content-Length: 99999999999999999999\r\n\r\n",
    b"Content-Length: 5, 6\r\n\r\nhello",
    b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
    b"Content-Type: text/plain\r\n\r\nhello",
    b"GET / HTTP/1.1\r\nHost: localhost:80\r\n\r\n",
    bytes(range(256)) * 5 + b"\n\n",
    b"\x00" * 50_000 + b"\r\n\r\n",
]


@pytest.mark.parametrize(("body", "code", "msg_id"), BODIES.values(), ids=BODIES)
def test_a_body_that_is_no_message_is_refused(
    wire: Wire, body: bytes, code: int, msg_id: int | str | None
) -> None:
    wire.message(body)
    (answer,) = wire.answers()
    assert (answer["error"]["code"], answer["id"]) == (code, msg_id)
    assert len(answer["error"]["message"]) < 500


@pytest.mark.parametrize(("method", "params"), PARAMS)
def test_a_request_with_wrong_parameters_is_refused(wire: Wire, method: str, params: Any) -> None:
    wire.message({"id": 7, "method": method, "params": params})
    (answer,) = wire.answers()
    assert (answer["error"]["code"], answer["id"]) == (BAD_PARAMS, 7)


@pytest.mark.parametrize(("method", "params"), TOLD)
def test_what_is_told_wrongly_is_passed_over(wire: Wire, method: str, params: Any) -> None:
    wire.message({"method": method, "params": params})
    assert wire.answers() == []


@pytest.mark.parametrize("header", HEADERS)
def test_no_header_ends_the_server(wire: Wire, header: bytes) -> None:
    wire.send(header)
    (answer,) = wire.answers()
    assert (answer["error"]["code"], answer["id"]) == (NO_REQUEST, None)


@pytest.mark.parametrize("reply", [{"result": 1}, {"error": {}}, {"error": 5}, {}])
@pytest.mark.parametrize("msg_id", [None, 1, "x", "probe 1"])
def test_a_reply_to_nothing_is_passed_over(wire: Wire, reply: Any, msg_id: Any) -> None:
    wire.message({"id": msg_id} | reply)
    assert all(one["id"] is None for one in wire.answers())


def test_a_message_that_is_too_long_is_refused_with_its_id(wire: Wire) -> None:
    length = (64 << 20) + 1
    start = b'{"jsonrpc":"2.0","id":7,"method":"x","params":"'
    wire.send(b"Content-Length: %d\r\n\r\n%s" % (length, start) + b"x" * (length - len(start)))
    (answer,) = wire.answers()
    assert (answer["error"]["code"], answer["id"]) == (NO_REQUEST, 7)


@pytest.mark.parametrize(
    "data",
    [
        None,
        5,
        "x",
        [],
        [0, -1],
        [1, 10**30],
        [[], {}],
        {"jsonrpc": "2.0", "id": 1, "method": "exit"},
        {"uri": "file:///%00", "textDocument": {"uri": 1}},
        "\x1b]0;x\x07",
        [[[[[[[[]]]]]]]],
    ],
)
def test_an_offer_may_carry_anything(wire: Wire, data: Any) -> None:
    item = {"label": "x", "data": data, "kind": 99, "tags": [7], "newer": {"than": "we are"}}
    wire.message({"id": 7, "method": "completionItem/resolve", "params": item})
    (answer,) = wire.answers()
    assert answer["result"] == item


def test_what_is_no_number_in_json_is_not_sent(wire: Wire) -> None:
    body = b'{"jsonrpc":"2.0","id":7,"method":"completionItem/resolve","params":{"data":1e400}}'
    wire.message(body)
    (answer,) = wire.answers()
    assert answer["result"] == {"data": None}


KEYS = "uri textDocument position line character range start end context id method jsonrpc params"
NAMES = st.sampled_from([*KEYS.split(" "), "arguments", "command", "data", "type_name", "version"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)
METHODS = st.sampled_from(sorted({method for method, _ in PARAMS + TOLD} - {"exit/"}))
FUZZ = settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)


@FUZZ
@given(METHODS, JSON)
@example("$/cancelRequest", {"id": None})
@example("$/cancelRequest", {"id": 1})
@example("textDocument/didClose", {"textDocument": {"uri": None}})
def test_every_request_is_answered(wire: Wire, method: str, params: Any) -> None:
    wire.message({"id": 7, "method": method, "params": params})
    assert [one["id"] for one in wire.answers()] == [7]


@FUZZ
@given(st.binary(max_size=200))
def test_no_bytes_end_the_server(wire: Wire, data: bytes) -> None:
    wire.send(data + b"\n\n\n")
    wire.answers()


def test_the_log_has_stayed_short(wire: Wire) -> None:
    wire.answers()
    assert len(wire.log) < 200_000
