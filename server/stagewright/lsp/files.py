"""Files that name models as the client sees them: the open text, else what is on disk."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from time import thread_time

from lsprotocol import types

from stagewright.analysis.features import read_in_steps
from stagewright.catalog.catalog import Catalog
from stagewright.dialects.document import Dialect, Document
from stagewright.dialects.opening import open_document
from stagewright.dialects.registry import Dialects
from stagewright.files import UnreadableFile, read_text, real_path
from stagewright.lsp import convert
from stagewright.lsp.documents import OpenDocument, identity, path_of, uri_of
from stagewright.lsp.errors import failure
from stagewright.lsp.session import Session
from stagewright.source_code import read_source
from stagewright.text.buffer import Edit, Span
from stagewright.walk import LeftOut, machine_made
from stagewright.workspace import Listing, claim_unread, search_others, search_own

Problems = dict[Path, UnreadableFile]
"""What could not be read or searched, for those who tell of it."""

_Found = tuple[Path, Dialect, Hashable]
"""A file that a search found, and its identity."""

SOURCES_AT_ONCE = 64
"""Source files read between two looks at the event loop."""

TOLD_EVERY = 50
"""Files between two reports of how many have been read."""

ENTRIES_AT_ONCE = 20
"""Entries read between two looks at the event loop."""


@dataclass(frozen=True, slots=True)
class File:
    """A file with its text read; `version` is the client's, None where it tells none.

    `bad_byte` is the offset of the first byte on disk that is not UTF-8; the text ends there.
    """

    uri: str
    document: Document
    version: int | None = None
    is_open: bool = False
    bad_byte: int | None = None

    @staticmethod
    def of(opened: OpenDocument) -> File:
        """An open document as it stands in the editor."""
        return File(opened.uri, opened.document, opened.version, is_open=True)


async def read_file(session: Session, uri: str, problems: Problems | None = None) -> File | None:
    """The file of this URI, if a dialect claims it and it can be read; no transcripts that are
    closed."""
    opened = session.documents.find(uri)
    if opened is not None:
        await parse_in_steps(opened.document)
        return File.of(opened)
    path = path_of(uri)
    if path is None or session.documents.is_open(uri):
        return None
    dialect = session.dialect_of(path)
    if (dialect is None and not session.may_claim(path)) or (dialect and dialect.follows_workflow):
        return None
    return await _from_disk(session, path, dialect, problems)


async def read_template(session: Session, uri: str) -> tuple[Document, Path]:
    """The template of this URI and where it is. Raises JsonRpcException for what is none."""
    file, path = await read_file(session, uri), path_of(uri)
    if file is None or path is None or not file.document.dialect.begins_workflow:
        raise failure("template-unknown", f"{uri} cannot be read as a template.")
    return file.document, path


async def workspace_files(
    session: Session,
    skip: Callable[[Path], Awaitable[bool]] | None = None,
    problems: Problems | None = None,
    *,
    everything: bool = False,
    sifted: Sifted | None = None,
) -> AsyncIterator[File]:
    """Every file of the workspace's folders that a dialect claims by name, and all that are open,
    once each. With `everything` also those that are claimed by what stands in them, and source
    code in which a model may be named: for this, more files are read than most people expect while
    they only look on. `sifted` is told of the source code that is not among them.

    Closed files of which `skip` is true are not read.
    """
    sifted = sifted or Sifted()
    search = _Search(session, problems, skip)
    known, include = session.listings, session.settings.templates.include
    for root in session.roots.all():
        look = partial(_look, root, session.dialects, include, known, everything)
        listing, found = await asyncio.to_thread(_found, look)
        async for file in search.files(listing, found):
            yield file
        sifted.left_out.update({why.value: count for why, count in listing.left_out.items()})
        async for file in search.sources(listing.code, sifted):
            yield file
    if not everything:  # then they are found like all others
        watched = partial(_watched, session.watched_over, session.dialect_of)
        async for file in search.files(*await asyncio.to_thread(_found, watched)):
            yield file
    async for file in search.left():
        yield file
    if not session.client.watches_files:
        known.clear()


async def every_file(
    session: Session, report: Callable[[str], None], problems: Problems, sifted: Sifted
) -> AsyncIterator[File]:
    """`workspace_files` with `everything`; now and then `report` is told how many were read."""
    taken = 0

    def tell() -> None:
        report(f"{taken + sifted.empty:,} files read")

    sifted.tell = tell
    async for file in workspace_files(session, problems=problems, everything=True, sifted=sifted):
        taken += 1
        yield file
        if taken % TOLD_EVERY == 0:
            tell()


async def files_of(
    session: Session, root: Path, problems: Problems | None = None
) -> AsyncIterator[File]:
    """Every template and role index in which the roles of `root` count, once each."""
    search = _Search(session, problems, root=root)
    look = partial(search_own, root, session.settings.templates.include)
    async for file in search.files(*await asyncio.to_thread(_found, look)):
        if (path := path_of(file.uri)) is not None and session.roots.of(path) == root:
            yield file
    async for file in search.left():
        yield file


@dataclass
class Sifted:
    """What became of source files that are closed: how many name no model, and how many were left
    out, by why."""

    empty: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    tell: Callable[[], None] | None = None  # called after each few


class _Search:
    """The files that are looked for, by what they are rather than what they are called: an open
    one is taken as it is in the editor, and no file is taken twice. Closed ones of which `skip` is
    true are not read. Of the open ones only those below `root` count, if it is given."""

    def __init__(
        self,
        session: Session,
        problems: Problems | None,
        skip: Callable[[Path], Awaitable[bool]] | None = None,
        root: Path | None = None,
    ) -> None:
        self._session = session
        self._problems = problems
        self._skip = skip
        self._taken: set[Hashable] = set()
        self._opened: dict[Hashable, str] = {}
        for uri in session.documents.uris():
            path = path_of(uri)
            if path is not None and root in (None, session.roots.of(path)):
                self._opened.setdefault(identity(path), uri)

    async def files(self, listing: Listing, found: Iterable[_Found]) -> AsyncIterator[File]:
        """What is found and has not been taken."""
        for problem in listing.problems:
            _note(self._session, problem, self._problems)
        for path, dialect, file_id in found:
            is_new, uri = self._take(file_id)
            if not is_new or (uri is None and self._skip is not None and await self._skip(path)):
                continue
            file = await (
                read_file(self._session, uri, self._problems)
                if uri
                else _from_disk(self._session, path, dialect, self._problems, is_named=False)
            )
            if file is not None:
                yield file

    async def sources(self, paths: Sequence[Path], sifted: Sifted) -> AsyncIterator[File]:
        """The source files in which a model may be named, and that have not been taken."""
        session = self._session
        if (dialect := session.dialects.code) is None:
            return
        for start in range(0, len(paths), SOURCES_AT_ONCE):
            several = paths[start : start + SOURCES_AT_ONCE]
            found = await asyncio.to_thread(_sift, several, dialect, session.catalog, sifted)
            for document, path, file_id in found:
                is_new, uri = self._take(file_id)
                file = await read_file(session, uri) if uri else File(uri_of(path), document)
                if is_new and file is not None:
                    yield file
            if sifted.tell is not None:
                sifted.tell()

    async def left(self) -> AsyncIterator[File]:
        """The open files that were not found."""
        for uri in self._opened.values():
            if (file := await read_file(self._session, uri)) is not None:
                yield file

    def _take(self, file: Hashable) -> tuple[bool, str | None]:
        """Whether a file is new here, and as what it is open."""
        is_new = file not in self._taken
        self._taken.add(file)
        return is_new, self._opened.pop(file, None)


def _sift(
    paths: Iterable[Path], dialect: Dialect, catalog: Catalog, sifted: Sifted
) -> list[tuple[Document, Path, Hashable]]:
    """Those source files in which a model may be named, read."""
    found = []
    for path in paths:
        text = read_source(path)
        if text is None:
            sifted.empty += 1
        elif isinstance(text, LeftOut):
            sifted.left_out[text.value] += 1
        else:
            document = open_document(text, dialect, name=path.name)
            document.recognize(catalog)
            document.parts()  # it is read here, where nothing waits for it
            found.append((document, path, identity(path)))
    return found


def _look(
    root: Path,
    dialects: Dialects,
    include: Sequence[str],
    known: dict[Path, Listing],
    everything: bool,
) -> Listing:
    """The files in a folder. Where others than Choragen's lie is `known` until that may have
    changed; not to who asks for `everything`, who is told also what stands in them, and of source
    code."""
    own, others = search_own(root, include), None if everything else known.get(root)
    if others is None:
        searched = dialects if everything else dialects.without_code()
        others = search_others(root, searched, include)
        known[root] = others._replace(code=(), left_out={})
    found, code = {**own.files, **others.files, **own.files}, [*others.code]
    for path in others.undecided if everything else ():
        dialect = claim_unread(path, dialects, include, root)
        if dialect is None:
            continue
        if dialect.takes_the_rest:
            code.append(path)
        else:
            found[path] = dialect
    problems = [*own.problems, *others.problems]
    return Listing(found, [], problems, code, others.left_out)


def _watched(
    paths: Iterable[Path], dialect_of: Callable[[Path, str | None], Dialect | None]
) -> Listing:
    """Those of the files that are there still, and somebody's."""
    found = {}
    for path in paths:
        with suppress(UnreadableFile):
            if (dialect := dialect_of(path, read_text(path).text)) is not None:
                found[path] = dialect
    return Listing(found, [], [])


