"""What answers rest on is read when files open and read again when others have changed it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any

from pygls.exceptions import JsonRpcException

from stagewright.dialects.choragen import ROLES_FILE, WORKFLOWS_FOLDER
from stagewright.dialects.document import Dialect
from stagewright.dialects.governed import settings_globs
from stagewright.lsp.documents import path_of
from stagewright.lsp.parts import Parts
from stagewright.lsp.session import Session

log = logging.getLogger(__name__)


def take_up(parts: Parts, uri: str) -> None:
    """Diagnose a file that is open now; read the roles that count in it beside that."""
    session, path = parts.session, path_of(uri)
    if path is not None and session.roles_of(root := session.roots.of(path)) is None:
        session.spawn(_read_roles(session, [root], partial(parts.publisher.opened, uri)))
    parts.publisher.opened(uri)


def read_again(parts: Parts, roots: Iterable[Path]) -> None:
    """Read the roles of these folders, then check every file."""
    session = parts.session
    session.spawn(_read_roles(session, roots, parts.publisher.everything_changed))


async def _read_roles(session: Session, roots: Iterable[Path], then: Callable[[], None]) -> None:
    for root in roots:
        await session.read_roles(root)
    then()


# Settings


def configure(parts: Parts, section: Mapping[str, Any]) -> None:
    """Take the editor's settings, and what follows from them."""
    session, publisher = parts.session, parts.publisher
    before = session.settings.templates.include, session.dialects
    session.configure(section)
    if (session.settings.templates.include, session.dialects) != before:
        for uri in session.documents.reopen():
            if session.documents.find(uri) is not None:
                take_up(parts, uri)
            else:
                publisher.closed(uri)
        session.spawn(watch(session))
    publisher.everything_changed()


async def pull_settings(parts: Parts) -> None:
    """Take the settings that the client tells when it is asked, if it tells any."""
    session = parts.session
    if not session.client.pulls_settings:
        return
    try:
        answer = await session.editor.settings()
    except JsonRpcException as error:
        log.warning("The editor does not tell its settings after all: %s", error)
        return
    if isinstance(answer, dict):
        # Editors answer with nothing where they were given settings for the start alone.
        configure(parts, answer or session.initial_settings)


# Files


async def watch(session: Session) -> None:
    """Have the client watch the files that are read by the settings of now."""
    if not session.client.watches_files:
        return
    include, dialects = session.settings.templates.include, session.dialects
    if not session.is_awake.is_set():  # other dialects are read when the first answer is out
        await session.editor.watch(_watched(include, ()))
        await session.is_awake.wait()
    if (include, dialects) == (session.settings.templates.include, session.dialects):
        await session.editor.watch(await asyncio.to_thread(_watched, include, dialects))
        session.listings = {}  # what came before is not told


def _watched(include: Iterable[str], dialects: Iterable[Dialect]) -> list[str]:
    """The files that are read unasked, and the folders they lie in: when one of these is renamed,
    clients tell nothing of what is in it."""
    globs = [glob.removeprefix("./") for glob in include]
    for dialect in dialects:
        globs += [glob.removeprefix("**/") for glob in dialect.files]
        globs += settings_globs(dialect)
    files = [*globs, ROLES_FILE, f"{WORKFLOWS_FOLDER}/*.json", ".gitignore"]
    folders = [
        parent.as_posix()
        for glob in files
        for parent in PurePosixPath(glob).parents
        if parent.name and not set(parent.as_posix()) & set("*?{")
    ]
    return list(dict.fromkeys([*files, *folders]))
