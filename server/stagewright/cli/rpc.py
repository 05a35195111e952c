"""A JSON-RPC client over a server's stdio: how the demo speaks to the server, as an editor does."""

from __future__ import annotations

import json
import queue
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import IO, Any

_ENDED = "The server ended unexpectedly. See its output above."


class ServerGone(Exception):
    """The server ended or went silent in the middle of the conversation."""


class RequestRefused(Exception):
    """The server answered with an error; the message is the server's, and the codes."""

    def __init__(self, error: Mapping[str, Any]) -> None:
        super().__init__(error["message"])
        data = error.get("data")
        self.code: int = error["code"]
        self.reason: str | None = data.get("code") if isinstance(data, dict) else None


class Client:
    """Requests and notifications to a child process, which ends with the `with` block."""

    def __init__(self, command: Sequence[str], env: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - our own program, by our own arguments
            command, env=dict(env), stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self._messages: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._kept: list[dict[str, Any]] = []  # notifications that nobody has waited for yet
        self._next_id = 0
        threading.Thread(target=self._read, daemon=True).start()

    @property
    def pid(self) -> int:
        """The server's process id."""
        return self._process.pid

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self.request("shutdown", None)
            self.notify("exit", None)
            self._process.wait(timeout=5)
        except (ServerGone, RequestRefused, OSError, subprocess.TimeoutExpired):
            self._process.kill()
        self._process.wait()

    def notify(self, method: str, params: Any) -> None:
        """Send a notification."""
        self._send({"method": method, "params": params})

    def request(self, method: str, params: Any, timeout: float = 60) -> Any:
        """Send a request and wait for its result, `timeout` seconds at most.

        Raises RequestRefused when the server answers with an error, ServerGone when it does not.
        """
        self._next_id += 1
        self._send({"id": self._next_id, "method": method, "params": params})
        answer = self._next(lambda m: m.get("id") == self._next_id and "method" not in m, timeout)
        if "error" in answer:
            raise RequestRefused(answer["error"])
        return answer.get("result")

    def command(self, name: str, argument: Mapping[str, Any]) -> Any:
        """Run one of the server's commands with its one argument."""
        return self.request("workspace/executeCommand", {"command": name, "arguments": [argument]})

    def notification(
        self, method: str, wanted: Callable[[Any], bool] = lambda _: True, timeout: float = 60
    ) -> Any:
        """The payload of the next (or an earlier, unread) notification that is wanted."""
        return self._wait(
            lambda m: m.get("method") == method and "id" not in m and wanted(m["params"]), timeout
        )["params"]

    def any_notification(self, *methods: str, timeout: float = 60) -> dict[str, Any]:
        """The next notification of one of these methods, whole."""
        return self._wait(lambda m: m.get("method") in methods and "id" not in m, timeout)

    def unread(self) -> list[dict[str, Any]]:
        """Notifications that nobody has waited for so far; they are not kept any longer."""
        taken, self._kept = self._kept, []
        return taken

    def answer(self, request: Mapping[str, Any]) -> dict[str, Any]:  # noqa: ARG002 - for others
        """What the server is answered when it asks for something: `{result}` or `{error}`."""
        return {"result": None}

    def _wait(self, wanted: Callable[[dict[str, Any]], bool], timeout: float) -> dict[str, Any]:
        for index, message in enumerate(self._kept):
            if wanted(message):
                return self._kept.pop(index)
        return self._next(wanted, timeout)

    def _next(self, wanted: Callable[[dict[str, Any]], bool], timeout: float) -> dict[str, Any]:
        """The next message that is wanted; the others are kept."""
        while True:
            try:
                message_or_end = self._messages.get(timeout=timeout)
            except queue.Empty:
                raise ServerGone(
                    f"The server did not answer within {timeout:.0f} seconds."
                ) from None
            if message_or_end is None:
                raise ServerGone(_ENDED)
            if "id" in message_or_end and "method" in message_or_end:
                self._send({"id": message_or_end["id"], **self.answer(message_or_end)})
            elif wanted(message_or_end):
                return message_or_end
            else:
                self._kept.append(message_or_end)

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
            self._process.stdin.flush()
        except OSError as error:
            raise ServerGone(_ENDED) from error

    def _read(self) -> None:
        stream = self._process.stdout
        assert stream is not None
        while (message := _read_message(stream)) is not None:
            self._messages.put(message)
        self._messages.put(None)


def _read_message(stream: IO[bytes]) -> dict[str, Any] | None:
    length = 0
    while line := stream.readline().strip():
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    body = stream.read(length) if length else b""
    return dict(json.loads(body)) if body else None