def _found(look: Callable[[], Listing]) -> tuple[Listing, list[_Found]]:
    """What a search finds, and each file of it with its identity: links after what they lead to."""
    listing = look()
    found = sorted(listing.files.items(), key=lambda one: one[0].is_symlink())
    return listing, [(path, dialect, identity(path)) for path, dialect in found]


async def parse_in_steps(document: Document) -> float:
    """Read and check a document's entries without keeping the event loop for long.

    The seconds of work of the longest step: in a text that cannot be read in parts, of all.
    """
    longest, began = 0.0, thread_time()
    with suppress(Exception):  # where we fail is told when an answer needs it
        for _ in read_in_steps(document, ENTRIES_AT_ONCE):
            longest = max(longest, thread_time() - began)
            await asyncio.sleep(0)
            began = thread_time()
    return max(longest, thread_time() - began)


def workspace_edit(
    session: Session, changes: Iterable[tuple[File, tuple[Edit, ...]]]
) -> types.WorkspaceEdit:
    """Edits of several files as one, with versions where the client takes them."""
    encoding = session.client.encoding
    converted = [
        (file, convert.text_edits(file.document.lines, edits, encoding)) for file, edits in changes
    ]
    if not session.client.versioned_edits:
        return types.WorkspaceEdit(changes={file.uri: edits for file, edits in converted})
    return types.WorkspaceEdit(
        document_changes=[
            types.TextDocumentEdit(
                types.OptionalVersionedTextDocumentIdentifier(uri=file.uri, version=file.version),
                list(edits),
            )
            for file, edits in converted
        ]
    )


