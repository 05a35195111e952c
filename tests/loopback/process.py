"""The loopback server as a process of its own, for tests that drive real programs."""

from __future__ import annotations

import json
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tests import forks
from tests.loopback.lists import KEYS


@dataclass(frozen=True)
class LoopbackProcess:
    """A running server: what to start other programs with, and how to steer it."""

    origin: str
    environ: dict[str, str]

    def control(self, **said: Any) -> None:
        """Any of `faults` (each a `Fault`), `world`, `chats` and `chat` (a `Script`), `forget`."""
        self._ask("/_control", said)

    def fix(self) -> None:
        """Everything works again."""
        self._ask("/_fix", {})

    def resume(self) -> None:
        """Answers that pause go on."""
        self._ask("/_resume", {})

    def requests(self, path: str = "") -> list[dict[str, Any]]:
        """The requests so far, in order, whose path contains `path`."""
        return [one for one in self._ask("/_log")["requests"] if path in one["path"]]

    def _ask(self, path: str, body: object = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.origin + path, data)
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request) as answer:
            return json.load(answer)


@contextmanager
def loopback_process() -> Iterator[LoopbackProcess]:
    """Start the server, wait until it listens, and end it."""
    command = forks.program("tests.loopback")
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            said = json.loads(process.stdout.readline())
            yield LoopbackProcess(said["origin"], said["environ"])
        finally:
            process.terminate()


def keys() -> set[str]:
    """Every key that the server accepts: none of them may turn up anywhere."""
    return set(KEYS.values())
