"""One server under measurement, driven as an editor drives it."""

from __future__ import annotations

import re
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from stagewright.cli.rpc import Client

OURS = (sys.executable, "-m", "stagewright", "server")
IDLE = (sys.executable, "-m", "tests.bench.idle_server")
IDLE_WITH_OFFERS = (*IDLE, "45")

STAGE = """\
  - name: "stage-{n}"
    type: "implementation"
    roleId: "implementer"
    initPrompt: "Do the work of {{{{requestId}}}}, stage {n}."
    defaultModel:
      provider: "anthropic"
      model: "claude-fable-5-1"
    gate:
      type: "human_approval"
      prompt: "Stage {n} done. Go on?"
      options:
        - label: "Continue"
          action: "advance"
        - label: "Discard"
          action: "discard"
      satisfied: false

"""


def template(stages: int) -> str:
    """A template of so many stages, 17 lines each."""
    head = 'name: "bench"\ndisplayName: "Bench"\nversion: 1\nstages:\n'
    return head + "".join(STAGE.format(n=n) for n in range(stages))


class Editor:
    """An initialized connection with helpers for what is timed."""

    def __init__(self, client: Client, folder: Path) -> None:
        self.client = client
        self.uri = (folder / ".choragen" / "workflow-templates" / "bench.yaml").as_uri()
        self._version = 1
        client.request(
            "initialize",
            {
                "processId": None,
                "rootUri": folder.as_uri(),
                "capabilities": {
                    "general": {"positionEncodings": ["utf-16"]},
                    "textDocument": {
                        "completion": {
                            "completionItem": {"snippetSupport": True},
                            "completionList": {"itemDefaults": ["editRange"]},
                        },
                        "publishDiagnostics": {},
                    },
                },
            },
        )
        client.notify("initialized", {})

    def open(self, text: str) -> None:
        """Open the benchmark's template."""
        document = {"uri": self.uri, "languageId": "yaml", "version": 1, "text": text}
        self.client.notify("textDocument/didOpen", {"textDocument": document})

    def type(self, line: int, character: int, text: str) -> None:
        """One keystroke."""
        self.replace(line, character, character, text)

    def replace(self, line: int, start: int, end: int, text: str = "") -> None:
        """Put `text` in place of a part of a line."""
        self._version += 1
        self.client.notify(
            "textDocument/didChange",
            {
                "textDocument": {"uri": self.uri, "version": self._version},
                "contentChanges": [
                    {
                        "range": {
                            "start": {"line": line, "character": start},
                            "end": {"line": line, "character": end},
                        },
                        "text": text,
                    }
                ],
            },
        )

    def complete(self, line: int, character: int) -> list[Any]:
        """The offers at a place."""
        return list(self.ask(self.uri, line, character)["items"])

    def ask(self, uri: str, line: int = 0, character: int = 0) -> Any:
        """The answer to a completion in any file; none of one that is nobody's."""
        position = {"line": line, "character": character}
        asked = {"textDocument": {"uri": uri}, "position": position}
        return self.client.request("textDocument/completion", asked, timeout=60)

    def settle(self) -> None:
        """Wait until providers have answered and the file has been diagnosed after that."""
        self.client.notification(
            "stagewright/models/changed",
            lambda payload: payload["providers"]["anthropic"]["status"] == "ok",
            timeout=60,
        )
        self.client.notification("textDocument/publishDiagnostics", timeout=60)

    def memory(self) -> dict[str, int]:
        """Kilobytes of memory, now and at the peak, as the kernel counts them."""
        status = Path(f"/proc/{self.client.pid}/status").read_text()
        return {
            name: int(re.search(rf"{field}:\s+(\d+)", status)[1])  # type: ignore[index]
            for name, field in (("now", "VmRSS"), ("peak", "VmHWM"))
        }


@contextmanager
def editor(command: Sequence[str], env: Mapping[str, str], folder: Path) -> Iterator[Editor]:
    """A server started, initialized, and ended again."""
    with Client(command, env) as client:
        yield Editor(client, folder)


def seconds() -> float:
    """A clock that only goes forward."""
    return time.perf_counter()


def in_turn(
    times: int, work: Callable[[Editor], object], ours: Editor, other: Editor
) -> tuple[float, float]:
    """Medians in milliseconds, ours and the other server's, taken alternately."""
    taken: dict[Editor, list[float]] = {ours: [], other: []}
    for number in range(times + 5):
        for running, figures in taken.items():
            begin = seconds()
            work(running)
            if number >= 5:
                figures.append(seconds() - begin)
    return median_ms(taken[ours]), median_ms(taken[other])


def median_ms(taken: Sequence[float]) -> float:
    """The median of seconds, in milliseconds."""
    return statistics.median(taken) * 1000
