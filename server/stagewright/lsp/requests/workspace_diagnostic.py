"""`workspace/diagnostic`: the files that are not open, with ids, so that nothing is told twice."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from lsprotocol import types

from stagewright.lsp.convert import result_id
from stagewright.lsp.documents import path_of
from stagewright.lsp.parts import Parts
from stagewright.lsp.progress import progress_if_long
from stagewright.lsp.publish import ASKING_REST, CHECKING

BATCH = 50
"""Reports that are sent together to a client that takes a workspace's in parts."""

_Report = (
    types.WorkspaceFullDocumentDiagnosticReport | types.WorkspaceUnchangedDocumentDiagnosticReport
)


async def workspace_diagnostic(
    parts: Parts, params: types.WorkspaceDiagnosticParams
) -> types.WorkspaceDiagnosticReport:
    """The diagnostics of all templates and role indexes that are not open.

    A client that takes them in parts asks again as soon as it has been answered: when it knows
    everything already, its request is answered as soon as something is different.
    """
    reports = _Reports(parts, params)
    while True:
        news = parts.publisher.news
        async with progress_if_long(parts.session, CHECKING):
            await reports.gather()
        if reports.any_new or not params.partial_result_token or not params.previous_result_ids:
            return types.WorkspaceDiagnosticReport(items=reports.take())
        reports.take()
        await news.wait()
        await asyncio.sleep(ASKING_REST)


class _Reports:
    """The reports that answer one request."""

    def __init__(self, parts: Parts, params: types.WorkspaceDiagnosticParams) -> None:
        self.any_new = False
        self._session, self._publisher = parts.session, parts.publisher
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
        async for uri, items in self._publisher.reports():
            path, result = path_of(uri), result_id(items)
            before = gone.pop(path, None)
            alone = path in self._publisher.pulled_alone
            if before is not None and before.value == result and not alone:
                self._waiting.append(
                    types.WorkspaceUnchangedDocumentDiagnosticReport(uri=uri, result_id=result)
                )
            else:
                self._add(uri, items, result)
            if path is not None:
                self._publisher.pulled_alone.discard(path)
        opened = {path_of(uri) for uri in self._session.documents.uris()}
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
            self._session.editor.send_part(self._token, part)
