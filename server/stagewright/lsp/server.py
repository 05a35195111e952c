"""The composition root: the server object, and all that it is made of."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any

from lsprotocol import types
from pygls.exceptions import FeatureNotificationError
from pygls.lsp.server import LanguageServer
from pygls.protocol import default_converter

from stagewright import __version__
from stagewright.background import Background
from stagewright.lsp import logs, routing
from stagewright.lsp.commands import table as commands
from stagewright.lsp.convert import Client, PlainJson
from stagewright.lsp.documents import OpenDocuments
from stagewright.lsp.editor import Editor
from stagewright.lsp.enums import forgive_unknown_values
from stagewright.lsp.jsonrpc import Protocol
from stagewright.lsp.later import Later
from stagewright.lsp.notifications import MODELS_CHANGED, STATUS
from stagewright.lsp.parts import Parts
from stagewright.lsp.publish import Publisher
from stagewright.lsp.requests.initialize import initialize
from stagewright.lsp.session import Session
from stagewright.lsp.status import status
from stagewright.settings import SettingsProblem
from stagewright.text.buffer import Encoding

_ENCODINGS: dict[types.PositionEncodingKind, Encoding] = {
    types.PositionEncodingKind.Utf8: "utf-8",
    types.PositionEncodingKind.Utf16: "utf-16",
    types.PositionEncodingKind.Utf32: "utf-32",
}

TELLING_REST = 0.03
"""Seconds in which changes of the catalogue are gathered before the client hears of them."""


class StagewrightServer(LanguageServer):
    """pygls's server with our session, open documents and diagnostics."""

    protocol: Protocol

    def __init__(self) -> None:
        super().__init__(
            "stagewright", __version__, protocol_cls=Protocol, converter_factory=_converter
        )
        background = Background()
        self.editor = Editor(self, self.protocol, background)
        self.session = Session(
            self.editor,
            background,
            on_catalog=self._catalog_changed,
            on_files=lambda: self.publisher.files_changed(),
            on_settings_problems=self._settings_problems,
        )
        diagnosis = Later("stagewright.lsp.diagnosis", lambda it: it.Diagnosis(self.session))
        self.publisher = Publisher(self.session, diagnosis)
        self.chats = Later("stagewright.lsp.chats.session", lambda it: it.begin(self.session))
        self.on_editor: Callable[[int | None], None] = lambda _: None  # told its process id
        self._telling = False
        self._told_problems: list[SettingsProblem] = []
        self.feature(types.INITIALIZE)(partial(self._initialize))
        self._parts = Parts(self.session, self.publisher, self.chats)
        routing.register(self.feature, self._parts)
        commands.register(self.command, self.session, self.chats)

    def _initialize(self, params: types.InitializeParams) -> None:
        """Take note of the client, and let our documents stand in for pygls's."""
        self.on_editor(params.process_id)
        negotiated = types.PositionEncodingKind(self.workspace.position_encoding or "utf-16")
        client = Client.of(params.capabilities, _ENCODINGS[negotiated])
        session = self.session
        documents = OpenDocuments(
            self.workspace,
            client.encoding,
            session.dialect_of,
            session.governing,
            lambda: session.catalog,
        )
        self.protocol._workspace = documents
        self.session.adopt(client, documents)
        initialize(self.session, params)
        if client.pulls_diagnostics:
            routing.register_pulled(self.feature, self._parts)

    async def close(self) -> None:
        """End answers and background work; what has come is saved."""
        await self._parts.close()

    def _catalog_changed(self) -> None:
        """Providers answer side by side: what they say within a moment is told at once."""
        if not self._telling:
            self._telling = True
            asyncio.get_running_loop().call_later(TELLING_REST, self._tell_catalog)

    def _tell_catalog(self) -> None:
        self._telling = False
        catalog = self.session.catalog
        self.editor.notify(MODELS_CHANGED, catalog.to_json(models=False))
        self.editor.notify(STATUS, status(catalog, self._told_problems))
        self.publisher.everything_changed()
        self.editor.ask_for_lenses()
        self.editor.ask_for_hints()

    def _settings_problems(self, problems: list[SettingsProblem]) -> None:
        new = [problem for problem in problems if problem not in self._told_problems]
        self._told_problems = problems
        for problem in new:
            self.editor.tell(types.MessageType.Warning, str(problem))

    def report_server_error(self, error: Exception, source: Any) -> None:
        """Log instead of pygls's pop-up: the user can do nothing about it there and then."""
        if source is FeatureNotificationError:
            logs.failed(error)


def _converter() -> Any:
    """pygls's, which leaves results alone that are JSON already and passes over unknown values."""
    converter: Any = default_converter()  # type: ignore[no-untyped-call]
    converter.register_unstructure_hook(PlainJson, lambda result: result)
    forgive_unknown_values(converter)
    return converter
