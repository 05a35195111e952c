"""Diagnostics on their way to the client: when they are computed, pushed, and asked for again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from datetime import date
from pathlib import Path
from time import perf_counter, thread_time
from typing import TYPE_CHECKING, NamedTuple

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from stagewright.files import Stamp, UnreadableFile
from stagewright.lsp.documents import OpenDocument, path_of, uri_of
from stagewright.lsp.later import Later
from stagewright.lsp.progress import progress_if_long
from stagewright.lsp.session import Session

if TYPE_CHECKING:
    from stagewright.dialects.choragen.roles import RoleIndex
    from stagewright.dialects.governed import Governed
    from stagewright.lsp.diagnosis import Diagnosis

OPENING_REST = 0.05
"""Seconds after which an opened document is diagnosed: a completion asked for at once is first."""

EDIT_REST = 0.005
"""Seconds from an edit to diagnosing: a completion that comes with the keystroke is first."""

CHEAP = 0.01
"""Seconds for which diagnosing may keep the event loop between two keystrokes. A document that
took longer the last time is diagnosed when the typing rests, so that no keystroke waits for it."""

SHARE = 8
"""How many times as long as diagnosing took the event loop is left to other work."""

TYPING_REST = 0.15
"""Seconds without a keystroke after which a word that was typed is taken for what is meant."""

ASKING_REST = 0.5
"""Seconds without a keystroke after which providers are asked about single models. What came whole
(opened, pasted, completed, fixed) is asked about then, and what was typed on another line."""

TYPED_REST = 3.0
"""Seconds that a name which is typed letter by letter must have rested before it is asked about."""

CHECKING = "Checking files"
"""What is done in the background, in words."""


class _Effort(NamedTuple):
    """The last diagnosis of a document: seconds of work at one go, and when it ended."""

    took: float
    ended: float


class _Typing(NamedTuple):
    """The lines that single letters were typed on by the last edit, and when that was."""

    lines: frozenset[int]
    at: float


class _Basis(NamedTuple):
    """What a closed file's diagnostics rest on, besides the catalogue and the settings."""

    written: Stamp | None
    governed: Governed | None
    roles: RoleIndex | None
    day: date


