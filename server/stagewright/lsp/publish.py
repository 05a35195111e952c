"""Diagnostics on their way to the client: when they are computed, pushed, and asked for again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from lsprotocol import types

from stagewright.analysis.diagnostics import DiagnosticOptions, diagnose, to_ask_about
from stagewright.lsp import convert
from stagewright.lsp.documents import path_of, uri_of
from stagewright.templates.template import Document
from stagewright.workspace import (
    UnreadableFile,
    find_roles,
    find_templates,
    read_text,
    workspace_root,
)

if TYPE_CHECKING:
    from stagewright.lsp.server import StagewrightServer

TYPING_REST = 0.15
"""Seconds without a keystroke before a document is diagnosed."""

ASKING_REST = 0.5
"""Seconds a value must have rested before its provider is asked about it alone."""

ENTRIES_AT_ONCE = 100
"""Entries read between two looks at the event loop."""


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

    def catalog_changed(self) -> None:
        """What is known of models changed: anything may have another verdict now."""
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
        """An open document's diagnostics, for a client that pulls."""
        opened = self._server.open_document(uri)
        if opened is None:
            return []
        await _read(opened.document)
        return self._diagnostics(uri, opened.document)

    async def reports(self) -> AsyncIterator[tuple[str, list[types.Diagnostic]]]:
        """URI and diagnostics of every template and role index that is not open."""
        opened = {path_of(uri) for uri in self._server.open_documents()}
        include = self._server.session.settings.templates.include
        for root in self._server.roots():
            await self._server.session.read_roles(root)
            roles = await asyncio.to_thread(find_roles, root)
            for path in await asyncio.to_thread(find_templates, root, include):
                if path not in opened:
                    yield await self._report_file(path, Document("", "template"))
            if roles is not None and roles not in opened:
                yield await self._report_file(roles, Document("", "roles"))

    async def _report_file(
        self, path: Path, document: Document
    ) -> tuple[str, list[types.Diagnostic]]:
        uri = uri_of(path)
        try:
            file = await asyncio.to_thread(read_text, path)
        except UnreadableFile:
            return uri, []
        document.edit(None, file.text)
        await _read(document)
        return uri, self._diagnostics(uri, document)

    async def _after_rest(self, uri: str, rest: float) -> None:
        await asyncio.sleep(rest)
        opened = self._server.open_document(uri)
        if opened is None:
            return
        version = opened.version
        if not self._server.client.pulls_diagnostics:
            diagnostics = await self.report(uri)
            if opened.version == version:
                self._push(uri, diagnostics, version)
        await asyncio.sleep(max(0.0, ASKING_REST - rest))
        catalog = self._server.session.catalog
        self._server.session.ask_about(to_ask_about(opened.document, catalog, self._options(uri)))

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

    def _diagnostics(self, uri: str, document: Document) -> list[types.Diagnostic]:
        findings = diagnose(document, self._server.session.catalog, self._options(uri))
        encoding = self._server.client.encoding
        return [convert.diagnostic(document.lines, finding, encoding) for finding in findings]

    def _options(self, uri: str) -> DiagnosticOptions:
        settings = self._server.session.settings.diagnostics
        path = path_of(uri)
        return DiagnosticOptions(
            now=datetime.now(UTC),
            severities=settings.severity,
            retirement_days=settings.retirement_days,
            roles=self._server.session.roles_of(workspace_root(path)) if path else None,
        )

    def _push(
        self, uri: str, diagnostics: list[types.Diagnostic], version: int | None = None
    ) -> None:
        self._server.text_document_publish_diagnostics(
            types.PublishDiagnosticsParams(uri=uri, diagnostics=diagnostics, version=version)
        )

    def _forget(self, uri: str) -> None:
        if (task := self._resting.pop(uri, None)) is not None:
            task.cancel()


async def _read(document: Document) -> None:
    """Read the document's entries without keeping the event loop for long."""
    while not document.read_some(ENTRIES_AT_ONCE):
        await asyncio.sleep(0)
