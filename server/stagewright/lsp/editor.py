"""The editor at the other end: what it can do, and what we tell it and ask it unasked."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer
from pygls.progress import Progress

from stagewright.background import Background
from stagewright.foreign import label, notice
from stagewright.lsp.convert import Client
from stagewright.lsp.jsonrpc import Protocol

REFRESH_WITHIN = 10.0
"""Seconds after which a client that has not answered a request to refresh is asked again."""

log = logging.getLogger(__name__)

T = TypeVar("T")


class Editor:
    """What goes to the client without being the answer to a request of its own."""

    client: Client
    """What it can do; read when it says so."""

    def __init__(
        self, connection: LanguageServer, protocol: Protocol, background: Background
    ) -> None:
        self.shows_lenses = False  # whether it has ever asked for them
        self._connection = connection
        self._protocol = protocol
        self._background = background
        self._refreshing: dict[str, bool] = {}  # what it is asked now; True: once more
        self._watching = 0  # the number of the newest registration of files to watch

    def end_requests(self) -> None:
        """End all requests of the client but the one that is being handled."""
        self._protocol.cancel_requests()

    # What answers rest on has changed

    def ask_to_pull(self) -> None:
        """Diagnostics may differ now: a client that pulls them is asked to do so again."""
        self._refresh(types.WORKSPACE_DIAGNOSTIC_REFRESH)

    def ask_for_lenses(self) -> None:
        """Code lenses may differ now: a client that can is asked to fetch them again."""
        if self.client.refreshes_lenses:
            self._refresh(types.WORKSPACE_CODE_LENS_REFRESH)

    def ask_for_hints(self) -> None:
        """The same for inlay hints."""
        if self.client.refreshes_hints:
            self._refresh(types.WORKSPACE_INLAY_HINT_REFRESH)

    def _refresh(self, method: str) -> None:
        """Ask the client to fetch something anew. While it has not answered, once more is enough:
        nothing piles up for a client that never answers."""
        if method in self._refreshing:
            self._refreshing[method] = True
        else:
            self._refreshing[method] = False
            self._background.spawn(self._ask_to_refresh(method))

    async def _ask_to_refresh(self, method: str) -> None:
        try:
            await self._protocol.ask(method, REFRESH_WITHIN)
        except (JsonRpcException, TimeoutError) as error:
            log.warning("The editor did not take %s: %s", method, str(error) or "no answer")
        if self._refreshing.pop(method):
            self._refresh(method)

    # Telling

    def notify(self, method: str, params: Any) -> None:
        """Send a notification of ours."""
        self._protocol.notify(method, params)

    def tell(self, kind: types.MessageType, message: str) -> None:
        """Show the user a message."""
        self._connection.window_show_message(types.ShowMessageParams(kind, notice(message)))

    def publish(
        self, uri: str, diagnostics: list[types.Diagnostic], version: int | None = None
    ) -> None:
        """Push a file's diagnostics."""
        self._connection.text_document_publish_diagnostics(
            types.PublishDiagnosticsParams(uri=uri, diagnostics=diagnostics, version=version)
        )

    def send_part(self, token: int | str, part: Any) -> None:
        """Send a part of an answer."""
        self._connection.progress(types.ProgressParams(token=token, value=part))

    def show(self, uri: str, told: str, place: types.Position | None = None) -> None:
        """Show a document, at a place of it; a client that cannot is `told` where it is."""
        if not self.client.shows_documents:
            self.tell(types.MessageType.Info, told)
            return
        # Not waited for: some editors stand still until their command is answered.
        selection = types.Range(place, place) if place else None
        params = types.ShowDocumentParams(uri=uri, take_focus=True, selection=selection)
        self._background.spawn(_answer(self._connection.window_show_document_async(params)))

    # Asking: raises JsonRpcException where the client cannot do it

    async def choose(
        self, kind: types.MessageType, question: str, choices: Mapping[str, T]
    ) -> T | None:
        """What the user chooses by its title; None for nothing."""
        shown = {label(title): value for title, value in choices.items()}
        actions = [types.MessageActionItem(title) for title in shown]
        params = types.ShowMessageRequestParams(kind, notice(question), actions)
        answer = await _answer(self._connection.window_show_message_request_async(params))
        return shown.get(answer.title) if answer is not None else None

    async def apply(self, edit: types.WorkspaceEdit, name: str | None) -> bool:
        """Apply an edit as one undoable step; whether that was done.

        Some editors tell their user of each edit that has a name.
        """
        params = types.ApplyWorkspaceEditParams(edit=edit, label=name)
        answer = await _answer(self._connection.workspace_apply_edit_async(params))
        return bool(answer.applied)

    async def settings(self) -> Any:
        """What is set for us; None where the client tells nothing."""
        items = [types.ConfigurationItem(section="stagewright")]
        params = types.ConfigurationParams(items=items)
        answer = await _answer(self._connection.workspace_configuration_async(params))
        return answer[0] if answer else None

    async def watch(self, globs: Sequence[str]) -> None:
        """Watch files, in place of those that have been watched so far."""
        before, self._watching = self._watching, self._watching + 1
        method = types.WORKSPACE_DID_CHANGE_WATCHED_FILES
        watchers = [types.FileSystemWatcher(f"**/{glob}") for glob in globs]
        options = types.DidChangeWatchedFilesRegistrationOptions(watchers=watchers)
        new = types.Registration(f"stagewright-files-{self._watching}", method, options)
        connection = self._connection
        try:
            params = types.RegistrationParams([new])
            await _answer(connection.client_register_capability_async(params))
            if before:
                old = types.Unregistration(f"stagewright-files-{before}", method)
                gone = types.UnregistrationParams([old])
                await _answer(connection.client_unregister_capability_async(gone))
        except JsonRpcException as error:
            log.warning("The editor does not watch files after all: %s", error)
            self.client = replace(self.client, watches_files=False)

    # Progress

    @property
    def progress(self) -> Progress:
        """Reports of work under tokens that the client has taken."""
        return self._connection.work_done_progress

    async def create_progress(self, token: str) -> None:
        """Have the client take a token. pygls's own would keep it where we end before it has."""
        params = types.WorkDoneProgressCreateParams(token)
        await _answer(self._connection.window_work_done_progress_create_async(params))


async def _answer(request: Any) -> Any:
    """Await a request to the client; shielded, since a late reply to a cancelled one raises."""
    return await asyncio.shield(request)
