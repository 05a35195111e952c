"""What there is to tell of a file: its diagnostics, as the client takes them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from pathlib import Path

from lsprotocol import types

from stagewright.analysis.diagnostics.diagnose import ONCE_PER_FILE, diagnose
from stagewright.analysis.diagnostics.failures import internal_error
from stagewright.analysis.diagnostics.lookups import to_ask_about
from stagewright.analysis.diagnostics.unreadable import cut_short, unreadable
from stagewright.analysis.results import Diagnostic
from stagewright.files import UnreadableFile
from stagewright.lsp import convert
from stagewright.lsp.documents import OpenDocument, path_of, uri_of
from stagewright.lsp.failures import WHERE, log_failure
from stagewright.lsp.files import File, Problems, parse_in_steps, read_file, workspace_files
from stagewright.lsp.session import Session


class Diagnosis:
    """Finds diagnostics; when they are told is the publisher's affair."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def parse_in_steps(self, opened: OpenDocument) -> float:
        """Read a document in steps; the seconds of work of the longest."""
        return await parse_in_steps(opened.document)

    def of_open(
        self, opened: OpenDocument, typed: Collection[int]
    ) -> tuple[list[types.Diagnostic], bool]:
        """What is found in an open document, and whether something is held back: what is said of
        a name that somebody types, in the `typed` lines."""
        return self._of(File.of(opened), typed)

    async def of_closed(self, uri: str) -> list[types.Diagnostic]:
        """What is found in a file on disk, or why that cannot be read."""
        problems: Problems = {}
        if (file := await read_file(self._session, uri, problems)) is not None:
            return self._of(file)[0]
        return [told for one in problems.values() for told in self.of_unreadable(one)]

    async def of_workspace(
        self, skip: Callable[[Path], Awaitable[bool]] | None, problems: Problems
    ) -> AsyncIterator[tuple[str, list[types.Diagnostic]]]:
        """URI and diagnostics of every file that is not open, but of those
        that are skipped."""
        session = self._session
        async for file in workspace_files(session, skip, problems):
            if not file.is_open:
                if (path := path_of(file.uri)) is not None:
                    await session.known_roles(session.roots.of(path))
                yield file.uri, self._of(file)[0]

    def of_unreadable(self, problem: UnreadableFile) -> list[types.Diagnostic]:
        """What is told of a file or folder that cannot be read, as the only diagnostic there."""
        known = self._session.dialect_of(problem.path)
        if known is not None and not known.runs_here:
            return []  # of other programs' files only models are told
        message = " ".join(f"`{problem.path.name}` {problem.why}. {problem.advice}".split())
        told = unreadable(message, self._session.options(uri_of(problem.path)))
        return [convert.diagnostic([""], one, self._session.client) for one in told]

    async def ask_about(self, opened: OpenDocument, typed: Collection[int]) -> None:
        """Ask about the single models of an open document, but not those in the `typed` lines."""
        await parse_in_steps(opened.document)
        self._ask_about(File.of(opened), typed)

    def _ask_about(self, file: File, typed: Collection[int] = ()) -> None:
        session, options = self._session, self._session.options(file.uri)
        session.ask_about(to_ask_about(file.document, session.catalog, options, typed))

    def _of(self, file: File, typed: Collection[int] = ()) -> tuple[list[types.Diagnostic], bool]:
        """A file's diagnostics: where we fail on it this is the only one."""
        held = False
        try:
            found = self._found_in(file)
            if not file.is_open:
                self._ask_about(file)
            told = [one for one in found if not _is_half_typed(one, typed)] if typed else found
            held = len(told) < len(found)
        except Exception as error:  # noqa: BLE001 - files are apart
            log_failure(self._session.news, file.uri, error)
            told = internal_error(error, WHERE, self._session.options(file.uri))
        lines, client = file.document.lines, self._session.client
        return [convert.diagnostic(lines, one, client) for one in told], held

    def _found_in(self, file: File) -> list[Diagnostic]:
        options = self._session.options(file.uri)
        diagnostics = diagnose(file.document, self._session.catalog, options)
        if file.bad_byte is not None:
            return cut_short(file.document, diagnostics, file.bad_byte, options)
        return diagnostics


def _is_half_typed(diagnostic: Diagnostic, lines: Collection[int]) -> bool:
    """Whether a diagnostic is about a model or provider whose name is being typed.

    What is said of a provider as a whole stands whatever its models are called.
    """
    of_model = diagnostic.model is not None and diagnostic.code not in ONCE_PER_FILE
    return of_model and diagnostic.span.start.line in lines
