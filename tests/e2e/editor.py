"""An editor for end-to-end tests: a real server process under one client profile of pytest-lsp."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any, Union

from lsprotocol import types
from pygls.protocol import default_converter
from pygls.protocol.json_rpc import JsonRPCNotification
from pytest_lsp import LanguageClient, client_capabilities
from pytest_lsp.client import DEFAULT_CLIENT_FEATURES, register_lsp_features
from tests import forks

from stagewright.text.buffer import Position, from_units, to_units

PROFILES = ("visual-studio-code", "neovim@0.11", "emacs", "pulling")
"""Three editors as they are, each with its own position encoding, and one that pulls."""

CUSTOM = (
    "stagewright/chat/started",
    "stagewright/chat/delta",
    "stagewright/chat/finished",
    "stagewright/chat/failed",
    "stagewright/models/changed",
    "stagewright/status",
)

TEMPLATES = Path(".choragen/workflow-templates")

PATIENCE = 50.0
"""Seconds until something is taken never to come, on machines with much else to do."""

TERMINALS = ("COLUMNS", "FORCE_COLOR", "GITHUB_ACTIONS", "PY_COLORS", "TTY_COMPATIBLE")
"""Where these are set, Typer and Rich write into a pipe as to a terminal, or in other lines."""


@cache
def capabilities(profile: str) -> types.ClientCapabilities:
    """What the editor can do."""
    pulling = profile == "pulling"
    found = client_capabilities("visual-studio-code" if pulling else profile)
    assert found.text_document is not None
    assert found.workspace is not None
    if pulling or profile == "visual-studio-code":  # as it is today
        hints = types.InlayHintWorkspaceClientCapabilities(refresh_support=True)
        found.workspace.inlay_hint = hints
    if not pulling:
        return found
    found.text_document.diagnostic = types.DiagnosticClientCapabilities()
    found.workspace.diagnostics = types.DiagnosticWorkspaceClientCapabilities(refresh_support=True)
    return found


class Editor:
    """A connection, its open texts, and everything the server said, in order."""

    def __init__(self, client: LanguageClient, folder: Path, profile: str) -> None:
        self.client = client
        self.folder = folder
        self.profile = profile
        self.said: list[tuple[str, Any]] = []
        self.applied: list[types.ApplyWorkspaceEditParams] = []
        self.take_edit: Callable[[types.WorkspaceEdit], bool] = lambda _: True
        self.choose: Callable[[types.ShowMessageRequestParams], str | None] = lambda _: None
        self.heard = asyncio.Condition()
        self._texts: dict[str, list[str]] = {}
        self._versions: dict[str, int] = {}
        self.encoding: Any = "utf-16"

    # Talking

    def uri(self, name: str) -> str:
        """The URI of a template of the workspace, or of a file given by its path in it."""
        path = self.folder / (name if "/" in name else TEMPLATES / name)
        return path.as_uri()

    def open(self, text: str, name: str = "test.yaml") -> str:
        """Open a file with this text."""
        uri = self.uri(name)
        self._texts[uri], self._versions[uri] = text.split("\n"), 1
        item = types.TextDocumentItem(uri, "yaml", 1, text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        return uri

    def replace(self, uri: str, text: str) -> None:
        """Replace a file's whole text."""
        self._texts[uri] = text.split("\n")
        self._change(uri, types.TextDocumentContentChangeWholeDocument(text))

    def insert(self, uri: str, position: Position, text: str) -> None:
        """Type on one line."""
        line = self._texts[uri][position.line]
        place = self.place(uri, position)
        written = line[: position.column] + text + line[position.column :]
        self._texts[uri][position.line : position.line + 1] = written.split("\n")
        self._change(
            uri, types.TextDocumentContentChangePartial(range=types.Range(place, place), text=text)
        )

    def _change(self, uri: str, change: types.TextDocumentContentChangeEvent) -> None:
        self._versions[uri] += 1
        identifier = types.VersionedTextDocumentIdentifier(self._versions[uri], uri)
        self.client.text_document_did_change(
            types.DidChangeTextDocumentParams(identifier, [change])
        )

    def place(self, uri: str, position: Position) -> types.Position:
        """A position in this editor's encoding."""
        line = self._texts[uri][position.line]
        return types.Position(position.line, to_units(line, position.column, self.encoding))

    def covered(self, uri: str, range_: types.Range) -> str:
        """The text of a range on one line."""
        line = self._texts[uri][range_.start.line]
        start = from_units(line, range_.start.character, self.encoding)
        return line[start : from_units(line, range_.end.character, self.encoding)]

    async def complete(self, text: str, name: str = "test.yaml") -> types.CompletionList:
        """Open a text with `$0` at the cursor and ask for the offers there."""
        before, after = text.split("$0")
        uri = self.uri(name)
        if uri in self._texts:
            self.replace(uri, before + after)
        else:
            self.open(before + after, name)
        line = before.count("\n")
        return await self.complete_at(uri, Position(line, len(before) - before.rfind("\n") - 1))

    async def complete_at(self, uri: str, position: Position) -> types.CompletionList:
        """The offers at a position of an open file."""
        answer = await self.client.text_document_completion_async(
            types.CompletionParams(types.TextDocumentIdentifier(uri), self.place(uri, position))
        )
        assert isinstance(answer, types.CompletionList)
        return answer

    async def command(self, name: str, argument: Mapping[str, Any]) -> Any:
        """Run a command with its one argument."""
        return await self.client.workspace_execute_command_async(
            types.ExecuteCommandParams(name, [dict(argument)])
        )

    # Listening

    async def hear(self, method: str, payload: Any) -> None:
        """Note what the server said."""
        async with self.heard:
            self.said.append((method, payload))
            self.heard.notify_all()

    async def wait_for(
        self, method: str, wanted: Callable[[Any], bool] = lambda _: True, after: int = 0
    ) -> Any:
        """The first payload of a notification, from number `after` of all on, that is wanted."""

        def found() -> list[Any]:
            return [one for name, one in self.said[after:] if name == method and wanted(one)]

        async with self.heard:
            await asyncio.wait_for(self.heard.wait_for(found), PATIENCE)
        return found()[0]

    async def models_known(self) -> None:
        """Wait until every provider that is asked has answered."""
        await self.wait_for("stagewright/models/changed", _nobody_loading)

    async def diagnostics(
        self, uri: str, wanted: Callable[[list[types.Diagnostic]], bool]
    ) -> list[types.Diagnostic]:
        """A file's diagnostics once they are as wanted: pushed, or pulled as this editor does."""
        if self.profile != "pulling":
            method = types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS
            found = await self.wait_for(
                method, lambda p: p.uri == uri and wanted(list(p.diagnostics))
            )
            return list(found.diagnostics)
        while True:
            heard = len(self.said)
            params = types.DocumentDiagnosticParams(types.TextDocumentIdentifier(uri))
            report = await self.client.text_document_diagnostic_async(params)
            assert isinstance(report, types.RelatedFullDocumentDiagnosticReport)
            if wanted(list(report.items)):
                return list(report.items)
            await self.wait_for(types.WORKSPACE_DIAGNOSTIC_REFRESH, after=heard)


