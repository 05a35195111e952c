"""Diagnostics for clients that ask for them, with ids, so that nothing is told twice."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from lsprotocol import types

from stagewright.lsp.documents import path_of
from stagewright.lsp.progress import progress_if_long
from stagewright.lsp.publish import ASKING_REST, CHECKING

if TYPE_CHECKING:
    from stagewright.lsp.server import StagewrightServer

BATCH = 50
"""Reports that are sent together to a client that takes a workspace's in parts."""

_Report = (
    types.WorkspaceFullDocumentDiagnosticReport | types.WorkspaceUnchangedDocumentDiagnosticReport
)


def register(server: StagewrightServer) -> None:
    """Answer clients that pull diagnostics; others never hear of it."""
    options = types.DiagnosticOptions(
        identifier="stagewright", inter_file_dependencies=True, workspace_diagnostics=True
    )
    server.feature(types.TEXT_DOCUMENT_DIAGNOSTIC, options)(document_diagnostic)
    server.feature(types.WORKSPACE_DIAGNOSTIC)(workspace_diagnostic)


async def document_diagnostic(
    ls: StagewrightServer, params: types.DocumentDiagnosticParams
) -> types.DocumentDiagnosticReport:
    """The findings of one document, or that they are those that the client has."""
    items = await ls.publisher.report(params.text_document.uri)
    result = result_id(items)
    if result == params.previous_result_id:
        return types.RelatedUnchangedDocumentDiagnosticReport(result_id=result)
    return types.RelatedFullDocumentDiagnosticReport(items=items, result_id=result)


async def workspace_diagnostic(
    ls: StagewrightServer, params: types.WorkspaceDiagnosticParams
) -> types.WorkspaceDiagnosticReport:
    """The findings of all templates and role indexes that are not open.

    A client that takes them in parts asks again as soon as it has been answered: when it knows
    everything already, its request is answered as soon as something is different.
    """
    reports = _Reports(ls, params)
    while True:
        news = ls.publisher.news
        async with progress_if_long(ls, CHECKING):
            await reports.gather()
        if reports.any_new or not params.partial_result_token or not params.previous_result_ids:
            return types.WorkspaceDiagnosticReport(items=reports.take())
        reports.take()
        await news.wait()
        await asyncio.sleep(ASKING_REST)


def result_id(items: Sequence[types.Diagnostic]) -> str:
    """Names these findings; the same ones have the same name in every session."""
    from hashlib import blake2b

    return blake2b(repr(items).encode(errors="surrogatepass"), digest_size=16).hexdigest()


class _Reports:
    """The reports that answer one request."""

    def __init__(self, ls: StagewrightServer, params: types.WorkspaceDiagnosticParams) -> None:
        self.any_new = False
        self._ls = ls
        self._token = params.partial_result_token
        self._known = {path_of(one.uri): one for one in params.previous_result_ids}
        self._waiting: list[_Report] = []

    def take(self) -> list[_Report]:
        """What has not been sent yet."""
        taken, self._waiting = self._waiting, []
        return taken

    async def gather(self) -> None:
        """Report every file as it is now, and nothing of those that are gone."""
        gone = dict(self._known)
        async for uri, items in self._ls.publisher.reports():
            path, result = path_of(uri), result_id(items)
            before = gone.pop(path, None)
            alone = path in self._ls.publisher.pulled_alone
            if before is not None and before.value == result and not alone:
                self._waiting.append(
                    types.WorkspaceUnchangedDocumentDiagnosticReport(uri=uri, result_id=result)
                )
            else:
                self._add(uri, items, result)
            if path is not None:
                self._ls.publisher.pulled_alone.discard(path)
        opened = {path_of(uri) for uri in self._ls.open_documents()}
        for path, before in gone.items():
            if path not in opened and before.value != (none := result_id([])):
                self._add(before.uri, [], none)

    def _add(self, uri: str, items: Sequence[types.Diagnostic], result: str) -> None:
        self.any_new = True
        self._waiting.append(
            types.WorkspaceFullDocumentDiagnosticReport(uri=uri, items=items, result_id=result)
        )
        if self._token is not None and len(self._waiting) >= BATCH:
            part = types.WorkspaceDiagnosticReportPartialResult(items=self.take())
            self._ls.progress(types.ProgressParams(token=self._token, value=part))
