"""Handlers of the session's life: start and end, settings, files that open, change and close."""

from __future__ import annotations

import asyncio
import importlib
import logging
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from stagewright.catalog.catalog import Catalog, Status
from stagewright.dialects import choragen
from stagewright.lsp.convert import DIAGNOSTICS_PAGE
from stagewright.lsp.documents import path_of
from stagewright.workspace import ROLES_FILE, WORKFLOWS_FOLDER, dialect_of, is_workflow

if TYPE_CHECKING:
    from stagewright.lsp.server import StagewrightServer

log = logging.getLogger(__name__)


def register(server: StagewrightServer) -> None:
    """Tell pygls which messages are handled here."""
    feature = server.feature
    feature(types.INITIALIZE)(initialize)
    feature(types.INITIALIZED)(initialized)
    feature(types.SHUTDOWN)(shutdown)
    feature(types.TEXT_DOCUMENT_DID_OPEN)(did_open)
    feature(types.TEXT_DOCUMENT_DID_CHANGE)(did_change)
    feature(types.TEXT_DOCUMENT_DID_SAVE, types.SaveOptions(include_text=False))(did_save)
    feature(types.TEXT_DOCUMENT_DID_CLOSE)(did_close)
    feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)(did_change_configuration)
    feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)(did_change_watched_files)
    feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)(did_change_folders)


def initialize(ls: StagewrightServer, params: types.InitializeParams) -> None:
    """Read what the client can do; pull diagnostics only from clients that can be told to."""
    ls.on_editor(params.process_id)
    ls.adopt(params.capabilities)
    if isinstance(params.initialization_options, dict):
        ls.options = dict(params.initialization_options)
        if isinstance(link := ls.options.pop("codeLink", None), str):
            link = link.replace("{page}", quote(DIAGNOSTICS_PAGE, safe=""))
            ls.client = replace(ls.client, code_link=link)
    ls.session.configure(ls.options)
    if ls.client.pulls_diagnostics:
        from stagewright.lsp import pull

        pull.register(ls)


def initialized(ls: StagewrightServer, _: types.InitializedParams) -> None:
    """Watch the files we read, take the editor's settings, and wake after a rest."""
    if ls.client.watches_files:
        ls.session.spawn(_watch_files(ls))
    if ls.client.pulls_settings:
        ls.session.spawn(_pull_settings(ls))
    ls.session.wake_soon()


async def shutdown(ls: StagewrightServer, _: None) -> None:
    """End background work before the client goes."""
    await ls.close()
    ls.protocol.cancel_requests()


async def _watch_files(ls: StagewrightServer) -> None:
    """Have the client watch what is read now, in place of what it has watched so far."""
    before, ls.watching = ls.watching, ls.watching + 1
    method = types.WORKSPACE_DID_CHANGE_WATCHED_FILES
    watchers = [types.FileSystemWatcher(f"**/{glob}") for glob in _watched(ls)]
    options = types.DidChangeWatchedFilesRegistrationOptions(watchers=watchers)
    new = types.Registration(f"stagewright-files-{ls.watching}", method, options)
    try:
        await ls.ask(ls.client_register_capability_async(types.RegistrationParams([new])))
        if before:
            old = types.Unregistration(f"stagewright-files-{before}", method)
            params = types.UnregistrationParams([old])
            await ls.ask(ls.client_unregister_capability_async(params))
    except JsonRpcException as error:
        log.warning("The editor does not watch files after all: %s", error)
        ls.client = replace(ls.client, watches_files=False)


def _watched(ls: StagewrightServer) -> list[str]:
    """The files that are read, and the folders they lie in: when one of these is renamed, clients
    tell nothing of what is in it."""
    include = [glob.removeprefix("./") for glob in ls.session.settings.templates.include]
    files = [*include, ROLES_FILE, f"{WORKFLOWS_FOLDER}/*.json"]
    folders = [
        parent.as_posix()
        for glob in files
        for parent in PurePosixPath(glob).parents
        if parent.name and not set(parent.as_posix()) & set("*?{")
    ]
    return list(dict.fromkeys([*files, *folders]))


def _configure(ls: StagewrightServer, section: Mapping[str, Any]) -> None:
    """Take the editor's settings, and what follows from them."""
    include = ls.session.settings.templates.include
    ls.session.configure(section)
    if ls.session.settings.templates.include != include:
        for uri in ls.reopen_documents():
            if ls.open_document(uri) is not None:
                _take_up(ls, uri)
            else:
                ls.publisher.closed(uri)
        if ls.client.watches_files:
            ls.session.spawn(_watch_files(ls))
    ls.publisher.everything_changed()


async def _pull_settings(ls: StagewrightServer) -> None:
    item = types.ConfigurationItem(section="stagewright")
    asked = ls.workspace_configuration_async(types.ConfigurationParams(items=[item]))
    try:
        answer = await ls.ask(asked)
    except JsonRpcException as error:
        log.warning("The editor does not tell its settings after all: %s", error)
        return
    if answer and isinstance(answer[0], dict):
        # Editors answer with nothing where they were given settings for the start alone.
        _configure(ls, answer[0] or ls.options)


