"""Diagnostics on their way to the client: when they are computed, pushed, and asked for again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from lsprotocol import types

from stagewright.analysis.options import Options
from stagewright.lsp import convert
from stagewright.lsp.documents import path_of
from stagewright.lsp.files import File, read_file, workspace_files
from stagewright.options import options_from
from stagewright.workspace import workspace_root

if TYPE_CHECKING:
    from stagewright.lsp.server import StagewrightServer

OPENING_REST = 0.05
"""Seconds after which an opened document is diagnosed: a completion asked for at once is first."""

TYPING_REST = 0.15
"""Seconds without a keystroke before a document is diagnosed."""

ASKING_REST = 0.5
"""Seconds a value must have rested before its provider is asked about it alone."""


class Publisher:
    """Keeps the client's diagnostics true, for open files and for the workspace's other ones."""

    def __init__(self, server: StagewrightServer) -> None:
        self._server = server
        self._resting: dict[str, asyncio.Task[None]] = {}
        self._sweep: asyncio.Task[None] | None = None
        self._pushed: set[str] = set()  # closed files whose diagnostics the client holds

    def changed(self, uri: str, *, rest: float = TYPING_REST) -> None:
        """A document was opened or typed in: diagnose it once it rests."""
        self._forget(uri)
        self._resting[uri] = self._server.session.spawn(self._after_rest(uri, rest))

    def closed(self, uri: str) -> None:
        """A document was closed: what is on disk counts again."""
        self._forget(uri)
        self._pushed.add(uri)  # so that its diagnostics go, should it not be of the workspace
        self.files_changed()

    def everything_changed(self) -> None:
        """What is known of models or roles changed: anything may have another verdict now."""
        for uri in self._server.open_documents():
            self.changed(uri, rest=0)
        self.files_changed()

    def files_changed(self) -> None:
        """Files on disk may have changed: check those that are not open, in the background."""
        if self._server.client.pulls_diagnostics:
            self._server.ask_client_to_pull()
            return
        if self._sweep is not None:
            self._sweep.cancel()
        self._sweep = self._server.session.spawn(self._check_closed_files())

    async def report(self, uri: str) -> list[types.Diagnostic]:
        """One file's diagnostics, for a client that pulls."""
        file = await read_file(self._server, uri)
        return self._diagnostics(file) if file else []

    async def reports(self) -> AsyncIterator[tuple[str, list[types.Diagnostic]]]:
        """URI and diagnostics of every template and role index that is not open."""
        for root in self._server.roots():
            await self._server.session.read_roles(root)
        async for file in workspace_files(self._server):
            if file.version is None:
                yield file.uri, self._diagnostics(file)

    def options(self, uri: str) -> Options:
        """What an answer about this file rests on besides its text and the catalogue."""
        session = self._server.session
        path = path_of(uri)
        roles = session.roles_of(workspace_root(path)) if path else None
        return options_from(session.settings, now=self._server.now(), roles=roles)

    async def _after_rest(self, uri: str, rest: float) -> None:
        await asyncio.sleep(rest)
        opened = self._server.open_document(uri)
        if opened is None:
            return
        version = opened.version
        file = await read_file(self._server, uri)
        if file is None or opened.version != version:
            return
        if not self._server.client.pulls_diagnostics:
            self._push(uri, self._diagnostics(file), version)
        await asyncio.sleep(max(0.0, ASKING_REST - rest))
        self._ask_about(file)

    async def _check_closed_files(self) -> None:
        await asyncio.sleep(ASKING_REST)
        seen: set[str] = set()
        async for uri, diagnostics in self.reports():
            seen.add(uri)
            if diagnostics or uri in self._pushed:
                self._push(uri, diagnostics)
                self._pushed.add(uri)
        for uri in self._pushed - seen - set(self._server.open_documents()):
            self._push(uri, [])
        self._pushed &= seen

    def _diagnostics(self, file: File) -> list[types.Diagnostic]:
        from stagewright.analysis.diagnostics import diagnose

        findings = diagnose(file.document, self._server.session.catalog, self.options(file.uri))
        encoding = self._server.client.encoding
        if file.version is None:
            self._ask_about(file)
        return [convert.diagnostic(file.document.lines, one, encoding) for one in findings]

    def _ask_about(self, file: File) -> None:
        from stagewright.analysis.diagnostics import to_ask_about

        session = self._server.session
        session.ask_about(to_ask_about(file.document, session.catalog, self.options(file.uri)))

    def _push(
        self, uri: str, diagnostics: list[types.Diagnostic], version: int | None = None
    ) -> None:
        self._server.text_document_publish_diagnostics(
            types.PublishDiagnosticsParams(uri=uri, diagnostics=diagnostics, version=version)
        )

    def _forget(self, uri: str) -> None:
        if (task := self._resting.pop(uri, None)) is not None:
            task.cancel()
