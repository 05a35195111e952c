"""Work-done progress: shown where the client can show it, cancelled when the user says so."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar
from uuid import uuid4

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from stagewright.lsp.editor import Editor
from stagewright.lsp.errors import failure
from stagewright.lsp.session import Session

Result = TypeVar("Result")

LONG = 0.5
"""Seconds after which people want to know what is going on."""


class Progress:
    """Reports of one piece of work."""

    def __init__(self, editor: Editor, token: str | None) -> None:
        self._editor = editor
        self._token = token

    def report(self, message: str) -> None:
        """Say what is being done now."""
        if self._token is not None:
            value = types.WorkDoneProgressReport(message=message)
            self._editor.progress.report(self._token, value)

    def on_cancel(self, cancel: Callable[[], object]) -> None:
        """Call `cancel` on the event loop when the user cancels."""
        if self._token is None:
            return
        loop = asyncio.get_running_loop()
        # pygls cancels this future when the client says that the user cancelled.
        self._editor.progress.tokens[self._token].add_done_callback(
            lambda future: loop.call_soon_threadsafe(cancel) if future.cancelled() else None
        )


@asynccontextmanager
async def progress_if_long(session: Session, title: str) -> AsyncIterator[None]:
    """Progress for the time of a block that takes long; what it does cannot be cancelled."""
    ended = asyncio.Event()

    async def show() -> None:
        try:
            await asyncio.wait_for(ended.wait(), LONG)
        except TimeoutError:
            async with progress(session.editor, title, cancellable=False):
                await ended.wait()

    session.spawn(show())
    try:
        yield
    finally:
        ended.set()


async def attended(session: Session, title: str, work: Coroutine[Any, Any, Result]) -> Result:
    """The result of work; where it takes long, with progress that the user can cancel.

    Raises JsonRpcException when that is done.
    """
    task = asyncio.ensure_future(work)
    try:
        await asyncio.wait((task,), timeout=LONG)
        if not task.done():
            async with progress(session.editor, title) as shown:
                shown.on_cancel(task.cancel)
                await asyncio.wait((task,))
    finally:
        task.cancel()  # no more than this: the request itself was cancelled
    if task.cancelled():
        raise failure("cancelled", f"{title}: cancelled.")
    return task.result()


async def cancellable(
    session: Session,
    title: str,
    what: str,
    work: Callable[[Progress], Coroutine[Any, Any, Result]],
) -> Result:
    """The result of work that tells how far it is, with progress that the user can cancel.

    Raises JsonRpcException when that is done; its sentence begins with `what`.
    """
    async with progress(session.editor, title) as shown:
        task, given_up = asyncio.ensure_future(work(shown)), asyncio.Event()
        shown.on_cancel(given_up.set)
        shown.on_cancel(task.cancel)
        try:
            return await task
        except asyncio.CancelledError:
            if not given_up.is_set():  # the client cancelled its request
                raise
            raise failure("cancelled", f"{what} was cancelled.") from None


@asynccontextmanager
async def progress(
    editor: Editor, title: str, *, cancellable: bool = True
) -> AsyncIterator[Progress]:
    """Progress for the time of the block."""
    if not editor.client.shows_progress:
        yield Progress(editor, None)
        return
    token = str(uuid4())
    shown = editor.progress
    try:
        await editor.create_progress(token)
    except JsonRpcException:
        yield Progress(editor, None)
        return
    shown.begin(token, types.WorkDoneProgressBegin(title=title, cancellable=cancellable))
    try:
        yield Progress(editor, token)
    finally:
        shown.end(token, types.WorkDoneProgressEnd())
        shown.tokens.pop(token, None)