def location(session: Session, file: File, span: Span) -> types.Location:
    """A part of a file."""
    lines = file.document.lines
    return types.Location(file.uri, convert.range_out(lines, span, session.client.encoding))


async def why_untouched(session: Session, file: File) -> str | None:
    """Why an edit of several files must leave this one as it is, in a sentence; None if it may not.

    What is open is the client's own text. A closed file that was read in part may name more, and
    the client could not write it. Through a link that leads out of the workspace it would write
    there.
    """
    path = path_of(file.uri)
    if file.is_open or path is None:
        return None
    if file.bad_byte is not None:
        return f"{path} is not UTF-8: byte {file.bad_byte + 1} cannot be read."
    root = session.roots.of(path)
    if await asyncio.to_thread(real_path, path, root) is None:
        return f"{path} is a link to a file outside {root}."
    return None


async def apply(
    session: Session, label: str | None, changes: Iterable[tuple[File, tuple[Edit, ...]]]
) -> bool:
    """Have the client apply edits as one undoable step; whether it did.

    Some editors tell their user of each edit that has a label.
    """
    return await session.editor.apply(workspace_edit(session, changes), label)


async def _from_disk(
    session: Session,
    path: Path,
    dialect: Dialect | None,
    problems: Problems | None,
    *,
    is_named: bool = True,
) -> File | None:
    """A file that is closed; None where it cannot be read, is nobody's or, unless it `is_named`,
    made by a program."""
    try:
        file = await asyncio.to_thread(read_text, path)
    except UnreadableFile as error:
        _note(session, error, problems)
        return None
    dialect = dialect or session.dialect_of(path, file.text)
    if dialect is None:
        return None
    if not (is_named or dialect.runs_here) and machine_made(file.text):
        return None
    governed = await asyncio.to_thread(session.governing, path, dialect)
    document = open_document(file.text, dialect, governed, path.name)
    document.recognize(session.catalog)
    await parse_in_steps(document)
    return File(uri_of(path), document, bad_byte=file.bad_byte)


def _note(session: Session, problem: UnreadableFile, problems: Problems | None) -> None:
    session.news.log_once(str(problem))
    if problems is not None and not (problem.absent or problem.aside):
        problems[problem.path] = problem