def _nobody_loading(payload: Any) -> bool:
    statuses = [provider["status"] for provider in payload["providers"].values()]
    return "ok" in statuses and "loading" not in statuses


@asynccontextmanager
async def editor(
    profile: str,
    folder: Path,
    environ: Mapping[str, str],
    *command: str,
    options: Mapping[str, Any] | None = None,
) -> AsyncIterator[Editor]:
    """A server started under a profile, initialized, and shut down again."""
    client = LanguageClient(converter_factory=_converter)
    running = Editor(client, folder, profile)
    register_lsp_features(client, {**DEFAULT_CLIENT_FEATURES, **_listeners(running)})
    words = command or forks.server()
    await client.start_io(*words, env=dict(environ))
    try:
        result = await client.initialize_session(
            types.InitializeParams(
                capabilities=capabilities(profile),
                root_uri=folder.as_uri(),
                workspace_folders=[types.WorkspaceFolder(folder.as_uri(), folder.name)],
                initialization_options=options,
            )
        )
        running.encoding = str(result.capabilities.position_encoding or "utf-16")
        yield running
        await asyncio.wait_for(client.shutdown_session(), PATIENCE)
    except BaseException:
        # `stop` waits for the server's end: of a failure no more would be seen than a time limit.
        server = client._server
        if server is not None and server.returncode is None:
            server.kill()
        raise
    finally:
        await client.stop()


