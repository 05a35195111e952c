"""The composition root: the server object, what it holds, and how it is served."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.exceptions import FeatureNotificationError, JsonRpcException
from pygls.lsp.server import LanguageServer
from pygls.protocol import default_converter

from stagewright import __version__
from stagewright.analysis.results import Completion, CompletionItem
from stagewright.foreign import label, notice
from stagewright.lsp import commands, features, lifecycle, logs
from stagewright.lsp.convert import Client, Json
from stagewright.lsp.documents import UNVERSIONED, OpenDocument, OpenDocuments, identity, path_of
from stagewright.lsp.enums import forgive_unknown_values
from stagewright.lsp.jsonrpc import Protocol
from stagewright.lsp.notifications import MODELS_CHANGED, STATUS
from stagewright.lsp.publish import Publisher
from stagewright.lsp.session import Session
from stagewright.settings import SettingsProblem
from stagewright.text.buffer import Encoding
from stagewright.workspace import dialect_of, workspace_root

if TYPE_CHECKING:
    from stagewright.lsp.transcripts import Transcripts
    from stagewright.lsp.workflows import Workflows

log = logging.getLogger(__name__)

_ENCODINGS: dict[types.PositionEncodingKind, Encoding] = {
    types.PositionEncodingKind.Utf8: "utf-8",
    types.PositionEncodingKind.Utf16: "utf-16",
    types.PositionEncodingKind.Utf32: "utf-32",
}


TELLING_REST = 0.03
"""Seconds in which changes of the catalogue are gathered before the client hears of them."""

REFRESH_WITHIN = 10.0
"""Seconds after which a client that has not answered a request to refresh is asked again."""

ROOTS_KNOWN = 256
"""Folders of which is kept to which root they belong."""


class StagewrightServer(LanguageServer):
    """pygls's server with our session, open documents and diagnostics."""

    client: Client
    protocol: Protocol

    def __init__(self) -> None:
        super().__init__(
            "stagewright", __version__, protocol_cls=Protocol, converter_factory=_converter
        )
        self.session = Session(
            on_catalog=self._catalog_changed, on_settings_problems=self._settings_problems
        )
        self.publisher = Publisher(self)
        self.options: dict[str, Any] = {}  # the client's, from `initialize`
        self.shows_lenses = False  # whether the client has ever asked for them
        self.on_editor: Callable[[int | None], None] = lambda _: None  # told its process id
        self.watching = 0  # the number of the newest registration of files to watch
        self._roots: dict[Path, Path] = {}  # by the folder of a file
        self._refreshing: dict[str, bool] = {}  # what the client is asked now; True: once more
        self._telling = False
        self._offers = (0, Completion(()))
        self._told_problems: list[SettingsProblem] = []
        lifecycle.register(self)
        features.register(self)
        commands.register(self)

    @cached_property
    def workflows(self) -> Workflows:
        """Workflows and chats; nothing of them is imported before the first command about them."""
        from stagewright.lsp.workflows import Workflows

        return Workflows(self)

    @cached_property
    def transcripts(self) -> Transcripts:
        """The open transcripts."""
        from stagewright.lsp.transcripts import Transcripts

        return Transcripts(self)

    # Documents

    def adopt(self, capabilities: types.ClientCapabilities) -> None:
        """Take note of the client, and let our documents stand in for pygls's."""
        negotiated = types.PositionEncodingKind(self.workspace.position_encoding or "utf-16")
        self.client = Client.of(capabilities, _ENCODINGS[negotiated])
        self.protocol._workspace = OpenDocuments(self, self.workspace)

    def reopen_documents(self) -> list[str]:
        """Take the open files for what they are by the settings of now; those that changed."""
        changed = []
        for document in list(self.workspace.text_documents.values()):
            uri, path = document.uri, path_of(document.uri)
            dialect = dialect_of(path, self.session.settings.templates.include) if path else None
            if dialect is not (
                document.document.dialect if isinstance(document, OpenDocument) else None
            ):
                version = UNVERSIONED if document.version is None else document.version
                item = types.TextDocumentItem(
                    uri, document.language_id or "", version, document.source
                )
                self.workspace.put_text_document(item)
                changed.append(uri)
        return changed

    def open_document(self, uri: str) -> OpenDocument | None:
        """The open template, role index or transcript of this URI."""
        document = self.workspace.get_text_document(uri)
        return document if isinstance(document, OpenDocument) else None

    def open_documents(self) -> list[str]:
        """URIs of the open templates, role indexes and transcripts."""
        documents = self.workspace.text_documents.values()
        return [document.uri for document in documents if isinstance(document, OpenDocument)]

    def roots(self) -> list[Path]:
        """The workspace's folders."""
        uris = [folder.uri for folder in self.workspace.folders.values()]
        if not uris and self.workspace.root_uri:
            uris = [self.workspace.root_uri]
        return [path for uri in uris if (path := path_of(uri)) is not None]

    def root_of(self, path: Path) -> Path:
        """The folder whose roles count in a file: its `.choragen`'s, else the editor's; as the
        editor spells it, where it is one of those that are open in it."""
        if (known := self._roots.get(path.parent)) is None:
            if len(self._roots) >= ROOTS_KNOWN:
                self._roots.clear()
            known = self._roots[path.parent] = self._find_root(path)
        return known

    def _find_root(self, path: Path) -> Path:
        root = workspace_root(path)
        opened = {identity(folder): folder for folder in reversed(self.roots())}
        if (root / ".choragen") in path.parents:
            return opened.get(identity(root), root)
        real = Path(os.path.realpath(path))
        around = (opened.get(identity(one)) for one in (*path.parents, *real.parents))
        return next((one for one in around if one is not None), root)

    def forget_roots(self) -> None:
        """Folders or links have changed."""
        self._roots.clear()

    # Telling the client

    def ask_client_to_pull(self) -> None:
        """Diagnostics may differ now: a client that pulls them is asked to do so again."""
        self._refresh(types.WORKSPACE_DIAGNOSTIC_REFRESH)

    def ask_client_for_lenses(self) -> None:
        """Code lenses may differ now: a client that can is asked to fetch them again."""
        if self.client.refreshes_lenses:
            self._refresh(types.WORKSPACE_CODE_LENS_REFRESH)

    def ask_client_for_hints(self) -> None:
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
            self.session.spawn(self._ask_to_refresh(method))

    async def _ask_to_refresh(self, method: str) -> None:
        try:
            await self.protocol.ask(method, REFRESH_WITHIN)
        except (JsonRpcException, TimeoutError) as error:
            log.warning("The editor did not take %s: %s", method, str(error) or "no answer")
        if self._refreshing.pop(method):
            self._refresh(method)

    def tell(self, kind: types.MessageType, message: str) -> None:
        """Show the user a message."""
        self.window_show_message(types.ShowMessageParams(kind, notice(message)))

    async def choose(
        self, kind: types.MessageType, question: str, choices: Sequence[str]
    ) -> str | None:
        """The user's choice; None for none. Raises JsonRpcException where the client cannot ask."""
        shown = {label(choice): choice for choice in choices}
        actions = [types.MessageActionItem(title) for title in shown]
        params = types.ShowMessageRequestParams(kind, notice(question), actions)
        answer = await self.ask(self.window_show_message_request_async(params))
        return shown.get(answer.title) if answer is not None else None

    async def ask(self, request: Any) -> Any:
        """Await a request to the client; shielded, since a late reply to a cancelled one raises."""
        return await asyncio.shield(request)

    def now(self) -> datetime:
        """The time that answers are about."""
        return datetime.now(UTC)

    def remember(self, completion: Completion) -> int:
        """Keep the newest list of offers for `completionItem/resolve`; its number."""
        self._offers = (self._offers[0] + 1, completion)
        return self._offers[0]

    def remembered(self, data: object) -> CompletionItem | None:
        """The offer of `[list, item]`; None when the list is not the newest any more."""
        newest, completion = self._offers
        match data:
            case [list_id, int(item)] if list_id == newest and 0 <= item < len(completion.items):
                return completion.items[item]
        return None

    async def close(self) -> None:
        """End answers and background work; what has come is saved."""
        if "workflows" in self.__dict__:
            await self.workflows.close()
        await self.session.close()

    def _catalog_changed(self) -> None:
        """Providers answer side by side: what they say within a moment is told at once."""
        if not self._telling:
            self._telling = True
            asyncio.get_running_loop().call_later(TELLING_REST, self._tell_catalog)

    def _tell_catalog(self) -> None:
        self._telling = False
        catalog = self.session.catalog
        self.protocol.notify(MODELS_CHANGED, catalog.to_json(models=False))
        self.protocol.notify(STATUS, lifecycle.status(catalog, self._told_problems))
        self.publisher.everything_changed()
        self.ask_client_for_lenses()
        self.ask_client_for_hints()

    def _settings_problems(self, problems: list[SettingsProblem]) -> None:
        new = [problem for problem in problems if problem not in self._told_problems]
        self._told_problems = problems
        for problem in new:
            self.tell(types.MessageType.Warning, str(problem))

    def report_server_error(self, error: Exception, source: Any) -> None:
        """Log instead of pygls's pop-up: the user can do nothing about it there and then."""
        if source is FeatureNotificationError:
            logs.failed(error)


def _converter() -> Any:
    """pygls's, which leaves results alone that are JSON already and passes over unknown values."""
    converter: Any = default_converter()  # type: ignore[no-untyped-call]
    converter.register_unstructure_hook(Json, lambda result: result)
    forgive_unknown_values(converter)
    return converter
