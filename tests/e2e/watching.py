"""A client that watches files, and says what others did to them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests import forks
from tests.e2e.editor import environment

from stagewright.cli.rpc import Client

PUBLISH = "textDocument/publishDiagnostics"
CREATED, CHANGED, DELETED = 1, 2, 3


class Watching(Client):
    """A client that notes which globs it is asked to watch, as they stand now."""

    def __init__(self, command: Sequence[str], env: Mapping[str, str]) -> None:
        super().__init__(command, env)
        self.watched: dict[str, list[str]] = {}

    def answer(self, request: Mapping[str, Any]) -> dict[str, Any]:
        params = request.get("params") or {}
        for one in params.get("registrations", ()):
            watchers = one["registerOptions"]["watchers"]
            self.watched[one["id"]] = [watcher["globPattern"] for watcher in watchers]
        for one in params.get("unregisterations", ()):
            del self.watched[one["id"]]
        return {"result": None}

    def globs(self) -> list[str]:
        return [glob for globs in self.watched.values() for glob in globs]

    def watches(self, wanted: Callable[[list[str]], bool]) -> None:
        """Wait until it is asked to watch what is wanted, and nothing of before."""
        for _ in range(200):
            if len(self.watched) == 1 and wanted(self.globs()):
                return
            self.command("stagewright.models.list", {})
        raise AssertionError(self.globs())

    def tell(self, *changes: tuple[Path, int]) -> None:
        """Say that files were written."""
        events = [{"uri": path.as_uri(), "type": kind} for path, kind in changes]
        self.notify("workspace/didChangeWatchedFiles", {"changes": events})

    def codes(self, path: Path, *expected: str) -> None:
        """Wait until a file's diagnostics have these codes."""
        self.notification(
            PUBLISH,
            lambda told: (
                told["uri"] == path.as_uri()
                and sorted(one["code"] for one in told["diagnostics"]) == sorted(expected)
            ),
        )

    def configure(self, **section: Any) -> None:
        """Change the settings."""
        settings = {"stagewright": {"diagnostics": QUIET, **section}}
        self.notify("workspace/didChangeConfiguration", {"settings": settings})


QUIET = {"severity": {"choragen-reads-differently": "off"}}
ABLE = {"workspace": {"didChangeWatchedFiles": {"dynamicRegistration": True}}}


@contextmanager
def serving(tmp_path: Path, *roots: Path, **settings: Any) -> Iterator[Watching]:
    with Watching(forks.server(), environment(tmp_path)) as running:
        folders = [{"uri": root.as_uri(), "name": root.name} for root in roots]
        start = {"rootUri": None, "workspaceFolders": folders, "capabilities": ABLE}
        options = {"diagnostics": QUIET, **settings}
        running.request("initialize", {**start, "initializationOptions": options})
        running.notify("initialized", {})
        yield running