def environment(folder: Path, **more: str) -> dict[str, str]:
    """This process's environment without anybody's keys, with caches and settings of the test."""
    hidden = ("_API_KEY", "_TOKEN", "_BASE_URL", "_HOST", "_PROXY", "_proxy")
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.endswith(hidden) and not name.startswith("STAGEWRIGHT_")
    }
    for name in TERMINALS:
        kept.pop(name, None)
    config = folder / "config.toml"
    folder.mkdir(parents=True, exist_ok=True)
    if not config.exists():
        config.touch()
    return kept | {
        "STAGEWRIGHT_CACHE_DIR": str(folder / "cache"),
        "STAGEWRIGHT_CONFIG": str(config),
        **more,
    }


@cache  # it writes and compiles functions for all types that it meets
def _converter() -> Any:
    """pygls's converter, but custom notifications keep their payloads as they came."""
    converter = default_converter()
    converter.register_structure_hook(JsonRPCNotification, lambda message, cls: cls(**message))
    # lsprotocol takes every code action that has a command for a bare command.
    converter.register_structure_hook(
        Union[types.Command, types.CodeAction],  # noqa: UP007 - as lsprotocol names it
        lambda found, _: converter.structure(
            found, types.Command if isinstance(found.get("command"), str) else types.CodeAction
        ),
    )
    return converter


def _listeners(running: Editor) -> dict[str, Any]:
    async def on_diagnostics(client: LanguageClient, params: Any) -> None:
        client.diagnostics[params.uri] = params.diagnostics
        await running.hear(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS, params)

    async def on_refresh(client: LanguageClient, _: None) -> None:
        await running.hear(types.WORKSPACE_DIAGNOSTIC_REFRESH, None)

    async def on_message(client: LanguageClient, params: Any) -> None:
        await running.hear(types.WINDOW_SHOW_MESSAGE, params)

    async def on_apply(
        client: LanguageClient, params: types.ApplyWorkspaceEditParams
    ) -> types.ApplyWorkspaceEditResult:
        running.applied.append(params)
        taken = running.take_edit(params.edit)
        await running.hear(types.WORKSPACE_APPLY_EDIT, params)
        return types.ApplyWorkspaceEditResult(applied=taken)

    async def on_question(
        client: LanguageClient, params: types.ShowMessageRequestParams
    ) -> types.MessageActionItem | None:
        await running.hear(types.WINDOW_SHOW_MESSAGE_REQUEST, params)
        choice = running.choose(params)
        return types.MessageActionItem(choice) if choice else None

    async def on_document(
        client: LanguageClient, params: types.ShowDocumentParams
    ) -> types.ShowDocumentResult:
        await running.hear(types.WINDOW_SHOW_DOCUMENT, params)
        return types.ShowDocumentResult(success=True)

    async def on_register(client: LanguageClient, params: types.RegistrationParams) -> None:
        await running.hear(types.CLIENT_REGISTER_CAPABILITY, params)

    async def on_lens_refresh(client: LanguageClient, _: None) -> None:
        await running.hear(types.WORKSPACE_CODE_LENS_REFRESH, None)

    async def on_hint_refresh(client: LanguageClient, _: None) -> None:
        await running.hear(types.WORKSPACE_INLAY_HINT_REFRESH, None)

    def custom(method: str) -> Any:
        async def on_custom(client: LanguageClient, params: Any) -> None:
            await running.hear(method, params)

        return on_custom

    return {
        types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS: on_diagnostics,
        types.WORKSPACE_DIAGNOSTIC_REFRESH: on_refresh,
        types.WINDOW_SHOW_MESSAGE: on_message,
        types.WORKSPACE_APPLY_EDIT: on_apply,
        types.WINDOW_SHOW_MESSAGE_REQUEST: on_question,
        types.WINDOW_SHOW_DOCUMENT: on_document,
        types.WORKSPACE_CODE_LENS_REFRESH: on_lens_refresh,
        types.WORKSPACE_INLAY_HINT_REFRESH: on_hint_refresh,
        types.CLIENT_REGISTER_CAPABILITY: on_register,
        **{method: custom(method) for method in CUSTOM},
    }