def did_change_configuration(
    ls: StagewrightServer, params: types.DidChangeConfigurationParams
) -> None:
    """Settings come with the notification, or the client is asked for them."""
    sent = params.settings
    section = sent.get("stagewright") if isinstance(sent, Mapping) else None
    if isinstance(section, dict):
        _configure(ls, section)
    elif ls.client.pulls_settings:
        ls.session.spawn(_pull_settings(ls))


# Documents


def did_open(ls: StagewrightServer, params: types.DidOpenTextDocumentParams) -> None:
    """Diagnose at once; read the role index beside it."""
    uri = params.text_document.uri
    opened = ls.open_document(uri)
    if opened is None:
        return
    if opened.document.dialect is choragen.TRANSCRIPT:
        ls.transcripts.opened(uri)
    _take_up(ls, uri)
    ls.session.wake_soon()


def _take_up(ls: StagewrightServer, uri: str) -> None:
    path = path_of(uri)
    if path is not None and ls.session.roles_of(root := ls.root_of(path)) is None:
        ls.session.spawn(_read_roles_then_check(ls, root, uri))
    ls.publisher.opened(uri)


async def _read_roles_then_check(ls: StagewrightServer, root: Path, uri: str) -> None:
    await ls.session.read_roles(root)
    ls.publisher.opened(uri)


def did_change(ls: StagewrightServer, params: types.DidChangeTextDocumentParams) -> None:
    """The text has been spliced already; the findings follow."""
    opened = ls.open_document(params.text_document.uri)
    if opened is None:
        return
    ls.publisher.edited(opened.uri, params.content_changes)
    if opened.document.dialect is choragen.TRANSCRIPT:
        ls.transcripts.typed(opened.uri)


def did_save(ls: StagewrightServer, params: types.DidSaveTextDocumentParams) -> None:
    """A role index counts as it is on disk; a client that watches files tells of that itself."""
    path = path_of(params.text_document.uri)
    if ls.open_document(params.text_document.uri) is not None:
        ls.publisher.saved(params.text_document.uri)
    if path is not None and dialect_of(path) is choragen.TRANSCRIPT:
        ls.session.spawn(_look_for_edits(ls, params.text_document.uri))
    if path is not None and dialect_of(path) is choragen.ROLES and not ls.client.watches_files:
        ls.session.spawn(_read_roles_then_check_all(ls, [ls.root_of(path)]))


async def _look_for_edits(ls: StagewrightServer, uri: str) -> None:
    # What runs chats is imported when a transcript is first saved.
    module = await asyncio.to_thread(importlib.import_module, "stagewright.lsp.transcript_edits")
    await module.saved(ls, uri)


def did_close(ls: StagewrightServer, params: types.DidCloseTextDocumentParams) -> None:
    """What is on disk counts again."""
    ls.publisher.closed(params.text_document.uri)
    ls.transcripts.closed(params.text_document.uri)


def did_change_watched_files(
    ls: StagewrightServer, params: types.DidChangeWatchedFilesParams
) -> None:
    """Another program wrote a template, the role index or a workflow, or moved their folder."""
    paths = {path for change in params.changes if (path := path_of(change.uri)) is not None}
    if not all(map(is_workflow, paths)):  # nothing that is found depends on these
        ls.publisher.files_changed()
    ls.forget_roots()
    touched = {ls.root_of(path) for path in paths if dialect_of(path) is choragen.ROLES}
    moved = {root for root in ls.session.roles if paths & _holding_roles(root)}
    if roots := touched | moved:
        ls.session.spawn(_read_roles_then_check_all(ls, roots))
    ls.transcripts.files_changed(paths)


def _holding_roles(root: Path) -> set[Path]:
    """The folders in which a role index lies, by either of their names."""
    index = root / ROLES_FILE
    return {*index.parents, *Path(os.path.realpath(index)).parents}


async def _read_roles_then_check_all(ls: StagewrightServer, roots: Iterable[Path]) -> None:
    for root in roots:
        await ls.session.read_roles(root)
    ls.publisher.everything_changed()


def did_change_folders(ls: StagewrightServer, _: types.DidChangeWorkspaceFoldersParams) -> None:
    """Folders came or went: other files are of the workspace, and other roles may count in some."""
    ls.forget_roots()
    paths = (path_of(uri) for uri in ls.open_documents())
    roots = {ls.root_of(path) for path in paths if path is not None}
    ls.session.spawn(_read_roles_then_check_all(ls, roots))


def status(catalog: Catalog, problems: Sequence[Any]) -> dict[str, Any]:
    """The payload of `stagewright/status`."""
    troubled = [
        provider
        for provider in catalog.askable
        if provider.status not in (Status.OK, Status.LOADING, Status.NOT_CONFIGURED)
    ]
    configured = [p for p in catalog.askable if p.status is not Status.NOT_CONFIGURED]
    if troubled:
        message = "; ".join(f"{p.name}: {p.error or p.status}" for p in troubled)
    elif not configured:
        message = "No provider is configured: set a key, such as ANTHROPIC_API_KEY."
    else:
        message = str(problems[0]) if problems else "Models are up to date."
    healthy = bool(configured) and not troubled and not problems
    return {
        "health": "ok" if healthy else "warning",
        "message": message,
        "providers": catalog.to_json(models=False)["providers"],
    }