class Publisher:
    """Keeps the client's diagnostics true, for open files and for the workspace's other ones."""

    def __init__(self, session: Session, diagnosis: Later[Diagnosis]) -> None:
        self.news = asyncio.Event()  # set, and another put in its place, at the next change
        self.pulled_alone: set[Path] = set()
        """Files of which a client was told by themselves since the workspace's last report: it may
        show that, and go by the id of an older report of the workspace."""
        self._session = session
        self._diagnosis = diagnosis
        self._following: dict[str, asyncio.Task[None]] = {}
        self._efforts: dict[str, _Effort] = {}
        self._typed: dict[str, frozenset[int]] = {}  # lines where somebody types, until they rest
        self._names: dict[str, _Typing] = {}  # the same, until they are asked about
        self._held: set[str] = set()  # documents of which something is not told meanwhile
        self._pulls: dict[str, object] = {}  # the newest request for each open document
        self._sweeping: asyncio.Task[None] | None = None
        self._stale = False  # files may have changed since they were last looked for
        self._checked: dict[Path, _Basis] = {}  # closed files
        self._pushed: set[str] = set()  # files whose diagnostics the client holds while closed

    def opened(self, uri: str) -> None:
        """A document was opened, or something that all of it rests on has been read."""
        self._follow(uri, OPENING_REST)

    def edited(
        self, uri: str, changes: Sequence[types.TextDocumentContentChangeEvent] = ()
    ) -> None:
        """A document was changed: diagnose it, at once unless that would hold up the typing."""
        self._typed[uri] = frozenset(_typed_lines(changes))
        self._names[uri] = _Typing(self._typed[uri], perf_counter())
        self._follow(uri, self._pause(uri))

    def saved(self, uri: str) -> None:
        """A document was saved: what stands in it is meant."""
        self._names.pop(uri, None)
        self._follow(uri, 0)

    def closed(self, uri: str) -> None:
        """A document was closed: what is on disk counts again."""
        if (task := self._following.pop(uri, None)) is not None:
            task.cancel()
        self._efforts.pop(uri, None)
        self._pulls.pop(uri, None)
        self._typed.pop(uri, None)
        self._names.pop(uri, None)
        self._held.discard(uri)
        if not self._session.client.pulls_diagnostics:
            self._pushed.add(uri)  # so that its diagnostics go, should it not be of the workspace
        self._forget(uri)
        self.files_changed()

    def everything_changed(self) -> None:
        """What is known of models or roles changed: anything may have another verdict now."""
        for uri in self._session.documents.uris():
            self._follow(uri, 0)
        self._checked.clear()
        self.files_changed()

    def files_changed(self) -> None:
        """Files on disk may have changed: check those that are not open, in the background."""
        self._announce()
        if self._session.client.pulls_diagnostics:
            self._session.editor.ask_to_pull()
            return
        self._stale = True
        if self._sweeping is None or self._sweeping.done():
            self._sweeping = self._session.spawn(self._check_closed_files())

    def _announce(self) -> None:
        """Have requests about the whole workspace that wait look again."""
        self.news.set()
        self.news = asyncio.Event()

    async def report(self, uri: str) -> list[types.Diagnostic]:
        """One file's diagnostics, for a client that pulls.

        Raises JsonRpcException (server cancelled) when asked again for it before they are due.
        """
        opened = self._session.documents.find(uri)
        if (path := path_of(uri)) is not None:
            self.pulled_alone.add(path)
        if opened is None:
            self._announce()
            return await (await self._diagnosis.get()).of_closed(uri)
        mine = self._pulls[uri] = object()
        await asyncio.sleep(self._pause(uri))
        if self._pulls.get(uri, mine) is not mine:  # clients need not cancel what is out of date
            raise JsonRpcException(
                "Superseded by a newer request for the same file.",
                code=types.LSPErrorCodes.ServerCancelled.value,
                data={"retriggerRequest": False},
            )
        return await self._diagnose_open(opened)

    async def reports(
        self, skip: Callable[[Path], Awaitable[bool]] | None = None
    ) -> AsyncIterator[tuple[str, list[types.Diagnostic]]]:
        """URI and diagnostics of every template and role index that is not open, and of what cannot
        be read or searched for them."""
        diagnosis = await self._diagnosis.get()
        for root in self._session.roots.all():
            await self._session.read_roles(root)
        problems: dict[Path, UnreadableFile] = {}
        async for uri, found in diagnosis.of_workspace(skip, problems):
            yield uri, found
        for path, problem in problems.items():
            self._checked.pop(path, None)  # it may become readable without being written
            yield uri_of(path), diagnosis.of_unreadable(problem)

    def _pause(self, uri: str) -> float:
        """Seconds that a document which is edited now waits for its diagnosis."""
        last = self._efforts.get(uri)
        if last is None:
            return OPENING_REST
        rest = SHARE * last.took
        if last.took > CHEAP:
            return min(max(TYPING_REST, rest), ASKING_REST)
        return max(EDIT_REST, last.ended + rest - perf_counter())

    def _follow(self, uri: str, pause: float) -> None:
        if (task := self._following.pop(uri, None)) is not None:
            task.cancel()
        if self._session.documents.find(uri) is not None:  # it may have been closed meanwhile
            self._following[uri] = self._session.spawn(self._tell_in_time(uri, pause))

    async def _tell_in_time(self, uri: str, pause: float) -> None:
        """What is found, after `pause`; what was held back, once the typing rests; last of all
        models are asked about."""
        pulled = self._session.client.pulls_diagnostics
        began = perf_counter()
        await asyncio.sleep(pause)
        if not pulled:
            await self._push_open(uri)
        await asyncio.sleep(began + TYPING_REST - perf_counter())
        self._typed.pop(uri, None)
        if uri in self._held:
            self._held.discard(uri)
            if pulled:
                self._session.editor.ask_to_pull()
            else:
                await self._push_open(uri)
        await asyncio.sleep(began + ASKING_REST - perf_counter())
        await self._ask_about_open(uri)
        if (typing := self._names.get(uri)) is not None and typing.lines:
            await asyncio.sleep(typing.at + TYPED_REST - perf_counter())
            del self._names[uri]
            await self._ask_about_open(uri)

    async def _ask_about_open(self, uri: str) -> None:
        opened = self._session.documents.find(uri)
        if opened is not None:
            diagnosis, typing = await self._diagnosis.get(), self._names.get(uri)
            await diagnosis.ask_about(opened, typing.lines if typing else ())

    async def _push_open(self, uri: str) -> None:
        opened = self._session.documents.find(uri)
        if opened is not None:
            self._session.editor.publish(uri, await self._diagnose_open(opened), opened.version)

    async def _diagnose_open(self, opened: OpenDocument) -> list[types.Diagnostic]:
        """The diagnostics of the text as it stands when they are returned."""
        diagnosis = await self._diagnosis.get()
        longest = await diagnosis.parse_in_steps(opened)
        began = thread_time()
        found, held = diagnosis.of_open(opened, self._typed.get(opened.uri, ()))
        if held:
            self._held.add(opened.uri)
        took = max(longest, thread_time() - began)
        if self._session.documents.find(opened.uri) is opened:
            self._efforts[opened.uri] = _Effort(took, perf_counter())
        return found

    async def _check_closed_files(self) -> None:
        """Check what changed, and again what changed meanwhile: however often files are written,
        each is checked."""
        while self._stale:
            await asyncio.sleep(ASKING_REST)
            self._stale = False
            await self._sweep()

    async def _sweep(self) -> None:
        known = self._pushed.difference(self._session.documents.uris())
        seen: set[str] = set()
        found: set[Path] = set()

        async def is_checked(path: Path) -> bool:
            found.add(path)
            basis = await self._basis(path)
            if self._checked.get(path) == basis:
                seen.add(uri_of(path))
                return True
            self._checked[path] = basis
            return False

        async with progress_if_long(self._session, CHECKING):
            async for uri, diagnostics in self.reports(is_checked):
                seen.add(uri)
                if diagnostics or uri in self._pushed:
                    self._session.editor.publish(uri, diagnostics)
                    self._pushed.add(uri)
        self._checked = {path: self._checked[path] for path in found & self._checked.keys()}
        for uri in known - seen - set(self._session.documents.uris()):
            self._session.editor.publish(uri, [])
            self._pushed.discard(uri)
            self._forget(uri)

    def _forget(self, uri: str) -> None:
        if (path := path_of(uri)) is not None:
            self._checked.pop(path, None)

    async def _basis(self, path: Path) -> _Basis:
        roles = await self._session.known_roles(self._session.roots.of(path))
        written, governed = await asyncio.to_thread(self._stands, path)
        return _Basis(written, governed, roles, self._session.now().date())

    def _stands(self, path: Path) -> tuple[Stamp | None, Governed | None]:
        """How a file stands on disk, and the settings files beside it."""
        dialect = self._session.dialect_of(path)
        return Stamp.of(path), self._session.governing(path, dialect) if dialect else None


def _typed_lines(changes: Iterable[types.TextDocumentContentChangeEvent]) -> Iterable[int]:
    """The lines in which single letters were typed or deleted."""
    for change in changes:
        if isinstance(change, types.TextDocumentContentChangePartial):
            start, end = change.range.start, change.range.end
            if start.line == end.line and len(change.text) <= 1 and not change.text.isspace():
                yield start.line
